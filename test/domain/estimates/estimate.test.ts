import { describe, expect, it } from 'vitest';
import { durationsOf } from '../../../src/domain/estimates/durations.ts';
import {
  type Bounds,
  type EstimateFacts,
  estimate,
  estimateDetail,
} from '../../../src/domain/estimates/estimate.ts';

/** Runs of 4 to 16 s. */
const RUNS = durationsOf({ 48: 40, 50: 40, 52: 40, 54: 20 });

function factsOf(more: Partial<EstimateFacts> = {}, slots = 2, busy = 0): EstimateFacts {
  const { before = 0 } = more;
  return {
    ...{ jobId: 'j', status: 'PENDING', dueIn: -1, heldFor: null, isPaused: false, before },
    workers: {
      slots,
      held: Array.from({ length: busy }, () => ({ jobId: 'j', seconds: 0 })),
      ahead: [{ jobId: 'j', count: before }],
      ...{ coming: [], overtaking: 0 },
    },
    ...{ limits: [], runs: new Map([['j', RUNS]]), waits: undefined, historySeconds: 3_600 },
    ...more,
  };
}

/** Bounds that must be there. */
function boundsOf(facts: EstimateFacts, what: 'start' | 'end' = 'start'): Bounds {
  const bounds = estimate(facts)?.[what];
  if (!bounds) throw new Error(`No ${what} is estimated`);
  expect(bounds.p90).toBeGreaterThanOrEqual(bounds.p50);
  return bounds;
}

