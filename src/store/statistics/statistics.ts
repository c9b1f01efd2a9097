/** Reads statistics: what is rolled up, and live what has been written to the log since, in one snapshot. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import {
  type DayCounts,
  type MeasureTotals,
  noTasks,
  type Series,
  type StatisticScope,
  type StatusCounts,
} from '../../domain/statistics.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { DatabaseSession, Statement } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { OLDEST_OF_ALL, oldestOf } from './oldest-pending.ts';
import { MEASURED_COLUMNS, measuredOf } from './statistic-measures.ts';

/** Counts, and which transactions they have seen. */
export interface CountsNow {
  counts: StatusCounts;
  /** pg_current_snapshot() of the read: xmin:xmax:xip,… */
  snapshot: string;
}

/** How many tasks there are in each status. */
export async function countTasks(session: DatabaseSession, scope: StatisticScope): Promise<CountsNow> {
  const rows = await session.query<{ status: TaskStatus | null; count: number; snapshot: string }>(
    COUNT(scope),
    scopeParameters(scope),
  );
  const counts = noTasks();
  // Where the log was trimmed before it was rolled up, sums may be off; below nothing they are nothing.
  for (const { status, count } of rows) if (status) counts[status] = Math.max(0, count);
  return { counts, snapshot: rows[0]?.snapshot ?? '0:0:' };
}

/** The counters of each of the last `points` minutes, hours or days, the present one included; empty ones left out. */
export function readActivity(
  session: DatabaseSession,
  scope: StatisticScope,
  series: Series,
): Promise<({ at: Date } & MeasureTotals)[]> {
  return session.query(ACTIVITY(scope), [...scopeParameters(scope), series.grain, series.points]);
}

/** What happened in a day, in a room or in all. @param day YYYY-MM-DD, in UTC; null: yesterday by the database's clock */
export async function countDay(
  session: DatabaseSession,
  { room, day }: { room: string | null; day: string | null },
): Promise<DayCounts> {
  const scope = { rooms: room === null ? null : [room], jobId: null };
  const rows = await session.query<{ day: string; measure: keyof DayCounts['counts'] | null; count: number }>(
    DAY(scope),
    [...scopeParameters(scope), day],
  );
  const counts: DayCounts['counts'] = {};
  for (const { measure, count } of rows) if (measure) counts[measure] = count;
  return { day: rows[0]?.day ?? '', counts };
}

/**
 * Since when the task could be claimed that has waited longest of those that can be claimed now; null when there is
 * none. Of rooms, and of a job in rooms, only so many are looked at as to be quick: those that come first.
 */
export async function findOldestPending(
  session: DatabaseSession,
  scope: StatisticScope,
): Promise<Date | null> {
  const { rooms, jobId } = scope;
  const read = jobId !== null ? OLDEST_OF_JOB : rooms !== null ? OLDEST_OF_ROOMS : OLDEST;
  const parameters = jobId !== null ? [jobId, rooms] : rooms !== null ? [rooms] : [];
  const [row] = await session.query<{ since: Date | null }>(read, parameters);
  return row?.since ?? null;
}

function scopeParameters({ rooms, jobId }: StatisticScope): unknown[] {
  return [rooms, jobId];
}

/** One statement for each kind of scope: one plan for all of them would suit none. */
function byScope(verb: string, text: (condition: string) => string): (scope: StatisticScope) => Statement {
  const build = (ofRooms: boolean, ofJob: boolean) => {
    // The server's own tasks are nobody's business.
    const rooms = ofRooms ? 'room = ANY($1::text[])' : `room <> '${INTERNAL_ROOM}' AND $1::text[] IS NULL`;
    const job = ofJob ? 'job_id = $2::uuid' : '$2::uuid IS NULL';
    return statement(verb, text(`${rooms} AND ${job}`));
  };
  const [all, job, rooms, both] = [
    build(false, false),
    build(false, true),
    build(true, false),
    build(true, true),
  ];
  return (scope) => {
    if (scope.rooms === null) return scope.jobId === null ? all : job;
    return scope.jobId === null ? rooms : both;
  };
}

