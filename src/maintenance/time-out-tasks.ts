/** Ends attempts that run longer than their job allows. */
import { isTerminal } from '../domain/transitions.ts';
import type { Store } from '../store/store.ts';
import { eachBatch } from './batches.ts';
import type { Routine } from './runner.ts';

// Timeouts are given in seconds, so a sweep's interval would be too coarse.
const INTERVAL_MS = 2_000;

export function timeOutTasksRoutine(store: Store): Routine {
  return {
    name: 'time_out_tasks',
    intervalMs: INTERVAL_MS,
    async runOnce() {
      const counts = { retried: 0, dead_letters: 0 };
      await eachBatch(undefined, async (limit) => {
        const changes = await store.timeOutTasks(limit);
        for (const { transition } of changes)
          counts[isTerminal(transition.to) ? 'dead_letters' : 'retried']++;
        return changes.length;
      });
      return counts;
    },
  };
}
