/** The queries schedule and schedules. */
import { roomsOf } from '../../domain/access.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { requireManager, roomToManage } from './rights.ts';
import { asSchedule, ScheduleType } from './type.ts';
import { loadVisibleSchedule } from './visible.ts';

builder.queryField('schedule', (t) =>
  t.field({
    type: ScheduleType,
    nullable: true,
    description: 'The schedule with this id; null when there is none that the caller may see.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const schedule = await loadVisibleSchedule(context, fromTypeId('schedule', id));
      return schedule && asSchedule(schedule);
    },
  }),
);

builder.queryField('schedules', (t) =>
  t.connection(
    {
      type: ScheduleType,
      description:
        'Schedules, newest first: for ADMIN all, for WORKER those that submit tasks to rooms of its own.',
      args: { room: t.arg.string({ description: 'Only those of this room.' }) },
      complexity: pageComplexity,
      resolve: (_root, { room: wanted, ...page }, context) => {
        requireManager(context);
        const rooms = wanted == null ? roomsOf(viewerOf(context)) : [roomToManage(context, wanted)];
        const ofTasks = viewerOf(context).role === 'ADMIN' ? {} : { operation: null };
        return resolveKeyset('schedule', 'desc', page, ({ where, ...keyset }) =>
          context.services.prisma.schedule.findMany({
            ...keyset,
            where: { ...where, ...ofTasks, ...(rooms ? { room: { in: rooms } } : {}) },
          }),
        );
      },
    },
    { name: 'ScheduleConnection' },
    { name: 'ScheduleEdge' },
  ),
);
