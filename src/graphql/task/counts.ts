/** taskCounts and taskCountEvents: how many tasks match a filter, by status. */
import { creatorSeenBy } from '../../domain/access-scopes.ts';
import { TASK_STATUSES } from '../../domain/task.ts';
import type { TaskFilter } from '../../domain/task-filter.ts';
import { MOST_COUNTED } from '../../store/store.ts';
import type { FilteredCounts } from '../../store/tasks/read/find-by-filter.ts';
import type { TaskScope } from '../../store/tasks/read/task-conditions.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { StatusCountType } from '../statistics/type.ts';
import { watchScopeOf } from './events.ts';
import { parseFilter, type TaskFilterArgument, TaskFilterInput } from './filter.ts';
import { judgeByFilter } from './judge-by-filter.ts';
import { scopeOf } from './visible.ts';

const FilteredCountsType = builder.objectRef<FilteredCounts>('FilteredCounts').implement({
  description: 'How many tasks match a filter.',
  fields: (t) => ({
    byStatus: t.field({
      type: [StatusCountType],
      description: 'Every status, in the order of the enum.',
      complexity: { field: 1, multiplier: TASK_STATUSES.length },
      resolve: ({ byStatus }) => TASK_STATUSES.map((status) => ({ status, count: byStatus[status] })),
    }),
    total: t.field({ type: 'Long', description: 'Of all statuses.', resolve: ({ total }) => total }),
    atLeast: t.exposeBoolean('atLeast', {
      description: `Whether there may be more: counting stops at ${MOST_COUNTED.toLocaleString('en')} tasks, or where a list with this filter would end early. By room, job and status alone it is exact, however many there are.`,
    }),
  }),
});

const COUNTED = 'Without a room: all that the caller may see.';

builder.queryField('taskCounts', (t) =>
  t.field({
    type: FilteredCountsType,
    description: `How many tasks match the filter, by status. ${COUNTED}`,
    args: { room: t.arg.string(), filter: t.arg({ type: TaskFilterInput }) },
    resolve: async (_root, { room, filter }, context) => (await countOf(context, room, filter)).read(),
  }),
);

builder.subscriptionField('taskCountEvents', (t) =>
  t.field({
    type: FilteredCountsType,
    description: `How many tasks match the filter, live: first as it is, then whenever it has changed, once a second at most. ${COUNTED}`,
    args: { room: t.arg.string(), filter: t.arg({ type: TaskFilterInput }) },
    subscribe: async (_root, { room, filter }, context) =>
      context.services.filteredCounts.watch(await countOf(context, room, filter)),
    resolve: (counts) => counts,
  }),
);

async function countOf(
  context: Context,
  room: string | null | undefined,
  input: TaskFilterArgument | null | undefined,
) {
  const { services } = context;
  const scope = await scopeOf(context, room);
  const { filter } = await parseFilter(context, input);
  const { rooms, viewer } = watchScopeOf(context, room);
  return {
    key: JSON.stringify([scope, filter]),
    rooms,
    judge: judgeByFilter(services, filter, { viewer, leaving: true }),
    read: () => readCounts(context, scope, filter),
  };
}

/** What statistics count is exact, and costs the same however many tasks there are. */
async function readCounts(context: Context, scope: TaskScope, filter: TaskFilter): Promise<FilteredCounts> {
  const { store } = context.services;
  const { labels, statuses, jobIds = [], ...others } = filter;
  const isSimple =
    Object.keys({ ...labels, ...others }).length === 0 &&
    (filter.jobIds === undefined || jobIds.length === 1);
  if (
    !isSimple ||
    scope.createdBy !== undefined ||
    scope.heldBy?.length ||
    creatorSeenBy(viewerOf(context)) !== undefined
  ) {
    return store.countTasksByFilter(scope, filter);
  }
  const { counts } = await store.countTasks({ rooms: scope.rooms, jobId: jobIds[0] ?? null });
  const byStatus = Object.fromEntries(
    TASK_STATUSES.map((status) => [status, statuses && !statuses.includes(status) ? 0 : counts[status]]),
  ) as FilteredCounts['byStatus'];
  const total = TASK_STATUSES.reduce((sum, status) => sum + byStatus[status], 0);
  return { byStatus, total, atLeast: false };
}
