/** How callers that have a rate limit stand, after what this server counted last. */
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../../domain/access.ts';

/** Points of an hour. */
export interface RateLimitState {
  limit: number;
  remaining: number;
  resetAt: Date;
}

export interface RateLimitStates {
  note(viewer: Viewer, state: { limit: number; remaining: number; reset: number }): void;
  /** Null for a caller of which nothing was counted within the last hour. */
  of(viewer: Viewer): RateLimitState | null;
}

const CALLERS_KEPT = 10_000;

export function createRateLimitStates(): RateLimitStates {
  const states = new LRUCache<string, RateLimitState>({ max: CALLERS_KEPT });
  const keyOf = ({ id, role, tier = '' }: Viewer) => JSON.stringify([id, role, tier]);
  return {
    note(viewer, { limit, remaining, reset }) {
      states.set(keyOf(viewer), { limit, remaining, resetAt: new Date(Date.now() + reset * 1_000) });
    },
    of(viewer) {
      const state = states.get(keyOf(viewer));
      return state && state.resetAt.getTime() > Date.now() ? state : null;
    },
  };
}
