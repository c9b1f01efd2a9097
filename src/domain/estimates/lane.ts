/**
 * A lane: what one kind of slot lets through, those of workers or those of a limit, one task after the other. When the
 * last task of a lane gets a slot is played out, in one world of durations: those that hold slots end, and each slot
 * that is free takes the next one.
 */
import { outlast, type World } from './durations.ts';
import { exponential, normal, type Random } from './random.ts';

export interface Lane {
  slots: number;
  /** What holds slots now: of which job, and for how many seconds. */
  held: readonly { jobId: string; seconds: number }[];
  /** How many tasks of which job get slots before, and can have them now. */
  ahead: readonly { jobId: string; count: number }[];
  /** In how many seconds others come that get slots before, as far as that is known; sorted. */
  coming: readonly number[];
  /** How many come in a second of which that is not known. */
  overtaking: number;
}

/** Tasks that are played one by one at most; of more only the sum of their durations is taken. */
const ONE_BY_ONE = 128;
/** Slots that are played at most: many more behave like these, each of which is faster. */
const MOST_SLOTS = 32;
/** Tasks that overtake it; of more, only how much they take is looked at. */
const MANY = 128;
/** Seconds that pass, on average, between the end of one task in a slot and the claim of the next. */
const TURNAROUND = 0.02;

/** Durations of every job that matters; undefined where nothing is known. */
export type Worlds = (jobId: string) => World | undefined;

/**
 * In how many seconds the task gets a slot; Infinity where others overtake it for ever.
 * @param jobId its own: what comes before it unforeseen is taken to be of it, and what is unknown to be like it
 * @param notBefore seconds until it can be claimed at all
 */
export function playLane(
  lane: Lane,
  { jobId, notBefore, worlds, random }: { jobId: string; notBefore: number; worlds: Worlds; random: Random },
): number {
  const own = worlds(jobId);
  const crowd = Math.max(1, lane.slots / MOST_SLOTS);
  const ends = endsOf(lane, Math.max(1, Math.round(lane.slots / crowd)), worlds, random);
  const parts = lane.ahead.filter(({ count }) => count > 0);
  const count = parts.reduce((sum, part) => sum + part.count, 0) / crowd;
  const mix = mixOf(parts, worlds);
  const free =
    count <= ONE_BY_ONE
      ? () => playOneByOne(ends, Math.round(count), mix.draw, random)
      : () => playTheSum(ends, count, mix, random);
  const start = Math.max(free(), notBefore);
  return own
    ? overtaken(start, ends, { ...lane, overtaking: lane.overtaking / crowd, notBefore }, own, random)
    : start;
}

/** The start, moved by what comes before it is reached and gets slots first. */
function overtaken(
  start: number,
  ends: Float64Array,
  { coming, overtaking: rate, notBefore }: Pick<Lane, 'coming' | 'overtaking'> & { notBefore: number },
  own: World,
  random: Random,
): number {
  if (rate * start > MANY) return overtakenByMany(start, ends.length, rate, own, random);
  let now = start;
  let known = 0;
  let unknown = rate > 0 ? exponential(random) / rate : Number.POSITIVE_INFINITY;
  for (let late = 0; late < 4 * MANY; late++) {
    const next = coming[known] ?? Number.POSITIVE_INFINITY;
    const at = Math.min(next, unknown);
    if (at > now) return now;
    if (next <= unknown) known++;
    else unknown += exponential(random) / rate;
    takeSlot(ends, at, own.draw(random) + turnaround(random));
    now = Math.max(notBefore, freeAt(ends));
  }
  return Number.POSITIVE_INFINITY;
}

/** The same for many: they take their share of the slots all the time. */
function overtakenByMany(start: number, slots: number, rate: number, own: World, random: Random): number {
  const share = (rate * (own.mean + TURNAROUND)) / slots;
  if (share >= 1) return Number.POSITIVE_INFINITY;
  const mean = start / (1 - share);
  const spread = Math.sqrt(rate * mean * (own.variance + own.mean ** 2)) / (slots * (1 - share));
  return Math.max(start, mean + spread * normal(random));
}

function turnaround(random: Random): number {
  return TURNAROUND * exponential(random);
}

/** When each of the slots is free. More can be held than there are, of a limit that was lowered. */
function endsOf({ held, slots }: Lane, count: number, worlds: Worlds, random: Random): Float64Array {
  // Of many, as many as stand for them: every n-th.
  const step = slots > count ? slots / count : 1;
  const busy: number[] = [];
  for (let n = 0; n < held.length; n += step) {
    const { jobId, seconds } = held[Math.floor(n)] as Lane['held'][number];
    const left = worlds(jobId)?.remaining(seconds, random) ?? outlast(seconds, random);
    busy.push(left + turnaround(random));
  }
  busy.sort((a, b) => a - b);
  const ends = new Float64Array(count);
  const excess = Math.max(0, busy.length - count);
  busy.slice(excess).forEach((end, n) => {
    ends[n] = end;
  });
  return ends;
}

interface Mix {
  mean: number;
  variance: number;
  draw(random: Random): number;
}

/** Tasks of several jobs as if they were of one. */
function mixOf(parts: Lane['ahead'], worlds: Worlds): Mix {
  const known = parts.flatMap(({ jobId, count }) => {
    const world = worlds(jobId);
    return world ? [{ world, count }] : [];
  });
  const total = known.reduce((sum, { count }) => sum + count, 0) || 1;
  const mean = known.reduce((sum, { world, count }) => sum + (world.mean * count) / total, 0);
  const square = known.reduce(
    (sum, { world, count }) => sum + ((world.variance + world.mean ** 2) * count) / total,
    0,
  );
  return {
    mean,
    variance: Math.max(0, square - mean ** 2),
    draw(random) {
      let left = known.length > 1 ? random() * total : 0;
      const part = known.find(({ count }) => {
        left -= count;
        return left < 0;
      });
      return (part ?? known.at(-1))?.world.draw(random) ?? 0;
    },
  };
}

/** @returns when a slot is free for the next one after so many */
function playOneByOne(ends: Float64Array, count: number, draw: Mix['draw'], random: Random): number {
  for (let n = 0; n < count; n++) takeSlot(ends, 0, draw(random) + turnaround(random));
  return freeAt(ends);
}

/**
 * The same for many: all work is shared by the slots, but that of a long queue the last one of each slot is still under
 * way, by what is left of it on average.
 */
function playTheSum(ends: Float64Array, count: number, { mean, variance }: Mix, random: Random): number {
  const work = count * (mean + TURNAROUND) + Math.sqrt(count * variance) * normal(random);
  const underWay = ((ends.length - 1) * (variance + mean ** 2)) / (2 * (mean + TURNAROUND));
  const before = ends.reduce((sum, end) => sum + end, 0);
  const start = Math.max(0, before + work - underWay) / ends.length;
  ends.fill(start + underWay / Math.max(1, ends.length - 1));
  ends[0] = start;
  return start;
}

/** The slot that is free first takes a task that comes then. */
function takeSlot(ends: Float64Array, at: number, seconds: number): void {
  const first = firstOf(ends);
  ends[first] = Math.max(ends[first] as number, at) + seconds;
}

function freeAt(ends: Float64Array): number {
  return ends[firstOf(ends)] as number;
}

function firstOf(ends: Float64Array): number {
  let first = 0;
  for (let n = 1; n < ends.length; n++) if ((ends[n] as number) < (ends[first] as number)) first = n;
  return first;
}
