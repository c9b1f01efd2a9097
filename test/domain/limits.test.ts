/** Tokens of a rate: in no period are more taken than it says, and each comes back when its period has passed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextToken,
  type Rate,
  type Starts,
  takeTokens,
  tokensLeft,
  withoutFuture,
} from '../../src/domain/limits.ts';

/** Takes as many as there are, up to what is wanted, at each time. @returns every token by the time of its taking */
function takeAll(
  rate: Rate,
  wanted: readonly { at: number; tokens: number }[],
): { taken: number[]; starts: Starts } {
  let starts: Starts = [];
  const taken: number[] = [];
  for (const { at, tokens } of wanted) {
    const count = Math.min(tokens, tokensLeft(starts, rate, at));
    if (count <= 0) continue;
    starts = takeTokens(starts, rate, count, at);
    for (let n = 0; n < count; n++) taken.push(at);
  }
  return { taken, starts };
}

const rates = fc.record({
  count: fc.integer({ min: 1, max: 1_000 }),
  perSeconds: fc.integer({ min: 1, max: 100 }),
});

/** Times that mostly rise: whoever waits for the lock of a gate may have begun a little earlier. */
const times = (rate: Rate) =>
  fc
    .array(
      fc.record({
        after: fc.integer({ min: -1_000, max: Math.ceil((rate.perSeconds * 1_500) / 20) }),
        tokens: fc.integer({ min: 1, max: Math.max(1, Math.ceil(rate.count / 3)) }),
      }),
      { minLength: 1, maxLength: 400, size: 'max' },
    )
    .map((steps) => {
      let now = 1_000_000;
      return steps.map(({ after, tokens }) => {
        const at = Math.max(now + after, 0);
        now = Math.max(now, at);
        return { at, tokens };
      });
    });

const rateAndTimes = rates.chain((rate) => times(rate).map((wanted) => ({ rate, wanted })));

describe('the tokens of a rate', () => {
  it('are never more than it says in any period', () => {
    fc.assert(
      fc.property(rateAndTimes, ({ rate, wanted }) => {
        const taken = takeAll(rate, wanted).taken.sort((a, b) => a - b);
        for (let n = rate.count; n < taken.length; n++) {
          const span = (taken[n] as number) - (taken[n - rate.count] as number);
          expect(span).toBeGreaterThanOrEqual(rate.perSeconds * 1_000);
        }
      }),
    );
  });

  it('come back after the period, or up to three hundredths of it later', () => {
    fc.assert(
      fc.property(rateAndTimes, ({ rate, wanted }) => {
        const { taken, starts } = takeAll(rate, wanted);
        expect(starts.length).toBeLessThanOrEqual(401);
        const last = Math.max(...wanted.map(({ at }) => at));
        const late = rate.perSeconds * 30;
        for (const now of [last, last + rate.perSeconds * 500, last + rate.perSeconds * 1_000 + late]) {
          const out = taken.filter((at) => at > now - rate.perSeconds * 1_000 - late).length;
          expect(tokensLeft(starts, rate, now)).toBeGreaterThanOrEqual(rate.count - out);
        }
        const next = nextToken(starts, rate, last);
        expect(tokensLeft(starts, rate, next)).toBeGreaterThan(0);
        if (next > last) expect(tokensLeft(starts, rate, next - 1)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('count as of now where they lie in the future, since the clock was set back', () => {
    const rate = { count: 1, perSeconds: 60 };
    const starts: Starts = [
      [990_000, 1],
      [4_600_000, 1],
    ];
    const settled = withoutFuture(starts, 1_000_000);
    expect(settled).toEqual([
      [990_000, 1],
      [1_000_000, 1],
    ]);
    expect(nextToken(settled, rate, 1_000_000)).toBe(1_060_000);
    // A transaction that began a little later may have come first.
    const near: Starts = [[1_004_000, 1]];
    expect(withoutFuture(near, 1_000_000)).toBe(near);
  });
});
