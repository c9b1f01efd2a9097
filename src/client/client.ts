/** `signalbox/client`: submit tasks, watch them live, wait for their results. For Node and browsers. */

import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type TypedDocument,
} from './connection/connection.ts';
import { retryUntilAnswered } from './connection/retry-until-answered.ts';
import type { ConnectionStatus, StatusListener } from './connection/status.ts';
import { isTemporary, wasNotDone } from './connection/temporary.ts';
import type { TaskSubmission } from './depends-on.ts';
import { CancelTask, CreateTaskToken, ListJobs, ListTasks, OneTask, RetryTask } from './documents.ts';
import { RequestError } from './errors.ts';
import { estimateOf } from './estimate.ts';
import { createTransactionHandle, type TaskHandle, type TransactionHandle } from './handle.ts';
import { type Job, type JobSubmission, submissionOf } from './job.ts';
import { type ProblemError, successOf } from './problems.ts';
import { type ResultOptions, resultOf } from './result.ts';
import type { AnySchema, OutputOf } from './schema.ts';
import { type SubscribeOptions, subscribe } from './streams/subscribe.ts';
import { type WatchOptions, type WatchRoomOptions, watchRoom, watchTask } from './streams/watch.ts';
import { type Execute, type SubmitOptions, submitMany, submitOne, TOKEN_SECONDS } from './submit.ts';
import type { TransactionOptions } from './transaction.ts';
import type {
  JobPage,
  PageArguments,
  Task,
  TaskEstimate,
  TaskEvent,
  TaskListOptions,
  TaskPage,
  TaskSummary,
  TaskToken,
  TaskTokenOptions,
} from './types.ts';

/** How to reach a server, as whom, and over what. */
export interface ClientOptions extends ConnectionOptions {
  /**
   * What carries queries and mutations: `http` (the default) is one request each, `socket` sends them over the
   * WebSocket that the streams use, which is faster for many.
   */
  transport?: 'http' | 'socket' | undefined;
  /**
   * Milliseconds for which a call is tried again where that is safe: after an answer that says that nothing was done
   * (OVERLOADED, say), and for submissions with an idempotency key that holds for ever after everything that passes by
   * itself. 30 s by default; 0 rejects at once. Streams and results go on for as long as they are read.
   */
  retryForMs?: number | undefined;
}

/** Variables may be left out where an operation needs none. */
type VariablesOf<TVariables> =
  Record<string, never> extends TVariables ? [variables?: TVariables] : [variables: TVariables];

type SubscribeArguments<TData, TVariables> =
  Record<string, never> extends TVariables
    ? [variables?: TVariables, options?: SubscribeOptions<TData>]
    : [variables: TVariables, options?: SubscribeOptions<TData>];

/**
 * A client of one server. Every call rejects with a `ProblemError` for a refusal of the API, a `RequestError` for
 * an answer with errors, or a `ConnectionError` when there was no answer.
 */
