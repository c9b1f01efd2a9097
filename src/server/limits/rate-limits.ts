/**
 * Rate limits: points an hour for each caller, by its tier. Who has no limit is not counted at all; who has one costs
 * one round trip to Redis for each operation, and none once the limit is known to be reached.
 */
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../../domain/access.ts';
import { type Tier, type Tiers, tierOf } from '../../domain/tiers.ts';
import { createLimiter, type Limiter } from './window-counter.ts';

/** How a caller stands after what was counted last. */
export interface RateLimit {
  tier: string;
  /** Points an hour. */
  limit: number;
  remaining: number;
  /** Seconds until all points are there again. */
  reset: number;
}

/** Counts one request of a caller that has a limit. */
export interface Meter {
  /** The refusal of a caller that is known to have no points left; nothing is counted. */
  refusal(): GraphQLError | undefined;
  /** Takes the points of an operation, or refuses it. */
  charge(points: number): Promise<GraphQLError | undefined>;
  /** Takes a point for a request of which no operation was charged: it has cost something, too. */
  settle(): Promise<void>;
  /** As it stands; undefined before anything was counted. */
  readonly state: RateLimit | undefined;
}

export interface RateLimits {
  /**
   * For one request of the caller; undefined when it has no limit.
   * @param report called with how the caller stands whenever something was counted
   */
  meter(viewer: Viewer, report?: (state: RateLimit) => void): Meter | undefined;
}

export interface RateLimitsOptions {
  tiers: Tiers;
  /** Of a MEMBER or USER whose credential names none. */
  defaultTier: string;
  keyPrefix: string;
  /** Gives a connection of ioredis to count in, when there is one; without it the process counts. */
  redis?: (() => object | undefined) | undefined;
  /** Called whenever something was counted. */
  onCounted?: ((viewer: Viewer, state: RateLimit) => void) | undefined;
}

const HOUR_SECONDS = 3_600;
const MAX_EXHAUSTED = 10_000;

export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { tiers, defaultTier, keyPrefix, redis, onCounted } = options;
  const limiters = new Map<string, Limiter>();
  // When the window ends of those who have no points left.
  const exhausted = new LRUCache<string, number>({ max: MAX_EXHAUSTED, ttl: HOUR_SECONDS * 1_000 });

  function limiterOf({ name, points }: Tier): Limiter {
    const present = limiters.get(name);
    if (present) return present;
    const limiter = createLimiter({ points, seconds: HOUR_SECONDS, keyPrefix: `${keyPrefix}${name}`, redis });
    limiters.set(name, limiter);
    return limiter;
  }

  function meterOf(tier: Tier, caller: string, report: (state: RateLimit) => void): Meter {
    const key = `${tier.name} ${caller}`;
    let state: RateLimit | undefined;
    let isCharged = false;

    function reported(remaining: number, reset: number): RateLimit {
      state = { tier: tier.name, limit: tier.points, remaining, reset };
      report(state);
      return state;
    }

    async function take(points: number) {
      isCharged = true;
      const counted = await limiterOf(tier).take(caller, points);
      if (counted.remaining === 0) exhausted.set(key, performance.now() + counted.resetSeconds * 1_000);
      return { isRefused: counted.isRefused, now: reported(counted.remaining, counted.resetSeconds) };
    }

    function refusal(): GraphQLError | undefined {
      const left = (exhausted.get(key) ?? 0) - performance.now();
      if (left <= 0) return undefined;
      isCharged = true;
      return tooManyRequests(reported(0, Math.ceil(left / 1_000)));
    }

    return {
      refusal,
      async charge(points) {
        const known = refusal();
        if (known) return known;
        // More than there ever is: refused for the price of an attempt.
        const isTooLarge = points > tier.points;
        const { isRefused, now } = await take(isTooLarge ? 1 : points);
        return isTooLarge || isRefused ? tooManyRequests(now, points) : undefined;
      },
      async settle() {
        if (!isCharged) await take(1);
      },
      get state() {
        return state;
      },
    };
  }

  return {
    meter(viewer, report = () => {}) {
      const tier = tierOf(viewer, tiers, defaultTier);
      if (!tier) return undefined;
      return meterOf(tier, viewer.id, (state) => {
        onCounted?.(viewer, state);
        report(state);
      });
    },
  };
}

function tooManyRequests({ tier, limit, remaining, reset }: RateLimit, points = 1): GraphQLError {
  const cost = points === 1 ? 'is one too many' : `costs ${points} points, and ${remaining} are left`;
  const wayOut = points > limit ? 'Send it in smaller parts.' : `Try again in ${reset} seconds.`;
  return new GraphQLError(`The tier ${tier} has ${limit} points an hour: this operation ${cost}. ${wayOut}`, {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfterSeconds: reset,
      rateLimit: { tier, limit, remaining, reset },
      http: { status: 429, headers: { 'Retry-After': String(reset) } },
    },
  });
}

/** The state as headers of an answer. */
export function rateLimitHeaders({ limit, remaining, reset }: RateLimit): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(reset),
  };
}
