/**
 * Changes as they stand in a message: rows of values in a fixed order, without names, since names are most of what
 * there would be to write and to read. Dates are milliseconds since 1970. What a transition says of its task, which is
 * the task as it was right after it, is not said twice.
 *
 * Everything is checked when it is read. A newer server may append values to a row, and an older one passes over them;
 * what is appended must be optional, so that the newer one understands a row of the older one. Rows are spelled out
 * twice here, in the same order: a table of fields costs twice the time.
 */
import {
  TASK_STATUSES,
  type TaskChange,
  type TaskErrorValue,
  type TaskRow,
  TRANSITION_REASONS,
  type TransitionRow,
} from '../../domain/task.ts';
import { TupleReader } from './tuple-reader.ts';

const STATUSES = new Set(TASK_STATUSES);
const REASONS = new Set(TRANSITION_REASONS);

/** A change without its large values, for JSON. */
export function writeChange(change: TaskChange): unknown {
  const task = writeTask(change.task);
  if (change.kind === 'transition') return { task, transition: writeTransition(change.transition) };
  return { task, progress: [change.percent, change.message, change.at.getTime()] };
}

/**
 * What `writeChange` has written.
 * @throws Malformed when it is anything else
 */
export function readChange(written: unknown): TaskChange {
  const { task: values, transition, progress } = Object(written);
  const task = readTask(new TupleReader('task', values));
  if (transition !== undefined) {
    const read = readTransition(new TupleReader('transition', transition), task);
    task.updatedAt = read.at;
    return { kind: 'transition', task, transition: read };
  }
  const row = new TupleReader('progress', progress);
  return { kind: 'progress', task, percent: row.number(), message: row.textOrNull(), at: row.date() };
}

function writeTask(task: TaskRow): unknown[] {
  return [
    task.id,
    task.jobId,
    task.room,
    task.status,
    task.version,
    task.attempt,
    task.failures,
    task.maxAttempts,
    task.priority,
    task.runAt.getTime(),
    task.workerId,
    task.progress,
    task.progressMessage,
    task.createdBy,
    task.correlationId,
    task.entityType,
    task.entityId,
    task.labels,
    task.idempotencyKey,
    writeError(task.error),
    task.createdAt.getTime(),
    task.startedAt?.getTime(),
    task.finishedAt?.getTime(),
    task.discardedAt?.getTime(),
    task.discardedBy,
    task.lastWorkerId,
  ];
}

function readTask(row: TupleReader): TaskRow {
  return {
    id: row.text(),
    jobId: row.text(),
    room: row.text(),
    status: row.oneOf(STATUSES),
    version: row.int(1),
    attempt: row.int(0),
    failures: row.int(0),
    maxAttempts: row.int(0),
    priority: row.int(),
    runAt: row.date(),
    workerId: row.textOrNull(),
    progress: row.number(),
    progressMessage: row.textOrNull(),
    createdBy: row.text(),
    correlationId: row.textOrNull(),
    entityType: row.textOrNull(),
    entityId: row.textOrNull(),
    labels: row.labels(),
    idempotencyKey: row.textOrNull(),
    error: readError(row.rowOrNull()),
    createdAt: row.date(),
    startedAt: row.dateOrNull(),
    finishedAt: row.dateOrNull(),
    discardedAt: row.dateOrNull(),
    discardedBy: row.textOrNull(),
    lastWorkerId: row.textOrNull(),
  };
}

function writeTransition(transition: TransitionRow): unknown[] {
  return [
    transition.id,
    transition.xid,
    transition.horizon,
    transition.from,
    transition.reason,
    transition.workerId,
    transition.actor,
    transition.note,
    writeError(transition.error),
    transition.at.getTime(),
    transition.updates,
  ];
}

function readTransition(row: TupleReader, task: TaskRow): TransitionRow {
  return {
    id: row.bigint(),
    xid: row.bigint(),
    horizon: row.bigint(),
    taskId: task.id,
    version: task.version,
    room: task.room,
    jobId: task.jobId,
    from: row.oneOfOrNull(STATUSES),
    to: task.status,
    reason: row.oneOf(REASONS),
    attempt: task.attempt,
    workerId: row.textOrNull(),
    actor: row.text(),
    note: row.textOrNull(),
    error: readError(row.rowOrNull()),
    at: row.date(),
    updates: row.objectOrNull(),
  };
}

function writeError(error: TaskErrorValue | null): unknown[] | null {
  return error && [error.message, error.code, error.retryable, error.context, error.classifiedBy ?? null];
}

function readError(row: TupleReader | null): TaskErrorValue | null {
  return (
    row && {
      message: row.text(),
      code: row.textOrNull(),
      retryable: row.boolean(),
      context: row.json(),
      classifiedBy: row.textOrNull() ?? undefined,
    }
  );
}
