/** The record of what schedules have run: how it ended, and how much of it is kept. */
import type { ScheduleRunStatus } from '../../domain/schedule.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { TERMINAL_STATUSES } from '../../domain/transitions.ts';
import type { Session } from '../database.ts';
import { sqlStatuses, statement } from '../rows.ts';

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

/** Runs kept of each schedule, besides those that have not ended. */
const RUNS_KEPT = 1_000;

export function findScheduleRuns(session: Session, ids: readonly string[]): Promise<ScheduleRunRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<ScheduleRunRow>(FIND, [ids]);
}

/** The last run of each of the schedules that has any. */
export function findLastRuns(session: Session, scheduleIds: readonly string[]): Promise<ScheduleRunRow[]> {
  return session.query<ScheduleRunRow>(FIND_LAST, [scheduleIds]);
}

/**
 * Records how at most `limit` runs have ended whose task has: the task may be removed later. A dead letter that is
 * retried by hand afterwards is somebody's own doing, and no run of the schedule any more.
 * @returns how many
 */
export async function settleScheduleRuns(session: Session, limit: number): Promise<number> {
  return (await session.query(SETTLE, [limit])).length;
}

/** Deletes what is beyond the newest thousand runs of a schedule, at most `limit` rows. @returns how many */
export async function trimScheduleRuns(session: Session, limit: number): Promise<number> {
  return (await session.query(TRIM, [limit])).length;
}

/** Milliseconds until a schedule is due, by the database's clock; null when none ever will be. */
export async function findNextDue(session: Session): Promise<number | null> {
  const [row] = await session.query<{ ms: number | null }>(NEXT_DUE);
  return row?.ms ?? null;
}

const COLUMNS = `run.id, run.schedule_id AS "scheduleId", run.tick, run.status, run.detail,
  run.triggered_by AS "triggeredBy", run.task_id AS "taskId", run.created_at AS "createdAt",
  run.started_at AS "startedAt", run.finished_at AS "finishedAt"`;

const FIND = statement(
  'find_schedule_runs',
  `SELECT ${COLUMNS} FROM schedule_run run WHERE run.id = ANY($1::uuid[])`,
);

const FIND_LAST = statement(
  'find_last_schedule_runs',
  `SELECT last.* FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT ${COLUMNS} FROM schedule_run run WHERE run.schedule_id = wanted.id ORDER BY run.id DESC LIMIT 1
  ) last`,
);

const SETTLE = statement(
  'settle_schedule_runs',
  `UPDATE schedule_run run SET status = ended.status::schedule_run_status, finished_at = ended.finished_at
  FROM (
    SELECT run.id, task.finished_at, CASE task.status ${Object.entries(ENDS)
      .map(([status, end]) => `WHEN '${status}' THEN '${end}'`)
      .join(' ')} END AS status
    FROM schedule_run run JOIN task ON task.id = run.task_id
    WHERE run.status = 'RUNNING' AND task.status IN (${sqlStatuses(TERMINAL_STATUSES)})
    LIMIT $1 FOR NO KEY UPDATE OF run SKIP LOCKED
  ) ended
  WHERE run.id = ended.id
  RETURNING run.id`,
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
