/** retryTasks and discardTasks: dead letters by the filter. */
import { canRetryAny, isInRoom } from '../../domain/access.ts';
import { creatorRetriedBy } from '../../domain/access-scopes.ts';
import { Forbidden, InvalidInput, InvalidRoomId } from '../../domain/problems.ts';
import type { TaskSearch } from '../../store/tasks/read/find-by-filter.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseRoom } from '../input.ts';
import { parseFilter, TaskFilterInput } from './filter.ts';
import { amongDeadLetters } from './queries.ts';
import { scopeOf } from './visible.ts';

const DeadLettersInput = builder.inputType('DeadLettersInput', {
  description: 'The dead letters to act on, of those that the caller may retry.',
  fields: (t) => ({
    room: t.string({ description: 'Left out: every room.' }),
    filter: t.field({ type: TaskFilterInput, description: 'Left out: all.' }),
    limit: t.int({ required: true, defaultValue: 1_000, description: '1 to 10,000, the oldest first.' }),
  }),
});

interface Handled {
  count: number;
  more: boolean;
}

const RetryTasksSuccess = builder.objectRef<Handled>('RetryTasksSuccess').implement({
  fields: (t) => ({
    retried: t.exposeInt('count', { description: 'Dead letters that are PENDING again.' }),
    more: t.exposeBoolean('more', { description: 'The limit was reached: there may be more.' }),
  }),
});

const DiscardTasksSuccess = builder.objectRef<Handled>('DiscardTasksSuccess').implement({
  fields: (t) => ({
    discarded: t.exposeInt('count', { description: 'Dead letters that are no longer listed.' }),
    more: t.exposeBoolean('more', { description: 'The limit was reached: there may be more.' }),
  }),
});

const RetryTasksResult = builder.errorUnion('RetryTasksResult', {
  types: [RetryTasksSuccess, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => RetryTasksSuccess,
});

const DiscardTasksResult = builder.errorUnion('DiscardTasksResult', {
  types: [DiscardTasksSuccess, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => DiscardTasksSuccess,
});

builder.mutationField('retryTasks', (t) =>
  t.field({
    type: RetryTasksResult,
    description:
      'Retries dead letters by the filter, each FAILED → PENDING with a fresh budget of attempts and a row in its history. It runs in bounded statements: tasks that were retried stay so if a later statement fails.',
    args: { input: t.arg({ type: DeadLettersInput, required: true }) },
    resolve: (_root, { input }, context) =>
      handle(context, input, (ids, actor) => context.services.store.retryTasks(ids, actor)),
  }),
);

builder.mutationField('discardTasks', (t) =>
  t.field({
    type: DiscardTasksResult,
    description:
      'Discards dead letters by the filter: they stay FAILED, with discardedAt and discardedBy, and leave the list. A retry brings a discarded one back.',
    args: { input: t.arg({ type: DeadLettersInput, required: true }) },
    resolve: (_root, { input }, context) =>
      handle(context, input, (ids, actor) => context.services.store.discardTasks(ids, actor)),
  }),
);

const MAX_LIMIT = 10_000;
const TASKS_A_STATEMENT = 500;

async function handle(
  context: Context,
  input: typeof DeadLettersInput.$inferInput,
  act: (ids: string[], actor: string) => Promise<number>,
): Promise<Handled> {
  const viewer = viewerOf(context);
  if (!canRetryAny(viewer)) throw new Forbidden('A worker cannot retry or discard dead letters.');
  if (input.limit < 1 || input.limit > MAX_LIMIT) {
    throw new InvalidInput([{ path: ['limit'], message: `must be 1 to ${MAX_LIMIT}` }]);
  }
  if (input.room != null && !isInRoom(viewer, parseRoom(input.room))) {
    throw new Forbidden(`${input.room} is not among the rooms of your token.`);
  }
  const scope = await scopeOf(context, input.room);
  const filter = amongDeadLetters((await parseFilter(context, input.filter)).filter);
  const createdBy = creatorRetriedBy(viewer);
  const mine = createdBy === undefined ? scope : { ...scope, createdBy };
  const search: TaskSearch = { scope: mine, filter, order: 'asc' };
  let count = 0;
  for (let left = input.limit; left > 0; ) {
    const { rows, stoppedAt } = await context.services.store.findTaskIds(
      search,
      Math.min(left, TASKS_A_STATEMENT),
    );
    const ids = rows.map(({ id }) => id);
    // What somebody else has handled in this moment is not counted here, and not found again.
    if (ids.length > 0) count += await act(ids, viewer.id);
    search.gt = stoppedAt ?? ids.at(-1);
    if (search.gt === undefined) return { count, more: false };
    left -= ids.length;
  }
  return { count, more: true };
}
