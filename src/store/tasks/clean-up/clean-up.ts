/**
 * Clean-up: deleting what retention has passed, in bounded batches.
 *
 * Tasks are walked in the order of their ids, which is that of their creation: what has ended before a moment was made
 * before it. So the clean-up needs no index of its own, and costs the hot path nothing; what it walks over again each
 * time is only what is kept longer than the rest.
 *
 * A task that statistics have not counted yet, since a transaction that stays open holds the roll-up back, is left to
 * the next run.
 */
import { GOOD_ENDS, TRANSITIONS } from '../../../domain/transitions.ts';
import type { Database, DatabaseSession } from '../../database/database.ts';
import { queryOne } from '../../database/query-one.ts';
import { statement } from '../../database/statement.ts';
import { recordTrim } from '../../log/record-trim.ts';
import { IS_COUNTED } from '../../statistics/roll-up-statistics.ts';
import { sqlStatuses } from '../rows.ts';

/** What is kept from which moment on. */
export interface RetentionCutoffs {
  /** Tasks that came to a good end. */
  completed: Date;
  /** Cancelled tasks and discarded dead letters. */
  failed: Date;
  deadLetters: Date;
  /** Events, ended operation runs and deliveries of webhooks. */
  events: Date;
  /** Counters of days. */
  statistics: Date;
}

export interface CleanUpScope {
  retention: RetentionCutoffs;
  /** Null: all rooms. */
  room: string | null;
}

/** What was, or would be, deleted of tasks. */
export interface CleanedTasks {
  completed: number;
  failed: number;
  deadLetters: number;
  transitions: number;
  /** Where to go on; null when there is no more. */
  next: string | null;
}

/** Now by the database's clock. */
export async function readClock(session: DatabaseSession): Promise<Date> {
  return (await queryOne<{ now: Date }>(session, CLOCK)).now;
}

/** Deletes at most `limit` tasks after the id, with all that belongs to them, and remembers how far the log is trimmed. */
export function deleteTasks(
  database: Database,
  { retention, room }: CleanUpScope,
  after: string,
  limit: number,
): Promise<CleanedTasks> {
  return database.transaction(async (session) => {
    const expired = await session.query<{ id: string; kind: string }>(
      LOCK_EXPIRED,
      taskParameters(retention, room, after, limit),
    );
    // A statement of its own: what was submitted until they were locked is not seen by the one that locks them. From now on
    // nothing can begin to wait for them.
    const { trimmedXid, trimmedId, ...deleted } = await queryOne<DeletedRow>(session, DELETE_TASKS, [
      expired.map(({ id }) => id),
      expired.map(({ kind }) => kind),
    ]);
    const next = expired.length === limit ? (expired.at(-1)?.id ?? null) : null;
    const cleaned: CleanedTasks = { ...deleted, next };
    if (trimmedXid !== null && trimmedId !== null)
      await recordTrim(session, { xid: trimmedXid, id: trimmedId });
    return cleaned;
  });
}

/** What `deleteTasks` would delete. */
export async function countExpiredTasks(
  session: DatabaseSession,
  { retention, room }: CleanUpScope,
  after: string,
  limit: number,
): Promise<CleanedTasks> {
  return queryOne<CleanedTasks>(session, COUNT_TASKS, taskParameters(retention, room, after, limit));
}

export const CLEANED_TABLES = ['events', 'operation_runs', 'deliveries', 'statistics'] as const;
export type CleanedTable = (typeof CLEANED_TABLES)[number];

/** Deletes at most `limit` rows. @returns how many */
export async function deleteRows(
  session: DatabaseSession,
  table: CleanedTable,
  { retention, room }: CleanUpScope,
  limit: number,
): Promise<number> {
  const { remove, moment } = STATEMENTS[table];
  const [row] = await session.query<{ count: number }>(remove, [
    retention[moment].toISOString(),
    room,
    limit,
  ]);
  return row?.count ?? 0;
}

/** How many rows `deleteRows` would delete, without a limit. */
export async function countRows(
  session: DatabaseSession,
  table: CleanedTable,
  { retention, room }: CleanUpScope,
): Promise<number> {
  const { count, moment } = STATEMENTS[table];
  const [row] = await session.query<{ count: number }>(count, [retention[moment].toISOString(), room]);
  return row?.count ?? 0;
}

