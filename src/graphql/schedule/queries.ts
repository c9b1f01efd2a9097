/** The queries schedule and schedules: for ADMIN alone. */
import { canManageSchedules } from '../../domain/access.ts';
import { Forbidden } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
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
      description: 'All schedules, newest first. For ADMIN alone.',
      complexity: pageComplexity,
      resolve: (_root, page, context) => {
        if (!canManageSchedules(viewerOf(context))) throw new Forbidden('Only an ADMIN can list schedules.');
        return resolveKeyset('schedule', 'desc', page, (keyset) =>
          context.services.prisma.schedule.findMany(keyset),
        );
      },
    },
    { name: 'ScheduleConnection' },
    { name: 'ScheduleEdge' },
  ),
);
