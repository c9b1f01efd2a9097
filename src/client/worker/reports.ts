/**
 * What a worker tells of its tasks: completed, failed.
 *
 * Every report is sent until the server has acknowledged or refused it, over reconnects. Completions that wait
 * while others are under way go together in one request; a request that is refused as a whole is taken apart, so
 * that one bad result fails alone.
 */

import type { Connection } from '../connection/connection.ts';
import { bytesOf, MAX_BODY_BYTES } from '../connection/request-size.ts';
import { ConnectionError, messageOf, RequestError } from '../errors.ts';
import type { CompleteTaskInput, TaskErrorInput } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import { ProblemError } from '../problems.ts';
import type { Bound } from '../tracing.ts';
import { CompleteTask, CompleteTasks, FailTask, ReleaseTask } from './documents.ts';
import { retryUntilAnswered } from './retry-until-answered.ts';
import type { Holder } from './running.ts';

/** Each resolves when the report is acknowledged, refused, or given up; none rejects. */
export interface Reports {
  complete(input: CompleteTaskInput): Promise<void>;
  fail(holder: Holder, error: TaskErrorInput): Promise<void>;
  /** Gives back what may be held still, or says that the work on what was taken away has stopped. */
  release(holder: Holder): Promise<void>;
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

/** `givenUp` ends the waiting for a server that does not come back. */
export function createReports(connection: Connection, logger: Logger, givenUp: AbortSignal): Reports {
  const waiting: Waiting[] = [];
  let underWay = 0;
  let planned = false;

  function complete(input: CompleteTaskInput): Promise<void> {
    return new Promise((done) => {
      const within = connection.bindTrace();
      waiting.push({ input, bytes: JSON.stringify(input).length, done, within });
      plan();
    });
  }

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
        void within(() => sendBatch(batch)).finally(() => {
          underWay--;
          plan();
        });
      }
    });
  }

  async function sendBatch(batch: Waiting[]): Promise<void> {
    try {
      const answers = await retryUntilAnswered(() => sendCompletions(batch), givenUp);
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
    if (batch.length > 1 && !(error instanceof ConnectionError)) {
      for (const item of batch) await sendBatch([item]);
      return;
    }
    for (const { input, done } of batch) {
      if (error instanceof ConnectionError) {
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
      tellRefusal('result', input, answer);
    }
    done();
  }

  /** The handler did its work, and nothing of it can be kept: it would be the same again. */
  async function failInstead(holder: Holder, code: string, message: string): Promise<void> {
    const { taskId, attempt } = holder;
    logger.warn(`Attempt ${attempt} of ${taskId} failed: ${message}`, { taskId, attempt });
    await fail(holder, { code, message, retryable: false });
  }

  async function fail({ taskId, workerId, attempt }: Holder, error: TaskErrorInput): Promise<void> {
    const input = { taskId, workerId, attempt, error };
    try {
      const { failTask } = await retryUntilAnswered(() => connection.send(FailTask, { input }), givenUp);
      tellRefusal('failure', input, failTask);
      if (failTask.__typename === 'TaskSuccess') tellClassification(input, failTask.task.error);
    } catch (cause) {
      logger.error('A failure could not be reported', { taskId, error: cause });
    }
  }

  async function release({ taskId, workerId, attempt }: Holder): Promise<void> {
    const input = { taskId, workerId, attempt };
    try {
      await retryUntilAnswered(() => connection.send(ReleaseTask, { input }), givenUp);
    } catch (error) {
      logger.debug('That a handler has stopped could not be reported', { taskId, error });
    }
  }

  /** A word that decided is to be seen: whoever wrote it may not have meant that. */
  function tellClassification(
    { taskId, attempt }: Holder,
    error: { retryable: boolean; classifiedBy?: string | null } | null | undefined,
  ) {
    if (!error?.classifiedBy || error.retryable) return;
    logger.warn(
      `${taskId} is not tried again: its error has ${error.classifiedBy}. Throw a TaskError with retryable: true where it may pass.`,
      { taskId, attempt },
    );
  }

  /** A refused report is about an attempt that is over: nothing is left to do but to say so. */
  function tellRefusal(
    what: string,
    { taskId, attempt }: Holder,
    answer: { __typename: string } | undefined,
  ) {
    if (!answer || answer.__typename === 'TaskSuccess') return;
    const { name, message } = new ProblemError(answer);
    logger.warn(`The server refused a ${what}: ${name}`, { taskId, attempt, detail: message });
  }

  return { complete, fail, release };
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
    return new TooBigError(`a server takes a report of ${MAX_BODY_BYTES} at most`);
  }
  if (!(error instanceof ConnectionError) || error.closeCode !== MESSAGE_TOO_BIG) return undefined;
  // A small request that was under way on the same socket is not to blame, and is sent again.
  const bytes = batch.reduce((total, item) => total + item.bytes, 0);
  return bytes > MAX_BATCH_BYTES / 2
    ? new TooBigError('something between here and the server takes less')
    : undefined;
}
