/** Workers as people see them: lists, what each does now, and what those were called that are gone. */
import { INTERNAL_OWNER } from '../../domain/access.ts';
import { GLOBAL_ROOM } from '../../domain/rooms.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { WORKER_COLUMNS, type WorkerRow } from './workers.ts';

/** A worker with what it does now. */
export interface WorkerView extends WorkerRow {
  /** Whether it has beaten within the worker timeout. */
  alive: boolean;
  /** Tasks that it holds. */
  running: number;
  /** The jobs that it serves, and their rooms. */
  jobIds: string[];
  rooms: string[];
}

/** Which workers are wanted; what is null does not matter. */
export interface WorkerCondition {
  /** Those that serve a job of one of these rooms, and those of this owner. */
  visible: { rooms: readonly string[]; owner: string | null } | null;
  /** That serve jobs which can be run from the room. */
  room: string | null;
  /** Full name of a job that they serve. */
  job: string | null;
  owner: string | null;
  alive: boolean | null;
}

export interface WorkerPage {
  /** Ids strictly between them. */
  after?: string | undefined;
  before?: string | undefined;
  newestFirst: boolean;
  limit: number;
}

/** Workers without a heartbeat for so many seconds are not in lists any more. */
const LISTED_SECONDS = 3_600;

/** A page of workers by their ids, without those that are gone for an hour. */
export function listWorkers(
  session: DatabaseSession,
  { visible, room, job, owner, alive }: WorkerCondition,
  { after, before, newestFirst, limit }: WorkerPage,
  workerTimeoutSeconds: number,
): Promise<WorkerView[]> {
  return session.query<WorkerView>(newestFirst ? LIST_NEWEST : LIST_OLDEST, [
    workerTimeoutSeconds,
    visible?.rooms ?? null,
    visible?.owner ?? null,
    room === null ? null : [...new Set([room, GLOBAL_ROOM])],
    job,
    owner,
    alive,
    after ?? null,
    before ?? null,
    limit,
  ]);
}

/** The workers of these ids that exist, listed or not. */
export function findWorkerViews(
  session: DatabaseSession,
  ids: readonly string[],
  workerTimeoutSeconds: number,
): Promise<WorkerView[]> {
  return ids.length === 0
    ? Promise.resolve([])
    : session.query<WorkerView>(FIND, [workerTimeoutSeconds, ids]);
}

/** What the workers are called, or were, those that are gone included. */
export async function findWorkerNames(
  session: DatabaseSession,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await session.query<{ id: string; name: string }>(FIND_NAMES, [ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Forgets what those were called that are gone for so many seconds, so many at most. @returns how many */
export async function forgetWorkerNames(
  session: DatabaseSession,
  goneSeconds: number,
  limit: number,
): Promise<number> {
  return (await session.query(FORGET_NAMES, [goneSeconds, limit])).length;
}

/** Ids of the tasks that a worker holds, a page of them by id; of these rooms, where they are given. */
export async function findHeldTaskIds(
  session: DatabaseSession,
  workerId: string,
  rooms: readonly string[] | null,
  { after, before, newestFirst, limit }: WorkerPage,
): Promise<string[]> {
  const rows = await session.query<{ id: string }>(newestFirst ? HELD_NEWEST : HELD_OLDEST, [
    workerId,
    rooms,
    after ?? null,
    before ?? null,
    limit,
  ]);
  return rows.map(({ id }) => id);
}

const IS_ALIVE = "worker.last_heartbeat_at > now() - $1::float8 * interval '1 second'";

const VIEW_COLUMNS = `${WORKER_COLUMNS}, ${IS_ALIVE} AS alive,
  (SELECT count(*)::int FROM task_hold h WHERE h.worker_id = worker.id) AS running,
  ARRAY(SELECT served.job_id::text FROM worker_job served WHERE served.worker_id = worker.id ORDER BY 1) AS "jobIds",
  ARRAY(SELECT DISTINCT job.room FROM worker_job served JOIN job ON job.id = served.job_id
    WHERE served.worker_id = worker.id) AS rooms`;

const serves = (condition: string) => `EXISTS (
    SELECT 1 FROM worker_job served JOIN job ON job.id = served.job_id
    WHERE served.worker_id = worker.id AND ${condition}
  )`;

const buildList = (order: string) => `SELECT ${VIEW_COLUMNS} FROM worker
  WHERE worker.owner <> '${INTERNAL_OWNER}'
    AND worker.last_heartbeat_at > now() - ($1::float8 + ${LISTED_SECONDS}) * interval '1 second'
    AND ($2::text[] IS NULL OR worker.owner = $3 OR ${serves('job.room = ANY($2)')})
    AND ($4::text[] IS NULL OR ${serves('job.room = ANY($4)')})
    AND ($5::text IS NULL OR ${serves('job.full_name = $5')})
    AND ($6::text IS NULL OR worker.owner = $6)
    AND ($7::boolean IS NULL OR (${IS_ALIVE}) = $7)
    AND ($8::uuid IS NULL OR worker.id > $8) AND ($9::uuid IS NULL OR worker.id < $9)
  ORDER BY worker.id ${order} LIMIT $10::int`;

const LIST_NEWEST = statement('list_workers_newest', buildList('DESC'));
const LIST_OLDEST = statement('list_workers_oldest', buildList('ASC'));

const FIND = statement(
  'find_worker_views',
  `SELECT ${VIEW_COLUMNS} FROM worker WHERE worker.owner <> '${INTERNAL_OWNER}' AND worker.id = ANY($2::uuid[])`,
);

const FIND_NAMES = statement(
  'find_worker_names',
  'SELECT id, name FROM worker_name WHERE id = ANY($1::uuid[])',
);

const FORGET_NAMES = statement(
  'forget_worker_names',
  `DELETE FROM worker_name WHERE id IN (
    SELECT id FROM worker_name WHERE gone_at < now() - $1::float8 * interval '1 second' LIMIT $2::int
  ) RETURNING id`,
);

const buildHeld = (order: string) => `SELECT task_id AS id FROM task_hold
  WHERE worker_id = $1::uuid AND ($2::text[] IS NULL OR room = ANY($2))
    AND ($3::uuid IS NULL OR task_id > $3) AND ($4::uuid IS NULL OR task_id < $4)
  ORDER BY task_id ${order} LIMIT $5::int`;

const HELD_NEWEST = statement('find_held_newest', buildHeld('DESC'));
const HELD_OLDEST = statement('find_held_oldest', buildHeld('ASC'));
