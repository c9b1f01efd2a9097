/** Takes tasks from workers that were lost, and forgets workers that have been gone for a day. */
import type { TransitionChange } from '../domain/task.ts';
import { TRANSITIONS } from '../domain/transitions.ts';
import type { Store } from '../store/store.ts';
import { inBatches } from './batches.ts';
import type { Routine } from './runner.ts';

const FORGOTTEN_AFTER_SECONDS = 86_400;

export function sweepWorkers(store: Store, intervalSeconds: number): Routine {
  return {
    name: 'sweep_workers',
    intervalMs: intervalSeconds * 1_000,
    async runOnce() {
      const changes = await inBatches((limit) => store.rescueTasks(limit));
      return {
        released: changes.filter(wasOnlyClaimed).length,
        failed_attempts: changes.filter((change) => !wasOnlyClaimed(change)).length,
        forgotten_workers: await store.forgetWorkers(FORGOTTEN_AFTER_SECONDS),
      };
    },
  };
}

function wasOnlyClaimed({ transition }: TransitionChange): boolean {
  return transition.from === TRANSITIONS.loseClaimed.from[0];
}
