/** The query statistics. */
import { InvalidInput } from '../../domain/problems.ts';
import { MAX_POINTS, type StatisticGrain } from '../../domain/statistics.ts';
import { builder } from '../builder.ts';
import { parseScope } from './scope.ts';
import { StatisticIntervalEnum, StatisticsType } from './type.ts';

const StatisticsWindowInput = builder.inputType('StatisticsWindow', {
  description: 'The last so many intervals, the present one included.',
  fields: (t) => ({
    last: t.int({
      required: true,
      defaultValue: 60,
      description: `1 to ${MAX_POINTS.MINUTE} minutes, ${MAX_POINTS.HOUR} hours or ${MAX_POINTS.DAY} days.`,
    }),
    interval: t.field({ type: StatisticIntervalEnum, required: true, defaultValue: 'MINUTE' }),
  }),
});

builder.queryField('statistics', (t) =>
  t.field({
    type: StatisticsType,
    description:
      'How many tasks there are, and what has happened to them lately: of a room, of a job, or of all rooms that the caller belongs to. None for a USER, who does not see all tasks of any room.',
    args: {
      room: t.arg.string(),
      job: t.arg.string({ description: 'Full name: room:category:name.' }),
      window: t.arg({
        type: StatisticsWindowInput,
        required: true,
        defaultValue: { last: 60, interval: 'MINUTE' },
      }),
    },
    resolve: async (_root, { room, job, window }, context) => {
      const scope = await parseScope(context, { room, job });
      const { last: points } = window;
      const interval = window.interval as StatisticGrain;
      if (points < 1 || points > MAX_POINTS[interval]) {
        throw new InvalidInput([
          { path: ['window', 'last'], message: `must be 1 to ${MAX_POINTS[interval]} for ${interval}` },
        ]);
      }
      const { store } = context.services;
      let reading: ReturnType<typeof store.readActivity> | undefined;
      const tallies = () => (reading ??= store.readActivity(scope, { grain: interval, points }));
      return { scope, interval, points, now: await store.readNow(), tallies };
    },
  }),
);
