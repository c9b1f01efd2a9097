/** Workers: register, beat, deregister, and what they should hear of. */
import { INTERNAL_OWNER } from '../../domain/access.ts';
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import type { TransitionChange } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { newUuid } from '../../domain/typeid.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';
import { changeByCaller, runCompareAndSet, sqlConstant } from '../tasks/compare-and-set.ts';

export interface WorkerRow {
  /** UUIDv7. */
  id: string;
  name: string;
  /** The identity that registered it. */
  owner: string;
  capacity: number;
  createdAt: Date;
  lastHeartbeatAt: Date;
  /** Since when it is known to be lost. */
  lostAt: Date | null;
  /** Where it runs and what it is, as it has said. */
  host: string | null;
  version: string | null;
  /** Since when it claims no more. */
  drainingSince: Date | null;
}

/** What a worker says of itself, and whose it is. */
export interface WorkerRegistration {
  name: string;
  owner: string;
  capacity: number;
  host?: string | null | undefined;
  version?: string | null | undefined;
}

/** An attempt that was taken from a worker which has not yet said that it stopped. */
export interface PendingStop {
  taskId: string;
  attempt: number;
  reason: string;
}

export async function registerWorker(
  session: DatabaseSession,
  { name, owner, capacity, host = null, version = null }: WorkerRegistration,
): Promise<WorkerRow> {
  return queryOne<WorkerRow>(session, REGISTER, [newUuid(), name, owner, capacity, host, version]);
}

export function findWorkers(session: DatabaseSession, ids: readonly string[]): Promise<WorkerRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<WorkerRow>(FIND, [ids]);
}

/** The worker is alive; null when it is unknown. */
export async function beat(
  session: DatabaseSession,
  id: string,
): Promise<{ worker: WorkerRow; stops: PendingStop[] } | null> {
  const [row] = await session.query<WorkerRow & { stops: PendingStop[] }>(BEAT, [id]);
  if (!row) return null;
  const { stops, ...worker } = row;
  return { worker, stops };
}

/** From now on the worker gets no task; null when it is unknown. Asked again, nothing changes. */
export async function drainWorker(
  session: DatabaseSession,
  id: string,
  actor: string,
): Promise<WorkerRow | null> {
  const [row] = await session.query<WorkerRow>(DRAIN, [id, actor]);
  return row ?? null;
}

/** What the worker should stop. */
export function findPendingStops(session: DatabaseSession, workerId: string): Promise<PendingStop[]> {
  return session.query<PendingStop>(FIND_STOPS, [workerId]);
}

/** The worker has said, by a late report, that it no longer works on the attempt. */
export async function acknowledgeStop(
  session: DatabaseSession,
  stopped: { workerId: string; taskId: string; attempt: number },
): Promise<void> {
  await session.query(ACKNOWLEDGE, [stopped.workerId, stopped.taskId, stopped.attempt]);
}

/**
 * Gives the worker's tasks back and forgets it; null when it is unknown.
 * The worker's row is locked first: a claim for it has either committed before, and is given back, or finds no worker.
 */
export function deregisterWorker(
  database: Database,
  id: string,
  actor: string,
): Promise<TransitionChange[] | null> {
  return database.transaction(async (session) => {
    const [worker] = await session.query(LOCK, [id]);
    if (!worker) return null;
    const held = await session.query<{ id: string }>(FIND_HELD, [id]);
    const ids = held.map((task) => task.id);
    const changes = await runCompareAndSet(session, RELEASE_ALL, [
      ids,
      ids.map(() => actor),
      ids.map(() => id),
    ]);
    const released = changes.filter((change) => change !== null);
    await session.query(REMOVE, [id, actor, released.length]);
    return released;
  });
}

/** Notes, with an event, which workers have been lost since the last look. @returns how many */
export async function noteLostWorkers(
  session: DatabaseSession,
  workerTimeoutSeconds: number,
): Promise<number> {
  return (await session.query(NOTE_LOST, [workerTimeoutSeconds])).length;
}

/** How many would be noted. */
export async function countLostWorkers(
  session: DatabaseSession,
  workerTimeoutSeconds: number,
): Promise<number> {
  return countOf(await session.query(COUNT_LOST, [workerTimeoutSeconds]));
}

/** Forgets workers that have not beaten for so many seconds and hold nothing. @returns how many */
export async function forgetWorkers(session: DatabaseSession, silentSeconds: number): Promise<number> {
  return (await session.query(FORGET, [silentSeconds])).length;
}

/** How many have not beaten for so many seconds: those that would be forgotten when nothing is left in their hands. */
export async function countSilentWorkers(session: DatabaseSession, silentSeconds: number): Promise<number> {
  return countOf(await session.query(COUNT_SILENT, [silentSeconds]));
}

