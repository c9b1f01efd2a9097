/** The part of the store that is about statistics. */
import type { StatisticGrain, StatisticScope } from '../../domain/statistics.ts';
import type { Database } from '../database/database.ts';
import { rollUpStatistics, trimStatistics } from './roll-up-statistics.ts';
import { countTasks, findOldestPending, readActivity } from './statistics.ts';

export function statisticVerbs(database: Database) {
  return {
    countTasks: (scope: StatisticScope) => countTasks(database, scope),
    readActivity: (scope: StatisticScope, series: { grain: StatisticGrain; points: number }) =>
      readActivity(database, scope, series),
    findOldestPending: (scope: StatisticScope) => findOldestPending(database, scope),
    rollUpStatistics: (limit: number) => rollUpStatistics(database, limit),
    trimStatistics: (limit: number) => trimStatistics(database, limit),
  };
}
