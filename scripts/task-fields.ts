/**
 * The fields of a task: the one table from which scripts/print-task-fields.ts writes what the hot path needs spelled
 * out (columns, snapshots, new tasks, the tuple of a message). A new column is a line here, a property of TaskRow in
 * src/domain/task.ts, and a column of prisma/schema.prisma; then run `npm run generate`.
 */
import type { TaskRow } from '../src/domain/task.ts';

/** How a value is checked when it is read from a message; `?` allows null. */
export type Kind =
  | 'text'
  | 'text?'
  | 'status'
  | `int(${number | ''})`
  | 'number'
  | 'boolean'
  | 'date'
  | 'date?'
  | 'labels'
  | 'error?'
  | 'json';

/**
 * Where a new task has it from: `submission`; the `database`, which decided it when it inserted the row; `status`, where
 * the submission leads; or what every task begins with, as code.
 */
export type Origin = 'submission' | 'database' | 'status' | (string & {});

/** @param absent code for what a message of an older server, which does not have the field yet, stands for */
export type Field = [kind: Kind, origin: Origin, absent?: string];

/**
 * What every way of reading a task gives, and what travels with events, in the order of the message. The column is the
 * property's name in snake case. Append at the end only, with `absent` where null is no value of it: servers of two
 * versions read each other's messages.
 */
export const SNAPSHOT_FIELDS = {
  id: ['text', 'database'],
  jobId: ['text', 'submission'],
  room: ['text', 'submission'],
  status: ['status', 'status'],
  version: ['int(1)', '1'],
  attempt: ['int(0)', '0'],
  failures: ['int(0)', '0'],
  maxAttempts: ['int(0)', 'database'],
  priority: ['int()', 'submission'],
  runAt: ['date', 'database'],
  workerId: ['text?', 'null'],
  progress: ['number', '0'],
  progressMessage: ['text?', 'null'],
  createdBy: ['text', 'submission'],
  correlationId: ['text?', 'submission'],
  entityType: ['text?', 'submission'],
  entityId: ['text?', 'submission'],
  labels: ['labels', 'submission'],
  idempotencyKey: ['text?', 'submission'],
  error: ['error?', 'null'],
  createdAt: ['date', 'database'],
  startedAt: ['date?', 'null'],
  finishedAt: ['date?', 'null'],
  discardedAt: ['date?', 'null'],
  discardedBy: ['text?', 'null'],
  lastWorkerId: ['text?', 'null'],
  dependencyCount: ['int(0)', '0', '0'],
} as const satisfies Partial<Record<keyof TaskRow, Field>>;

/** What only whole tasks have: it can be large, or few ask for it. It never travels with events. */
export const LARGE_FIELDS = {
  payload: ['json', 'submission'],
  result: ['json', 'null'],
  traceparent: ['text?', 'submission'],
  copyOf: ['text?', 'submission'],
  schemaVersion: ['int(1)', 'submission'],
  limitKey: ['text?', 'submission'],
} as const satisfies Partial<Record<keyof TaskRow, Field>>;

/**
 * When the task last changed. It is the time of the newest transition: where that is at hand it is taken from there, and
 * neither selected nor sent a second time.
 */
export const TIME_OF_CHANGE = 'updatedAt' satisfies keyof TaskRow;
