/** Counts points against a limit within a window: shared by all servers through Redis where there is one. */
import { LRUCache } from 'lru-cache';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';

export interface LimiterOptions {
  /** Points in one window. */
  points: number;
  /** Seconds from the first point to the end of the window. */
  seconds: number;
  /** Put before every key. */
  keyPrefix: string;
  /** Gives a connection of ioredis to count in, when there is one; without it the process counts. */
  redis?: (() => object | undefined) | undefined;
}

export interface Counted {
  isRefused: boolean;
  /** Points left in the window. */
  remaining: number;
  /** Seconds to the end of the window, rounded up. */
  resetSeconds: number;
}

export interface Limiter {
  /** Takes the points if they are left, and none otherwise. One round trip to Redis, a second one when refused. */
  take(key: string, points: number): Promise<Counted>;
}

// Who is forgotten beyond it begins anew.
const MAX_KEYS = 100_000;

export function createLimiter({ points, seconds, keyPrefix, redis }: LimiterOptions): Limiter {
  const memory = new RateLimiterMemory({ points, duration: seconds, keyPrefix });
  const keys = new LRUCache<string, true>({
    max: MAX_KEYS,
    noDisposeOnSet: true,
    dispose: (_value, key) => void memory.delete(key),
  });
  let shared: RateLimiterAbstract | undefined;

  function limiter(): RateLimiterAbstract {
    const storeClient = shared ? undefined : redis?.();
    if (storeClient) {
      shared = new RateLimiterRedis({
        storeClient,
        points,
        duration: seconds,
        keyPrefix,
        // While Redis is away each server counts for itself.
        insuranceLimiter: memory,
        rejectIfRedisNotReady: true,
      });
    }
    return shared ?? memory;
  }

  return {
    async take(key, cost) {
      keys.set(key, true);
      try {
        return toCounted(await limiter().consume(key, cost), false);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        // It was counted nevertheless: what is too much now must not use up what is left for less.
        return toCounted(await limiter().reward(key, cost), true);
      }
    },
  };
}

function toCounted({ remainingPoints, msBeforeNext }: RateLimiterRes, isRefused: boolean): Counted {
  return {
    isRefused,
    remaining: remainingPoints,
    resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
  };
}
