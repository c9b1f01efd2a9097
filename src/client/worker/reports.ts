/**
 * Reports of finished attempts: completed, failed, released.
 *
 * A report is sent until the state machine has answered it, whatever fails on the way: the number of the attempt makes
 * that safe. Completions that wait while others are under way go together in one request; a request that is refused as
 * a whole is taken apart, so that one bad result fails alone.
 */

import type { Connection } from '../connection/connection.ts';
import { bytesOf, MAX_REQUEST_BYTES } from '../connection/request-size.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { isRefusedReport } from '../connection/temporary.ts';
import { ConnectionError, messageOf, RequestError } from '../errors.ts';
import type { CompleteTaskInput, TaskErrorInput } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import { ProblemError } from '../problems.ts';
import type { Bound } from '../tracing.ts';
import { CompleteTask, CompleteTasks, FailTask, ReleaseTask } from './documents.ts';
import type { Holder } from './running.ts';

/** Each resolves when the report is acknowledged, refused, or given up; none rejects. */
export interface Reports {
  complete(input: CompleteTaskInput): Promise<void>;
  fail(holder: Holder, error: TaskErrorInput): Promise<void>;
  /**
   * Gives back what may be held still, or says that the work on what was taken away has stopped. `delaySeconds`: nobody
   * claims it before.
   */
  release(holder: Holder, delaySeconds?: number): Promise<void>;
}

interface Waiting {
  input: CompleteTaskInput;
  bytes: number;
  done: () => void;
  /** The trace of the attempt. */
  within: Bound;
}

/** Well below what servers take in a socket message, so that completions stay on the socket. */
const MAX_BATCH_BYTES = 64_000;
const MAX_BATCH_ITEMS = 400;
/** A further batch leaves beside the first when it is full. */
const BATCHES_AT_ONCE = 2;
/** The close code of a socket that was sent a larger message than it takes, as one behind a proxy may. */
const MESSAGE_TOO_BIG = 1009;

/** The request itself is more than the way to the server takes. */
class TooBigError extends Error {}

/** Collects completions into batches. @param send resolves when every item of the batch has its answer; never rejects */
function createBatches(
  connection: Connection,
  send: (batch: Waiting[]) => Promise<void>,
): (input: CompleteTaskInput) => Promise<void> {
  const waiting: Waiting[] = [];
  let underWay = 0;
  let planned = false;

  function plan(): void {
    if (planned || underWay >= BATCHES_AT_ONCE) return;
    planned = true;
    // Handlers that end in the same turn go together.
    queueMicrotask(() => {
      planned = false;
      while (waiting.length >= (underWay === 0 ? 1 : MAX_BATCH_ITEMS) && underWay < BATCHES_AT_ONCE) {
        underWay++;
        const batch = takeBatch(waiting);
        // What goes together is sent in the trace of the first.
        const within = batch[0]?.within ?? ((run) => run());
        void within(() => send(batch)).finally(() => {
          underWay--;
          plan();
        });
      }
    });
  }

  return (input) =>
    new Promise((done) => {
      const within = connection.bindTrace();
      waiting.push({ input, bytes: JSON.stringify(input).length, done, within });
      plan();
    });
}

/** `givenUp` ends the waiting for a server that does not come back. */
export function createReports(connection: Connection, logger: Logger, givenUp: AbortSignal): Reports {
  const complete = createBatches(connection, sendBatch);
  const failures = createFailureReports(connection, logger, untilAnswered);

  /** Rejects when the request itself is refused, and when the waiting is given up. */
  function untilAnswered<T>(send: () => Promise<T>): Promise<T> {
    return retryUntilAnswered(send, {
      until: givenUp,
      repeats: (error) => !isRefusedReport(error),
      onFailure: (error) => logger.debug(`A report got no answer: ${messageOf(error)}`),
    });
  }

  async function sendBatch(batch: Waiting[]): Promise<void> {
    try {
      const answers = await untilAnswered(() => sendCompletions(batch));
      await Promise.all(batch.map((item, index) => acknowledge(item, answers[index])));
    } catch (error) {
      await refused(batch, error);
    }
  }

  async function sendCompletions(batch: Waiting[]): Promise<{ __typename: string }[]> {
    const [only] = batch;
    try {
      if (only && batch.length === 1) {
        return [(await connection.send(CompleteTask, { input: only.input })).completeTask];
      }
      const inputs = batch.map(({ input }) => input);
      return (await connection.send(CompleteTasks, { inputs })).completeTasks;
    } catch (error) {
      throw tooBig(batch, error) ?? error;
    }
  }

  /** No answer per item: each goes alone, and one that is refused alone fails its task instead. */
  async function refused(batch: Waiting[], error: unknown): Promise<void> {
    const isRefused = isRefusedReport(error);
    if (batch.length > 1 && isRefused) {
      for (const item of batch) await sendBatch([item]);
      return;
    }
    for (const { input, done } of batch) {
      if (!isRefused) {
        logger.error('A result could not be reported', { taskId: input.taskId, error });
      } else if (error instanceof TooBigError) {
        const bytes = bytesOf(JSON.stringify(input.result ?? null));
        const message = `The result has ${bytes} bytes; ${error.message}. Keep it in a storage, attach it as an asset, and return what is small.`;
        await failInstead(input, 'RESULT_TOO_LARGE', message);
      } else {
        const message = `The result could not be reported: ${messageOf(error)}`;
        await failInstead(input, 'REPORT_REFUSED', message);
      }
      done();
    }
  }

  async function acknowledge(
    { input, done }: Waiting,
    answer: { __typename: string } | undefined,
  ): Promise<void> {
    if (answer?.__typename === 'InvalidInput') {
      const message = `The server refused the result: ${new ProblemError(answer).message}`;
      await failInstead(input, 'INVALID_RESULT', message);
    } else {
      logRefusal(logger, 'result', input, answer);
    }
    done();
  }

  /** The handler did its work, and nothing of it can be kept: it would be the same again. */
  async function failInstead(holder: Holder, code: string, message: string): Promise<void> {
    const { taskId, attempt } = holder;
    logger.warn(`Attempt ${attempt} of ${taskId} failed: ${message}`, { taskId, attempt });
    await failures.fail(holder, { code, message, retryable: false });
  }

  return { complete, ...failures };
}

