import type { Connection } from './connection/connection.ts';
import { estimateOf } from './estimate.ts';
import type { SubmissionFragment } from './generated/graphql.ts';
import { type ResultOptions, resultOf } from './result.ts';
import type { AnySchema } from './schema.ts';
import { type WatchOptions, watchTask } from './streams/watch.ts';
import type { SubmittedInTransaction } from './transaction.ts';
import type { SubmittedTask, TaskEstimate, TaskEvent, TaskToken } from './types.ts';

/** A task that was submitted. */
export interface TaskHandle<TResult = unknown> {
  readonly id: string;
  /** The task as it was when the submission was answered. */
  readonly task: SubmittedTask;
  /** The idempotency key is taken: this is the task that holds it, of an earlier submission. */
  readonly duplicate: boolean;
  /** Of a duplicate: the payload of the task is another one than that of this submission, which was not taken. */
  readonly payloadDiffers: boolean;
  /** A token for this task, where one was asked for: `{ taskToken: true }`. */
  readonly token: TaskToken | undefined;
  /** Where the log stood at the submission: what happened since then comes after it. */
  readonly cursor: string;
  /**
   * Everything since the submission, from {@link TaskHandle.cursor} on unless `after` says otherwise: what happened
   * before this call comes, too. The handle of a duplicate begins with a snapshot. See `Client.watch`.
   */
  watch(options?: WatchOptions): AsyncIterableIterator<TaskEvent>;
  /** See `Client.result`. */
  result<T = TResult>(options?: ResultOptions): Promise<T>;
  /** When a worker takes it and its attempt ends, as it looks now; null where it has ended. See `Client.estimate`. */
  estimate(): Promise<TaskEstimate | null>;
}

/** A task that was submitted in a transaction, which may not have ended yet: there is nothing to see of it before the commit. */
export interface TransactionHandle<TResult = unknown> extends Pick<TaskHandle<TResult>, 'id' | 'duplicate'> {
  /** See `Client.watch`: after the commit. */
  watch(options?: WatchOptions): AsyncIterableIterator<TaskEvent>;
  /** See `Client.result`: after the commit. */
  result<T = TResult>(options?: ResultOptions): Promise<T>;
}

export function createTransactionHandle<TResult = unknown>(
  connection: Connection,
  { id, duplicate }: SubmittedInTransaction,
  schema?: AnySchema,
): TransactionHandle<TResult> {
  return {
    id,
    duplicate,
    watch: (options = {}) => watchTask(connection, id, options),
    result: async <T>(options?: ResultOptions) => (await resultOf(connection, id, options, schema)) as T,
  };
}

export function createHandle<TResult = unknown>(
  connection: Connection,
  submitted: SubmissionFragment & { taskToken?: TaskToken },
  schema?: AnySchema,
): TaskHandle<TResult> {
  const { task, duplicate, payloadDiffers, cursor, taskToken: token } = submitted;
  // The task of a duplicate may have finished before its cursor, after which nothing would come.
  const start = duplicate ? undefined : cursor;
  return {
    id: task.id,
    task,
    duplicate,
    payloadDiffers,
    token,
    cursor,
    watch: ({ after = start, ...options } = {}) => watchTask(connection, task.id, { ...options, after }),
    result: async <T>(options?: ResultOptions) => (await resultOf(connection, task.id, options, schema)) as T,
    estimate: () => estimateOf(connection, task.id),
  };
}
