/** Limits of a job: how many of its tasks may run at the same time, or start in a period, together or by key. */

/** What a limit counts together. */
export const LIMIT_SCOPES = {
  JOB: 'All tasks of the job.',
  ROOM: 'Those of one room.',
  CREATOR: 'Those that one identity has submitted.',
  KEY: 'Those of one key: the limitKey of the submission, or what keyPointer finds in the payload. Tasks without a key are not limited.',
} as const;
export type LimitScope = keyof typeof LIMIT_SCOPES;

/** So many starts in any period of so many seconds. */
export interface Rate {
  count: number;
  perSeconds: number;
}

/** It has either maxRunning or a rate. Stored as it is. */
export interface JobLimit {
  /** Unique among the limits of the job. */
  name: string;
  scope: LimitScope;
  /** Of scope KEY: a JSON Pointer into the payload; null for the limitKey of the submission. */
  keyPointer: string | null;
  maxRunning: number | null;
  rate: Rate | null;
}

export const MOST_LIMITS = 4;
/** The most that maxRunning and the count of a rate can be. */
export const MOST_PASSING = 100_000;
/** The longest period of a rate: a year. */
export const LONGEST_PERIOD_SECONDS = 31_536_000;

/**
 * When tokens of a rate were taken, oldest first: [milliseconds since 1970, how many]. Each comes back when the period
 * has passed since then.
 */
export type Starts = readonly (readonly [at: number, count: number])[];

/** Entries beyond which those of nearly the same time become one, with the later time. */
const MOST_STARTS = 200;
/** Milliseconds that starts are kept beyond the period: a transaction that began earlier may still count them. */
const KEPT_MS = 5_000;

/**
 * The starts as they count now. One that lies in the future by more than transactions can differ was taken before the clock was
 * set back: it counts as of now. Else its token would be away for as long as the clock needs to get there, and a period more.
 * @returns the same list where there is none
 */
export function withoutFuture(starts: Starts, now: number): Starts {
  const isFuture = ([at]: Starts[number]) => at > now + KEPT_MS;
  if (!starts.some(isFuture)) return starts;
  return starts
    .map((start) => (isFuture(start) ? ([now, start[1]] as const) : start))
    .sort(([a], [b]) => a - b);
}

/** Tokens that can be taken; negative where the limit was lowered below what was taken. */
export function tokensLeft(starts: Starts, { count, perSeconds }: Rate, now: number): number {
  return starts.reduce((left, [at, taken]) => (at > now - perSeconds * 1_000 ? left - taken : left), count);
}

/** When there is a token: now, or in how many milliseconds since 1970. */
export function nextToken(starts: Starts, rate: Rate, now: number): number {
  let left = tokensLeft(starts, rate, now);
  const period = rate.perSeconds * 1_000;
  for (const [at, taken] of starts) {
    if (left > 0) break;
    if (at <= now - period) continue;
    left += taken;
    if (left > 0) return at + period;
  }
  return now;
}

/** The starts after so many more tokens were taken. */
export function takeTokens(starts: Starts, { perSeconds }: Rate, taken: number, now: number): Starts {
  const kept = perSeconds * 1_000 + KEPT_MS;
  const all = [...starts.filter(([at]) => at > now - kept), [now, taken] as const].sort(([a], [b]) => a - b);
  return all.length <= MOST_STARTS ? all : coalesce(all, kept / MOST_STARTS);
}

function coalesce(starts: Starts, apart: number): Starts {
  const fewer: [at: number, count: number][] = [];
  let began = Number.NEGATIVE_INFINITY;
  for (const [at, count] of starts) {
    const last = fewer.at(-1);
    if (last && at - began < apart) {
      last[0] = at;
      last[1] += count;
    } else {
      fewer.push([at, count]);
      began = at;
    }
  }
  return fewer;
}
