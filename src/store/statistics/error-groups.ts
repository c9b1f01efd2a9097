/** Errors that are alike, counted over a window: what is rolled up, and live what has been written to the log since. */
import type { ErrorKind } from '../../domain/error-fingerprint.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { Series, StatisticScope } from '../../domain/statistics.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { RoomSet } from '../log/log.ts';
import { ERROR_COLUMNS, FAILED_ALIKE } from './statistic-measures.ts';
import { SPAN, tailOf } from './statistics.ts';

/** Attempts that have failed alike. */
export interface ErrorGroupRow extends ErrorKind {
  code: string | null;
  /** Of the last one. */
  message: string;
  /** Attempts within the window. */
  count: number;
  /** Of the first and of the last that is known, also before the window. */
  firstAt: Date;
  lastAt: Date;
  /** Attempts by when the point began, in milliseconds since 1970; empty points left out. */
  points: [at: number, count: number][];
}

/** The groups with the most failed attempts within the window. */
export function findErrorGroups(
  session: DatabaseSession,
  { rooms, jobId }: StatisticScope,
  { grain, points }: Series,
  limit: number,
): Promise<ErrorGroupRow[]> {
  // Days are made of hours.
  const stored = grain === 'DAY' ? 'HOUR' : grain;
  return session.query(GROUPS, [rooms, jobId, grain, points, stored, limit]);
}

/** Dead letters of a group that are counted. */
export const MOST_DEAD_LETTERS = 1_000;

/** How many dead letters of each group nobody has retried or discarded, in order; counted up to 1,000. */
export async function countOpenDeadLetters(
  session: DatabaseSession,
  rooms: RoomSet,
  kinds: readonly ErrorKind[],
): Promise<number[]> {
  const rows = await session.query<{ count: number }>(DEAD_LETTERS, [
    kinds.map(({ jobId }) => jobId),
    kinds.map(({ fingerprint }) => fingerprint),
    rooms,
  ]);
  return rows.map(({ count }) => count);
}

const SCOPE = `($1::text[] IS NULL OR room = ANY($1::text[])) AND room <> '${INTERNAL_ROOM}'
    AND ($2::uuid IS NULL OR job_id = $2::uuid)`;

const GROUPS = statement(
  'find_error_groups',
  `WITH ${tailOf(`logged.error IS NOT NULL AND ${SCOPE}`, `, ${ERROR_COLUMNS}`)}, ${SPAN}, failed AS (
    SELECT * FROM tail WHERE ${FAILED_ALIKE}
  ), counters AS MATERIALIZED (
    SELECT job_id, fingerprint, date_trunc((SELECT unit FROM span), at, 'UTC') AS at, count FROM (
      SELECT job_id, fingerprint, at, count FROM error_tally
      WHERE grain = $5::text::statistic_grain AND ${SCOPE} AND at >= (SELECT since FROM span)
      UNION ALL
      SELECT job_id, fingerprint, at, 1 FROM failed
    ) counted WHERE at >= (SELECT since FROM span)
  ), most AS (
    SELECT job_id, fingerprint, sum(count)::float8 AS count FROM counters
    GROUP BY job_id, fingerprint ORDER BY count DESC, job_id, fingerprint LIMIT $6::int
  )
  SELECT most.job_id AS "jobId", most.fingerprint, most.count, said.code, said.message, said.first_at AS "firstAt",
    said.last_at AS "lastAt", series.points
  FROM most CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(extract(epoch FROM at) * 1000, count)) AS points FROM (
      SELECT at, sum(count) AS count FROM counters
      WHERE counters.job_id = most.job_id AND counters.fingerprint = most.fingerprint GROUP BY at
    ) point
  ) series CROSS JOIN LATERAL (
    SELECT code, message, min(first_at) OVER () AS first_at, max(last_at) OVER () AS last_at FROM (
      SELECT code, message, first_at, last_at FROM error_group
      WHERE job_id = most.job_id AND fingerprint = most.fingerprint AND ${SCOPE}
      UNION ALL
      SELECT code, COALESCE(message, ''), at, at FROM failed
      WHERE job_id = most.job_id AND fingerprint = most.fingerprint
    ) known ORDER BY known.last_at DESC LIMIT 1
  ) said
  ORDER BY most.count DESC, most.job_id, most.fingerprint`,
);

const DEAD_LETTERS = statement(
  'count_open_dead_letters',
  `SELECT letters.count FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS kind (job_id, fingerprint, ord)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM (
      SELECT FROM task t
      WHERE (t.error->>'fingerprint') = kind.fingerprint AND t.job_id = kind.job_id AND t.error IS NOT NULL
        AND t.rare_status = '${TRANSITIONS.retry.from[0]}' AND t.discarded_at IS NULL
        AND ($3::text[] IS NULL OR t.room = ANY($3::text[]))
      LIMIT ${MOST_DEAD_LETTERS}
    ) letter
  ) letters ORDER BY kind.ord`,
);