export interface Client {
  /** Submits one task; resolves when it is committed. */
  submit(input: TaskSubmission, options?: SubmitOptions): Promise<TaskHandle>;
  /** The same with a job's definition, which types payload and result, see `defineJob`. */
  submit<TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
    input: JobSubmission<TPayload>,
    options?: SubmitOptions,
  ): Promise<TaskHandle<OutputOf<TResult>>>;
  /**
   * Submits in a transaction of the application, whose data lives in the same PostgreSQL: the task exists if and only if the
   * transaction commits. See docs/transactions.md.
   */
  submit<TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
    input: JobSubmission<TPayload>,
    options: TransactionOptions,
  ): Promise<TransactionHandle<OutputOf<TResult>>>;
  /** The same without a definition. */
  submit(input: TaskSubmission, options: TransactionOptions): Promise<TransactionHandle>;
  /**
   * Submits many: per item a handle or the problem, in order. Long lists go in several requests; when one of
   * them gets no answer the call rejects though earlier ones are committed, so give items idempotency keys.
   */
  submitMany(inputs: readonly TaskSubmission[]): Promise<(TaskHandle | ProblemError)[]>;
  /** The same with a job's definition. */
  submitMany<TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
    inputs: readonly JobSubmission<TPayload>[],
  ): Promise<(TaskHandle<OutputOf<TResult>> | ProblemError)[]>;
  /**
   * Every change of a task: first a snapshot (or, with `after`, what was missed), then each transition once and
   * in order, and progress. Goes on over lost connections; ends with the last transition unless `follow`.
   * Rejects when the task cannot be seen or the token is refused. Leaving the loop unsubscribes.
   */
  watch(taskId: string, options?: WatchOptions): AsyncIterableIterator<TaskEvent>;
  /** Every change of every task in a room, likewise, for as long as it is read. */
  watchRoom(room: string, options?: WatchRoomOptions): AsyncIterableIterator<TaskEvent>;
  /**
   * The result of a task, once it is COMPLETED or PARTIAL. Rejects with a `TaskFailedError` or a
   * `TaskCancelledError` when it ends otherwise, and with a `TaskTimeoutError` after `timeoutMs`.
   */
  result<T = unknown>(taskId: string, options?: Omit<ResultOptions, 'parse'>): Promise<T>;
  /** Cancels a task that has not finished. */
  cancel(taskId: string, reason?: string): Promise<TaskSummary>;
  /**
   * A token for one task, with which a page reads that task and its streams, and nothing else. `handle.token` has one where
   * the submission asked for it.
   */
  taskToken(taskId: string, options?: TaskTokenOptions): Promise<TaskToken>;
  /** Gives a FAILED task a fresh budget of attempts. */
  retry(taskId: string): Promise<TaskSummary>;
  /** A task with payload, result and assets; null where there is none that the caller may see. */
  task(taskId: string): Promise<Task | null>;
  /**
   * When a worker takes the task and its attempt ends, as it looks now; null where it has ended, and where there is none that
   * the caller may see.
   */
  estimate(taskId: string): Promise<TaskEstimate | null>;
  /** One page of a room's tasks, newest first; of all rooms without one. */
  tasks(room?: string, options?: TaskListOptions): Promise<TaskPage>;
  /** One page of the jobs that can be run from a room. */
  jobs(room: string, options?: PageArguments & { category?: string | undefined }): Promise<JobPage>;
  /** Any query or mutation; its types are those of the document, where codegen made it. */
  request<TData = unknown, TVariables = Record<string, unknown>>(
    document: TypedDocument<TData, TVariables>,
    ...variables: VariablesOf<TVariables>
  ): Promise<TData>;
  /**
   * Any subscription, over lost connections: yields the data of each event. Goes on from the latest position where the
   * operation takes a variable `$after` and its events have a `cursor` (or `cursorOf` finds it); otherwise it begins anew.
   * Events may then come again: know them by the task's `version`. Ends when the server completes it, and after a
   * `ResyncRequired`: read the state again, and subscribe from its `streamCursor`.
   */
  subscribe<TData, TVariables>(
    document: TypedDocument<TData, TVariables>,
    ...rest: SubscribeArguments<TData, TVariables>
  ): AsyncIterableIterator<TData>;
  /** How the streams of this client do at the moment. */
  readonly status: ConnectionStatus;
  /** Calls `listener` with each new status, for what shows it; returns the function that ends it. */
  onStatus(listener: StatusListener): () => void;
  /** Ends every stream with an error and closes the socket. */
  close(): Promise<void>;
}

/** Connects to nothing yet: the first call does. */
export function createClient(options: ClientOptions): Client {
  return createClientOver(createConnection(options), options);
}

