/** The queries task and tasks. */
import { isInRoom } from '../../domain/access.ts';
import { encodeCursor } from '../../domain/position.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { type KeysetPage, pageComplexity, resolveKeyset } from '../paging.ts';
import { parseRoomArgument } from '../room-argument.ts';
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

builder.queryField('tasks', (t) =>
  t.connection(
    {
      type: TaskType,
      description: 'Newest first. Without a room: all that the caller may see.',
      args: { room: t.arg.string(), filter: t.arg({ type: TaskFilterInput }) },
      complexity: pageComplexity,
      resolve: async (_root, { room, filter, ...page }, context) => {
        const conditions = [
          await scopeOf(context, room),
          filterCondition(await parseFilter(context, filter)),
        ];
        // Read before the list: whatever the list does not show yet comes after this position.
        const position = await context.services.log.horizon();
        const connection = await resolveKeyset('task', 'desc', page, (keyset) =>
          readTasks(context, keyset, conditions),
        );
        return { ...connection, streamCursor: encodeCursor(context.services.log.epoch, position) };
      },
    },
    {
      name: 'TaskConnection',
      fields: (connection) => ({
        streamCursor: connection.field({
          type: 'Cursor',
          description:
            'Pass it as `after` to a subscription: no transition between this read and that subscription is missed.',
          resolve: (parent) => (parent as unknown as { streamCursor: string }).streamCursor,
        }),
      }),
    },
    { name: 'TaskEdge' },
  ),
);

async function scopeOf(context: Context, room: string | null | undefined): Promise<Prisma.TaskWhereInput> {
  const visible = await visibleTasks(context);
  if (room === null || room === undefined) return visible;
  const valid = parseRoomArgument(room);
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
