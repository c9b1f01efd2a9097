/** Statistics of many jobs at once: which come first, and what has happened to the tasks of each. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import {
  JOB_STATISTICS_ORDERS,
  type JobStatisticsOrder,
  type MeasureTotals,
  type Series,
  type StatusCounts,
} from '../../domain/statistics.ts';
import { TASK_STATUSES } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { DatabaseSession, Statement } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { RoomSet } from '../log/log.ts';
import { oldestOf } from './oldest-pending.ts';
import { measuredOf } from './statistic-measures.ts';
import { SPAN, tailOf } from './statistics.ts';

/** A job and how many tasks of it there are. */
export interface JobCounts {
  jobId: string;
  counts: StatusCounts;
}

/** The jobs that come first in the order, of those that have had tasks in the rooms. */
export async function rankJobs(
  session: DatabaseSession,
  rooms: RoomSet,
  { series, order, limit }: { series: Series; order: JobStatisticsOrder; limit: number },
): Promise<JobCounts[]> {
  const rows = await session.query<{ jobId: string; counts: Partial<StatusCounts> }>(
    ofScope(RANK[order], rooms),
    [rooms, limit, series.grain, series.points],
  );
  return rows.map(({ jobId, counts }) => ({
    jobId,
    // Where the log was trimmed before it was rolled up, sums may be off; below nothing they are nothing.
    counts: Object.fromEntries(
      TASK_STATUSES.map((status) => [status, Math.max(0, counts[status] ?? 0)]),
    ) as StatusCounts,
  }));
}

/** The counters of each job: of each point of the series, or of all points together. */
export function readJobActivity<Point extends { at: Date } | unknown>(
  session: DatabaseSession,
  { rooms, jobIds, series }: { rooms: RoomSet; jobIds: readonly string[]; series: Series },
  by: 'point' | 'window',
): Promise<({ jobId: string } & MeasureTotals & Point)[]> {
  return session.query(ofScope(ACTIVITY[by], rooms), [rooms, jobIds, series.grain, series.points]);
}

/** Since when the task of each job could be claimed that has waited longest; jobs without one are left out. */
export async function findOldestPendingOfJobs(
  session: DatabaseSession,
  rooms: RoomSet,
  jobIds: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await session.query<{ jobId: string; since: Date }>(OLDEST, [jobIds, rooms]);
  return new Map(rows.map(({ jobId, since }) => [jobId, since]));
}

interface ByScope {
  all: Statement;
  rooms: Statement;
}

/** One plan for both would suit neither, nor one for windows and jobs of whatever number: planned each time. */
function byRooms(verb: string, text: (scope: string) => string): ByScope {
  return {
    all: { ...statement(verb, text(`room <> '${INTERNAL_ROOM}' AND $1::text[] IS NULL`)), once: true },
    rooms: { ...statement(verb, text('room = ANY($1::text[])')), once: true },
  };
}

const ofScope = ({ all, rooms: ofRooms }: ByScope, rooms: RoomSet): Statement =>
  rooms === null ? all : ofRooms;

/** The counters of the window that the condition wants, with the job and the time of each. */
const countersOf = (scope: string, condition: string) => `SELECT job_id, at, measure, cell, count FROM (
    SELECT job_id, at, measure, cell, count FROM statistic
    WHERE grain = $3::text::statistic_grain AND ${scope} AND at >= (SELECT since FROM span)
    UNION ALL
    SELECT job_id, date_trunc((SELECT unit FROM span), at, 'UTC'), measure, cell, count FROM measured
  ) counters
  WHERE at >= (SELECT since FROM span) AND ${condition}`;

const summed = (measures: string) => (scope: string) =>
  `SELECT job_id, sum(count)::float8 AS rank FROM (${countersOf(scope, `measure IN (${measures})`)}) counters
    GROUP BY job_id`;

/** By what jobs are ranked: queries of (job_id, rank). The window is not read for the backlog. */
const RANKS: Record<JobStatisticsOrder, (scope: string) => string> = {
  BACKLOG: () => `SELECT job_id, count AS rank FROM counted WHERE status = '${TRANSITIONS.submit.to}'`,
  FAILURES: summed(`'FAILED'`),
  THROUGHPUT: summed(`'COMPLETED', 'PARTIAL', 'FAILED'`),
  RUN_P95: (scope) => `SELECT job_id, min(cell) AS rank FROM (
      SELECT job_id, cell, sum(sum(count)) OVER (PARTITION BY job_id ORDER BY cell) AS up_to,
        sum(sum(count)) OVER (PARTITION BY job_id) AS total
      FROM (${countersOf(scope, `measure = 'RUN'`)}) counters GROUP BY job_id, cell
    ) cells WHERE up_to >= 0.95 * total GROUP BY job_id`,
};

const rankBy = (order: JobStatisticsOrder) =>
  byRooms(
    `rank_jobs_by_${order.toLowerCase()}`,
    (scope) => `WITH ${tailOf(scope)}, ${SPAN}, ${measuredOf('tail')}, counted AS (
    SELECT job_id, status, sum(change)::float8 AS count FROM (
      SELECT job_id, status, count AS change FROM task_count WHERE ${scope}
      UNION ALL
      SELECT job_id, to_status, 1 FROM tail
      UNION ALL
      SELECT job_id, from_status, -1 FROM tail WHERE from_status IS NOT NULL
    ) changes
    GROUP BY job_id, status
  ), ranked AS (${RANKS[order](scope)}), jobs AS (
    SELECT job_id, jsonb_object_agg(status, count) AS counts FROM counted GROUP BY job_id
  )
  SELECT jobs.job_id AS "jobId", jobs.counts FROM jobs LEFT JOIN ranked USING (job_id)
  ORDER BY ranked.rank DESC NULLS LAST, jobs.job_id DESC LIMIT $2::int`,
  );

const RANK = Object.fromEntries(JOB_STATISTICS_ORDERS.map((order) => [order, rankBy(order)])) as Record<
  JobStatisticsOrder,
  ByScope
>;

const activityBy = (verb: string, point: string) =>
  byRooms(
    verb,
    (scope) => `WITH ${tailOf(`${scope} AND job_id = ANY($2::uuid[])`)}, ${SPAN}, ${measuredOf('tail')}
  SELECT job_id AS "jobId", ${point} measure, cell, sum(count)::float8 AS count
  FROM (${countersOf(`${scope} AND job_id = ANY($2::uuid[])`, 'true')}) counters
  GROUP BY job_id, ${point} measure, cell`,
  );

const ACTIVITY = {
  point: activityBy('read_job_series', 'at,'),
  window: activityBy('read_job_activity', ''),
};

const OLDEST = statement(
  'find_oldest_pending_of_jobs',
  `SELECT wanted.job_id AS "jobId", oldest.since FROM unnest($1::uuid[]) AS wanted (job_id)
  CROSS JOIN LATERAL (${oldestOf('wanted.job_id')}) oldest WHERE oldest.since IS NOT NULL`,
);
