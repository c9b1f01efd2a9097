/** How rows come out of SQL: shared column lists, and the transition that a verb's statement has written. */
import type {
  TaskErrorValue,
  TaskRow,
  TaskStatus,
  TaskUpdates,
  TransitionChange,
  TransitionReason,
  TransitionRow,
} from '../../domain/task.ts';
import {
  LARGE_COLUMNS,
  SNAPSHOT_COLUMNS,
  TIME_OF_CHANGE_COLUMN,
  toSnapshot,
} from './generated/task-fields.ts';

/** Columns of a snapshot but its time of change, from a table or CTE named `source`: the transition beside it has that. */
export function snapshotColumns(source: string): string {
  return selected(source, SNAPSHOT_COLUMNS);
}

/** What whole tasks have beside their snapshot: payload, result, … */
export function largeColumns(source: string): string {
  return selected(source, LARGE_COLUMNS);
}

/** A task as lists and events have it: the snapshot with its time of change. */
export function taskColumns(source: string): string {
  return `${snapshotColumns(source)}, ${selected(source, TIME_OF_CHANGE_COLUMN)}`;
}

/** What a verb keeps of the tasks that it changes, of `source`: all columns, payloads too, would be copied a few times. */
export function keptColumns(source: string): string {
  return [...SNAPSHOT_COLUMNS.map(([, column]) => column), 'dependent_count']
    .map((column) => `${source}.${column}`)
    .join(', ');
}

function selected(source: string, columns: readonly (readonly [property: string, column: string])[]): string {
  return columns.map(([property, column]) => `${source}.${column} AS "${property}"`).join(', ');
}

/**
 * The row of the log that a change leads to, as a CTE `entry` over `changed`, made before it is inserted: so a verb
 * answers from what it inserts, and nothing has to be joined to what came back from the insert. With as many rows as
 * a batch has, whose number the planner cannot know, such a join costs their square.
 * @param order SQL over `changed`: in it the log gets its ids
 * @param ids names of the columns for ids, one for each row that a change writes
 */
export function logEntryCte(order: string, ids: readonly string[] = ['log_id']): string {
  const numbers = ids.map((id) => `nextval('task_transition_id_seq') AS ${id}`).join(', ');
  return `moment AS (
    SELECT pg_current_xact_id() AS xid, pg_snapshot_xmin(pg_current_snapshot()) AS horizon, now()::timestamptz(3) AS at
  ), entry AS (
    SELECT changed.*, ${numbers}, moment.xid, moment.horizon, moment.at
    FROM (SELECT * FROM changed ORDER BY ${order}) changed CROSS JOIN moment
  )`;
}

/** Whether it is the first row of `entry`: that alone answers for what all rows of a statement have in common. */
export const IS_FIRST_ENTRY = 'entry.log_id = (SELECT log_id FROM entry LIMIT 1)';

/** What a verb's statement selects of the transition, from `entry`. Its rows go through `shareMoment`. */
export const ENTRY_COLUMNS = `entry.log_id::text AS "logId", ${(['xid', 'horizon'] as const)
  .map((column) => `CASE WHEN ${IS_FIRST_ENTRY} THEN entry.${column}::text END AS ${column}`)
  .join(', ')}, CASE WHEN ${IS_FIRST_ENTRY} THEN entry.at END AS at`;

/** The transaction that a statement was, and its time. */
type Moment = Pick<LoggedRow, 'xid' | 'horizon' | 'at'>;

/** Gives all rows of a statement what only one of them carries: to read it from each takes longer than to copy it. */
export function shareMoment<Row extends Moment>(rows: Row[]): Row[] {
  const first = rows.find(({ xid }) => (xid as string | null) !== null);
  if (!first) return rows;
  const { xid, horizon, at } = first;
  for (const row of rows) {
    row.xid = xid;
    row.horizon = horizon;
    row.at = at;
  }
  return rows;
}

/** The same, and what else a transition has, from a row of the log. */
export const LOGGED_COLUMNS = `logged.id::text AS "logId", logged.xid::text AS xid, logged.horizon::text AS horizon,
  logged.from_status AS "from", logged.reason, logged.worker_id AS "actingWorker", logged.actor, logged.note,
  logged.error AS "loggedError", logged.updates, logged.at`;

export interface LoggedRow extends Omit<TaskRow, 'updatedAt'> {
  logId: string;
  xid: string;
  horizon: string;
  from: TaskStatus | null;
  reason: TransitionReason;
  actingWorker: string | null;
  actor: string;
  note: string | null;
  loggedError: TaskErrorValue | null;
  /** Selected by what may be an update. */
  updates?: TaskUpdates | null;
  /** Selected by what may give slots back. */
  frees?: boolean;
  at: Date;
}

/**
 * Splits a row of a verb's statement into the task, without payload and result, and the transition that led to it.
 */
export function toChange(row: LoggedRow): TransitionChange {
  const change: TransitionChange = {
    kind: 'transition',
    task: toSnapshot(row, row.at),
    transition: toTransition(row),
  };
  if (row.frees) change.frees = true;
  return change;
}

function toTransition(row: LoggedRow): TransitionRow {
  return {
    id: row.logId,
    xid: row.xid,
    horizon: row.horizon,
    taskId: row.id,
    version: row.version,
    room: row.room,
    jobId: row.jobId,
    from: row.from,
    to: row.status,
    reason: row.reason,
    attempt: row.attempt,
    workerId: row.actingWorker,
    actor: row.actor,
    note: row.note,
    error: row.loggedError,
    updates: row.updates ?? null,
    at: row.at,
  };
}

/** Statuses from the table of transitions as SQL, where a partial index must be matched by a constant. */
export function sqlStatuses(statuses: readonly TaskStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}

/** When a task that goes to the queue may be claimed, where that is later than now. */
export const DUE_AT = 'CASE WHEN run_at > now() THEN run_at END';
