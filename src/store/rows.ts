/** How rows come out of SQL: shared column lists, and the transition that a verb's statement has written. */
import { createHash } from 'node:crypto';
import type {
  TaskErrorValue,
  TaskRow,
  TaskStatus,
  TransitionChange,
  TransitionReason,
} from '../domain/task.ts';
import type { Statement } from './database.ts';

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
} as const satisfies Partial<Record<keyof TaskRow, string>>;

/** All of a TaskRow but payload and result, read from a table or CTE named `source`. */
export function snapshotColumns(source: string): string {
  return Object.entries(SNAPSHOT)
    .map(([property, column]) => `${source}.${column} AS "${property}"`)
    .join(', ');
}

/** What a verb's statement selects of the row that it wrote to the log (CTEs `changed` and `logged`). */
export const LOGGED_COLUMNS = `logged.id::text AS "logId", logged.xid::text AS xid, logged.horizon::text AS horizon,
  logged.from_status AS "from", logged.reason, logged.worker_id AS "actingWorker", logged.actor, logged.note,
  logged.error AS "loggedError", logged.at`;

/** The columns that LOGGED_COLUMNS needs back from the insert into the log. */
export const LOGGED_RETURNING =
  'task_id, version, id, xid, horizon, from_status, reason, worker_id, actor, note, error, at';

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
  at: Date;
}

/** Splits a row of a verb's statement into the task and the transition that led to it. */
export function toChange(row: LoggedRow): TransitionChange {
  const { logId, xid, horizon, from, reason, actingWorker, actor, note, loggedError, at, ...task } = row;
  const { id: taskId, version, room, jobId, status: to, attempt } = task;
  return {
    kind: 'transition',
    task,
    transition: {
      id: logId,
      xid,
      horizon,
      taskId,
      version,
      room,
      jobId,
      from,
      to,
      reason,
      attempt,
      workerId: actingWorker,
      actor,
      note,
      error: loggedError,
      at,
    },
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

/** JSON for a jsonb parameter; undefined becomes NULL. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
