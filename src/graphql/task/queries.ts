/** The queries task and tasks. */
import { isInRoom } from '../../domain/access.ts';
import { encodeCursor } from '../../domain/position.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseRoom } from '../input.ts';
import { type KeysetPage, pageComplexity, resolveKeyset } from '../paging.ts';
import { filterCondition, parseFilter, TaskFilterInput } from './filter.ts';
import { asTask, TaskType } from './type.ts';
import { loadVisibleTask, visibleTasks } from './visible.ts';

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

const TaskEdge = builder.edgeObject({ type: TaskType, name: 'TaskEdge' });

const TaskConnection = builder.connectionObject(
  {
    type: TaskType,
    name: 'TaskConnection',
    fields: (t) => ({
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
      description: 'Newest first. Without a room: all that the caller may see.',
      args: { room: t.arg.string(), filter: t.arg({ type: TaskFilterInput }) },
      complexity: pageComplexity,
      resolve: async (_root, { room, filter, ...page }, context) =>
        listTasks(context, page, [
          await tasksInScope(context, room),
          await conditionOf(context, filter, room),
        ]),
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
        listTasks(context, page, [
          await tasksInScope(context, room),
          await conditionOf(context, filter, room),
          DEAD_LETTERS,
        ]),
    },
    TaskConnection,
    TaskEdge,
  ),
);

/** What a list of dead letters holds. */
export const DEAD_LETTERS: Prisma.TaskWhereInput = {
  rareStatus: { in: [...TRANSITIONS.retry.from] },
  discardedAt: null,
};

async function listTasks(
  context: Context,
  page: Parameters<typeof resolveKeyset>[2],
  conditions: Prisma.TaskWhereInput[],
) {
  // Read before the list: whatever the list does not show yet comes after this position.
  const position = await context.services.log.horizon();
  const connection = await resolveKeyset('task', 'desc', page, (keyset) =>
    readTasks(context, keyset, conditions),
  );
  return { ...connection, streamCursor: encodeCursor(context.services.log.epoch, position) };
}

async function conditionOf(
  context: Context,
  filter: typeof TaskFilterInput.$inferInput | null | undefined,
  room: string | null | undefined,
): Promise<Prisma.TaskWhereInput> {
  return filterCondition(context, await parseFilter(context, filter), room);
}

/** What the caller may see, of the room where one is given. */
export async function tasksInScope(
  context: Context,
  room: string | null | undefined,
): Promise<Prisma.TaskWhereInput> {
  const visible = await visibleTasks(context);
  if (room === null || room === undefined) return visible;
  const valid = parseRoom(room);
  if (!isInRoom(viewerOf(context), valid)) throw notFoundError('The room');
  return { AND: [visible, { room: valid }] };
}

async function readTasks(context: Context, page: KeysetPage, conditions: Prisma.TaskWhereInput[]) {
  const rows = await context.services.prisma.task.findMany({
    where: { AND: [...conditions, page.where] },
    orderBy: page.orderBy,
    take: page.take,
    // Read, all of a page together, when they are asked for.
    omit: { payload: true, result: true },
  });
  // The condition has decided that the caller may see them.
  for (const { id } of rows) context.granted.add(id);
  return rows.map((row) => asTask(row as never));
}
