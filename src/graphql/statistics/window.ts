/** StatisticsWindow: which minutes, hours or days are asked for. */
import { InvalidInput } from '../../domain/problems.ts';
import { MAX_POINTS, type Series, type StatisticGrain } from '../../domain/statistics.ts';
import { builder } from '../builder.ts';
import { StatisticIntervalEnum } from './type.ts';

export const StatisticsWindowInput = builder.inputType('StatisticsWindow', {
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

/** @throws InvalidInput for a window that is too long for its interval */
export function parseWindow({ last, interval }: typeof StatisticsWindowInput.$inferInput): Series {
  const grain = interval as StatisticGrain;
  if (last < 1 || last > MAX_POINTS[grain]) {
    throw new InvalidInput([
      { path: ['window', 'last'], message: `must be 1 to ${MAX_POINTS[grain]} for ${grain}` },
    ]);
  }
  return { grain, points: last };
}
