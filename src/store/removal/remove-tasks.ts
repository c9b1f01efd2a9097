/**
 * Removal of tasks, whatever their status, with all that belongs to them: log, queue, holds, stops, assets. Whoever holds
 * one hears that it is not there with its next report.
 */
import { TRANSITIONS } from '../../domain/transitions.ts';
import { type Database, type DatabaseSession, lockKey, type Statement } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';
import { recordTrim } from '../log/record-trim.ts';
import { IS_COUNTED } from '../statistics/roll-up-statistics.ts';
import { sqlStatuses } from '../tasks/rows.ts';

/** Whose tasks: of a room, or of one creator, in one room or in all. */
export type RemovalScope = { room: string; createdBy: null } | { room: string | null; createdBy: string };

export interface RemovedTasks {
  tasks: number;
  /** Of these, those that had not ended. */
  unfinished: number;
  transitions: number;
}

/**
 * Removes at most `limit` tasks, passing over those that somebody changes at this moment, and those of a creator that
 * statistics have not counted yet. No transition says so. The log counts as trimmed for the rooms alone that have lost
 * some: others need not read again.
 * @returns also the rooms
 */
export function removeTasks(
  database: Database,
  scope: RemovalScope,
  limit: number,
): Promise<RemovedTasks & { rooms: string[] }> {
  return database.transaction(async (session) => {
    // Before anything gives the transaction its number: so removals are committed in the order of their numbers.
    await session.query(TAKE_TURN, [lockKey('remove_tasks', database.schema)]);
    const { text, whose } = ofScope(scope, LOCK_OF_ROOM, LOCK_OF_CREATOR);
    const doomed = await session.query<{ id: string }>(text, [...whose, limit]);
    // A statement of its own: what was done to them until they were locked is not seen by the one that locks them. From
    // now on nothing can begin to wait for them.
    const ids = doomed.map(({ id }) => id);
    const { freed: _, ...removed } = await queryOne<RemovedRow>(session, REMOVE, [ids]);
    return removed;
  });
}

/** What `removeTasks` would remove, without a limit. */
export async function countTasksToRemove(
  session: DatabaseSession,
  scope: RemovalScope,
): Promise<RemovedTasks> {
  const { text, whose } = ofScope(scope, COUNT_OF_ROOM, COUNT_OF_CREATOR);
  return queryOne<RemovedTasks>(session, text, whose);
}

/** At most `limit` unfinished tasks that others wait for. */
export async function findDependedOn(
  session: DatabaseSession,
  scope: RemovalScope,
  limit: number,
): Promise<string[]> {
  const { text, whose } = ofScope(scope, DEPENDED_ON_IN_ROOM, DEPENDED_ON_OF_CREATOR);
  const found = await session.query<{ id: string }>(text, [...whose, limit]);
  return found.map(({ id }) => id);
}

/**
 * Forgets removals of before the moment. Whoever resumes from before one of them is refused as by a trim of the log.
 * @returns how many rooms
 */
export function forgetRemovals(database: Database, before: Date): Promise<number> {
  return database.transaction(async (session) => {
    const gone = await session.query<{ xid: string }>(FORGET, [before.toISOString()]);
    const last = gone.reduce((highest, { xid }) => (BigInt(xid) > highest ? BigInt(xid) : highest), 0n);
    if (last > 0n) await recordTrim(session, { xid: String(last + 1n), id: '0' });
    return gone.length;
  });
}

interface RemovedRow extends RemovedTasks {
  rooms: string[];
  /** Jobs of which others can pass now; the beat finds them. */
  freed: string[] | null;
}

/** The statement for the scope, and its first two parameters. */
function ofScope({ room, createdBy }: RemovalScope, ofRoom: Statement, ofCreator: Statement) {
  return createdBy === null
    ? { text: ofRoom, whose: [room, null] }
    : { text: ofCreator, whose: [createdBy, room] };
}

const OF_ROOM = 't.room = $1::text AND $2::text IS NULL';
const OF_CREATOR = 't.created_by = $1::text AND ($2::text IS NULL OR t.room = $2::text)';