function countOf([row]: { count: number }[]): number {
  return row?.count ?? 0;
}

/** When the worker said that it stopped the attempt that was taken from it; null when it has not, or need not. */
export async function findStoppedAt(
  session: DatabaseSession,
  taskIds: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await session.query<{ taskId: string; stoppedAt: Date }>(FIND_STOPPED, [taskIds]);
  return new Map(rows.map(({ taskId, stoppedAt }) => [taskId, stoppedAt]));
}

/** Which of the workers have beaten within the last seconds, by the database's clock. */
export async function findLivingWorkers(
  session: DatabaseSession,
  ids: readonly string[],
  workerTimeoutSeconds: number,
): Promise<Set<string>> {
  const rows = await session.query<{ id: string }>(FIND_LIVING, [ids, workerTimeoutSeconds]);
  return new Set(rows.map(({ id }) => id));
}

/** The jobs of each worker. */
export async function findServedJobs(
  session: DatabaseSession,
  workerIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await session.query<{ workerId: string; jobIds: string[] }>(FIND_SERVED, [workerIds]);
  return new Map(rows.map(({ workerId, jobIds }) => [workerId, jobIds]));
}

/** Whether the worker was ever given this attempt of the task. */
export async function hasHeld(
  session: DatabaseSession,
  held: { workerId: string; taskId: string; attempt: number },
): Promise<boolean> {
  const rows = await session.query(HAS_HELD, [held.taskId, held.workerId, held.attempt]);
  return rows.length > 0;
}

/** All of a WorkerRow. */
export const WORKER_COLUMNS = `worker.id, worker.name, worker.owner, worker.capacity,
  worker.created_at AS "createdAt", worker.last_heartbeat_at AS "lastHeartbeatAt", worker.lost_at AS "lostAt",
  worker.host, worker.version, worker.draining_since AS "drainingSince"`;

/** What an event tells of a worker. */
function describeWorker(worker: string): string {
  return `jsonb_build_object('name', ${worker}.name, 'owner', ${worker}.owner)`;
}

const REGISTER = statement(
  'register_worker',
  `WITH worker AS (
    INSERT INTO worker (id, name, owner, capacity, host, version) VALUES ($1::uuid, $2, $3, $4::int, $5, $6)
    RETURNING worker.*
  ), named AS (
    INSERT INTO worker_name (id, name) SELECT id, name FROM worker WHERE owner <> '${INTERNAL_OWNER}'
  ), recorded AS (
    ${insertAuditEntries({
      type: 'WORKER_REGISTERED',
      severity: 'INFO',
      actor: 'worker.owner',
      subjectKind: 'worker',
      subjectId: 'worker.id',
      payload: describeWorker('worker'),
      from: `worker WHERE worker.owner <> '${INTERNAL_OWNER}'`,
    })}
  )
  SELECT ${WORKER_COLUMNS} FROM worker`,
);

const FIND = statement(
  'find_workers',
  `SELECT ${WORKER_COLUMNS} FROM worker WHERE worker.id = ANY($1::uuid[])`,
);

const BEAT = statement(
  'beat',
  `UPDATE worker SET last_heartbeat_at = now(), lost_at = NULL WHERE id = $1::uuid
  RETURNING ${WORKER_COLUMNS}, COALESCE((
    SELECT jsonb_agg(jsonb_build_object('taskId', task_id, 'attempt', attempt, 'reason', reason) ORDER BY requested_at)
    FROM task_stop WHERE worker_id = worker.id AND stopped_at IS NULL
      -- It is told by the task alone: not while the worker holds a later attempt of it.
      AND NOT EXISTS (SELECT 1 FROM task WHERE task.id = task_stop.task_id AND task.worker_id = worker.id)
  ), '[]') AS stops`,
);

const DRAIN = statement(
  'drain_worker',
  `WITH drained AS (
    UPDATE worker SET draining_since = now() WHERE id = $1::uuid AND draining_since IS NULL
    RETURNING worker.*
  ), recorded AS (
    ${insertAuditEntries({
      type: 'WORKER_DRAINED',
      severity: 'INFO',
      actor: '$2::text',
      subjectKind: 'worker',
      subjectId: 'drained.id',
      payload: describeWorker('drained'),
      from: 'drained',
    })}
  )
  SELECT ${WORKER_COLUMNS} FROM drained worker
  UNION ALL
  SELECT ${WORKER_COLUMNS} FROM worker WHERE id = $1::uuid AND draining_since IS NOT NULL`,
);

