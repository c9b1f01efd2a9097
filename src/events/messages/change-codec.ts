/**
 * Changes as they stand in a message: rows of values in a fixed order, without names, since names are most of what
 * there would be to write and to read. Dates are milliseconds since 1970. What a transition says of its task, which is
 * the task as it was right after it, is not said twice.
 *
 * Everything is checked when it is read. A newer server may append values to a row, and an older one passes over them;
 * what is appended must be optional, so that the newer one understands a row of the older one. Rows are spelled out,
 * since looping over a table of fields takes twice the time: those of a task are generated from one.
 */
import {
  TASK_STATUSES,
  type TaskChange,
  type TaskRow,
  TRANSITION_REASONS,
  type TransitionRow,
} from '../../domain/task.ts';
import { readError, writeError } from './error-tuple.ts';
import { readTask, writeTask } from './generated/task-tuple.ts';
import { TupleReader } from './tuple-reader.ts';

const STATUSES = new Set(TASK_STATUSES);
const REASONS = new Set(TRANSITION_REASONS);
/** Stands in a task until its transition, which has the time of the change, is read. */
const UNREAD = new Date(0);

/** A change without its large values, for JSON. */
export function writeChange(change: TaskChange): unknown {
  const task = writeTask(change.task);
  if (change.kind === 'transition') return { task, transition: writeTransition(change.transition) };
  const { percent, message, at } = change;
  return { task, progress: [percent, message, at.getTime(), change.task.updatedAt.getTime()] };
}

/**
 * What `writeChange` has written.
 * @throws Malformed when it is anything else
 */
export function readChange(written: unknown): TaskChange {
  const { task: values, transition, progress } = Object(written);
  const row = new TupleReader('task', values);
  if (transition !== undefined) {
    const task = readTask(row, UNREAD);
    const read = readTransition(new TupleReader('transition', transition), task);
    task.updatedAt = read.at;
    return { kind: 'transition', task, transition: read };
  }
  const report = new TupleReader('progress', progress);
  const [percent, message, at] = [report.number(), report.textOrNull(), report.date()];
  // A server of an older version does not send when the task last changed.
  const task = readTask(row, report.isAtEnd() ? at : report.date());
  return { kind: 'progress', task, percent, message, at };
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
    updates: row.pairsOrNull(),
  };
}
