/**
 * Counts the slots of limits anew from what workers hold. A difference is a bug of the server: it is repaired, so that
 * nothing waits for ever for a slot that nobody holds, and reported. Rows of idle keys are removed, and so are groups of
 * fair turns that are empty.
 */
import type { ServerLogger } from '../events/logger.ts';
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

const CHECK_LIMITS = 'check_limits';

/** Rows that one look removes at most. */
const GATES_AT_ONCE = 1_000;
const MOST_LOOKS = 100;

export interface CheckLimitsOptions {
  intervalSeconds: number;
  logger: ServerLogger;
}

export function checkLimitsRoutine(store: Store, { intervalSeconds, logger }: CheckLimitsOptions): Routine {
  return {
    name: CHECK_LIMITS,
    intervalMs: intervalSeconds * 1_000,
    async runOnce() {
      const leaks = await store.repairGates();
      for (const leak of leaks) {
        logger.error(
          { ...leak },
          'A limit counted other slots than are held, and was repaired. This is a bug: please report it',
        );
      }
      let removed = await store.removeIdleTurns();
      for (let look = 0; look < MOST_LOOKS; look++) {
        const gone = await store.removeIdleGates();
        removed += gone;
        if (gone < GATES_AT_ONCE) break;
      }
      return { leaks: leaks.length, removed };
    },
  };
}