describe('an estimate', () => {
  it('starts at once where a slot is free and nothing comes before it', () => {
    expect(boundsOf(factsOf()).p90).toBeLessThan(0.3);
    expect(boundsOf(factsOf(), 'end').p50).toBeGreaterThan(4);
    expect(boundsOf(factsOf(), 'end').p90).toBeLessThan(25);
  });

  it('is later the more come before it, and never later for more workers', () => {
    let last: Bounds = { p50: -1, p90: -1 };
    for (const before of [0, 1, 2, 5, 10, 40, 120, 130, 400, 5_000]) {
      const bounds = boundsOf(factsOf({ before }, 2, 2));
      expect(bounds.p50).toBeGreaterThan(last.p50);
      expect(bounds.p90).toBeGreaterThan(last.p90);
      last = bounds;
      for (const more of [3, 8, 31, 40, 200]) {
        const helped = boundsOf(factsOf({ before }, more, 2));
        expect(helped.p50).toBeLessThanOrEqual(bounds.p50);
        expect(helped.p90).toBeLessThanOrEqual(bounds.p90);
      }
    }
  });

  it('goes on smoothly from queues that are played to those that are summed up', () => {
    const [played, summed] = [
      boundsOf(factsOf({ before: 128 }, 4, 4)),
      boundsOf(factsOf({ before: 132 }, 4, 4)),
    ];
    expect(summed.p50 / played.p50).toBeCloseTo(132 / 128, 1);
    expect(summed.p90 / played.p90).toBeCloseTo(132 / 128, 1);
  });

  it('of an attempt under way is what is left of it; of one longer than any, as long again', () => {
    const held = (heldFor: number) => factsOf({ status: 'RUNNING', heldFor });
    expect(estimate(held(1))?.start).toBeNull();
    expect(boundsOf(held(10), 'end').p50).toBeLessThan(boundsOf(held(1), 'end').p50);
    const { p50, p90 } = boundsOf(held(10_000), 'end');
    expect(p50).toBeGreaterThan(3_000);
    expect(p90).toBeGreaterThan(20_000);
  });

  it('is not before the time of one that is due later, nor before what will be due by then', () => {
    expect(boundsOf(factsOf({ dueIn: 600 })).p50).toBeGreaterThanOrEqual(600);
    const among = (coming: number[]) => {
      const facts = factsOf({ dueIn: 600 });
      return boundsOf({ ...facts, workers: { ...facts.workers, coming } });
    };
    expect(among([10, 20]).p90).toBeLessThan(601);
    expect(among(Array(20).fill(600)).p50).toBeGreaterThan(640);
  });

  it('waits for the slots of the tightest limit', () => {
    const one = { slots: 1, held: [{ jobId: 'j', seconds: 0 }], coming: [], overtaking: 0 };
    const limited = factsOf({
      limits: [{ kind: 'slots', lane: { ...one, ahead: [{ jobId: 'j', count: 3 }] } }],
    });
    expect(boundsOf(limited).p50).toBeGreaterThan(20);
    expect(boundsOf(factsOf()).p50).toBeLessThan(1);
  });

  it('counts the tokens of a rate, of those that are back and of those that come back', () => {
    const rated = (ahead: number) =>
      boundsOf(
        factsOf({
          limits: [
            { kind: 'rate', rate: { count: 3, perSeconds: 60 }, starts: [[40_000, 2]], now: 50_000, ahead },
          ],
        }),
      ).p50;
    // One is left; two come back at 100,000; then the first again. Each is noticed within a second.
    expect(rated(0)).toBeLessThan(0.2);
    expect(Math.floor(rated(1))).toBe(50);
    expect(Math.floor(rated(2))).toBe(50);
    expect(Math.floor(rated(3))).toBe(60);
    expect(Math.floor(rated(4))).toBe(110);
    expect(Math.floor(rated(6))).toBe(120);
  });

  it('is later where tasks of a higher priority come, and unknown where they take all slots', () => {
    const overtaken = (overtaking: number) => {
      const facts = factsOf({ before: 20 }, 2, 2);
      return { ...facts, workers: { ...facts.workers, overtaking } };
    };
    expect(boundsOf(overtaken(0.1)).p50).toBeGreaterThan(boundsOf(overtaken(0)).p50);
    expect(estimate(overtaken(5))).toMatchObject({ start: null, end: null, unknown: 'OVERTAKEN' });
  });

  it('is wider the less is known', () => {
    const few = durationsOf({ 48: 4, 50: 4, 52: 4, 54: 2 });
    const spread = ({ p50, p90 }: Bounds) => p90 / p50;
    const known = spread(boundsOf(factsOf({ before: 50 }, 2, 2)));
    const unknown = spread(boundsOf(factsOf({ before: 50, runs: new Map([['j', few]]) }, 2, 2)));
    expect(unknown).toBeGreaterThan(known);
  });

  it('says why it knows nothing, or not all', () => {
    const none = { runs: new Map([['j', durationsOf({ 40: 9 })]]) };
    const unknownOf = (facts: EstimateFacts) => estimate(facts)?.unknown;
    expect(unknownOf(factsOf({ status: 'WAITING' }))).toBe('DEPENDENCY');
    expect(unknownOf(factsOf({ isPaused: true }))).toBe('PAUSED');
    expect(unknownOf(factsOf({}, 0))).toBe('NO_WORKER');
    expect(unknownOf(factsOf({ before: 10_001 }))).toBe('FAR_BACK');
    expect(estimate(factsOf(none))).toMatchObject({ start: {}, end: null, unknown: 'NO_HISTORY' });
    expect(estimate(factsOf({ ...none, before: 1 }, 1))).toMatchObject({
      start: null,
      unknown: 'NO_HISTORY',
    });
    expect(estimate(factsOf({ ...none, status: 'RUNNING', heldFor: 3 }))?.unknown).toBe('NO_HISTORY');
    expect(estimate(factsOf({ status: 'COMPLETED' }))).toBeNull();
  });

  it('is a sentence for people', () => {
    const about = { unknown: null, slots: 1, historySeconds: 3_600 };
    const within = { start: { p50: 40.2, p90: 181 }, end: { p50: 100, p90: 10_000 } };
    expect(estimateDetail({ ...within, ...about })).toBe(
      'Starts in about 40 s, at most 3 min; its attempt ends in about 100 s, at most 3 h.',
    );
    expect(estimateDetail({ ...about, start: null, end: { p50: 5, p90: 5.2 } })).toBe(
      'Its attempt ends in about 5 s.',
    );
    expect(estimateDetail({ ...about, start: null, end: null, unknown: 'PAUSED' })).toBe(
      'Its job is paused, in all rooms or in its own.',
    );
    expect(
      estimateDetail({ ...about, start: { p50: 0, p90: 0.1 }, end: null, unknown: 'NO_HISTORY' }),
    ).toMatch(/^Starts at once\. Fewer than 10/);
  });
});
