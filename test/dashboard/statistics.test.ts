/** A series that is kept up to date by the points that move. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivityFragment } from '../../src/dashboard/generated/graphql.ts';
import { withPoints } from '../../src/dashboard/live/points.ts';

const point = (minute: number, submitted: number) =>
  ({ at: new Date(minute * 60_000).toISOString(), submitted }) as ActivityFragment;
const submitted = (series: readonly ActivityFragment[]) => series.map((one) => one.submitted);

describe('points over a series', () => {
  it('take the places of their times', () => {
    expect(submitted(withPoints([point(1, 5), point(2, 6)], [point(1, 7), point(2, 8)]))).toEqual([7, 8]);
  });

  it('move the window where they are newer', () => {
    expect(submitted(withPoints([point(1, 5), point(2, 6)], [point(2, 8), point(3, 1)]))).toEqual([8, 1]);
  });

  it('leave a series alone that was not read yet', () => {
    expect(withPoints([], [point(1, 1)])).toEqual([]);
  });

  it('keep its length and its order, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 2 }),
        (length, from, count) => {
          const series = Array.from({ length }, (_, at) => point(at, 0));
          const moved = withPoints(
            series,
            Array.from({ length: count }, (_, at) => point(from + at, 1)),
          );
          expect(moved).toHaveLength(length);
          expect(moved.map(({ at }) => at)).toEqual(moved.map(({ at }) => at).toSorted());
        },
      ),
    );
  });
});