/**
 * What was written to the log above the position. Nothing that can be seen lies beyond the end of the snapshot: between
 * two bounds the planner expects little, and takes the index instead of reading all of the log.
 */
export const tailOf = (scope: string, more = '') => `tail AS MATERIALIZED (
    SELECT ${MEASURED_COLUMNS}${more} FROM task_transition logged
    WHERE (logged.xid, logged.id) > ((SELECT xid FROM statistic_position), (SELECT log_id FROM statistic_position))
      AND logged.xid >= (SELECT xid FROM statistic_position)
      AND logged.xid < pg_snapshot_xmax(pg_current_snapshot()) AND ${scope}
  )`;

/** The beginning of the window: of grain $3 the last $4. */
export const SPAN = `span AS (
    SELECT unit, date_trunc(unit, now(), 'UTC') - ($4::int - 1) * ('1 ' || unit)::interval AS since
    FROM (SELECT lower($3::text) AS unit) grain
  )`;

const COUNT = byScope(
  'count_tasks',
  (scope) => `WITH ${tailOf(scope)}, summed AS (
    SELECT status, sum(change)::float8 AS count FROM (
      SELECT status, count AS change FROM task_count WHERE ${scope}
      UNION ALL
      SELECT to_status, 1 FROM tail
      UNION ALL
      SELECT from_status, -1 FROM tail WHERE from_status IS NOT NULL
    ) changes
    GROUP BY status
  )
  SELECT summed.*, snapshot.snapshot FROM (SELECT pg_current_snapshot()::text AS snapshot) snapshot
  LEFT JOIN summed ON true`,
);

const ACTIVITY = byScope(
  'read_activity',
  (scope) => `WITH ${tailOf(scope)}, ${SPAN}, ${measuredOf('tail')}
  SELECT at, measure, cell, sum(count)::float8 AS count FROM (
    SELECT at, measure, cell, count FROM statistic
    WHERE grain = $3::text::statistic_grain AND ${scope}
    UNION ALL
    SELECT date_trunc((SELECT unit FROM span), at, 'UTC'), measure, cell, count FROM measured
  ) counters
  WHERE at >= (SELECT since FROM span)
  GROUP BY at, measure, cell ORDER BY at`,
);

const DAY = byScope(
  'count_day',
  (scope) => `WITH ${tailOf(scope)}, ${measuredOf('tail')}, wanted AS (
    SELECT day, day::timestamp AT TIME ZONE 'UTC' AS since, (day + 1)::timestamp AT TIME ZONE 'UTC' AS until
    FROM (SELECT COALESCE($3::text::date, (now() AT TIME ZONE 'UTC')::date - 1) AS day) one
  ), counters AS (
    SELECT measure, count FROM statistic
    WHERE grain = 'DAY' AND at = (SELECT since FROM wanted) AND ${scope}
    UNION ALL
    SELECT measure, count FROM measured, wanted WHERE at >= since AND at < until
  )
  SELECT wanted.day::text AS day, summed.* FROM wanted LEFT JOIN (
    SELECT measure, sum(count)::float8 AS count FROM counters WHERE measure NOT IN ('WAIT', 'RUN') GROUP BY measure
  ) summed ON true`,
);

const OLDEST = statement('find_oldest_pending', OLDEST_OF_ALL);

// By the index of the queue by room: the oldest of each are those that have waited longest, but for delays and retries.
const OLDEST_OF_ROOMS = statement(
  'find_oldest_pending_of_rooms',
  `SELECT min(oldest.since) AS since FROM unnest($1::text[]) AS wanted (room) CROSS JOIN LATERAL (
    SELECT min(first.run_at) AS since FROM (
      SELECT run_at FROM task_queue q WHERE q.room = wanted.room ORDER BY q.task_id LIMIT 1000
    ) first WHERE first.run_at <= now()
  ) oldest`,
);

const OLDEST_OF_JOB = statement(
  'find_oldest_pending_of_job',
  `SELECT since FROM (${oldestOf('$1::uuid')}) oldest`,
);
