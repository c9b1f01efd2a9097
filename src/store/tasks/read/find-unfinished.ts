/** Where the unfinished tasks are among all: lists by status need not look at the finished ones. */
import type { TaskStatus } from '../../../domain/task.ts';
import { HELD_STATUSES } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { QUEUED } from '../queue.ts';

/** Unfinished tasks, and perhaps more: all of them, or the lowest and the highest id. */
export type OpenTasks = { ids: string[] } | { first: string; last: string };

/** Statuses of tasks that stand in the queue or are held. */
export const UNFINISHED_STATUSES: readonly TaskStatus[] = [QUEUED, ...HELD_STATUSES];

/** Listed one by one at most; of more, where they begin and end. */
const MOST = 500;

/**
 * Where the tasks in these statuses are, all of them open ones; finds more than that, but none too few.
 * @param room null: in all rooms
 */
export async function findUnfinished(
  session: DatabaseSession,
  statuses: readonly TaskStatus[],
  room: string | null,
): Promise<OpenTasks> {
  const parameters = [
    statuses.includes(QUEUED),
    statuses.some((status) => status !== QUEUED),
    ...(room === null ? [] : [room]),
  ];
  const [some, ends] = room === null ? [SOME, ENDS] : [SOME_OF_ROOM, ENDS_OF_ROOM];
  const rows = await session.query<{ id: string }>(some, parameters);
  if (rows.length <= MOST) return { ids: rows.map(({ id }) => id) };
  const all = (await session.query<{ id: string }>(ends, parameters)).map(({ id }) => id).sort();
  return { first: all[0] as string, last: all.at(-1) as string };
}

const someOf = (where: string) => `
  (SELECT task_id AS id FROM task_queue WHERE $1::bool AND ${where} LIMIT ${MOST + 1})
  UNION ALL (SELECT task_id FROM task_hold WHERE $2::bool AND ${where} LIMIT ${MOST + 1})`;

// UUIDs have no min() and max().
const endsOf = (where: string) =>
  ['task_queue WHERE $1::bool', 'task_hold WHERE $2::bool']
    .flatMap((from) =>
      ['ASC', 'DESC'].map(
        (order) => `(SELECT task_id AS id FROM ${from} AND ${where} ORDER BY task_id ${order} LIMIT 1)`,
      ),
    )
    .join(' UNION ALL ');

const SOME = statement('find_open', someOf('true'));
const SOME_OF_ROOM = statement('find_open_of_room', someOf('room = $3::text'));
const ENDS = statement('find_open_ends', endsOf('true'));
const ENDS_OF_ROOM = statement('find_open_ends_of_room', endsOf('room = $3::text'));
