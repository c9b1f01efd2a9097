/** Hides jobs that nobody serves and that have no work, and brings back those that have. */
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

export function retireJobs(store: Store, options: { intervalSeconds: number; idleSeconds: number }): Routine {
  return {
    name: 'retire_jobs',
    intervalMs: options.intervalSeconds * 1_000,
    async runOnce() {
      const { retired, returned } = await store.retireJobs(options.idleSeconds);
      return { retired, returned };
    },
  };
}
