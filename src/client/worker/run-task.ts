/** One attempt of a task without a server, as a worker would make it. */

import type { TaskErrorInput } from '../generated/graphql.ts';
import type { Job } from '../job.ts';
import type { AnySchema, InputOf, OutputOf } from '../schema.ts';
import { attempt } from './attempt.ts';
import {
  type HandledTask,
  type HandlerContext,
  type JobHandler,
  type Middleware,
  toServedJob,
} from './job.ts';

/** What the handler gets of its task and attempt, where it matters, and its surroundings. */
export interface RunTaskOptions {
  task?: Partial<HandledTask> | undefined;
  /** 1 by default. */
  attempt?: number | undefined;
  signal?: AbortSignal | undefined;
  middleware?: readonly Middleware[] | undefined;
  /** Takes the place of `context.submit`, which there is none of without a server. */
  submit?: HandlerContext<unknown>['submit'] | undefined;
  /** What the task has waited for; nothing by default. */
  dependencies?: HandlerContext<unknown>['dependencies'] | undefined;
}

/** How the attempt ended, and what the handler reported on the way. */
export type TaskRun<TResult> = {
  progress: { percent: number; message: string | undefined }[];
  assets: Parameters<HandlerContext<unknown>['asset']>[0][];
} & ({ status: 'COMPLETED' | 'PARTIAL'; result: TResult } | { status: 'FAILED'; error: TaskErrorInput });

/** Runs a handler once: the payload is parsed and the result checked by the schemas of the job, as in a worker. */
export async function runTask<TPayload extends AnySchema, TResult extends AnySchema>(
  job: Job<TPayload, TResult>,
  handler: JobHandler<TPayload, TResult>,
  payload: InputOf<TPayload>,
  options: RunTaskOptions = {},
): Promise<TaskRun<OutputOf<TResult>>> {
  const reported: Pick<TaskRun<never>, 'progress' | 'assets'> = { progress: [], assets: [] };
  const number = options.attempt ?? 1;
  const outcome = await attempt(
    toServedJob({ ...job.options, registerSchemas: false }, handler),
    // As it arrives: what has no JSON does not.
    JSON.parse(JSON.stringify(payload ?? {})),
    {
      task: taskOf(job, number, options.task),
      attempt: number,
      dependencies: options.dependencies ?? [],
      signal: options.signal ?? new AbortController().signal,
      progress: (percent, message) => void reported.progress.push({ percent, message }),
      asset: async (asset) => `asset_${reported.assets.push(asset)}`,
      submit: options.submit ?? noServer,
    },
    { middleware: options.middleware },
  );
  if (outcome.kind === 'complete') {
    return { ...reported, status: outcome.outcome, result: outcome.result as OutputOf<TResult> };
  }
  if (outcome.kind === 'release') throw new Error('The handler has given its task back.');
  return { ...reported, status: 'FAILED', error: outcome.error };
}

const noServer: HandlerContext<unknown>['submit'] = async () => {
  throw new Error('There is no server to submit to: give `submit`, or start a test server.');
};

function taskOf(job: Job, number: number, known: Partial<HandledTask> = {}): HandledTask {
  const now = new Date().toISOString();
  return {
    id: 'task_00000000000000000000000000',
    attempt: number,
    room: job.options.room ?? 'test',
    job: { fullName: job.fullName },
    schemaVersion: 1,
    priority: 0,
    failures: number - 1,
    maxAttempts: job.options.retryPolicy?.maxAttempts ?? 5,
    runAt: now,
    createdAt: now,
    createdBy: 'test',
    correlationId: null,
    entityType: null,
    entityId: null,
    labels: {},
    traceparent: null,
    ...known,
  };
}
