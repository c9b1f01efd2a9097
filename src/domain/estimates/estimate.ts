/**
 * When a task will run, and when its attempt ends: bounds that hold in half and in nine tenths of all cases. They are
 * those of a number of games: each imagines how long tasks of the jobs take (durations.ts), and plays what goes before
 * the task through the slots of the workers and of every limit that it must pass (lane.ts); the last of these lets it
 * start. What cannot be known is not said, but why.
 */

import { type Rate, type Starts, tokensLeft } from '../limits.ts';
import { present } from '../present.ts';
import type { TaskStatus } from '../task.ts';
import { isTerminal, TRANSITIONS } from '../transitions.ts';
import { type Durations, FEWEST_RUNS, imagine, outlast, type World } from './durations.ts';
import { type Lane, playLane, type Worlds } from './lane.ts';
import { createRandom, exponential, type Random } from './random.ts';

/** Why something is not said. The first that holds is given. */
export const ESTIMATE_UNKNOWN = {
  DEPENDENCY: 'It waits for other tasks.',
  PAUSED: 'Its job is paused, in all rooms or in its own.',
  NO_WORKER: 'No living worker serves its job, or all of them are drained.',
  NO_HISTORY: `Fewer than ${FEWEST_RUNS} attempts of its job have ended in the last 30 days: how long one takes is not known.`,
  FAR_BACK: 'More than 10,000 tasks of its job come before it.',
  OVERTAKEN: 'Tasks of a higher priority come as fast as they are worked off: it may never be its turn.',
} as const;
export type EstimateUnknown = keyof typeof ESTIMATE_UNKNOWN;

/** Tasks before it up to which something is said. */
export const MOST_BEFORE = 10_000;

/** What decides it. All times are in seconds, from now on or until now. */
export interface EstimateFacts {
  jobId: string;
  status: TaskStatus;
  /** Until it can be claimed; negative where it could be before. */
  dueIn: number;
  /** Of the attempt of a worker: since its start, or its claim. */
  heldFor: number | null;
  isPaused: boolean;
  /** Tasks that come before it; more than MOST_BEFORE for more. */
  before: number;
  /** The slots of workers. */
  workers: Lane;
  limits: readonly LimitFacts[];
  /** Of every job that matters; of its own also how long tasks wait for a claim when they are due. */
  runs: ReadonlyMap<string, Durations>;
  waits: Durations | undefined;
  /** How far back its runs were looked at. */
  historySeconds: number;
}

/** A limit that it must pass: slots, or tokens. */
export type LimitFacts =
  | { kind: 'slots'; lane: Lane }
  | { kind: 'rate'; rate: Rate; starts: Starts; now: number; ahead: number };

/** In how many seconds from now. */
export interface Bounds {
  p50: number;
  p90: number;
}

export interface TaskEstimate {
  /** Null where a worker has it, and where it is not known. */
  start: Bounds | null;
  /** Of the attempt. */
  end: Bounds | null;
  unknown: EstimateUnknown | null;
  slots: number;
  historySeconds: number;
}

/** An estimate, and when it was made. Null: the task has ended. */
export interface EstimateNow {
  estimate: TaskEstimate | null;
  at: Date;
}

const GAMES = 128;
const [CLAIMABLE] = TRANSITIONS.claim.from;
const [WAITING] = TRANSITIONS.unblock.from;

/** @returns null for a task that has ended */
export function estimate(facts: EstimateFacts): TaskEstimate | null {
  const { status, runs, jobId } = facts;
  if (isTerminal(status)) return null;
  const about = { slots: facts.workers.slots, historySeconds: facts.historySeconds };
  const hasHistory = isKnown(runs.get(jobId));
  if (facts.heldFor !== null && status !== CLAIMABLE) {
    if (!hasHistory) return { start: null, end: null, unknown: 'NO_HISTORY', ...about };
    return { start: null, end: boundsOf(playEnds(facts, facts.heldFor)), unknown: null, ...about };
  }
  const unknown = whyUnknown(facts, hasHistory);
  if (unknown) return { start: null, end: null, unknown, ...about };
  const games = play(facts);
  const start = boundsOf(games.map(({ start }) => start));
  if (!start) return { start, end: null, unknown: 'OVERTAKEN', ...about };
  if (!hasHistory) return { start, end: null, unknown: 'NO_HISTORY', ...about };
  return { start, end: boundsOf(games.map(({ end }) => end)), unknown: null, ...about };
}

function isKnown(durations: Durations | undefined): durations is Durations {
  return durations !== undefined && durations.runs >= FEWEST_RUNS;
}

function whyUnknown(facts: EstimateFacts, hasHistory: boolean): EstimateUnknown | null {
  if (facts.status === WAITING) return 'DEPENDENCY';
  if (facts.isPaused) return 'PAUSED';
  if (facts.workers.slots === 0) return 'NO_WORKER';
  if (!hasHistory && !isNext(facts)) return 'NO_HISTORY';
  if (facts.before > MOST_BEFORE) return 'FAR_BACK';
  return null;
}

