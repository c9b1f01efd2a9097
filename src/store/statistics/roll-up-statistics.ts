/**
 * Rolls the transition log up into counts: how many tasks are in each status, and what happened in each minute, hour
 * and day. Every row of the log counts once: the statement that adds a part of the log up moves the position to its
 * end, and only one server at a time has the position. It stays below the horizon, where no row can appear any more.
 */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { ERRORS_KEPT_DAYS } from '../../domain/statistics.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { ERROR_COLUMNS, FAILED_ALIKE, MEASURED_COLUMNS, measuredOf } from './statistic-measures.ts';

/**
 * Adds at most `limit` rows of the log up.
 * @param options `wait` for another server that is at it, where less than `limit` must mean that nothing is left
 * @returns how many; without `wait` 0 also while another server is at it
 */
export async function rollUpStatistics(
  session: DatabaseSession,
  limit: number,
  { wait = false } = {},
): Promise<number> {
  const [row] = await session.query<{ count: number }>(wait ? ROLL_UP_IN_TURN : ROLL_UP, [limit]);
  return row?.count ?? 0;
}

/** How many rows of the log `rollUpStatistics` would add up without a limit. */
export async function countNotRolledUp(session: DatabaseSession): Promise<number> {
  const [row] = await session.query<{ count: number }>(NOT_ROLLED_UP);
  return row?.count ?? 0;
}

/** Deletes at most `limit` of each kind of counters that are older than their grain is kept; days stay. @returns how many at most */
export async function trimStatistics(session: DatabaseSession, limit: number): Promise<number> {
  let most = 0;
  for (const trim of [TRIM, TRIM_ERRORS, TRIM_ERROR_GROUPS]) {
    most = Math.max(most, (await session.query(trim, [limit])).length);
  }
  return most;
}

/** The grains, what date_trunc calls them, and how long they are kept: days as retention says, see clean-up.ts. */
const TRIMMED_GRAINS =
  "('MINUTE'::statistic_grain, 'minute', interval '2 days'), ('HOUR', 'hour', interval '60 days')";
const GRAINS = `${TRIMMED_GRAINS}, ('DAY', 'day', interval '100 years')`;
/** Of errors, whose days are made of hours. */
const ERROR_GRAINS = `('MINUTE'::statistic_grain, 'minute', interval '2 days'),
  ('HOUR', 'hour', interval '${ERRORS_KEPT_DAYS} days')`;

/** Of a task `t`: all its transitions have been rolled up. What is deleted before is never counted. */
export const IS_COUNTED = `NOT EXISTS (
      SELECT 1 FROM task_transition logged CROSS JOIN statistic_position position
      WHERE logged.task_id = t.id AND (logged.xid, logged.id) > (position.xid, position.log_id))`;

const ABOVE_POSITION = `(logged.xid, logged.id) > (position.xid, position.log_id)
        AND logged.xid < pg_snapshot_xmin(pg_current_snapshot())`;

const buildRollUp = (lock: string) =>
  `WITH position AS (
    SELECT xid, log_id FROM statistic_position WHERE id = 1 FOR NO KEY UPDATE ${lock}
  ), batch AS MATERIALIZED (
    SELECT page.* FROM position CROSS JOIN LATERAL (
      SELECT ${MEASURED_COLUMNS}, ${ERROR_COLUMNS}, logged.xid, logged.id FROM task_transition logged
      WHERE ${ABOVE_POSITION}
      ORDER BY logged.xid, logged.id LIMIT $1
    ) page
  ), moved AS (
    UPDATE statistic_position SET xid = last.xid, log_id = last.id
    FROM (SELECT xid, max(id) AS id FROM batch WHERE xid = (SELECT max(xid) FROM batch) GROUP BY xid) last
    WHERE statistic_position.id = 1
  ), ${measuredOf('batch')}, counted AS (
    INSERT INTO task_count (room, job_id, status, count)
    SELECT room, job_id, status, sum(change) FROM (
      SELECT room, job_id, to_status AS status, count AS change FROM alike
      UNION ALL
      SELECT room, job_id, from_status, -count FROM alike WHERE from_status IS NOT NULL
    ) changes
    GROUP BY room, job_id, status HAVING sum(change) <> 0
    ORDER BY room, job_id, status
    ON CONFLICT (room, job_id, status) DO UPDATE SET count = task_count.count + excluded.count
  ), tallied AS (
    INSERT INTO statistic (grain, at, room, job_id, measure, cell, count)
    SELECT grain.name, date_trunc(grain.unit, measured.at, 'UTC'), room, job_id, measure, cell, sum(count)::bigint
    FROM measured JOIN (VALUES ${GRAINS}) AS grain (name, unit, kept) ON measured.at > now() - grain.kept
    GROUP BY 1, 2, 3, 4, 5, 6
    ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (grain, room, job_id, at, measure, cell) DO UPDATE SET count = statistic.count + excluded.count
  ), failed AS (
    SELECT * FROM batch WHERE ${FAILED_ALIKE}
  ), grouped AS (
    INSERT INTO error_group (room, job_id, fingerprint, code, message, first_at, last_at)
    SELECT DISTINCT ON (room, job_id, fingerprint) room, job_id, fingerprint, code, COALESCE(message, ''),
      min(at) OVER (PARTITION BY room, job_id, fingerprint), at
    FROM failed WHERE room <> '${INTERNAL_ROOM}' ORDER BY room, job_id, fingerprint, at DESC
    ON CONFLICT (room, job_id, fingerprint) DO UPDATE SET message = excluded.message,
      first_at = least(error_group.first_at, excluded.first_at), last_at = greatest(error_group.last_at, excluded.last_at)
  ), error_counted AS (
    INSERT INTO error_tally (grain, at, room, job_id, fingerprint, count)
    SELECT grain.name, date_trunc(grain.unit, failed.at, 'UTC'), room, job_id, fingerprint, count(*)
    FROM failed JOIN (VALUES ${ERROR_GRAINS}) AS grain (name, unit, kept) ON failed.at > now() - grain.kept
    WHERE room <> '${INTERNAL_ROOM}'
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 3, 2, 4, 5
    ON CONFLICT (grain, room, at, job_id, fingerprint) DO UPDATE SET count = error_tally.count + excluded.count
  )
  SELECT count(*)::int AS count FROM batch`;

const ROLL_UP = statement('roll_up_statistics', buildRollUp('SKIP LOCKED'));
const ROLL_UP_IN_TURN = statement('roll_up_statistics_in_turn', buildRollUp(''));

const NOT_ROLLED_UP = statement(
  'count_not_rolled_up',
  `SELECT count(*)::int AS count FROM statistic_position position JOIN task_transition logged ON ${ABOVE_POSITION}`,
);

const buildTrim = (table: string, grains: string) => `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT old.ctid FROM ${table} old
    JOIN (VALUES ${grains}) AS grain (name, unit, kept) ON old.grain = grain.name AND old.at < now() - grain.kept
    LIMIT $1
  ))
  RETURNING 1`;

const TRIM = statement('trim_statistics', buildTrim('statistic', TRIMMED_GRAINS));
const TRIM_ERRORS = statement('trim_errors', buildTrim('error_tally', ERROR_GRAINS));

const TRIM_ERROR_GROUPS = statement(
  'trim_error_groups',
  `DELETE FROM error_group WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM error_group WHERE last_at < now() - interval '${ERRORS_KEPT_DAYS} days' LIMIT $1
  ))
  RETURNING 1`,
);