/** Where every walk over tasks begins. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface DeletedRow extends Omit<CleanedTasks, 'next'> {
  trimmedXid: string | null;
  trimmedId: string | null;
}

function taskParameters(
  { completed, failed, deadLetters }: RetentionCutoffs,
  room: string | null,
  after: string,
  limit: number,
) {
  const latest = new Date(Math.max(completed.getTime(), failed.getTime(), deadLetters.getTime()));
  return [
    after,
    firstIdOf(latest),
    ...[completed, failed, deadLetters].map((moment) => moment.toISOString()),
    room,
    limit,
  ];
}

/** No UUIDv7 of an earlier moment is as high. */
function firstIdOf(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

const CLOCK = statement('clock', 'SELECT now() AS now');

const { cancel, retry, dependencyFailed } = TRANSITIONS;
const WELL_ENDED = sqlStatuses(GOOD_ENDS);
const CANCELLED = sqlStatuses([...new Set([cancel.to, dependencyFailed.to])]);
const DEAD = sqlStatuses(retry.from);

/** Results that an unfinished task depends on are kept until it has ended, also where it is not counted yet. */
const IS_NOT_WAITED_FOR = `NOT EXISTS (
      SELECT 1 FROM task_dependency d JOIN task child ON child.id = d.task_id
      WHERE d.parent_id = t.id AND child.finished_at IS NULL)`;

/** Expired tasks in the order of their ids, and of which kind. A dry run counts as if all had been rolled up. */
const expired = (
  more: string,
) => `SELECT t.id, t.version, t.finished_at, CASE WHEN t.status IN (${WELL_ENDED}) THEN 'completed'
      WHEN t.status IN (${DEAD}) AND t.discarded_at IS NULL THEN 'dead' ELSE 'failed' END AS kind
    FROM task t
    WHERE t.id > $1::uuid AND t.id < $2::uuid AND ($6::text IS NULL OR t.room = $6::text) AND (
      (t.status IN (${WELL_ENDED}) AND t.finished_at < $3::timestamptz)
      OR ((t.status IN (${CANCELLED}) OR t.discarded_at IS NOT NULL) AND t.finished_at < $4::timestamptz)
      OR (t.status IN (${DEAD}) AND t.discarded_at IS NULL AND t.finished_at < $5::timestamptz))
      AND (t.dependent_count = 0 OR ${IS_NOT_WAITED_FOR}) ${more}
    ORDER BY t.id LIMIT $7::int`;

const countKinds = (rows: string) => `(count(*) FILTER (WHERE ${rows}.kind = 'completed'))::int AS completed,
    (count(*) FILTER (WHERE ${rows}.kind = 'failed'))::int AS failed,
    (count(*) FILTER (WHERE ${rows}.kind = 'dead'))::int AS "deadLetters"`;

const LOCK_EXPIRED = statement(
  'lock_expired_tasks',
  `SELECT id, kind FROM (${expired(`AND ${IS_COUNTED}`)} FOR UPDATE OF t SKIP LOCKED) expired`,
);

const DELETE_TASKS = statement(
  'delete_tasks',
  `WITH expired AS (
    SELECT t.id, locked.kind FROM unnest($1::uuid[], $2::text[]) AS locked (id, kind) JOIN task t ON t.id = locked.id
    WHERE ${IS_NOT_WAITED_FOR}
  ), gone AS (
    DELETE FROM task USING expired WHERE task.id = expired.id RETURNING task.id
  ), transitions AS (
    DELETE FROM task_transition logged USING expired WHERE logged.task_id = expired.id RETURNING logged.xid, logged.id
  ), stops AS (
    DELETE FROM task_stop USING expired WHERE task_stop.task_id = expired.id
  ), dependencies AS (
    DELETE FROM task_dependency d USING expired WHERE d.task_id = expired.id
  ), dependents AS (
    DELETE FROM task_dependency d USING expired WHERE d.parent_id = expired.id
  ), trimmed AS (
    SELECT xid, id FROM transitions ORDER BY xid DESC, id DESC LIMIT 1
  )
  SELECT ${countKinds('expired')}, (SELECT count(*)::int FROM transitions) AS transitions,
    (SELECT xid::text FROM trimmed) AS "trimmedXid",
    (SELECT id::text FROM trimmed) AS "trimmedId"
  FROM expired`,
);

// Every version of a task has a row in the log.
const COUNT_TASKS = statement(
  'count_expired_tasks',
  `SELECT ${countKinds('expired')}, COALESCE(sum(expired.version), 0)::int AS transitions,
    CASE WHEN count(*) = $7::int THEN (array_agg(expired.id ORDER BY expired.id DESC))[1] END AS next FROM (${expired('')}) expired`,
);

interface CleanedRows {
  moment: keyof RetentionCutoffs;
  remove: ReturnType<typeof statement>;
  count: ReturnType<typeof statement>;
}

function cleaned(
  moment: keyof RetentionCutoffs,
  {
    table,
    key,
    where,
    after = '',
    ofRoom = '($2::text IS NULL OR room = $2::text)',
  }: { table: string; key: string; where: string; after?: string; ofRoom?: string },
): CleanedRows {
  return {
    moment,
    remove: statement(
      `delete_${table}`,
      `WITH expired AS (
        SELECT ${key} FROM ${table} WHERE ${where} AND ${ofRoom} ORDER BY ${key} LIMIT $3::int FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM ${table} USING expired WHERE ${table}.${key} = expired.${key} RETURNING ${table}.*
      )${after}
      SELECT count(*)::int AS count FROM gone`,
    ),
    count: statement(
      `count_${table}`,
      `SELECT count(*)::int AS count FROM ${table} WHERE ${where} AND ${ofRoom}`,
    ),
  };
}

const STATEMENTS: Record<CleanedTable, CleanedRows> = {
  // Ids of events are of the moment when they were written, which is at most an hour after their transaction began.
  events: cleaned('events', {
    table: 'event',
    key: 'id',
    where:
      "at < $1::timestamptz AND id < (lpad(to_hex(((extract(epoch FROM $1::timestamptz) + 3600) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid",
    after: `, trimmed AS (
        UPDATE event_trim SET xid = last.xid, serial = last.serial
        FROM (SELECT xid, serial FROM gone ORDER BY xid DESC, serial DESC LIMIT 1) last
        WHERE (event_trim.xid, event_trim.serial) < (last.xid, last.serial)
      )`,
  }),
  operation_runs: cleaned('events', {
    table: 'operation_run',
    key: 'id',
    where: 'finished_at < $1::timestamptz',
  }),
  deliveries: cleaned('events', {
    table: 'webhook_delivery',
    key: 'id',
    // They belong to no room.
    where: "created_at < $1::timestamptz AND status <> 'PENDING' AND $2::text IS NULL",
    ofRoom: 'true',
  }),
  statistics: cleaned('statistics', {
    table: 'statistic',
    key: 'ctid',
    where: "grain = 'DAY' AND at < $1::timestamptz",
  }),
};
