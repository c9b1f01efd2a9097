/** Submitting one task, or many. */

import type { Connection, TypedDocument } from './connection/connection.ts';
import { orderOfRefs, type TaskSubmission, toInput, withKnownRefs } from './depends-on.ts';
import { SubmitTask, SubmitTaskForPage, SubmitTasks } from './documents.ts';
import { refusalOf } from './exact-numbers.ts';
import type { SubmitTaskInput } from './generated/graphql.ts';
import { createHandle, type TaskHandle } from './handle.ts';
import { present } from './present.ts';
import { ProblemError, successOf } from './problems.ts';
import type { AnySchema } from './schema.ts';
import type { TaskTokenOptions } from './types.ts';

/**
 * Sends one operation, in the way that the client was given, and again for as long as that allows.
 * `isRepeatable`: sent twice, it does no more than once.
 */
export type Execute = <TData, TVariables>(
  document: TypedDocument<TData, TVariables>,
  variables: TVariables,
  isRepeatable?: boolean,
  signal?: AbortSignal,
) => Promise<TData>;

/**
 * A request of many stays below these: servers take 256 KB of body over HTTP, 128 KB over a socket, and operations
 * up to a cost, of which each item's answer is a share.
 */
const MAX_ITEMS = 500;
const MAX_BYTES = 100_000;

/** What a submission may ask for besides. */
export interface SubmitOptions {
  /** A token for the task, for a page that shows it: `handle.token`. */
  taskToken?: boolean | TaskTokenOptions;
  /** Ends the waiting for an answer, which then rejects with the signal's reason; the task may have been submitted. */
  signal?: AbortSignal | undefined;
}

/** Of a token for a task, where nothing is said. */
export const TOKEN_SECONDS = 3_600;

/** See `Client.submit`. */
export async function submitOne(
  connection: Connection,
  execute: Execute,
  submission: TaskSubmission,
  result?: AnySchema,
  { taskToken, signal }: SubmitOptions = {},
): Promise<TaskHandle> {
  const input = toInput(submission);
  const refusal = refusalOf(input.payload);
  if (refusal) throw refusal;
  if (taskToken) {
    const { cancel = false, seconds = TOKEN_SECONDS } = taskToken === true ? {} : taskToken;
    const { submitTask } = await execute(
      SubmitTaskForPage,
      { input, cancel, seconds },
      hasKey(input),
      signal,
    );
    return createHandle(connection, successOf(submitTask, 'SubmitTaskSuccess'), result);
  }
  const { submitTask } = await execute(SubmitTask, { input }, hasKey(input), signal);
  return createHandle(connection, successOf(submitTask, 'SubmitTaskSuccess'), result);
}

/** See `Client.submitMany`. */
export async function submitMany(
  connection: Connection,
  execute: Execute,
  submissions: readonly TaskSubmission[],
  schema?: AnySchema,
): Promise<(TaskHandle | ProblemError)[]> {
  const inputs = submissions.map(toInput);
  const answers: (TaskHandle | ProblemError | undefined)[] = inputs.map(({ payload }) => refusalOf(payload));
  const places = orderOfRefs(inputs).filter((place) => !answers[place]);
  const ids = new Map<string, string>();
  let next = 0;
  // One after the other: tasks of the same priority are claimed in the order of their submission. What refers to an item
  // of an earlier request depends on its task.
  for (const part of batchesOf(places.map((place) => present(inputs[place])))) {
    const batch = part.map((input) => withKnownRefs(input, ids));
    const { submitTasks } = await execute(SubmitTasks, { inputs: batch }, batch.every(hasKey));
    for (const [index, result] of successOf(submitTasks, 'SubmitTasksSuccess').results.entries()) {
      const submitted = result.__typename === 'SubmitTaskSuccess';
      const ref = batch[index]?.ref;
      if (submitted && ref) ids.set(ref, result.task.id);
      answers[present(places[next++])] = submitted
        ? createHandle(connection, result, schema)
        : new ProblemError(result);
    }
  }
  return answers as (TaskHandle | ProblemError)[];
}

/** The server answers a second submission with the task of the first, whatever has become of that meanwhile. */
function hasKey({ idempotencyKey, holdKey, holdKeySeconds, debounceSeconds }: SubmitTaskInput): boolean {
  if (holdKey === 'UNTIL_FINISHED' || holdKeySeconds != null || debounceSeconds != null) return false;
  return typeof idempotencyKey === 'string' && idempotencyKey !== '';
}

/** The items in order, in requests of a size that the server takes; an item that is too large alone goes alone. @internal */
export function* batchesOf<T>(
  items: readonly T[],
  maxItems = MAX_ITEMS,
  maxBytes = MAX_BYTES,
): Generator<T[]> {
  const encoder = new TextEncoder();
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = encoder.encode(JSON.stringify(item)).length;
    if (batch.length > 0 && (batch.length >= maxItems || bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
