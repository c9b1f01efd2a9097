/** The subscription statisticsEvents. */
import type { StatisticGrain } from '../../domain/statistics.ts';
import type { StatisticsNow } from '../../events/streams/live-statistics.ts';
import { builder } from '../builder.ts';
import { parseScope } from './scope.ts';
import { ActivityType, StatisticIntervalEnum, TaskCountsType } from './type.ts';

const StatisticsChangedType = builder.objectRef<StatisticsNow>('StatisticsChanged').implement({
  description: 'The counts as they are now, and the points of the series that are moving.',
  fields: (t) => ({
    counts: t.field({ type: TaskCountsType, resolve: ({ counts }) => counts }),
    points: t.field({
      type: [ActivityType],
      description:
        'The last point that is over and the one under way: they replace the points with the same `at` in a series that was read. Empty without an interval.',
      complexity: { field: 1, multiplier: 2 },
      resolve: ({ points }) => points,
    }),
  }),
});

builder.subscriptionField('statisticsEvents', (t) =>
  t.field({
    type: StatisticsChangedType,
    description:
      'How many tasks there are in each status: first as it is, then whenever it has changed, four times a second at most; without a room, and with an interval, once a second. Of a room, of a job, or of all rooms that the caller belongs to. None for a USER.',
    args: {
      room: t.arg.string(),
      job: t.arg.string({ description: 'Full name: room:category:name.' }),
      interval: t.arg({
        type: StatisticIntervalEnum,
        description: 'Length of the points that are wanted as well; left out: none.',
      }),
    },
    subscribe: async (_root, { interval, ...wanted }, context) =>
      context.services.liveStatistics.watch(
        await parseScope(context, wanted),
        (interval as StatisticGrain) ?? null,
      ),
    resolve: (now) => now,
  }),
);
