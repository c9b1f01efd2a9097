/** Schedules as those see them who watch: all that there are, and what has become of their runs lately. */
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { RUN_COLUMNS, type ScheduleRunRow } from './schedule-runs.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedules.ts';

/** A schedule, or a run of it. */
export type ScheduleView =
  | { kind: 'schedule'; key: string; schedule: ScheduleRow }
  | { kind: 'run'; key: string; schedule: ScheduleRow; run: ScheduleRunRow };

/** Runs of one schedule that are looked at, besides those that have not ended. */
const LATEST = 5;
/** Ended runs are looked at for so long, so that no watcher misses an end. */
const ENDED_SECONDS = 60;

/** So many schedules at most, oldest first, and so many of their runs: the latest of each, and what is open or has just ended. */
export async function findScheduleViews(session: DatabaseSession, limit: number): Promise<ScheduleView[]> {
  const schedules = await session.query<ScheduleRow>(FIND_SCHEDULES, [limit]);
  const runs =
    schedules.length === 0
      ? []
      : await session.query<ScheduleRunRow>(FIND_RUNS, [schedules.map(({ id }) => id), limit]);
  const byId = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  return [
    ...schedules.map((schedule): ScheduleView => ({ kind: 'schedule', key: schedule.id, schedule })),
    ...runs.flatMap((run): ScheduleView[] => {
      const schedule = byId.get(run.scheduleId);
      return schedule ? [{ kind: 'run', key: run.id, schedule, run }] : [];
    }),
  ];
}

const FIND_SCHEDULES = statement(
  'find_schedule_views',
  `SELECT ${SCHEDULE_COLUMNS} FROM schedule ORDER BY schedule.id LIMIT $1::int`,
);

const FIND_RUNS = statement(
  'find_schedule_run_views',
  `SELECT ${RUN_COLUMNS} FROM (
    SELECT latest.* FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
      SELECT run.*, row_number() OVER (ORDER BY run.id DESC) AS place FROM (
        SELECT * FROM schedule_run one WHERE one.schedule_id = wanted.id ORDER BY one.id DESC LIMIT ${LATEST}
      ) run
    ) latest
    WHERE latest.place = 1 OR latest.status IN ('QUEUED', 'RUNNING')
      OR latest.finished_at > now() - interval '${ENDED_SECONDS} seconds'
  ) run ORDER BY run.id DESC LIMIT $2::int`,
);
