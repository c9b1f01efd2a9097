/** Waiting for a task's end. */

import type { Connection } from './connection/connection.ts';
import { retryUntilAnswered } from './connection/retry-until-answered.ts';
import { TaskEnd, TaskOutcome } from './documents.ts';
import { messageOf, RequestError } from './errors.ts';
import { type AnySchema, describeIssues, validate } from './schema.ts';
import { watchTask } from './streams/watch.ts';
import type { TaskFailure, TaskSummary } from './types.ts';

/** The task is FAILED: no attempt is left, or the error was not one to retry. */
export class TaskFailedError extends Error {
  override readonly name = 'TaskFailedError';
  readonly task: TaskSummary;
  /** What the last attempt failed with. */
  readonly error: TaskFailure | null;

  constructor(task: TaskSummary) {
    const { message = 'no reason was given', retryable, classifiedBy } = task.error ?? {};
    const why = retryable === false && classifiedBy ? ` (not tried again: ${classifiedBy})` : '';
    super(`Task ${task.id} failed: ${message}${why}`);
    this.task = task;
    this.error = task.error;
  }
}

/** The task is CANCELLED. */
export class TaskCancelledError extends Error {
  override readonly name = 'TaskCancelledError';
  readonly task: TaskSummary;
  /** What the last attempt failed with, where one had failed before. */
  readonly error: TaskFailure | null;
  /** The reason that was given, if one was. */
  readonly reason: string | null;

  constructor(task: TaskSummary, reason: string | null = null) {
    super(`Task ${task.id} was cancelled${reason ? `: ${reason}` : '.'}`);
    this.task = task;
    this.error = task.error;
    this.reason = reason;
  }
}

/** The task had not ended when `timeoutMs` was over. It goes on. */
export class TaskTimeoutError extends Error {
  override readonly name = 'TaskTimeoutError';
  readonly taskId: string;
  /** As it was last seen; null where the server had not answered by then. */
  readonly task: TaskSummary | null;

  constructor(taskId: string, timeoutMs: number, task: TaskSummary | null, why?: string) {
    const last = task
      ? `Task ${taskId} of ${task.job.fullName} was still ${task.status} after ${timeoutMs} ms.`
      : `Nothing was heard of task ${taskId} within ${timeoutMs} ms${why ? `: ${why}` : '.'}`;
    super(
      `${last} It goes on: estimate() says when it runs, a longer timeoutMs or another call of result() waits for it, and cancel() ends it.`,
    );
    this.taskId = taskId;
    this.task = task;
  }
}

/** How to wait for a result. */
export interface ResultOptions {
  /** Ends the waiting, which then rejects with the signal's reason. The task goes on. */
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most; then it rejects with a {@link TaskTimeoutError}. The task goes on. */
  timeoutMs?: number;
  /** Whether the job's result schema, where it was submitted with its definition, parses the result: dates from text, say. */
  parse?: boolean;
}

/** See `Client.result`. `schema`: for `parse`. */
export async function resultOf(
  connection: Connection,
  taskId: string,
  { signal, timeoutMs, parse = false }: ResultOptions = {},
  schema?: AnySchema,
): Promise<unknown> {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const given = [signal, timeout].filter((one) => one !== undefined);
  let latest: TaskSummary | null = null;
  let away: unknown;
  const unlisten = connection.statuses.listen((status) => {
    away = status.state === 'waiting' ? status.error : away;
  });
  const result = await waitFor(connection, taskId, {
    signal: given.length > 0 ? AbortSignal.any(given) : undefined,
    onTask: (task) => {
      latest = task;
    },
  })
    .catch((error) => {
      if (!timeout?.aborted || error !== timeout.reason) throw error;
      throw new TaskTimeoutError(taskId, timeoutMs as number, latest, away ? messageOf(away) : undefined);
    })
    .finally(unlisten);
  if (!parse || !schema) return result;
  const parsed = await validate(schema, result);
  if (!parsed.issues) return parsed.value;
  throw new TypeError(`The result of ${taskId} does not fit its schema: ${describeIssues(parsed.issues)}`);
}

/** `onTask`: called with the task each time it is seen. */
async function waitFor(
  connection: Connection,
  taskId: string,
  { signal, onTask }: { signal: AbortSignal | undefined; onTask(task: TaskSummary): void },
): Promise<unknown> {
  for await (const event of watchTask(connection, taskId, { signal })) {
    if (event.kind === 'resync' || event.kind === 'progress') continue;
    onTask(event.task);
    switch (event.task.status) {
      case 'COMPLETED':
      case 'PARTIAL':
        return readResult(connection, taskId, signal);
      case 'FAILED':
        throw new TaskFailedError(event.task);
      case 'CANCELLED':
        throw new TaskCancelledError(
          event.task,
          event.kind === 'transition' ? event.transition.note : await readReason(connection, taskId, signal),
        );
    }
  }
  throw new RequestError(`The stream of task ${taskId} ended before the task did.`);
}

/** Why a task was cancelled that had ended before it was watched. That it was is known: the reason is but a help. */
async function readReason(
  connection: Connection,
  taskId: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const { task } = await connection.post(TaskEnd, { id: taskId }, signal);
    return task?.transitions.nodes.findLast(({ to }) => to === 'CANCELLED')?.note ?? null;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

/** Results can be large and do not travel with events. A finished task stays as it is, so this may be repeated. */
async function readResult(connection: Connection, taskId: string, signal?: AbortSignal): Promise<unknown> {
  const read = () => connection.post(TaskOutcome, { id: taskId }, signal);
  const { task } = await retryUntilAnswered(read, { until: signal });
  signal?.throwIfAborted();
  if (!task) throw new RequestError(`There is no task ${taskId}.`, { code: 'NOT_FOUND' });
  return task.result;
}
