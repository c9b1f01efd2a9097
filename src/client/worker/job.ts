/** What a worker can do: jobs, their schemas and their handlers. */

import type { TaskSubmission } from '../depends-on.ts';
import type { ClaimedTaskFragment, RegisterJobInput } from '../generated/graphql.ts';
import type { TaskHandle } from '../handle.ts';
import type { Job, JobOptions, JobSchedule, JobSubmission } from '../job.ts';
import { type AnySchema, type InputOf, jsonSchemaOf, type OutputOf } from '../schema.ts';
import type { NewAsset } from './assets.ts';
import type { EndedDependency } from './dependencies.ts';

/** The task that a handler works on: everything but its payload, which the handler gets parsed. */
export type HandledTask = Omit<ClaimedTaskFragment, 'payload' | 'dependencies' | 'dependencyCount'>;

/** What a handler is called with. */
export interface HandlerContext<TPayload> {
  /** Parsed by the job's payload schema. */
  payload: TPayload;
  task: HandledTask;
  /** 1 for the first attempt. */
  attempt: number;
  /** What the task has waited for, with the results, in the order of its submission. */
  dependencies: readonly EndedDependency[];
  /** Aborted, with the reason, when the task is cancelled or lost or the worker stops. */
  signal: AbortSignal;
  /** Reports to watchers how far the work is: 0 to 100, and where. Cheap to call often: only the latest is sent. */
  progress(percent: number, message?: string): void;
  /**
   * Attaches what the attempt has produced to the task: a link, or a path in a storage that the applications share.
   * Resolves with the asset's id when it is committed; rejects with a `ProblemError` when the server refuses it.
   */
  asset(asset: NewAsset): Promise<string>;
  /**
   * Submits a further task, within the trace of this one. Its room and its correlation id are those of this task where
   * none are given; without a correlation id the id of this task is taken. Give an idempotency key where another attempt
   * must not submit it once more.
   * `dependsOn: [context.task]` lets it wait until this task has ended well.
   */
  submit: HandlerSubmit;
}

/** Submits from within a handler, as `Client.submit` does. */
export interface HandlerSubmit {
  <TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
    input: JobSubmission<TPayload>,
  ): Promise<TaskHandle<OutputOf<TResult>>>;
  (input: Omit<TaskSubmission, 'room'> & { room?: string | undefined }): Promise<TaskHandle>;
}

/** Stands around every handler of a worker, for logs, metrics, a transaction: calls `next` and gives back its result. */
export type Middleware = (context: HandlerContext<unknown>, next: () => Promise<unknown>) => Promise<unknown>;

/** What a handler returns when only some of the work could be done: see {@link partial}. */
export class PartialResult<T> {
  readonly result: T;
  constructor(result: T) {
    this.result = result;
  }
}

/** Thrown in the place of a handler that gives its task back. */
export class Released extends Error {}

/** Marks a result as that of a task of which only a part succeeded: the task ends as PARTIAL. */
export function partial<T>(result: T): PartialResult<T> {
  return new PartialResult(result);
}

/** A job and how its tasks are done. */
export interface JobDefinition<TPayload extends AnySchema, TResult extends AnySchema>
  extends JobOptions<TPayload, TResult> {
  handler: JobHandler<TPayload, TResult>;
}

/**
 * Does one attempt, and returns its result. What it throws fails the attempt: `code`, `retryable` and `context` of the error
 * are passed on, see `TaskError`.
 */
export type JobHandler<TPayload extends AnySchema, TResult extends AnySchema> = (
  context: HandlerContext<OutputOf<TPayload>>,
) => MaybePromise<InputOf<TResult> | PartialResult<InputOf<TResult>>>;

type MaybePromise<T> = T | Promise<T>;

/** A job as the worker keeps it, its types forgotten. */
export interface ServedJob {
  registration: RegisterJobInput;
  payload: AnySchema;
  result: AnySchema | undefined;
  /** What the code declares; undefined where it says nothing. */
  schedules: readonly JobSchedule[] | undefined;
  /** The version of the schemas that it was registered with; undefined before that. */
  schemaVersion?: number;
  handler(context: HandlerContext<unknown>): MaybePromise<unknown>;
}

/** Throws a TypeError for a schema that JSON Schema cannot express, such as one of dates or functions. */
export function toServedJob<TPayload extends AnySchema, TResult extends AnySchema>(
  options: JobOptions<TPayload, TResult>,
  handler: JobHandler<TPayload, TResult>,
): ServedJob {
  const { payload, result, schedules, registerSchemas = true, category = 'general', ...rest } = options;
  const registration = { ...rest, category };
  const named = `${category}:${options.name}`;
  return {
    registration: registerSchemas
      ? {
          ...registration,
          schemaChange: registration.schemaChange ?? 'COMPATIBLE',
          payloadSchema: jsonSchemaOf(payload, 'input', `The payload schema of ${named}`),
          resultSchema: result && jsonSchemaOf(result, 'output', `The result schema of ${named}`),
        }
      : registration,
    payload,
    result,
    schedules,
    handler: handler as ServedJob['handler'],
  };
}
