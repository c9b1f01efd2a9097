/** One task, live. */

import type { Client } from '../client.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { RequestError } from '../errors.ts';
import type { Job } from '../job.ts';
import type { AnySchema, OutputOf } from '../schema.ts';
import { isFinished, type Task, type TaskSummary } from '../types.ts';
import { createState, type LiveState, useShared } from './shared-stream.ts';

/** What is known of a task. */
export interface TaskState<TResult = unknown> {
  /** `idle`: no id was given. `failed`: it is not followed any more, see `error`. */
  state: 'idle' | 'loading' | 'live' | 'failed';
  /** As it is now; its `progress` and `progressMessage` are those of the latest report. */
  task?: TaskSummary;
  /** Once it is COMPLETED or PARTIAL. */
  result?: TResult;
  /** With payload, result and assets, once it has ended. */
  ended?: Task;
  /** Why it cannot be followed: there is no such task for the caller, or the token was refused. */
  error?: unknown;
}

/** How to follow a task. */
export interface UseTaskOptions<TResult extends AnySchema> {
  /** Definition of its job: types the result. */
  job?: Job<AnySchema, TResult>;
  /** Waits in the nearest Suspense boundary until the task is known, and throws what it fails with. */
  suspense?: boolean;
  /** Shown until the task is known, and on a server: a task that the page came with. */
  initial?: TaskSummary;
}

const IDLE: TaskState = { state: 'idle' };
const LOADING: TaskState = { state: 'loading' };

/**
 * A task and everything that happens to it, for as long as the component is there, over lost connections and retries of it.
 * Without an id, as before a submission, it waits for one.
 */
export function useTask<TResult extends AnySchema = AnySchema>(
  taskId: string | null | undefined,
  { suspense = false, initial }: UseTaskOptions<TResult> = {},
): TaskState<OutputOf<TResult>> {
  const state = useShared<TaskState>({
    key: taskId ? `task ${taskId}` : undefined,
    open: (client) => openTask(client, taskId as string),
    initial: taskId ? firstOf(initial) : IDLE,
    suspense,
    isLoading: (state) => state.state === 'loading' && state.task === undefined,
  });
  if (suspense && state.state === 'failed') throw state.error;
  return state as TaskState<OutputOf<TResult>>;
}

/** The same object for the same task: React compares. */
const firsts = new WeakMap<TaskSummary, TaskState>();

function firstOf(task: TaskSummary | undefined): TaskState {
  if (!task) return LOADING;
  const known = firsts.get(task) ?? { state: 'loading', task };
  firsts.set(task, known);
  return known;
}

function openTask(client: Client, taskId: string): LiveState<TaskState> {
  const closed = new AbortController();
  const { set, ...state } = createState<TaskState>(LOADING);

  async function follow(): Promise<void> {
    for await (const event of client.watch(taskId, { follow: true, signal: closed.signal })) {
      if (event.kind === 'resync') continue;
      const { task } = event;
      const before = state.getState();
      const isSame = before.task?.version === task.version;
      set(isSame ? { ...before, state: 'live', task } : { state: 'live', task });
      if (isFinished(task.status) && !before.ended) void readEnd(task);
    }
  }

  /** Results can be large, and do not travel with events. */
  async function readEnd({ version }: TaskSummary): Promise<void> {
    const ended = await retryUntilAnswered(() => client.task(taskId), { until: closed.signal });
    const now = state.getState();
    if (!ended || closed.signal.aborted || now.task?.version !== version) return;
    const hasResult = ended.status === 'COMPLETED' || ended.status === 'PARTIAL';
    set({ ...now, ended, ...(hasResult && { result: ended.result }) });
  }

  follow().catch((error) => {
    if (closed.signal.aborted) return;
    set({ ...state.getState(), state: 'failed', error });
  });
  return { ...state, close: () => closed.abort(new RequestError('The task is not shown any more.')) };
}