/** Whether it starts as soon as it can be claimed, however long others take. */
function isNext({ before, workers, limits }: EstimateFacts): boolean {
  const isFree = ({ slots, held, ahead }: Lane) =>
    held.length + ahead.reduce((sum, { count }) => sum + count, 0) < slots;
  return (
    before === 0 && isFree(workers) && limits.every((limit) => limit.kind === 'rate' || isFree(limit.lane))
  );
}

/** How many seconds from now on the task gets a worker, and its attempt ends, in each of the games. */
function play(facts: EstimateFacts): { start: number; end: number }[] {
  const { jobId, workers, limits } = facts;
  const notBefore = Math.max(0, facts.dueIn);
  return games((random, worlds, game) => {
    const task = { jobId, notBefore, worlds, random };
    const starts = [playLane(workers, task), notBefore > 0 ? notBefore + usualWait(facts, game, random) : 0];
    for (const limit of limits) {
      starts.push(limit.kind === 'slots' ? playLane(limit.lane, task) : letThrough(limit, random));
    }
    // Of numbers of their own: so that what ends later is what starts later.
    const itself = createRandom(GAMES + game);
    const start = Math.max(...starts, notBefore) + claiming(itself);
    return { start, end: start + (worlds(jobId)?.draw(itself) ?? 0) };
  }, facts);
}

function playEnds(facts: EstimateFacts, heldFor: number): number[] {
  return games((random, worlds) => {
    return worlds(facts.jobId)?.remaining(heldFor, random) ?? outlast(heldFor, random);
  }, facts);
}

function games<Result>(
  game: (random: Random, worlds: Worlds, n: number) => Result,
  { runs }: Pick<EstimateFacts, 'runs'>,
): Result[] {
  return Array.from({ length: GAMES }, (_, n) =>
    game(
      createRandom(n),
      (jobId) => {
        const durations = runs.get(jobId);
        return isKnown(durations) ? worldOf(durations, n) : undefined;
      },
      n,
    ),
  );
}

const worlds = new WeakMap<Durations, World[]>();

/** What the durations are like in a game: the same for all tasks of which they are read together. */
function worldOf(durations: Durations, game: number): World {
  const ofGames = worlds.get(durations) ?? [];
  worlds.set(durations, ofGames);
  ofGames[game] ??= imagine(durations, createRandom(-1 - game));
  return ofGames[game];
}

/** Of what is due later: who will be there then is not known, only how it usually is. */
function usualWait({ waits }: EstimateFacts, game: number, random: Random): number {
  return isKnown(waits) ? worldOf(waits, game).draw(random) : 0;
}

/** Seconds between a slot that is free and the claim of a worker that waits for work. */
function claiming(random: Random): number {
  return 0.02 + 0.05 * exponential(random);
}

type RateFacts = Extract<LimitFacts, { kind: 'rate' }>;

/** When it is let through by a rate: that a token has come back by the passing of time is noticed within a second. */
function letThrough(limit: RateFacts, random: Random): number {
  const seconds = tokenIn(limit);
  return seconds === 0 ? 0 : seconds + random();
}

/** In how many seconds there is a token for it, when those ahead have taken theirs. */
function tokenIn({ rate, starts, now, ahead }: RateFacts): number {
  const left = tokensLeft(starts, rate, now);
  if (ahead < left) return 0;
  // Every token comes back a period after it was taken, and is taken again at once.
  const period = rate.perSeconds;
  const rounds = Math.floor((ahead - left) / rate.count);
  let place = (ahead - left) % rate.count;
  for (const [at, taken] of starts) {
    if (at <= now - period * 1_000) continue;
    place -= taken;
    if (place < 0) return (at - now) / 1_000 + period + rounds * period;
  }
  return (rounds + 1) * period;
}

/** Null where it never comes in more than a tenth of the games. */
function boundsOf(seconds: number[]): Bounds | null {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (part: number) => present(sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length))]);
  const [p50, p90] = [at(0.5), at(0.9)];
  return Number.isFinite(p90) ? { p50: rounded(p50), p90: rounded(p90) } : null;
}

const rounded = (seconds: number) => Math.round(seconds * 1_000) / 1_000;

/** What is estimated, as a sentence for people. */
export function estimateDetail({ start, end, unknown }: TaskEstimate): string {
  const why = unknown ? ESTIMATE_UNKNOWN[unknown] : '';
  if (start && end) return `Starts ${within(start)}; its attempt ends ${within(end)}.`;
  if (start) return `Starts ${within(start)}. ${why}`;
  return end ? `Its attempt ends ${within(end)}.` : why;
}

function within({ p50, p90 }: Bounds): string {
  if (p90 < 1) return 'at once';
  const [about, most] = [roughly(p50), roughly(p90)];
  return about === most ? `in about ${about}` : `in about ${about}, at most ${most}`;
}

const UNITS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
  { unit: 's', seconds: 1 },
] as const;

/** To two digits or so: more would say more than is known. */
function roughly(seconds: number): string {
  if (seconds < 1) return 'a second';
  const { unit, seconds: length } = UNITS.find((one) => seconds >= 2 * one.seconds) ?? UNITS[3];
  return `${Math.round(seconds / length)} ${unit}`;
}
