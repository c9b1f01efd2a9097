/** How many tasks there are in each status, live. One stream for each room (or job, or filter) that somebody looks at. */
import { useEffect, useState } from 'react';
import { CountsStreamDocument, FilteredCountsStreamDocument } from '../api/statistics.ts';
import type {
  CountsStreamSubscription,
  FilteredCountsStreamSubscription,
  TaskFilter,
} from '../generated/graphql.ts';
import { followSubscription } from './follow.ts';

export type Counts = CountsStreamSubscription['statisticsEvents']['counts'];

export function useTaskCounts(room: string | undefined, job?: string, enabled = true): Counts | undefined {
  const [counts, setCounts] = useState<Counts>();
  useEffect(() => {
    setCounts(undefined);
    if (!enabled) return;
    return followSubscription({
      document: CountsStreamDocument,
      variables: { room, job },
      take({ statisticsEvents }) {
        setCounts(statisticsEvents.counts);
      },
    });
  }, [room, job, enabled]);
  return counts;
}

export type FilteredCounts = FilteredCountsStreamSubscription['taskCountEvents'];

/** Of what matches the filter, up to 10,000: the server says where there may be more. */
export function useFilteredCounts(
  room: string | undefined,
  filter: TaskFilter,
  enabled = true,
): FilteredCounts | undefined {
  const [counts, setCounts] = useState<FilteredCounts>();
  const key = JSON.stringify([room, filter]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for room and filter.
  useEffect(() => {
    setCounts(undefined);
    if (!enabled) return;
    return followSubscription({
      document: FilteredCountsStreamDocument,
      variables: { room, filter },
      take({ taskCountEvents }) {
        setCounts(taskCountEvents);
      },
      // A filter that the server refuses: the list says why.
      fail() {},
    });
  }, [key, enabled]);
  return counts;
}

export function countOf(counts: Pick<Counts, 'byStatus'>, status: string): number {
  return counts.byStatus.find((item) => item.status === status)?.count ?? 0;
}
