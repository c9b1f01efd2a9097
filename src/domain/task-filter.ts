/** A filter of tasks: what lists and counts look for, and what streams judge each task by. */
import type { ErrorKind } from './error-fingerprint.ts';
import type { TaskRow, TaskStatus } from './task.ts';

/** What a value in the payload must be; of the three, one is given. */
export interface PayloadCondition {
  /** The segments of a JSON Pointer. */
  path: string[];
  /** The same JSON. */
  equals?: unknown;
  /** Part of a text, whatever its case. */
  contains?: string;
  exists?: boolean;
}

/** All that are given must hold. */
export interface TaskFilter {
  /** UUIDs. */
  ids?: string[];
  /** The lowest and the highest UUID. */
  idRange?: [string, string];
  statuses?: TaskStatus[];
  /** UUIDs; empty: of no job, so that nothing matches. */
  jobIds?: string[];
  createdBy?: string;
  correlationId?: string;
  idempotencyKey?: string;
  entityType?: string;
  entityId?: string;
  /** UUID of the worker that holds it. */
  workerId?: string;
  errorCode?: string;
  /** Of its error, see error-fingerprint.ts; together with the job. */
  errorKind?: ErrorKind;
  /** In lower case; each is in the message of the error. */
  errorWords?: string[];
  discarded?: boolean;
  labels: Record<string, string>;
  labelKeys?: string[];
  minPriority?: number;
  maxPriority?: number;
  createdAfter?: Date;
  createdBefore?: Date;
  runAfter?: Date;
  runBefore?: Date;
  finishedAfter?: Date;
  finishedBefore?: Date;
  payload?: PayloadCondition[];
}

/** Characters of a message whose words are known. */
export const SEARCHED_CHARACTERS = 500;

/** The words of a text: letters and digits, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Whether the task matches, as far as its snapshot shows: conditions on the payload aside. */
export function matchesFilter(filter: TaskFilter, task: TaskRow): boolean {
  const { ids, idRange, statuses, jobIds, discarded, labelKeys, errorWords, errorKind } = filter;
  return (
    (!ids || ids.includes(task.id)) &&
    (!idRange || (task.id >= idRange[0] && task.id <= idRange[1])) &&
    (!statuses || statuses.includes(task.status)) &&
    (!jobIds || jobIds.includes(task.jobId)) &&
    isSame(filter.createdBy, task.createdBy) &&
    isSame(filter.correlationId, task.correlationId) &&
    isSame(filter.idempotencyKey, task.idempotencyKey) &&
    isSame(filter.entityType, task.entityType) &&
    isSame(filter.entityId, task.entityId) &&
    isSame(filter.workerId, task.workerId) &&
    isSame(filter.errorCode, task.error?.code ?? null) &&
    (!errorKind || isOfKind(errorKind, task)) &&
    (discarded === undefined || discarded === (task.discardedAt !== null)) &&
    Object.entries(filter.labels).every(([label, value]) => task.labels[label] === value) &&
    (!labelKeys || labelKeys.every((key) => Object.hasOwn(task.labels, key))) &&
    (!errorWords || hasWords(task.error?.message, errorWords)) &&
    isWithin(task.priority, filter.minPriority, filter.maxPriority) &&
    isBetween(task.createdAt, filter.createdAfter, filter.createdBefore) &&
    isBetween(task.runAt, filter.runAfter, filter.runBefore) &&
    isBetween(task.finishedAt, filter.finishedAfter, filter.finishedBefore)
  );
}

/** Whether the payload is as the conditions say. @param isEqual whether two JSON values are the same */
export function matchesPayload(
  conditions: readonly PayloadCondition[],
  payload: unknown,
  isEqual: (a: unknown, b: unknown) => boolean,
): boolean {
  return conditions.every(({ path, equals, contains, exists }) => {
    const value = valueAt(payload, path);
    if (exists !== undefined) return exists === (value !== undefined);
    if (contains !== undefined)
      return typeof value === 'string' && value.toLowerCase().includes(contains.toLowerCase());
    return value !== undefined && isEqual(value, equals);
  });
}

function valueAt(json: unknown, path: readonly string[]): unknown {
  let value = json;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

function isSame(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}

function isOfKind({ jobId, fingerprint }: ErrorKind, task: TaskRow): boolean {
  return task.jobId === jobId && task.error?.fingerprint === fingerprint;
}

function isWithin(value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): boolean {
  return value >= min && value <= max;
}

/** Between the two, which do not belong to it. */
function isBetween(value: Date | null, after: Date | undefined, before: Date | undefined): boolean {
  if (after === undefined && before === undefined) return true;
  return value !== null && (!after || value > after) && (!before || value < before);
}

function hasWords(message: string | undefined, words: readonly string[]): boolean {
  if (message === undefined) return false;
  const known = new Set(wordsOf(message.slice(0, SEARCHED_CHARACTERS)));
  return words.every((word) => known.has(word));
}
