/**
 * How often bounds hold where it is known how long tasks take: queues are worked off in a time of their own, and what was
 * estimated at some moment is compared with what came. Everything is drawn with seeds: the figures are always the same.
 */
import { describe, expect, it } from 'vitest';
import { durationsOf } from '../../../src/domain/estimates/durations.ts';
import { type EstimateFacts, estimate } from '../../../src/domain/estimates/estimate.ts';
import { createRandom, exponential, type Random } from '../../../src/domain/estimates/random.ts';
import type { Histogram } from '../../../src/domain/histogram.ts';

type Distribution = (random: Random) => number;

const DISTRIBUTIONS: Record<string, Distribution> = {
  constant: () => 2,
  exponential: (random) => 10 * exponential(random),
  bimodal: (random) => (random() < 0.1 ? 60 : 5) * (0.9 + 0.2 * random()),
};

/** As the statistics count it. */
function historyOf(draw: Distribution, runs: number, random: Random): Histogram {
  const histogram: Histogram = {};
  for (let n = 0; n < runs; n++) {
    const cell = Math.max(0, Math.floor(4 * Math.log2(draw(random) * 1_000)));
    histogram[cell] = (histogram[cell] ?? 0) + 1;
  }
  return histogram;
}

interface Queue {
  draw: Distribution;
  slots: number;
  waiting: number;
  runs: number;
}

/** A queue that is worked off since a while; what is estimated for one of its tasks, and what comes. */
function play({ draw, slots, waiting, runs }: Queue, random: Random) {
  const at = random() * 20;
  // When each slot is free, and since when what holds it now does.
  const free = Array.from({ length: slots }, () => 0);
  const since = Array.from({ length: slots }, () => 0);
  const take = () => {
    const first = free.indexOf(Math.min(...free));
    const started = free[first] as number;
    free[first] = started + draw(random);
    since[first] = started;
    return started;
  };
  while (Math.min(...free) <= at) take();
  const held = free.map((_, slot) => ({ jobId: 'j', seconds: at - (since[slot] as number) }));
  const before = Math.floor(random() * waiting);
  for (let n = 0; n < before; n++) take();
  const start = take() - at;
  const end = start + draw(random);
  const facts: EstimateFacts = {
    ...{ jobId: 'j', status: 'PENDING', dueIn: -1, heldFor: null, isPaused: false, before },
    workers: { slots, held, ahead: [{ jobId: 'j', count: before }], coming: [], overtaking: 0 },
    limits: [],
    runs: new Map([['j', durationsOf(historyOf(draw, runs, random))]]),
    waits: undefined,
    historySeconds: 3_600,
  };
  return { said: estimate(facts), start, end };
}

/** Shares of the cases in which it came no later than was said. */
function held(queue: Queue, cases = 250) {
  const random = createRandom(7);
  const counts = { start50: 0, start90: 0, end50: 0, end90: 0 };
  const share = 1 / cases;
  for (let n = 0; n < cases; n++) {
    const { said, start, end } = play(queue, random);
    if (start <= (said?.start?.p50 ?? 0)) counts.start50 += share;
    if (start <= (said?.start?.p90 ?? 0)) counts.start90 += share;
    if (end <= (said?.end?.p50 ?? 0)) counts.end50 += share;
    if (end <= (said?.end?.p90 ?? 0)) counts.end90 += share;
  }
  return counts;
}

const QUEUES = [
  { slots: 1, waiting: 4, runs: 1_000 },
  { slots: 1, waiting: 30, runs: 30 },
  { slots: 4, waiting: 40, runs: 100 },
  { slots: 16, waiting: 1_000, runs: 300 },
];

describe('bounds of estimates', () => {
  for (const [name, draw] of Object.entries(DISTRIBUTIONS)) {
    it.each(QUEUES)(`hold for ${name} durations: $slots slots, $waiting wait, $runs runs known`, (queue) => {
      const shares = held({ ...queue, draw });
      for (const p90 of [shares.start90, shares.end90]) expect(p90).toBeGreaterThanOrEqual(0.85);
      // A histogram does not say where in its cell a constant lies: either all of them come before p50, or none.
      if (name === 'constant') return;
      for (const p90 of [shares.start90, shares.end90]) expect(p90).toBeLessThanOrEqual(0.98);
      for (const p50 of [shares.start50, shares.end50]) {
        expect(p50).toBeGreaterThanOrEqual(0.4);
        expect(p50).toBeLessThanOrEqual(0.65);
      }
    });
  }
});
