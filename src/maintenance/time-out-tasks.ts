/** Ends attempts that run longer than their job allows. */
import { isTerminal } from '../domain/transitions.ts';
import type { Store } from '../store/store.ts';
import { inBatches } from './batches.ts';
import type { Routine } from './runner.ts';

// Timeouts are given in seconds, so a sweep's interval would be too coarse.
const INTERVAL_MS = 2_000;

export function timeOutTasks(store: Store): Routine {
  return {
    name: 'time_out_tasks',
    intervalMs: INTERVAL_MS,
    async runOnce() {
      const changes = await inBatches((limit) => store.timeOutTasks(limit));
      const dead = changes.filter(({ transition }) => isTerminal(transition.to)).length;
      return { retried: changes.length - dead, dead_letters: dead };
    },
  };
}
