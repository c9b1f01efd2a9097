/**
 * Durations as they were measured, and as they may really be. A histogram of a few runs does not say how things are: each
 * draw of a world (`imagine`) weighs its cells anew, as the Bayesian bootstrap does, takes for each cell one place within
 * it, and holds for possible that the next run lasts longer than any so far. So bounds over many worlds are wide where
 * little is known, and what all tasks of a queue have in common does not average out.
 */

import { CELLS_PER_DOUBLING, type Histogram } from '../histogram.ts';
import { present } from '../present.ts';
import { exponential, gamma, type Random } from './random.ts';

/** Runs below which nothing is said. */
export const FEWEST_RUNS = 10;

export interface Durations {
  /** How many were measured. */
  runs: number;
  /** In the order of their length. */
  cells: readonly (readonly [cell: number, count: number])[];
}

export function durationsOf(histogram: Histogram): Durations {
  const cells = Object.entries(histogram)
    .map(([cell, count]) => [Number(cell), count] as const)
    .sort(([a], [b]) => a - b);
  return { cells, runs: cells.reduce((sum, [, count]) => sum + count, 0) };
}

/** One way how durations may be. All in seconds. */
export interface World {
  readonly mean: number;
  readonly variance: number;
  /** How long the next one takes. */
  draw(random: Random): number;
  /** How long one goes on that has taken so long. */
  remaining(elapsed: number, random: Random): number;
}

const secondsAt = (cell: number) => 2 ** (cell / CELLS_PER_DOUBLING) / 1_000;

/** @param durations at least one */
export function imagine({ cells, runs }: Durations, random: Random): World {
  const values = new Float64Array(cells.length + 1);
  const upTo = new Float64Array(cells.length + 1);
  const scale = Math.min(1, 1_000 / runs);
  let total = 0;
  let sum = 0;
  let squares = 0;
  const put = (n: number, value: number, weight: number) => {
    values[n] = value;
    total += weight;
    upTo[n] = total;
    sum += weight * value;
    squares += weight * value * value;
  };
  cells.forEach(([cell, count], n) => {
    // Where few durations share a cell they lie all over it; of many it may be that all are the same.
    const blur = Math.min(1, 2 * Math.sqrt(count / runs));
    const place = 0.5 + (random() - 0.5) * blur;
    // Cell 0 also has what is shorter.
    const value = cell === 0 ? place * secondsAt(1) : secondsAt(cell + place);
    // Of more than a thousand runs no more is believed than of a thousand: they are not all alike.
    const weight = count * scale;
    const shape = Math.max(1, Math.round(weight));
    put(n, value, (gamma(shape, random) * weight) / shape);
  });
  const longest = secondsAt((cells.at(-1)?.[0] ?? 0) + 1);
  put(cells.length, longest * (1 + exponential(random) / 4), exponential(random) / 2);
  const mean = sum / total;
  const at = (share: number) => present(values[firstAbove(upTo, share * total)]);
  return {
    mean,
    variance: Math.max(0, squares / total - mean * mean),
    draw: (random) => at(random()),
    remaining(elapsed, random) {
      let past = 0;
      while (past < values.length && present(values[past]) <= elapsed) past++;
      if (past === values.length) return outlast(elapsed, random);
      const before = past === 0 ? 0 : present(upTo[past - 1]) / total;
      return at(before + random() * (1 - before)) - elapsed;
    },
  };
}

/** What has lasted so long, and of which nothing else is known, lasts as long again in half of all cases. */
export function outlast(elapsed: number, random: Random): number {
  return Math.max(0.1, elapsed) * (1 / (1 - random()) - 1);
}

/** The index of the first number above `limit`; they grow, and the last one is taken where none is. */
function firstAbove(numbers: Float64Array, limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (present(numbers[middle]) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
