/** The record of what schedules have run: how it ended, and how much of it is kept. */
import type { RunStatus } from '../../domain/operation-run.ts';
import type { ScheduleRunStatus } from '../../domain/schedule.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { TERMINAL_STATUSES } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';
import { sqlStatuses } from '../tasks/rows.ts';

export interface ScheduleRunRow {
  /** UUIDv7. */
  id: string;
  scheduleId: string;
  /** The instant that the cron line named; null for a run by hand. */
  tick: Date | null;
  /** RUNNING until somebody has noticed its end. */
  status: ScheduleRunStatus;
  detail: string | null;
  /** The schedule's own id, or who ran it by hand. */
  triggeredBy: string;
  taskId: string | null;
  operationRunId: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** How a run ends whose task has ended; undefined while the task goes on. */
export const ENDS: { readonly [status in TaskStatus]?: ScheduleRunStatus } = {
  COMPLETED: 'SUCCEEDED',
  PARTIAL: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} satisfies Record<(typeof TERMINAL_STATUSES)[number], ScheduleRunStatus>;

/** How a run ends whose operation has ended; undefined while it goes on. */
export const OPERATION_ENDS: { readonly [status in RunStatus]?: ScheduleRunStatus } = {
  COMPLETED: 'SUCCEEDED',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
};

/** Seconds after which an operation that was not started is not going to be: its server has gone. */
const START_WITHIN_SECONDS = 60;

/** Runs kept of each schedule, besides those that have not ended. */
const RUNS_KEPT = 1_000;

export function findScheduleRuns(
  session: DatabaseSession,
  ids: readonly string[],
): Promise<ScheduleRunRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<ScheduleRunRow>(FIND, [ids]);
}

/** The last run of each of the schedules that has any. */
export function findLastRuns(
  session: DatabaseSession,
  scheduleIds: readonly string[],
): Promise<ScheduleRunRow[]> {
  return session.query<ScheduleRunRow>(FIND_LAST, [scheduleIds]);
}

/**
 * Records how at most `limit` runs have ended whose task, or operation, has: it may be removed later. A dead letter that
 * is retried by hand afterwards is somebody's own doing, and no run of the schedule any more.
 * @returns how many
 */
export async function settleScheduleRuns(session: DatabaseSession, limit: number): Promise<number> {
  return (await session.query(SETTLE, [limit])).length;
}

/** Notes which run of an operation was started for the run. */
export async function noteOperationRun(
  session: DatabaseSession,
  runId: string,
  operationRunId: string,
): Promise<void> {
  await session.query(NOTE_OPERATION, [runId, operationRunId]);
}

/** Ends a run whose operation could not be started. */
export async function endScheduleRun(
  session: DatabaseSession,
  runId: string,
  end: { status: 'FAILED' | 'SKIPPED'; detail: string },
): Promise<void> {
  await session.query(END, [runId, end.status, end.detail]);
}

/** Deletes what is beyond the newest thousand runs of a schedule, at most `limit` rows. @returns how many */
export async function trimScheduleRuns(session: DatabaseSession, limit: number): Promise<number> {
  return (await session.query(TRIM, [limit])).length;
}

/** Milliseconds until a schedule is due, by the database's clock; null when none ever will be. */
export async function findNextDue(session: DatabaseSession): Promise<number | null> {
  const [row] = await session.query<{ ms: number | null }>(NEXT_DUE);
  return row?.ms ?? null;
}

/** All of a ScheduleRunRow, read from `run`. */
export const RUN_COLUMNS = `run.id, run.schedule_id AS "scheduleId", run.tick, run.status, run.detail,
  run.triggered_by AS "triggeredBy", run.task_id AS "taskId",
  run.operation_run_id AS "operationRunId", run.created_at AS "createdAt",
  run.started_at AS "startedAt", run.finished_at AS "finishedAt"`;

const FIND = statement(
  'find_schedule_runs',
  `SELECT ${RUN_COLUMNS} FROM schedule_run run WHERE run.id = ANY($1::uuid[])`,
);

const FIND_LAST = statement(
  'find_last_schedule_runs',
  `SELECT last.* FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT ${RUN_COLUMNS} FROM schedule_run run WHERE run.schedule_id = wanted.id ORDER BY run.id DESC LIMIT 1
  ) last`,
);

const caseOf = (ends: { readonly [status: string]: ScheduleRunStatus | undefined }) =>
  Object.entries(ends)
    .map(([status, end]) => `WHEN '${status}' THEN '${end}'`)
    .join(' ');

const SETTLE = statement(
  'settle_schedule_runs',
  `UPDATE schedule_run run SET status = ended.status::schedule_run_status, finished_at = ended.finished_at,
    detail = COALESCE(ended.detail, run.detail)
  FROM (
    SELECT run.id,
      CASE WHEN task.id IS NOT NULL THEN CASE task.status ${caseOf(ENDS)} END
        WHEN operation.id IS NOT NULL THEN CASE operation.status ${caseOf(OPERATION_ENDS)} END
        ELSE 'FAILED' END AS status,
      COALESCE(task.finished_at, operation.finished_at, ${NOW}) AS finished_at,
      CASE WHEN task.id IS NULL AND operation.id IS NULL THEN 'The server that was to start it has gone.'
        ELSE operation.error END AS detail
    FROM schedule_run run LEFT JOIN task ON task.id = run.task_id
    LEFT JOIN operation_run operation ON operation.id = run.operation_run_id
    WHERE run.status = 'RUNNING' AND (task.status IN (${sqlStatuses(TERMINAL_STATUSES)})
      OR operation.status IN (${Object.keys(OPERATION_ENDS)
        .map((status) => `'${status}'`)
        .join()})
      OR (run.task_id IS NULL AND run.operation_run_id IS NULL
        AND run.started_at < now() - interval '${START_WITHIN_SECONDS} seconds'))
    LIMIT $1 FOR NO KEY UPDATE OF run SKIP LOCKED
  ) ended
  WHERE run.id = ended.id
  RETURNING run.id`,
);

const NOTE_OPERATION = statement(
  'note_operation_of_schedule_run',
  'UPDATE schedule_run SET operation_run_id = $2::uuid WHERE id = $1::uuid',
);

const END = statement(
  'end_schedule_run',
  `UPDATE schedule_run SET status = $2::schedule_run_status, detail = $3, finished_at = ${NOW}
  WHERE id = $1::uuid AND status = 'RUNNING'`,
);

const TRIM = statement(
  'trim_schedule_runs',
  `DELETE FROM schedule_run WHERE id IN (
    SELECT old.id FROM schedule CROSS JOIN LATERAL (
      SELECT run.id FROM schedule_run run
      WHERE run.schedule_id = schedule.id AND run.status NOT IN ('QUEUED', 'RUNNING')
      ORDER BY run.id DESC OFFSET ${RUNS_KEPT} LIMIT $1
    ) old LIMIT $1
  )
  RETURNING id`,
);

const NEXT_DUE = statement(
  'find_next_due_schedule',
  `SELECT EXTRACT(EPOCH FROM min(next_run_at) - now())::float8 * 1000 AS ms FROM schedule
  WHERE next_run_at IS NOT NULL`,
);
