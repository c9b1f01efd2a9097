/** The queries task and tasks. */
import { encodeCursor } from '../../domain/position.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { TaskFilter } from '../../domain/task-filter.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { fromTypeId, timeOfUuid, toTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { parseFilter, TaskFilterInput } from './filter.ts';
import { asTask, TaskType } from './type.ts';
import { loadVisibleTask, scopeOf } from './visible.ts';

builder.queryField('task', (t) =>
  t.field({
    type: TaskType,
    nullable: true,
    description: 'The task with this id; null when there is none that the caller may see.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const task = await loadVisibleTask(context, fromTypeId('task', id));
      return task && asTask(task);
    },
  }),
);

export const TaskEdge = builder.edgeObject({ type: TaskType, name: 'TaskEdge' });

export const TaskConnection = builder.connectionObject(
  {
    type: TaskType,
    name: 'TaskConnection',
    fields: (t) => ({
      searchedTo: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'Null if the search is complete. Otherwise the page ended early, since a condition has no index: the search stopped after 10,000 tasks (2,000 with payload conditions), at tasks that were submitted at this time. The next page, from `endCursor`, goes on from there.',
        resolve: (parent) => (parent as unknown as { searchedTo: Date | null }).searchedTo,
      }),
      streamCursor: t.field({
        type: 'Cursor',
        description:
          'Pass it as `after` to a subscription: no transition between this read and that subscription is missed.',
        resolve: (parent) => (parent as unknown as { streamCursor: string }).streamCursor,
      }),
    }),
  },
  TaskEdge,
);

builder.queryField('tasks', (t) =>
  t.connection(
    {
      type: TaskType,
      description: 'Tasks, newest first. Without a room: all that the caller may see.',
      args: { room: t.arg.string(), filter: t.arg({ type: TaskFilterInput }) },
      complexity: pageComplexity,
      resolve: async (_root, { room, filter, ...page }, context) =>
        listTasks(context, page, room, (await parseFilter(context, filter)).filter),
    },
    TaskConnection,
    TaskEdge,
  ),
);

builder.queryField('deadLetters', (t) =>
  t.connection(
    {
      type: TaskType,
      description:
        'FAILED tasks that nobody has retried or discarded, newest first. Without a room: all that the caller may see.',
      args: { room: t.arg.string(), filter: t.arg({ type: TaskFilterInput }) },
      complexity: pageComplexity,
      resolve: async (_root, { room, filter, ...page }, context) =>
        listTasks(context, page, room, amongDeadLetters((await parseFilter(context, filter)).filter)),
    },
    TaskConnection,
    TaskEdge,
  ),
);

/** What matches the filter and is a dead letter that nobody has retried or discarded. */
export function amongDeadLetters(filter: TaskFilter): TaskFilter {
  const dead: readonly TaskStatus[] = TRANSITIONS.retry.from;
  const statuses = filter.statuses ? dead.filter((status) => filter.statuses?.includes(status)) : [...dead];
  return { ...filter, statuses, discarded: false, ...(filter.discarded ? { ids: [] } : {}) };
}

export async function listTasks(
  context: Context,
  page: Parameters<typeof resolveKeyset>[2],
  room: string | null | undefined,
  filter: TaskFilter,
) {
  const { log, store } = context.services;
  const scope = await scopeOf(context, room);
  // Read before the list: whatever the list does not show yet comes after this position.
  const streamCursor = encodeCursor(log.epoch, await log.horizon());
  let stopped: { at: string; inverted: boolean } | undefined;
  const connection = await resolveKeyset('task', 'desc', page, async ({ where, orderBy, take }) => {
    const search = { scope, filter, order: orderBy.id, gt: where.id?.gt, lt: where.id?.lt };
    const { rows, stoppedAt } = await store.findTasksByFilter(search, take);
    if (stoppedAt) stopped = { at: stoppedAt, inverted: orderBy.id === 'asc' };
    // The search has decided that the caller may see them.
    for (const { id } of rows) context.granted.add(id);
    return rows.map(asTask);
  });
  if (!stopped) return { ...connection, streamCursor, searchedTo: null };
  const end = toTypeId('task', stopped.at);
  const further = stopped.inverted
    ? { hasPreviousPage: true, startCursor: end }
    : { hasNextPage: true, endCursor: end };
  return {
    ...{ ...connection, pageInfo: { ...connection.pageInfo, ...further } },
    ...{ streamCursor, searchedTo: timeOfUuid(stopped.at) },
  };
}
