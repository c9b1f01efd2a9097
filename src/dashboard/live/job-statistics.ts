/**
 * What each job of a room does. There is no stream of all of them at once, so they are read again when
 * the live counts of the room change: while nothing happens, nothing is asked.
 */
import { JobStatisticsDocument } from '../api/jobs.ts';
import { useRead } from '../api/read.ts';
import type { DashboardJobStatisticsQuery, JobStatisticsOrder } from '../generated/graphql.ts';
import { useViewer } from '../session/session.ts';
import { useTaskCounts } from './counts.ts';
import { useRereadOn } from './reread.ts';
import type { StatisticsWindow } from './statistics.ts';
import { WINDOWS } from './windows.ts';

export type JobStatistics = DashboardJobStatisticsQuery['jobStatistics'][number];

interface JobStatisticsOptions {
  /** Left out: the last hour. */
  window?: StatisticsWindow;
  order?: JobStatisticsOrder;
  first?: number;
}

/** Undefined until they are read, and for those who see none. */
export function useJobStatistics(
  room: string | undefined,
  { window = WINDOWS[0].window, order = 'BACKLOG', first = 100 }: JobStatisticsOptions = {},
): { jobs: readonly JobStatistics[] | undefined; error: unknown } {
  const { role } = useViewer();
  const enabled = role !== 'USER';
  const counts = useTaskCounts(room, undefined, enabled);
  const variables = { room, window, order, first };
  // The counts come first: what is read after them is at least as new.
  const { data, error, again } = useRead('job statistics', JobStatisticsDocument, variables, {
    enabled: counts !== undefined,
    keep: true,
  });
  useRereadOn(counts, again);
  return { jobs: enabled ? data?.jobStatistics : undefined, error };
}
