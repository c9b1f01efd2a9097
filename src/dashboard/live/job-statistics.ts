/**
 * What each job of a room does. There is no stream of all of them at once, so the live counts of the room tell when they
 * are read again: while nothing happens, nothing is asked.
 */
import { useEffect, useRef } from 'react';
import { JobStatisticsDocument } from '../api/jobs.ts';
import { useRead } from '../api/read.ts';
import type { DashboardJobStatisticsQuery, JobStatisticsOrder } from '../generated/graphql.ts';
import { useViewer } from '../session/session.ts';
import { useCounts } from './counts.ts';

export type JobStatistics = DashboardJobStatisticsQuery['jobStatistics'][number];

/** Milliseconds between two reads at least. Whoever has points to spend spends one a minute. */
const APART_MS = { free: 4_000, counted: 60_000 };

/** Undefined until they are read, and for those who see none. */
export function useJobStatistics(
  room: string | undefined,
  { order = 'BACKLOG', first = 100 }: { order?: JobStatisticsOrder; first?: number } = {},
): { jobs: readonly JobStatistics[] | undefined; error: unknown } {
  const { role, rateLimit } = useViewer();
  const enabled = role !== 'USER';
  const counts = useCounts(room, undefined, enabled);
  const variables = { room, order, first };
  // The counts come first: what is read after them is at least as new.
  const { data, error, again } = useRead('job statistics', JobStatisticsDocument, variables, {
    enabled: counts !== undefined,
    keep: true,
  });
  const readAt = useRef<number>(undefined);
  const latest = useRef(again);
  latest.current = again;
  const apart = rateLimit ? APART_MS.counted : APART_MS.free;
  useEffect(() => {
    if (counts === undefined) readAt.current = undefined;
    else if (readAt.current === undefined) readAt.current = Date.now();
    else {
      const due = () => {
        readAt.current = Date.now();
        latest.current();
      };
      const timer = setTimeout(due, Math.max(0, readAt.current + apart - Date.now()));
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [counts, apart]);
  return { jobs: enabled ? data?.jobStatistics : undefined, error };
}
