/** How rows come out of SQL: shared column lists, and the transition that a verb's statement has written. */
import { createHash } from 'node:crypto';
import type {
  TaskErrorValue,
  TaskRow,
  TaskStatus,
  TaskUpdates,
  TransitionChange,
  TransitionReason,
  TransitionRow,
} from '../../domain/task.ts';
import type { Statement } from '../database/database.ts';

const SNAPSHOT = {
  id: 'id',
  jobId: 'job_id',
  room: 'room',
  status: 'status',
  version: 'version',
  attempt: 'attempt',
  failures: 'failures',
  maxAttempts: 'max_attempts',
  priority: 'priority',
  runAt: 'run_at',
  workerId: 'worker_id',
  progress: 'progress',
  progressMessage: 'progress_message',
  createdBy: 'created_by',
  correlationId: 'correlation_id',
  entityType: 'entity_type',
  entityId: 'entity_id',
  labels: 'labels',
  idempotencyKey: 'idempotency_key',
  error: 'error',
  createdAt: 'created_at',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  discardedAt: 'discarded_at',
  discardedBy: 'discarded_by',
  lastWorkerId: 'last_worker_id',
} as const satisfies Partial<Record<keyof TaskRow, string>>;

/** All of a TaskRow but payload and result, read from a table or CTE named `source`. */
export function snapshotColumns(source: string): string {
  return Object.entries(SNAPSHOT)
    .map(([property, column]) => `${source}.${column} AS "${property}"`)
    .join(', ');
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

/** What a verb's statement selects of the transition, from `entry`. */
export const ENTRY_COLUMNS = `entry.log_id::text AS "logId", entry.xid::text AS xid, entry.horizon::text AS horizon,
  entry.at`;

/** The same, and what else a transition has, from a row of the log. */
export const LOGGED_COLUMNS = `logged.id::text AS "logId", logged.xid::text AS xid, logged.horizon::text AS horizon,
  logged.from_status AS "from", logged.reason, logged.worker_id AS "actingWorker", logged.actor, logged.note,
  logged.error AS "loggedError", logged.updates, logged.at`;

export interface LoggedRow extends TaskRow {
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
  at: Date;
}

/**
 * Splits a row of a verb's statement into the task, without payload and result, and the transition that led to it.
 * Spelled out: copying what is left of a row, for each row, costs more than reading it from the database.
 */
export function toChange(row: LoggedRow): TransitionChange {
  return { kind: 'transition', task: toSnapshot(row, row.at), transition: toTransition(row) };
}

function toSnapshot(row: TaskRow, updatedAt: Date): TaskRow {
  return {
    id: row.id,
    jobId: row.jobId,
    room: row.room,
    status: row.status,
    version: row.version,
    attempt: row.attempt,
    failures: row.failures,
    maxAttempts: row.maxAttempts,
    priority: row.priority,
    runAt: row.runAt,
    workerId: row.workerId,
    progress: row.progress,
    progressMessage: row.progressMessage,
    createdBy: row.createdBy,
    correlationId: row.correlationId,
    entityType: row.entityType,
    entityId: row.entityId,
    labels: row.labels,
    idempotencyKey: row.idempotencyKey,
    error: row.error,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    discardedAt: row.discardedAt,
    discardedBy: row.discardedBy,
    updatedAt,
    lastWorkerId: row.lastWorkerId,
  };
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

/** A statement named after its verb and its text, so that two versions of a program never share a prepared one. */
export function statement(verb: string, text: string): Statement {
  return { name: `${verb}_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`, text };
}

/** Statuses from the table of transitions as SQL, where a partial index must be matched by a constant. */
export function sqlStatuses(statuses: readonly TaskStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}

/** Now as a column holds it: never rounded up, so that what is due now is due for the very next statement. */
export const NOW = "date_trunc('milliseconds', now())";

/** When a task that goes to the queue may be claimed, where that is later than now. */
export const DUE_AT = 'CASE WHEN run_at > now() THEN run_at END';

/** JSON for a jsonb parameter; undefined becomes NULL. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
