/**
 * Tokens that were not valid, counted by the address they came from: nobody may guess for long. The same wrong token
 * again is no further guess: a worker that goes on with an old token does not bar its neighbours.
 */
import { LRUCache } from 'lru-cache';
import { createLimiter } from '../limits/window-counter.ts';

export interface SignInFailures {
  /** Seconds for which nothing is to be guessed from the address any more; 0 when it may. */
  barredSeconds(address: string | undefined): number;
  /** Notes a token that was not valid. Never rejects. */
  note(address: string | undefined, digest: string): Promise<void>;
}

export interface SignInFailuresOptions {
  /** Different wrong tokens from one address within a quarter of an hour; 0 for any number. */
  max: number;
  keyPrefix: string;
  /** Gives a connection of ioredis to count in, when there is one; without it the process counts. */
  redis?: () => object | undefined;
}

const WINDOW_SECONDS = 900;
const MAX_KEPT = 10_000;

export function createSignInFailures({ max, keyPrefix, redis }: SignInFailuresOptions): SignInFailures {
  if (max === 0) return { barredSeconds: () => 0, note: async () => {} };
  const limiter = createLimiter({ points: max, seconds: WINDOW_SECONDS, keyPrefix, redis });
  const noted = new LRUCache<string, true>({ max: MAX_KEPT, ttl: WINDOW_SECONDS * 1_000 });
  // Known here, so that nobody is asked before every sign-in; another server hears of it with its first failure.
  const barredUntil = new LRUCache<string, number>({ max: MAX_KEPT, ttl: WINDOW_SECONDS * 1_000 });

  return {
    barredSeconds(address) {
      const until = address === undefined ? undefined : barredUntil.get(address);
      return until === undefined ? 0 : Math.max(0, Math.ceil((until - performance.now()) / 1_000));
    },
    async note(address, digest) {
      const guess = `${address} ${digest}`;
      if (address === undefined || noted.has(guess)) return;
      noted.set(guess, true);
      const { remaining, resetSeconds } = await limiter.take(address, 1);
      if (remaining === 0) barredUntil.set(address, performance.now() + resetSeconds * 1_000);
    },
  };
}