type UntilAnswered = <T>(send: () => Promise<T>) => Promise<T>;

/** Reports of attempts that have no result. */
function createFailureReports(
  connection: Connection,
  logger: Logger,
  untilAnswered: UntilAnswered,
): Pick<Reports, 'fail' | 'release'> {
  async function fail(holder: Holder, error: TaskErrorInput): Promise<void> {
    try {
      await sendFailure(holder, error);
    } catch (cause) {
      if (isRefusedReport(cause) && error.context !== undefined) {
        // Context is a help: what is in it must not keep the failure from being reported.
        await fail(holder, { ...error, context: undefined });
      } else {
        logger.error('A failure could not be reported', { taskId: holder.taskId, error: cause });
      }
    }
  }

  async function sendFailure(holder: Holder, error: TaskErrorInput): Promise<void> {
    const { taskId, workerId, attempt } = holder;
    const input = { taskId, workerId, attempt, error };
    const { failTask } = await untilAnswered(() => connection.send(FailTask, { input }));
    if (failTask.__typename === 'InvalidInput' && error.context !== undefined) {
      await sendFailure(holder, { ...error, context: undefined });
      return;
    }
    logRefusal(logger, 'failure', input, failTask);
    if (failTask.__typename === 'TaskSuccess') logClassification(logger, input, failTask.task.error);
  }

  async function release({ taskId, workerId, attempt }: Holder, delaySeconds?: number): Promise<void> {
    const input = { taskId, workerId, attempt };
    try {
      await untilAnswered(() => connection.send(ReleaseTask, { input, delaySeconds }));
    } catch (error) {
      logger.debug('That a handler has stopped could not be reported', { taskId, error });
    }
  }

  return { fail, release };
}

/** A word that decided is to be seen: whoever wrote it may not have meant that. */
function logClassification(
  logger: Logger,
  { taskId, attempt }: Holder,
  error: { retryable: boolean; classifiedBy?: string | null } | null | undefined,
): void {
  if (!error?.classifiedBy || error.retryable) return;
  logger.warn(
    `${taskId} is not tried again: its error has ${error.classifiedBy}. Throw a TaskError with retryable: true where it may pass.`,
    { taskId, attempt },
  );
}

/** A refused report is about an attempt that is over: nothing is left to do but to say so. */
function logRefusal(
  logger: Logger,
  what: string,
  { taskId, attempt }: Holder,
  answer: { __typename: string } | undefined,
): void {
  if (!answer || answer.__typename === 'TaskSuccess') return;
  const { name, message } = new ProblemError(answer);
  logger.warn(`The server refused a ${what}: ${name}`, { taskId, attempt, detail: message });
}

function takeBatch(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const item of waiting) {
    bytes += item.bytes;
    if (count > 0 && (bytes > MAX_BATCH_BYTES || count >= MAX_BATCH_ITEMS)) break;
    count++;
  }
  return waiting.splice(0, count);
}

function tooBig(batch: Waiting[], error: unknown): TooBigError | undefined {
  if (error instanceof RequestError && error.code === 'PAYLOAD_TOO_LARGE') {
    return new TooBigError(`a server takes a report of ${MAX_REQUEST_BYTES} at most`);
  }
  if (!(error instanceof ConnectionError) || error.closeCode !== MESSAGE_TOO_BIG) return undefined;
  // A small request that was under way on the same socket is not to blame, and is sent again.
  const bytes = batch.reduce((total, item) => total + item.bytes, 0);
  return bytes > MAX_BATCH_BYTES / 2
    ? new TooBigError('something between here and the server takes less')
    : undefined;
}
