/**
 * Tokens that were not valid, counted by the address they came from: nobody may guess for long. A guess is counted
 * before it is compared, so that those that come at the same time cannot all be tried. The same wrong token again is no
 * further guess: a worker that goes on with an old token does not bar its neighbours.
 */
import { LRUCache } from 'lru-cache';
import { createLimiter } from '../limits/window-counter.ts';

export interface SignInFailures {
  /** Seconds for which nothing may be guessed from the address any more; 0 when it may. */
  barredSeconds(address: string | undefined): number;
  /** Counts a guess. Undefined, and nothing may be compared, when the address is barred. */
  begin(address: string | undefined, digest: string): Guess | undefined;
}

export interface Guess {
  /** It was no guess: it is not counted any more. */
  right(): void;
  /** It stays counted, and every other server hears of it. Never rejects. */
  wrong(): Promise<void>;
}

export interface SignInFailuresOptions {
  /** Different wrong tokens from one address within a quarter of an hour; 0 for any number. */
  max: number;
  keyPrefix: string;
  /** Gives a connection of ioredis to count in, when there is one; without it the process counts. */
  redis?: (() => object | undefined) | undefined;
}

const WINDOW_SECONDS = 900;
const MAX_KEPT = 10_000;
const UNCOUNTED: Guess = { right: () => {}, wrong: async () => {} };

/** What is known here of one address, so that nobody is asked before a sign-in. */
interface Window {
  guesses: number;
  /** When it ends, on the clock of performance.now(). */
  until: number;
  /** Whether no guess is left, here or on all servers together. */
  isOver: boolean;
}

export function createSignInFailures({ max, keyPrefix, redis }: SignInFailuresOptions): SignInFailures {
  if (max === 0) return { barredSeconds: () => 0, begin: () => UNCOUNTED };
  const limiter = createLimiter({ points: max, seconds: WINDOW_SECONDS, keyPrefix, redis });
  const kept = { max: MAX_KEPT, ttl: WINDOW_SECONDS * 1_000 };
  const wrongBefore = new LRUCache<string, true>(kept);
  const windows = new LRUCache<string, Window>(kept);

  function windowOf(address: string): Window {
    const present = windows.get(address);
    if (present && present.until > performance.now()) return present;
    const window = { guesses: 0, until: performance.now() + WINDOW_SECONDS * 1_000, isOver: false };
    windows.set(address, window);
    return window;
  }

  function barredSeconds(address: string | undefined): number {
    const window = address === undefined ? undefined : windows.get(address);
    if (!window || !(window.isOver || window.guesses >= max)) return 0;
    return Math.max(0, Math.ceil((window.until - performance.now()) / 1_000));
  }

  return {
    barredSeconds,
    begin(address, digest) {
      if (barredSeconds(address) > 0) return undefined;
      const name = `${address} ${digest}`;
      if (address === undefined || wrongBefore.has(name)) return UNCOUNTED;
      const window = windowOf(address);
      window.guesses++;
      return {
        right() {
          window.guesses--;
        },
        async wrong() {
          wrongBefore.set(name, true);
          const { remaining, resetSeconds } = await limiter.take(address, 1);
          if (remaining > 0) return;
          window.isOver = true;
          window.until = performance.now() + resetSeconds * 1_000;
        },
      };
    },
  };
}
