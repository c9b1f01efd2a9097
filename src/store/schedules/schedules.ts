/** Schedules: define, change, remove, find. What becomes of their ticks is in run-schedules.ts. */
import { isDeepStrictEqual } from 'node:util';
import { nextTick, type ScheduleOverlap } from '../../domain/schedule.ts';
import { newUuid } from '../../domain/typeid.ts';
import { recordAuditEntryCte } from '../audit/record-entry.ts';
import { type Database, type DatabaseSession, sqlState } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { NOW, statement, toJson } from '../database/statement.ts';

/** What a schedule does at each tick. */
export interface ScheduleTarget {
  room: string | null;
  /** Of a schedule of tasks. */
  jobId: string | null;
  payload: unknown;
  priority: number;
  labels: Record<string, string>;
  limitKey: string | null;
  /** Of a schedule of operations. */
  operation: string | null;
  parameters: unknown;
  dryRun: boolean;
}

/** What a person decides of a schedule. */
export interface ScheduleSettings extends ScheduleTarget {
  name: string;
  /** Normalised: single spaces. */
  cron: string;
  timeZone: string;
  overlap: ScheduleOverlap;
  /** 60 to 604,800. */
  catchUpSeconds: number;
  paused: boolean;
}

export interface ScheduleRow extends Omit<ScheduleSettings, 'paused'> {
  /** UUIDv7. */
  id: string;
  pausedAt: Date | null;
  /** The earliest tick that was not run; null while paused, and when there is none any more. */
  nextRunAt: Date | null;
  version: number;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
}

export type ScheduleChange =
  | { kind: 'saved'; schedule: ScheduleRow }
  | { kind: 'name-taken' }
  | { kind: 'not-found' }
  | { kind: 'stale'; version: number };

/** Defines a schedule; its first tick is the first one after now. */
export function createSchedule(
  database: Database,
  settings: ScheduleSettings,
  createdBy: string,
): Promise<ScheduleChange> {
  return database.transaction(async (session) => {
    const now = await readNow(session);
    const [schedule] = await session.query<ScheduleRow>(CREATE, [
      newUuid(),
      ...columnsOf(settings),
      settings.paused ? null : (nextTick(settings, now)?.toISOString() ?? null),
      createdBy,
    ]);
    return schedule ? { kind: 'saved', schedule } : { kind: 'name-taken' };
  });
}

/**
 * Changes what is given. Another cron line or time zone, and a schedule that is resumed, count from now on: ticks that
 * passed before are not run. A tick that is due while anything else is changed stays due. A pause drops what waits.
 * Where it is all so already, nothing is written.
 * @param expectedVersion refused as stale when the schedule has another one; null for any
 * @param actor who changes it, for the audit log
 */
export async function updateSchedule(
  database: Database,
  id: string,
  change: Partial<ScheduleSettings>,
  { expectedVersion, actor }: { expectedVersion: number | null; actor: string },
): Promise<ScheduleChange> {
  const changing = database.transaction(async (session): Promise<ScheduleChange> => {
    const [row] = await session.query<ScheduleRow & { now: Date }>(LOCK, [id]);
    if (!row) return { kind: 'not-found' };
    const { now, ...before } = row;
    if (expectedVersion !== null && expectedVersion !== before.version) {
      return { kind: 'stale', version: before.version };
    }
    const present = { ...before, paused: before.pausedAt !== null };
    const after = { ...present, ...change };
    const differs = Object.entries(change).some(
      ([name, value]) => !isDeepStrictEqual(plain(present[name as keyof typeof present]), plain(value)),
    );
    if (!differs) return { kind: 'saved', schedule: before };
    const schedule = await queryOne<ScheduleRow>(session, UPDATE, [
      id,
      ...columnsOf(after),
      nextRunAfterChange(before, after, now)?.toISOString() ?? null,
      actor,
    ]);
    if (after.paused) await session.query(DROP_QUEUED, [id]);
    return { kind: 'saved', schedule };
  });
  return changing.catch((error: unknown) => {
    if (sqlState(error) === UNIQUE_VIOLATION) return { kind: 'name-taken' };
    throw error;
  });
}

/** As JSON has it: what was read and what was given can have other prototypes. */
const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value;

const UNIQUE_VIOLATION = '23505';

function nextRunAfterChange(before: ScheduleRow, after: ScheduleSettings, now: Date): Date | null {
  if (after.paused) return null;
  const sameTiming = after.cron === before.cron && after.timeZone === before.timeZone;
  return sameTiming && before.pausedAt === null ? before.nextRunAt : nextTick(after, now);
}

/** Removes the schedule with the record of its runs; what they have started stays. @returns whether there was one */
export async function deleteSchedule(session: DatabaseSession, id: string, actor: string): Promise<boolean> {
  return (await session.query(DELETE, [id, actor])).length > 0;
}

