/** The part of the store that is about statistics. */
import type { ErrorKind } from '../../domain/error-fingerprint.ts';
import type { JobStatisticsOrder, MeasureTotals, Series, StatisticScope } from '../../domain/statistics.ts';
import type { Database } from '../database/database.ts';
import type { RoomSet } from '../log/log.ts';
import { countOpenDeadLetters, findErrorGroups } from './error-groups.ts';
import { findOldestPendingOfJobs, rankJobs, readJobActivity } from './job-statistics.ts';
import { countNotRolledUp, rollUpStatistics, trimStatistics } from './roll-up-statistics.ts';
import { countDay, countTasks, findOldestPending, readActivity } from './statistics.ts';

/** The tasks of these jobs in these rooms, over a window. */
export interface JobsInWindow {
  rooms: RoomSet;
  jobIds: readonly string[];
  series: Series;
}

export function statisticVerbs(database: Database) {
  return {
    countTasks: (scope: StatisticScope) => countTasks(database, scope),
    readActivity: (scope: StatisticScope, series: Series) => readActivity(database, scope, series),
    findOldestPending: (scope: StatisticScope) => findOldestPending(database, scope),
    rankJobs: (rooms: RoomSet, wanted: { series: Series; order: JobStatisticsOrder; limit: number }) =>
      rankJobs(database, rooms, wanted),
    /** What has happened to the tasks of each job in the window. */
    readJobActivity: (jobs: JobsInWindow) => readJobActivity(database, jobs, 'window'),
    /** The same for each point of the window. */
    readJobSeries: (jobs: JobsInWindow): Promise<({ jobId: string; at: Date } & MeasureTotals)[]> =>
      readJobActivity<{ at: Date }>(database, jobs, 'point'),
    findOldestPendingOfJobs: (rooms: RoomSet, jobIds: readonly string[]) =>
      findOldestPendingOfJobs(database, rooms, jobIds),
    findErrorGroups: (scope: StatisticScope, series: Series, limit: number) =>
      findErrorGroups(database, scope, series, limit),
    countOpenDeadLetters: (rooms: RoomSet, kinds: readonly ErrorKind[]) =>
      countOpenDeadLetters(database, rooms, kinds),
    countDay: (wanted: { room: string | null; day: string | null }) => countDay(database, wanted),
    rollUpStatistics: (limit: number, options?: { wait?: boolean }) =>
      rollUpStatistics(database, limit, options),
    countNotRolledUp: () => countNotRolledUp(database),
    trimStatistics: (limit: number) => trimStatistics(database, limit),
  };
}
