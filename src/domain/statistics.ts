/** Statistics: what is counted, and how durations become percentiles. */

import { groupBy } from './group-by.ts';
import { type Histogram, quantile } from './histogram.ts';
import { present } from './present.ts';
import { TASK_STATUSES, type TaskStatus } from './task.ts';

/** Length of one point of a series; hours and days are those of UTC. */
export const STATISTIC_GRAINS = ['MINUTE', 'HOUR', 'DAY'] as const;
export type StatisticGrain = (typeof STATISTIC_GRAINS)[number];

/** Days for which errors are counted: no series of them reaches further back. */
export const ERRORS_KEPT_DAYS = 60;

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

/** A count of 0 for every status. */
export function noTasks(): StatusCounts {
  return Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as StatusCounts;
}

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

/** What happened in one day; what did not happen is left out. */
export interface DayCounts {
  /** YYYY-MM-DD, in UTC. */
  day: string;
  counts: Partial<Record<Exclude<StatisticMeasure, 'WAIT' | 'RUN'>, number>>;
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

/** Orders of jobs in `jobStatistics`: the most first. */
export const JOB_STATISTICS_ORDERS = ['BACKLOG', 'FAILURES', 'THROUGHPUT', 'RUN_P95'] as const;
export type JobStatisticsOrder = (typeof JOB_STATISTICS_ORDERS)[number];

/** What a window is made of. */
export interface Series {
  grain: StatisticGrain;
  /** How many minutes, hours or days, the present one included. */
  points: number;
}

/** What happened in a span of time. */
export interface Span {
  at: Date;
  seconds: number;
  activity: Activity;
}

/** Activity that the counters of a span come to. @internal */
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

const SECONDS: Record<StatisticGrain, number> = { MINUTE: 60, HOUR: 3_600, DAY: 86_400 };

/** Milliseconds of a minute, an hour or a day. */
export function millisecondsOf(grain: StatisticGrain): number {
  return SECONDS[grain] * 1_000;
}

/** Every span of the window up to now, those included in which nothing happened. */
export function spansOf(
  { grain, points }: Series,
  now: Date,
  tallies: readonly ({ at: Date } & MeasureTotals)[],
): Span[] {
  const byTime = groupBy(tallies, ({ at }) => at.getTime());
  return boundsOf({ grain, points }, now).map(({ at, seconds }) => ({
    ...{ at, seconds },
    activity: activityOf(byTime.get(at.getTime()) ?? []),
  }));
}

/** The window as one span. */
export function wholeOf(series: Series, now: Date, tallies: readonly MeasureTotals[]): Span {
  const bounds = boundsOf(series, now);
  return {
    at: present(bounds[0]).at,
    seconds: bounds.reduce((sum, { seconds }) => sum + seconds, 0),
    activity: activityOf(tallies),
  };
}

/** How often something happened in each point of the window. @param counts by the time when the point began */
export function countsOf(series: Series, now: Date, counts: ReadonlyMap<number, number>): number[] {
  return boundsOf(series, now).map(({ at }) => counts.get(at.getTime()) ?? 0);
}

function boundsOf({ grain, points }: Series, now: Date): { at: Date; seconds: number }[] {
  const step = millisecondsOf(grain);
  const last = Math.floor(now.getTime() / step) * step;
  return Array.from({ length: points }, (_, index) => {
    const at = last - (points - 1 - index) * step;
    return { at: new Date(at), seconds: (Math.min(at + step, now.getTime()) - at) / 1_000 };
  });
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