/** A client over another way to the server than its address. */
export function createClientOver(
  connection: Connection,
  options: Pick<ClientOptions, 'transport' | 'retryForMs'> = {},
): Client {
  const execute = createExecute(connection, options);

  return {
    ...createSubmit(connection, execute),
    watch: (taskId, watching = {}) => watchTask(connection, taskId, watching),
    watchRoom: (room, watching = {}) => watchRoom(connection, room, watching),
    result: async <T>(taskId: string, waiting?: ResultOptions) =>
      (await resultOf(connection, taskId, waiting)) as T,
    async cancel(taskId, reason) {
      const { cancelTask } = await execute(CancelTask, { input: { taskId, reason } });
      return successOf(cancelTask, 'TaskSuccess').task;
    },
    async taskToken(taskId, { cancel = false, seconds = TOKEN_SECONDS } = {}) {
      const { createTaskToken } = await execute(CreateTaskToken, { input: { taskId, cancel, seconds } });
      return successOf(createTaskToken, 'CreateTaskTokenSuccess').taskToken;
    },
    async retry(taskId) {
      const { retryTask } = await execute(RetryTask, { input: { taskId } });
      return successOf(retryTask, 'TaskSuccess').task;
    },
    async task(taskId) {
      const { task } = await execute(OneTask, { id: taskId });
      return task && { ...task, assets: task.assets.nodes };
    },
    estimate: (taskId) => estimateOf(connection, taskId),
    async tasks(room, { first, after, last, before, ...filter } = {}) {
      const { tasks } = await execute(ListTasks, { room, filter, first, after, last, before });
      return { tasks: tasks.nodes, pageInfo: tasks.pageInfo, streamCursor: tasks.streamCursor };
    },
    async jobs(room, page = {}) {
      const { jobs } = await execute(ListJobs, { room, ...page });
      return { jobs: jobs.nodes, pageInfo: jobs.pageInfo };
    },
    request: (document, ...[variables]) => execute(document, variables as never),
    subscribe: (document, ...[variables, following]) =>
      subscribe(connection, document, variables as never, following),
    get status() {
      return connection.statuses.current;
    },
    onStatus: connection.statuses.listen,
    close: () => connection.close(),
  };
}

function createExecute(
  connection: Connection,
  { transport, retryForMs = 30_000 }: Pick<ClientOptions, 'transport' | 'retryForMs'>,
): Execute {
  const send = transport === 'socket' ? connection.send : connection.post;
  return (document, variables, isRepeatable = false, signal) =>
    retryUntilAnswered(() => send(document, variables, signal), {
      until: signal ? AbortSignal.any([connection.closed, signal]) : connection.closed,
      forMs: retryForMs,
      repeats: isRepeatable ? isTemporary : (error) => error instanceof RequestError && wasNotDone(error),
    });
}

type AnySubmitOptions = SubmitOptions | TransactionOptions;

/** Each takes submissions as the API does, or a job's definition and what is left to say. */
function createSubmit(connection: Connection, execute: Execute): Pick<Client, 'submit' | 'submitMany'> {
  return {
    submit: async (
      first: TaskSubmission | Job,
      second?: JobSubmission<AnySchema> | AnySubmitOptions,
      third?: AnySubmitOptions,
    ) => {
      const job = 'fullName' in first ? first : undefined;
      const input = job ? submissionOf(job, (second ?? {}) as JobSubmission<AnySchema>) : first;
      const options = (job ? third : second) as AnySubmitOptions | undefined;
      const { payload, result } = job?.options ?? {};
      if (!options || !('transaction' in options)) {
        return submitOne(connection, execute, input as TaskSubmission, result, options);
      }
      // Pages never need it.
      const { submitInTransaction } = await import('./transaction.ts');
      const submitted = await submitInTransaction(input as TaskSubmission, options, payload);
      return createTransactionHandle(connection, submitted, result);
    },
    submitMany: async (
      first: readonly TaskSubmission[] | Job,
      inputs: readonly JobSubmission<AnySchema>[] = [],
    ) => {
      if (!('fullName' in first)) return submitMany(connection, execute, first);
      const submissions = inputs.map((input) => submissionOf(first, input));
      return submitMany(connection, execute, submissions, first.options.result);
    },
  } as Pick<Client, 'submit' | 'submitMany'>;
}
