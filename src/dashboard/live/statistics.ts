/** What has happened lately, of a room or a job. Read again when the counts change, once a minute at most: never by a clock. */
import { useEffect, useRef } from 'react';
import { useRead } from '../api/read.ts';
import { StatisticsDocument } from '../api/statistics.ts';
import type { StatisticInterval } from '../generated/graphql.ts';
import type { Counts } from './counts.ts';

export interface StatisticsWindow {
  last: number;
  interval: StatisticInterval;
}

const FRESH_MS = 60_000;

export function useStatistics(
  { room, job }: { room?: string | undefined; job?: string | undefined },
  window: StatisticsWindow,
  counts: Counts | undefined,
  enabled = true,
) {
  const read = useRead('statistics', StatisticsDocument, { room, job, window }, { enabled, keep: true });
  const readAt = useRef(0);
  const { data, again } = read;
  // biome-ignore lint/correctness/useExhaustiveDependencies: notes when data has come.
  useEffect(() => {
    readAt.current = Date.now();
  }, [data]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the counts is what is waited for.
  useEffect(() => {
    if (data && Date.now() - readAt.current > FRESH_MS) again();
  }, [counts]);
  return { ...read, statistics: data?.statistics };
}