export function findSchedules(session: DatabaseSession, ids: readonly string[]): Promise<ScheduleRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<ScheduleRow>(FIND, [ids]);
}

/** The database's clock: only it decides what is due. */
export async function readNow(session: DatabaseSession): Promise<Date> {
  return (await queryOne<{ now: Date }>(session, READ_NOW)).now;
}

function columnsOf(settings: ScheduleSettings): unknown[] {
  return [
    settings.name,
    settings.cron,
    settings.timeZone,
    settings.overlap,
    settings.catchUpSeconds,
    settings.paused,
    settings.room,
    settings.jobId,
    toJson(settings.payload ?? undefined),
    settings.priority,
    toJson(settings.labels),
    settings.operation,
    toJson(settings.parameters ?? undefined),
    settings.dryRun,
    settings.limitKey,
  ];
}

/** All of a ScheduleRow, read from `schedule`. */
export const SCHEDULE_COLUMNS = `schedule.id, schedule.name, schedule.cron, schedule.time_zone AS "timeZone",
  schedule.overlap, schedule.catch_up_seconds AS "catchUpSeconds", schedule.paused_at AS "pausedAt",
  schedule.next_run_at AS "nextRunAt", schedule.room, schedule.job_id AS "jobId", schedule.payload, schedule.priority,
  schedule.labels, schedule.limit_key AS "limitKey", schedule.operation, schedule.parameters, schedule.dry_run AS "dryRun", schedule.version,
  schedule.created_by AS "createdBy", schedule.created_at AS "createdAt", schedule.updated_at AS "updatedAt"`;

const recordEvent = (type: 'SCHEDULE_CREATED' | 'SCHEDULE_UPDATED' | 'SCHEDULE_DELETED', actor: string) =>
  recordAuditEntryCte('schedule', {
    type,
    actor,
    payload:
      "jsonb_build_object('name', schedule.name, 'cron', schedule.cron, 'paused', schedule.paused_at IS NOT NULL)",
  });

// Parameters 2 to 16 are those of columnsOf, 17 is the next tick, 18 who does it.
const CREATE = statement(
  'create_schedule',
  `WITH schedule AS (
    INSERT INTO schedule (id, name, cron, time_zone, overlap, catch_up_seconds, paused_at, room, job_id, payload,
      priority, labels, operation, parameters, dry_run, limit_key, next_run_at, created_by)
    VALUES ($1::uuid, $2, $3, $4, $5::schedule_overlap, $6::int, CASE WHEN $7::bool THEN ${NOW} END, $8, $9::uuid,
      $10::text::jsonb, $11::int, $12::text::jsonb, $13, $14::text::jsonb, $15::bool, $16, $17::timestamptz,
      $18::text)
    ON CONFLICT DO NOTHING RETURNING *
  ), ${recordEvent('SCHEDULE_CREATED', '$18::text')}
  SELECT ${SCHEDULE_COLUMNS} FROM schedule`,
);

const LOCK = statement(
  'lock_schedule',
  `SELECT ${SCHEDULE_COLUMNS}, ${NOW} AS now FROM schedule WHERE schedule.id = $1::uuid FOR UPDATE`,
);

const UPDATE = statement(
  'update_schedule',
  `WITH schedule AS (
    UPDATE schedule SET name = $2, cron = $3, time_zone = $4, overlap = $5::schedule_overlap,
      catch_up_seconds = $6::int, paused_at = CASE WHEN $7::bool THEN COALESCE(paused_at, ${NOW}) END, room = $8,
      job_id = $9::uuid, payload = $10::text::jsonb, priority = $11::int, labels = $12::text::jsonb, operation = $13,
      parameters = $14::text::jsonb, dry_run = $15::bool, limit_key = $16, next_run_at = $17::timestamptz,
      version = version + 1, updated_at = ${NOW}
    WHERE id = $1::uuid RETURNING *
  ), ${recordEvent('SCHEDULE_UPDATED', '$18::text')}
  SELECT ${SCHEDULE_COLUMNS} FROM schedule`,
);

const DROP_QUEUED = statement(
  'drop_queued_schedule_runs',
  `UPDATE schedule_run SET status = 'SKIPPED', finished_at = ${NOW},
    detail = 'The schedule was paused before the run before it had finished.'
  WHERE schedule_id = $1::uuid AND status = 'QUEUED'`,
);

const DELETE = statement(
  'delete_schedule',
  `WITH schedule AS (
    DELETE FROM schedule WHERE id = $1::uuid RETURNING *
  ), ${recordEvent('SCHEDULE_DELETED', '$2::text')}
  SELECT id FROM schedule`,
);

const FIND = statement(
  'find_schedules',
  `SELECT ${SCHEDULE_COLUMNS} FROM schedule WHERE schedule.id = ANY($1::uuid[])`,
);

const READ_NOW = statement('read_now', `SELECT ${NOW} AS now`);
