/**
 * Durations in cells that grow by the fourth root of two: cell c holds 2^(c/4) to 2^((c+1)/4) milliseconds, cell 0 also
 * what is shorter. A quantile read from it is at most 19 % too high, and cells of many hours are simply added.
 */
export const CELLS_PER_DOUBLING = 4;
/** The last cell holds all that is longer: a little over a month. */
export const LAST_CELL = 126;

/** Cell to count. */
export type Histogram = Record<string, number>;

/** The upper end of a cell, in milliseconds. */
function cellEnd(cell: number): number {
  return 2 ** ((cell + 1) / CELLS_PER_DOUBLING);
}

/** The duration, in milliseconds, that the given part (0 to 1) does not exceed; null of an empty histogram. */
export function quantile(histogram: Histogram, part: number): number | null {
  const cells = Object.entries(histogram)
    .map(([cell, count]) => [Number(cell), count] as const)
    .sort(([a], [b]) => a - b);
  const total = cells.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  for (const [cell, count] of cells) {
    below += count;
    if (below >= part * total) return cellEnd(cell);
  }
  return null;
}