/**
 * Its end has not moved all that wait for it: see continue-cascades.ts; or what waits was submitted a moment ago, perhaps by
 * SQL, and is not counted yet: see ../tasks/submit/sql-submissions.ts.
 */
const IS_WAITED_FOR = `EXISTS (
    SELECT FROM task_dependency d JOIN task child ON child.id = d.task_id
    WHERE d.parent_id = t.id AND NOT d.settled AND child.status = ${sqlStatuses(TRANSITIONS.unblock.from)}
  )`;

const TAKE_TURN = statement('take_turn_to_remove', 'SELECT pg_advisory_xact_lock($1::bigint)');

// What is counted is left out here already, so that it takes no places of a batch.
const buildLock = (condition: string) => `SELECT t.id FROM task t
  WHERE ${condition} AND NOT (t.dependent_count > 0 AND ${IS_WAITED_FOR})
  ORDER BY t.id LIMIT $3::int FOR UPDATE SKIP LOCKED`;

const buildDependedOn = (condition: string) => `SELECT t.id FROM task t
  WHERE ${condition} AND t.finished_at IS NULL AND t.dependent_count > 0 LIMIT $3::int`;

const REMOVE = statement(
  'remove_tasks',
  `WITH doomed AS (
    SELECT t.id, t.room, t.worker_id, t.finished_at FROM task t
    WHERE t.id = ANY ($1::uuid[]) AND NOT ${IS_WAITED_FOR}
  ), gone AS (
    DELETE FROM task USING doomed WHERE task.id = doomed.id
  ), queued AS (
    DELETE FROM task_queue q USING doomed WHERE q.room = doomed.room AND q.task_id = doomed.id
  ), held AS (
    DELETE FROM task_hold h USING doomed WHERE h.worker_id = doomed.worker_id AND h.task_id = doomed.id
    RETURNING h.gates
  ), stops AS (
    DELETE FROM task_stop USING doomed WHERE task_stop.task_id = doomed.id
  ), dependencies AS (
    DELETE FROM task_dependency d USING doomed WHERE d.task_id = doomed.id
  ), dependents AS (
    DELETE FROM task_dependency d USING doomed WHERE d.parent_id = doomed.id
  ), noted AS (
    INSERT INTO task_removal (room) SELECT DISTINCT room FROM doomed ORDER BY room
    ON CONFLICT (room) DO UPDATE SET xid = excluded.xid, removed_at = excluded.removed_at
  ), transitions AS (
    DELETE FROM task_transition logged USING doomed WHERE logged.task_id = doomed.id RETURNING 1
  )
  SELECT count(*)::int AS tasks, (count(*) FILTER (WHERE finished_at IS NULL))::int AS unfinished,
    (SELECT count(*)::int FROM transitions) AS transitions, COALESCE(array_agg(DISTINCT room), '{}') AS rooms,
    (SELECT give_back_slots(array_agg(slot)) FROM held CROSS JOIN LATERAL unnest(held.gates) AS slot) AS freed
  FROM doomed`,
);

// Every version of a task has a row in the log.
const buildCount = (condition: string) => `SELECT count(*)::int AS tasks,
    (count(*) FILTER (WHERE t.finished_at IS NULL))::int AS unfinished,
    COALESCE(sum(t.version), 0)::int AS transitions
  FROM task t WHERE ${condition}`;

const LOCK_OF_ROOM = statement('lock_room_tasks', buildLock(OF_ROOM));
const LOCK_OF_CREATOR = statement('lock_creator_tasks', buildLock(`${OF_CREATOR} AND ${IS_COUNTED}`));
const DEPENDED_ON_IN_ROOM = statement('find_room_depended_on', buildDependedOn(OF_ROOM));
const DEPENDED_ON_OF_CREATOR = statement('find_creator_depended_on', buildDependedOn(OF_CREATOR));
const COUNT_OF_ROOM = statement('count_room_tasks', buildCount(OF_ROOM));
const COUNT_OF_CREATOR = statement('count_creator_tasks', buildCount(OF_CREATOR));

const FORGET = statement(
  'forget_removals',
  `DELETE FROM task_removal
  WHERE removed_at < $1::timestamptz AND xid < pg_snapshot_xmin(pg_current_snapshot())
  RETURNING xid::text AS xid`,
);