const FIND_STOPS = statement(
  'find_stops',
  `SELECT task_id AS "taskId", attempt, reason FROM task_stop
  WHERE worker_id = $1::uuid AND stopped_at IS NULL ORDER BY requested_at`,
);

const ACKNOWLEDGE = statement(
  'acknowledge_stop',
  `UPDATE task_stop SET stopped_at = now()
  WHERE worker_id = $1::uuid AND task_id = $2::uuid AND attempt = $3::int AND stopped_at IS NULL`,
);

const LOCK = statement('lock_worker', 'SELECT id FROM worker WHERE id = $1::uuid FOR UPDATE');

const FIND_HELD = statement('find_held', 'SELECT task_id AS id FROM task_hold WHERE worker_id = $1::uuid');

const REMOVE = statement(
  'remove_worker',
  `WITH removed AS (
    DELETE FROM worker WHERE id = $1::uuid RETURNING worker.*
  ), gone AS (
    UPDATE worker_name SET gone_at = now() FROM removed WHERE worker_name.id = removed.id
  ), stops AS (
    DELETE FROM task_stop USING removed WHERE task_stop.worker_id = removed.id
  )
  ${insertAuditEntries({
    type: 'WORKER_DEREGISTERED',
    severity: 'INFO',
    actor: '$2::text',
    subjectKind: 'worker',
    subjectId: 'removed.id',
    payload: `${describeWorker('removed')} || jsonb_build_object('released', $3::int)`,
    from: `removed WHERE removed.owner <> '${INTERNAL_OWNER}'`,
  })}`,
);

const { from, to, reason } = TRANSITIONS.release;

// Given back in the worker's name by whoever may: the tasks that it holds at this moment, whatever their attempt.
const RELEASE_ALL = changeByCaller('release_all', {
  from,
  item: { holder: 'uuid' },
  where: 't.worker_id = i.holder',
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: 'worker_id = NULL',
});

const SILENT = "last_heartbeat_at <= now() - $1::float8 * interval '1 second'";

const NOTE_LOST = statement(
  'note_lost_workers',
  `WITH lost AS (
    UPDATE worker SET lost_at = now() WHERE ${SILENT} AND lost_at IS NULL AND owner <> '${INTERNAL_OWNER}'
    RETURNING worker.*
  ), recorded AS (
    ${insertAuditEntries({
      type: 'WORKER_LOST',
      severity: 'WARNING',
      actor: `'${SYSTEM_ACTOR}'`,
      subjectKind: 'worker',
      subjectId: 'lost.id',
      payload: describeWorker('lost'),
      from: 'lost',
    })}
  )
  SELECT id FROM lost`,
);

const COUNT_LOST = statement(
  'count_lost_workers',
  `SELECT count(*)::int AS count FROM worker WHERE ${SILENT} AND lost_at IS NULL AND owner <> '${INTERNAL_OWNER}'`,
);

const COUNT_SILENT = statement(
  'count_silent_workers',
  `SELECT count(*)::int AS count FROM worker WHERE ${SILENT}`,
);

const FORGET = statement(
  'forget_workers',
  `WITH forgotten AS (
    DELETE FROM worker WHERE ${SILENT}
      AND NOT EXISTS (SELECT 1 FROM task_hold h WHERE h.worker_id = worker.id)
    RETURNING id
  ), gone AS (
    UPDATE worker_name SET gone_at = now() FROM forgotten WHERE worker_name.id = forgotten.id
  ), stops AS (
    DELETE FROM task_stop USING forgotten WHERE task_stop.worker_id = forgotten.id
  )
  SELECT id FROM forgotten`,
);

const FIND_STOPPED = statement(
  'find_stopped',
  `SELECT DISTINCT ON (task_id) task_id AS "taskId", stopped_at AS "stoppedAt" FROM task_stop
  WHERE task_id = ANY($1::uuid[]) AND stopped_at IS NOT NULL ORDER BY task_id, attempt DESC`,
);

const FIND_LIVING = statement(
  'find_living',
  `SELECT id FROM worker WHERE id = ANY($1::uuid[]) AND last_heartbeat_at > now() - $2::float8 * interval '1 second'`,
);

const FIND_SERVED = statement(
  'find_served',
  `SELECT worker_id AS "workerId", array_agg(job_id::text ORDER BY job_id) AS "jobIds" FROM worker_job
  WHERE worker_id = ANY($1::uuid[]) GROUP BY worker_id`,
);

const HAS_HELD = statement(
  'has_held',
  `SELECT 1 FROM task_transition
  WHERE task_id = $1::uuid AND worker_id = $2::uuid AND attempt = $3::int LIMIT 1`,
);
