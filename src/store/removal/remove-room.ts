/** Removal of what belongs to a room besides its tasks. */
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';

/** Rows by what they are; `api_keys` are not removed, only those that name the room counted. */
export interface RoomRows {
  schedules: number;
  jobs: number;
  webhooks: number;
  pauses: number;
  views: number;
  events: number;
  statistics: number;
  api_keys: number;
}

/** What belongs to the room. The audit of operations stays, and records the removal. */
export async function countRoomRows(session: DatabaseSession, room: string): Promise<RoomRows> {
  return queryOne<RoomRows>(session, COUNT, [room]);
}

/** Deletes the schedules of the room: nothing submits to it by itself any more. @returns how many */
export function deleteSchedulesOf(session: DatabaseSession, room: string): Promise<number> {
  return counted(session, DELETE_SCHEDULES, [room]);
}

/**
 * Deletes the jobs of the room with the versions of their schemas.
 * @returns how many, and the transaction: a submission that has begun before it ended may still be under way
 */
export async function deleteJobsOf(
  session: DatabaseSession,
  room: string,
): Promise<{ count: number; xid: string }> {
  return queryOne<{ count: number; xid: string }>(session, DELETE_JOBS, [room]);
}

/** Whether every transaction that had begun before this one ended has ended, too. */
export async function hasSettled(session: DatabaseSession, xid: string): Promise<boolean> {
  const [row] = await session.query<{ settled: boolean }>(SETTLED, [xid]);
  return row?.settled ?? false;
}

export function deleteWebhooksOf(session: DatabaseSession, room: string): Promise<number> {
  return counted(session, DELETE_WEBHOOKS, [room]);
}

/** Deletes the pauses of jobs of other rooms in the room: a room of that name begins without. @returns how many */
export function deletePausesOf(session: DatabaseSession, room: string): Promise<number> {
  return counted(session, DELETE_PAUSES, [room]);
}

/** Deletes the saved views that are about the room. @returns how many */
export function deleteViewsOf(session: DatabaseSession, room: string): Promise<number> {
  return counted(session, DELETE_VIEWS, [room]);
}

/** Deletes at most `limit` events of the room, but for those of operations. @returns how many */
export function deleteEventsOf(database: Database, room: string, limit: number): Promise<number> {
  return counted(database, DELETE_EVENTS, [room, limit]);
}

/** Deletes statistics, counts and groups of errors of the room. @returns how many rows */
export function deleteStatisticsOf(session: DatabaseSession, room: string): Promise<number> {
  return counted(session, DELETE_STATISTICS, [room]);
}

async function counted(
  session: DatabaseSession,
  what: ReturnType<typeof statement>,
  parameters: unknown[],
): Promise<number> {
  const [row] = await session.query<{ count: number }>(what, parameters);
  return row?.count ?? 0;
}

const EVENTS = "room = $1::text AND subject_kind IS DISTINCT FROM 'run'";

const COUNT = statement(
  'count_room_rows',
  `SELECT (SELECT count(*)::int FROM schedule WHERE room = $1::text) AS schedules,
    (SELECT count(*)::int FROM job WHERE room = $1::text) AS jobs,
    (SELECT count(*)::int FROM webhook WHERE room = $1::text) AS webhooks,
    (SELECT count(*)::int FROM job_pause JOIN job ON job.id = job_id WHERE job_pause.room = $1::text AND job.room <> $1::text) AS pauses,
    (SELECT count(*)::int FROM saved_view WHERE room = $1::text) AS views,
    (SELECT count(*)::int FROM event WHERE ${EVENTS}) AS events,
    (SELECT count(*)::int FROM statistic WHERE room = $1::text)
      + (SELECT count(*)::int FROM task_count WHERE room = $1::text)
      + (SELECT count(*)::int FROM error_group WHERE room = $1::text)
      + (SELECT count(*)::int FROM error_tally WHERE room = $1::text) AS statistics,
    (SELECT count(*)::int FROM api_key WHERE $1::text = ANY(rooms) AND revoked_at IS NULL) AS api_keys`,
);

const DELETE_SCHEDULES = statement(
  'delete_room_schedules',
  `WITH gone AS (DELETE FROM schedule WHERE room = $1::text RETURNING id) SELECT count(*)::int AS count FROM gone`,
);

const DELETE_JOBS = statement(
  'delete_room_jobs',
  `WITH gone AS (DELETE FROM job WHERE room = $1::text RETURNING id), pauses AS (
    DELETE FROM job_pause USING gone WHERE job_pause.job_id = gone.id
  ), gates AS (
    DELETE FROM task_gate USING gone WHERE task_gate.job_id = gone.id
  )
  SELECT count(*)::int AS count, pg_current_xact_id()::text AS xid FROM gone`,
);

const SETTLED = statement(
  'has_settled',
  'SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 AS settled',
);

const DELETE_WEBHOOKS = statement(
  'delete_room_webhooks',
  `WITH gone AS (DELETE FROM webhook WHERE room = $1::text RETURNING id), recorded AS (
    INSERT INTO event (type, severity, actor, subject_kind, subject_id, payload)
    SELECT 'WEBHOOK_DELETED', 'INFO', '${SYSTEM_ACTOR}', 'webhook', id, '{}' FROM gone
  )
  SELECT count(*)::int AS count FROM gone`,
);

// What the jobs have of it besides (`gated`, gates) goes with the next sweep, see src/store/gates/check-gates.ts.
const DELETE_PAUSES = statement(
  'delete_room_pauses',
  `WITH gone AS (DELETE FROM job_pause WHERE room = $1::text RETURNING 1) SELECT count(*)::int AS count FROM gone`,
);

const DELETE_VIEWS = statement(
  'delete_room_views',
  `WITH gone AS (DELETE FROM saved_view WHERE room = $1::text RETURNING 1) SELECT count(*)::int AS count FROM gone`,
);

// The mark stops at the horizon: above it nobody can resume, and whoever has read again begins there.
const DELETE_EVENTS = statement(
  'delete_room_events',
  `WITH doomed AS (
    SELECT id FROM event WHERE ${EVENTS} ORDER BY id LIMIT $2::int FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM event USING doomed WHERE event.id = doomed.id RETURNING event.xid, event.serial
  ), trimmed AS (
    UPDATE event_trim SET xid = last.xid, serial = last.serial
    FROM (
      SELECT least(xid, horizon) AS xid, CASE WHEN xid < horizon THEN serial ELSE 0 END AS serial
      FROM gone, pg_snapshot_xmin(pg_current_snapshot()) AS horizon ORDER BY 1 DESC, 2 DESC LIMIT 1
    ) last
    WHERE (event_trim.xid, event_trim.serial) < (last.xid, last.serial)
  )
  SELECT count(*)::int AS count FROM gone`,
);

const DELETE_STATISTICS = statement(
  'delete_room_statistics',
  `WITH b AS (DELETE FROM statistic WHERE room = $1::text RETURNING 1), c AS (
    DELETE FROM task_count WHERE room = $1::text RETURNING 1
  ), d AS (DELETE FROM error_group WHERE room = $1::text RETURNING 1), e AS (
    DELETE FROM error_tally WHERE room = $1::text RETURNING 1
  )
  SELECT ((SELECT count(*) FROM b) + (SELECT count(*) FROM c) + (SELECT count(*) FROM d)
    + (SELECT count(*) FROM e))::int AS count`,
);
