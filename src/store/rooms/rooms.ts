/** Rooms: those that have jobs or tasks, and what is in each. A room has no row of its own. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { noTasks, type StatusCounts } from '../../domain/statistics.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { RoomSet } from '../log/log.ts';
import { tailOf } from '../statistics/statistics.ts';

/** Names strictly between the bounds, in the order of their characters. */
export interface RoomPage {
  after?: string | undefined;
  before?: string | undefined;
  /** From the end of the list. */
  backwards: boolean;
  limit: number;
}

/** What is in a room. */
export interface RoomContents {
  /** Of its own, that are not retired. */
  jobs: number;
  /** Living ones that serve a job of its own. */
  workers: number;
  lastSubmittedAt: Date | null;
}

/** The part of the store that is about rooms. */
export function roomVerbs(database: Database, workerTimeoutSeconds: number) {
  return {
    listRooms: (visible: RoomSet, prefix: string, page: RoomPage) =>
      listRooms(database, visible, prefix, page),
    /** What is in each of the rooms, in order. */
    findRoomContents: (rooms: readonly string[]): Promise<RoomContents[]> =>
      database.query<RoomContents>(CONTENTS, [rooms, workerTimeoutSeconds]),
    countTasksOfRooms: (rooms: readonly string[]) => countTasksOfRooms(database, rooms),
  };
}

/** Rooms that begin so: of all that there are, or those that are named, whether there is anything in them or not. */
async function listRooms(
  session: DatabaseSession,
  visible: RoomSet,
  prefix: string,
  { after, before, backwards, limit }: RoomPage,
): Promise<string[]> {
  const page = [prefix, after ?? null, before ?? null, limit];
  const rows =
    visible === null
      ? await session.query<{ name: string }>(backwards ? ALL_BACKWARDS : ALL, page)
      : await session.query<{ name: string }>(backwards ? NAMED_BACKWARDS : NAMED, [...page, visible]);
  return rows.map(({ name }) => name);
}

/** How many tasks there are in each status, of each of the rooms, in order. */
async function countTasksOfRooms(
  session: DatabaseSession,
  rooms: readonly string[],
): Promise<StatusCounts[]> {
  const counts = new Map(rooms.map((room) => [room, noTasks()]));
  const rows = await session.query<{ room: string; status: TaskStatus; count: number }>(COUNTS, [rooms]);
  for (const { room, status, count } of rows) {
    const ofRoom = counts.get(room);
    // Where the log was trimmed before it was rolled up, sums may be off; below nothing they are nothing.
    if (ofRoom) ofRoom[status] = Math.max(0, count);
  }
  return [...counts.values()];
}

const page = (backwards: boolean) => `starts_with(name, $1::text)
    AND ($2::text IS NULL OR name > $2::text COLLATE "C") AND ($3::text IS NULL OR name < $3::text COLLATE "C")
  ORDER BY name COLLATE "C" ${backwards ? 'DESC' : 'ASC'} LIMIT $4::int`;

const all = (backwards: boolean) =>
  statement(
    'list_rooms',
    `WITH ${tailOf('true')}, known AS (
    SELECT room FROM task_count GROUP BY room HAVING sum(count) > 0
    UNION SELECT room FROM tail
    UNION SELECT room FROM job WHERE retired_at IS NULL
  )
  SELECT name FROM (SELECT room COLLATE "C" AS name FROM known WHERE room <> '${INTERNAL_ROOM}') rooms
  WHERE ${page(backwards)}`,
  );
const ALL = all(false);
const ALL_BACKWARDS = all(true);

const named = (backwards: boolean) =>
  statement(
    'list_named_rooms',
    `SELECT name FROM (SELECT DISTINCT room COLLATE "C" AS name FROM unnest($5::text[]) AS room) rooms
  WHERE ${page(backwards)}`,
  );
const NAMED = named(false);
const NAMED_BACKWARDS = named(true);

const CONTENTS = statement(
  'find_room_contents',
  `SELECT
    (SELECT count(*)::int FROM job WHERE job.room = wanted.room AND job.retired_at IS NULL) AS jobs,
    (SELECT count(DISTINCT worker.id)::int FROM job JOIN worker_job ON worker_job.job_id = job.id
      JOIN worker ON worker.id = worker_job.worker_id
        AND worker.last_heartbeat_at > now() - $2::float8 * interval '1 second'
      WHERE job.room = wanted.room) AS workers,
    (SELECT task.created_at FROM task WHERE task.room = wanted.room ORDER BY task.id DESC LIMIT 1)
      AS "lastSubmittedAt"
  FROM unnest($1::text[]) WITH ORDINALITY AS wanted (room, ord) ORDER BY wanted.ord`,
);

const COUNTS = statement(
  'count_tasks_of_rooms',
  `WITH ${tailOf('room = ANY($1::text[])')}
  SELECT room, status, sum(change)::float8 AS count FROM (
    SELECT room, status, count AS change FROM task_count WHERE room = ANY($1::text[])
    UNION ALL
    SELECT room, to_status, 1 FROM tail
    UNION ALL
    SELECT room, from_status, -1 FROM tail WHERE from_status IS NOT NULL
  ) changes
  GROUP BY room, status`,
);
