/** The subscription statisticsEvents. */
import type { StatusCounts } from '../../domain/statistics.ts';
import { builder } from '../builder.ts';
import { parseScope } from './scope.ts';
import { TaskCountsType } from './type.ts';

const StatisticsChangedType = builder.objectRef<StatusCounts>('StatisticsChanged').implement({
  description: 'The counts as they are now.',
  fields: (t) => ({ counts: t.field({ type: TaskCountsType, resolve: (counts) => counts }) }),
});

builder.subscriptionField('statisticsEvents', (t) =>
  t.field({
    type: StatisticsChangedType,
    description:
      'How many tasks there are in each status: first as it is, then whenever it has changed, four times a second at most; without a room once a second. Of a room, of a job, or of all rooms that the caller belongs to. None for a USER.',
    args: {
      room: t.arg.string(),
      job: t.arg.string({ description: 'Full name: room:category:name.' }),
    },
    subscribe: async (_root, { room, job }, context) =>
      context.services.liveCounts.watch(await parseScope(context, { room, job })),
    resolve: (counts) => counts,
  }),
);
