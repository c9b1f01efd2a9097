/**
 * Rolling up: what happened in an hour becomes a few rows that stay when the tasks and their transitions are gone.
 *
 * The log has no index by time: the transitions of an hour are found by their position, between marks that were set
 * before and after it. A transaction is given its number when it first writes and has then begun at most a minute ago
 * (the time limit of a statement), so an hour is complete two minutes after its end.
 */
import { CELLS_PER_DOUBLING, LAST_CELL } from '../../domain/histogram.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement } from '../tasks/rows.ts';
import { BEGINS_ANEW } from './statistic-measures.ts';

/** What was, or would be, rolled up of an hour. */
export interface RolledUp {
  transitions: number;
  events: number;
}

/** Remembers which transactions lie before this moment. */
export async function markLog(session: DatabaseSession): Promise<void> {
  await session.query(MARK);
}

/** The ended hours from the day's beginning to its end. @param day YYYY-MM-DD, in UTC; null: yesterday */
export async function findHoursOf(session: DatabaseSession, day: string | null): Promise<Date[]> {
  return (await session.query<{ hour: Date }>(HOURS_OF_DAY, [day])).map(({ hour }) => hour);
}

/**
 * The ended hours after the last one that was rolled up, or from the beginning of the log; of those that are more than
 * two days old, only the ones in which something happened.
 */
export async function findMissingHours(session: DatabaseSession): Promise<Date[]> {
  return (await session.query<{ hour: Date }>(MISSING_HOURS)).map(({ hour }) => hour);
}

/**
 * Rolls the hour up anew, for one room or all. Null when transitions of it have been deleted since: then what was
 * rolled up stands. Who rolls up the same hour at the same time waits.
 */
export function rollUpHour(database: Database, hour: Date, room: string | null): Promise<RolledUp | null> {
  const parameters = [hour.toISOString(), room];
  return database.transaction(async (session) => {
    const [locked] = await session.query<{ isFinal: boolean }>(LOCK_HOUR, [parameters[0]]);
    if (locked?.isFinal) return null;
    await session.query(FORGET, parameters);
    const [transitions] = await session.query<{ count: number }>(ROLL_UP_TRANSITIONS, parameters);
    const [events] = await session.query<{ count: number }>(ROLL_UP_EVENTS, parameters);
    if (room === null) await session.query(MARK_HOUR, [parameters[0]]);
    return { transitions: transitions?.count ?? 0, events: events?.count ?? 0 };
  });
}

/** What `rollUpHour` would count. */
export async function countHour(
  session: DatabaseSession,
  hour: Date,
  room: string | null,
): Promise<RolledUp | null> {
  const [row] = await session.query<RolledUp & { isFinal: boolean }>(COUNT, [hour.toISOString(), room]);
  return !row || row.isFinal ? null : { transitions: row.transitions, events: row.events };
}

const MARK = statement('mark_log', 'INSERT INTO log_mark DEFAULT VALUES ON CONFLICT (at) DO NOTHING');

const SETTLED = "date_trunc('hour', now() - interval '2 minutes', 'UTC')";

const HOURS_OF_DAY = statement(
  'hours_of_day',
  `SELECT hour FROM (
    SELECT COALESCE($1::text::date::timestamp AT TIME ZONE 'UTC', date_trunc('day', now(), 'UTC') - interval '1 day') AS day
  ) wanted, generate_series(day, day + interval '23 hours', interval '1 hour') AS hour
  WHERE hour < ${SETTLED} ORDER BY hour`,
);

const MISSING_HOURS = statement(
  'missing_hours',
  `SELECT hour FROM (
    SELECT COALESCE(
      (SELECT hour + interval '1 hour' FROM rollup_hour WHERE rolled_up_at IS NOT NULL ORDER BY hour DESC LIMIT 1),
      date_trunc('hour', LEAST((SELECT min(at) FROM task_transition), (SELECT min(at) FROM event)), 'UTC')) AS start
  ) first, generate_series(start, ${SETTLED} - interval '1 hour', interval '1 hour') AS hour
  WHERE hour > now() - interval '2 days' OR hour IN (
    SELECT date_trunc('hour', at, 'UTC') FROM task_transition UNION SELECT date_trunc('hour', at, 'UTC') FROM event)
  ORDER BY hour`,
);

