/**
 * What has happened lately, of a room or a job: a read, and the points that move, by a stream. What cannot be put together
 * from points, the percentiles of the whole window, is read again when a point has ended.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useRead } from '../api/read.ts';
import { PointsStreamDocument, StatisticsDocument } from '../api/statistics.ts';
import type { ActivityFragment, StatisticInterval } from '../generated/graphql.ts';
import { followSubscription } from './follow.ts';
import { isEmpty, withPoints } from './points.ts';

export interface StatisticsWindow {
  last: number;
  interval: StatisticInterval;
}

export function useStatistics(
  { room, job }: { room?: string | undefined; job?: string | undefined },
  window: StatisticsWindow,
) {
  const { last, interval } = window;
  const read = useRead(
    'statistics',
    StatisticsDocument,
    { room, job, window: { last, interval } },
    { keep: true },
  );
  const [moving, setMoving] = useState<readonly ActivityFragment[]>([]);
  const again = useRef(read.again);
  again.current = read.again;
  useEffect(() => {
    let read: string | undefined;
    setMoving([]);
    return followSubscription({
      document: PointsStreamDocument,
      variables: { room, job, interval },
      take({ statisticsEvents: { points } }) {
        const now = points.at(-1);
        // Not for a point in which nothing has happened: nothing is asked while nothing happens.
        if (now && now.at !== read && (read === undefined || !isEmpty(now))) {
          if (read !== undefined) again.current();
          read = now.at;
        }
        setMoving(points);
      },
    });
  }, [room, job, interval]);
  const statistics = read.data?.statistics;
  const series = useMemo(() => withPoints(statistics?.series ?? [], moving), [statistics, moving]);
  return { ...read, statistics, series };
}
