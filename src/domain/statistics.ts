/** Statistics: what is counted, and how durations become percentiles. */
import { type Histogram, quantile } from './histogram.ts';
import type { TaskStatus } from './task.ts';

/** Length of one point of a series; hours and days are those of UTC. */
export const STATISTIC_GRAINS = ['MINUTE', 'HOUR', 'DAY'] as const;
export type StatisticGrain = (typeof STATISTIC_GRAINS)[number];

/** Points of a series at most: what is kept of each grain reaches at least that far back. */
export const MAX_POINTS: Readonly<Record<StatisticGrain, number>> = { MINUTE: 360, HOUR: 744, DAY: 366 };

/** Events and durations that are counted for each minute, hour and day. */
export const STATISTIC_MEASURES = [
  'SUBMITTED',
  'COMPLETED',
  'PARTIAL',
  'FAILED',
  'CANCELLED',
  // An attempt came to an end that counts as a failure, whether the task is tried again or not.
  'ATTEMPT_FAILED',
  // From the moment when it could be claimed to the claim.
  'WAIT',
  // From the start of an attempt to its end, whatever the end was.
  'RUN',
] as const;
export type StatisticMeasure = (typeof STATISTIC_MEASURES)[number];

/** How many tasks there are in each status. */
export type StatusCounts = Record<TaskStatus, number>;

/** Which tasks: of these rooms, or of all; of one job, or of all. */
export interface StatisticScope {
  rooms: readonly string[] | null;
  jobId: string | null;
}

/** One counter as it is stored, of a point or of several. */
export interface MeasureTotals {
  measure: StatisticMeasure;
  /** Of WAIT and RUN: the cell of the histogram, see histogram.ts. */
  cell: number;
  count: number;
}

/** In seconds; null when there was nothing to measure. */
export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** What happened in a span of time. */
export interface Activity {
  submitted: number;
  completed: number;
  partial: number;
  failed: number;
  cancelled: number;
  attemptsFailed: number;
  wait: Percentiles | null;
  run: Percentiles | null;
}

/** What the counters of a span come to. */
export function activityOf(tallies: readonly MeasureTotals[]): Activity {
  const sums = new Map<StatisticMeasure, number>();
  for (const { measure, count } of tallies) sums.set(measure, (sums.get(measure) ?? 0) + count);
  const sum = (measure: StatisticMeasure) => sums.get(measure) ?? 0;
  return {
    submitted: sum('SUBMITTED'),
    completed: sum('COMPLETED'),
    partial: sum('PARTIAL'),
    failed: sum('FAILED'),
    cancelled: sum('CANCELLED'),
    attemptsFailed: sum('ATTEMPT_FAILED'),
    wait: percentilesOf(tallies.filter(({ measure }) => measure === 'WAIT')),
    run: percentilesOf(tallies.filter(({ measure }) => measure === 'RUN')),
  };
}

/** Of the tasks that ended by themselves, how many failed: 0 to 1; null when none has ended. */
export function failureRateOf({ completed, partial, failed }: Activity): number | null {
  const ended = completed + partial + failed;
  return ended === 0 ? null : failed / ended;
}

function percentilesOf(tallies: readonly MeasureTotals[]): Percentiles | null {
  const histogram: Histogram = {};
  for (const { cell, count } of tallies) histogram[cell] = (histogram[cell] ?? 0) + count;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => quantile(histogram, part));
  if (p50 == null || p95 == null || p99 == null) return null;
  return { p50: seconds(p50), p95: seconds(p95), p99: seconds(p99) };
}

/** With milliseconds. */
function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
