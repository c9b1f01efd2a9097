/** Cancels on where the statement that has ended a task had to stop: among many that depend on each other. */
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

const INTERVAL_MS = 2_000;
/** Steps of one look; the next one goes on. */
const MOST_STEPS = 100;

export function continueCascadesRoutine(store: Store): Routine {
  return {
    name: 'continue_cascades',
    intervalMs: INTERVAL_MS,
    async runOnce() {
      let settled = 0;
      for (let step = 0; step < MOST_STEPS; step++) {
        const count = await store.continueCascades();
        if (count === null) break;
        settled += count;
      }
      return { settled };
    },
  };
}
