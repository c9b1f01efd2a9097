/** Tasks as the source of a live list. */

import type { Client } from '../client.ts';
import type { TaskFilter, TaskSummary } from '../types.ts';
import type { LiveListSource } from './live-list-types.ts';

/** Servers give pages of no more. */
const PAGE_SIZE = 100;

/**
 * A room's tasks that fit a filter, newest first, for a `LiveList`.
 *
 *     const list = new LiveList(tasksOf(client, 'gallery', { statuses: ['FAILED'] })).start();
 */
export function tasksOf(
  client: Pick<Client, 'tasks' | 'watchRoom'>,
  room: string,
  { statuses, ...filter }: TaskFilter = {},
): LiveListSource<TaskSummary> {
  return {
    // A stream that is filtered by status would not show that a task has left it.
    matches: ({ status }) => !statuses || statuses.includes(status),
    async read(limit, signal) {
      const rows: TaskSummary[] = [];
      let cursor: string | undefined;
      for (let after: string | undefined; ; ) {
        const first = Math.min(PAGE_SIZE, limit - rows.length);
        const page = await client.tasks(room, { ...filter, statuses, first, after });
        signal.throwIfAborted();
        rows.push(...page.tasks);
        // That of the first page: what has changed since then comes again.
        cursor ??= page.streamCursor;
        const { hasNextPage, endCursor } = page.pageInfo;
        if (!hasNextPage || rows.length >= limit || !endCursor) return { rows, cursor, hasMore: hasNextPage };
        after = endCursor;
      }
    },
    async *follow(after, signal) {
      for await (const event of client.watchRoom(room, { filter, after, signal })) {
        if (event.kind === 'resync') yield event;
        else yield { kind: 'row', row: event.task, keepsVersion: event.kind === 'progress' };
      }
    },
  };
}
