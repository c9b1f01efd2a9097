/** Statistics: what is counted, and how durations become percentiles. */
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
export interface Tally {
  measure: StatisticMeasure;
  /** Of WAIT and RUN: the cell of the histogram. */
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

/**
 * Cells of the histogram for each doubling of the time: a cell is 9 % wide, so a percentile is 4.5 % off at most.
 * Cell n holds from 2^(n/8) to 2^((n+1)/8) milliseconds; cell 0 also what is shorter.
 */
export const CELLS_A_DOUBLING = 8;

/** What the counters of a span come to. */
export function activityOf(tallies: readonly Tally[]): Activity {
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

function percentilesOf(tallies: readonly Tally[]): Percentiles | null {
  const cells = new Map<number, number>();
  for (const { cell, count } of tallies) cells.set(cell, (cells.get(cell) ?? 0) + count);
  const sorted = [...cells].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const at = (share: number) => {
    let left = Math.ceil(total * share);
    for (const [cell, count] of sorted) {
      left -= count;
      if (left <= 0) return secondsOf(cell);
    }
    throw new Error('The cells hold less than their sum'); // never: the share is at most all
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** The middle of a cell, in seconds with milliseconds. */
function secondsOf(cell: number): number {
  return Math.round(2 ** ((cell + 0.5) / CELLS_A_DOUBLING)) / 1_000;
}
