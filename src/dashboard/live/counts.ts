/** How many tasks there are in each status, live. One stream for each room (or job) that somebody looks at. */
import { useEffect, useState } from 'react';
import { CountsStreamDocument } from '../api/statistics.ts';
import type { CountsStreamSubscription } from '../generated/graphql.ts';
import { follow } from './follow.ts';

export type Counts = CountsStreamSubscription['statisticsEvents']['counts'];

export function useCounts(room: string | undefined, job?: string, enabled = true): Counts | undefined {
  const [counts, setCounts] = useState<Counts>();
  useEffect(() => {
    setCounts(undefined);
    if (!enabled) return;
    return follow({
      document: CountsStreamDocument,
      variables: { room, job },
      take({ statisticsEvents }) {
        setCounts(statisticsEvents.counts);
      },
    });
  }, [room, job, enabled]);
  return counts;
}

export function countOf(counts: Counts, status: string): number {
  return counts.byStatus.find((item) => item.status === status)?.count ?? 0;
}