const LOCK_HOUR = statement(
  'lock_hour',
  `INSERT INTO rollup_hour (hour) VALUES ($1::timestamptz)
  ON CONFLICT (hour) DO UPDATE SET hour = EXCLUDED.hour RETURNING is_final AS "isFinal"`,
);

const MARK_HOUR = statement(
  'mark_hour',
  'UPDATE rollup_hour SET rolled_up_at = now() WHERE hour = $1::timestamptz',
);

const FORGET = statement(
  'forget_hour',
  'DELETE FROM rollup WHERE hour = $1::timestamptz AND ($2::text IS NULL OR room = $2::text)',
);

/** The rows of a table that belong to the hour and the room; `rows` is its alias. */
const inHour = (rows: string) => `${rows}.xid >= COALESCE((
      SELECT horizon FROM log_mark WHERE log_mark.at <= $1::timestamptz ORDER BY log_mark.at DESC LIMIT 1), '0'::xid8)
    AND ${rows}.xid < COALESCE((
      SELECT next FROM log_mark WHERE log_mark.at >= $1::timestamptz + interval '62 minutes'
      ORDER BY log_mark.at LIMIT 1), '18446744073709551615'::xid8)
    AND ${rows}.at >= $1::timestamptz AND ${rows}.at < $1::timestamptz + interval '1 hour'
    AND ($2::text IS NULL OR ${rows}.room = $2::text) AND ${rows}.room IS DISTINCT FROM '${INTERNAL_ROOM}'`;

const { claim, start } = TRANSITIONS;

const ROLL_UP_TRANSITIONS = statement(
  'roll_up_transitions',
  `WITH timed AS (
    SELECT logged.room, logged.job_id, logged.reason, logged.to_status, CASE WHEN before.task_id IS NOT NULL THEN
      GREATEST(0, round(extract(epoch FROM logged.at - GREATEST(before.at, before.due_at)) * 1000))::bigint END AS ms
    FROM task_transition logged
    LEFT JOIN LATERAL (
      SELECT task_id, at, due_at FROM task_transition
      WHERE task_id = logged.task_id AND version < logged.version AND ${BEGINS_ANEW}
        AND (logged.to_status = '${claim.to}' OR logged.from_status = '${start.to}')
        AND logged.from_status IS DISTINCT FROM logged.to_status
      ORDER BY version DESC LIMIT 1
    ) before ON true
    WHERE ${inHour('logged')}
  ), counted AS (
    SELECT room, job_id, reason, to_status, cell, count(*) AS count, COALESCE(sum(ms), 0) AS ms
    FROM timed CROSS JOIN LATERAL (
      SELECT LEAST(${LAST_CELL}, floor(${CELLS_PER_DOUBLING} * ln(GREATEST(timed.ms, 1)::float8) / ln(2::float8)))::int
        AS cell WHERE timed.ms IS NOT NULL
      UNION ALL SELECT NULL WHERE timed.ms IS NULL
    ) one
    GROUP BY room, job_id, reason, to_status, cell
  ), written AS (
    INSERT INTO rollup (hour, room, job_id, source, type, to_status, count, duration_ms, durations)
    SELECT $1::timestamptz, room, job_id, 'TRANSITION', reason::text, to_status, sum(count)::int, sum(ms)::bigint,
      COALESCE(jsonb_object_agg(cell, count) FILTER (WHERE cell IS NOT NULL), '{}')
    FROM counted GROUP BY room, job_id, reason, to_status
    RETURNING count
  )
  SELECT COALESCE(sum(count), 0)::int AS count FROM written`,
);

const ROLL_UP_EVENTS = statement(
  'roll_up_events',
  `WITH written AS (
    INSERT INTO rollup (hour, room, job_id, source, type, count)
    SELECT $1::timestamptz, event.room, job.id, 'EVENT', event.type, count(*)::int
    FROM event LEFT JOIN job ON job.full_name = event.payload->>'job'
    WHERE ${inHour('event')}
    GROUP BY event.room, job.id, event.type
    RETURNING count
  )
  SELECT COALESCE(sum(count), 0)::int AS count FROM written`,
);

const COUNT = statement(
  'count_hour',
  `SELECT (SELECT count(*)::int FROM task_transition logged WHERE ${inHour('logged')}) AS transitions,
    (SELECT count(*)::int FROM event WHERE ${inHour('event')}) AS events,
    COALESCE((SELECT is_final FROM rollup_hour WHERE rollup_hour.hour = $1::timestamptz), false) AS "isFinal"`,
);
