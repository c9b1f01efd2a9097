/** Hides jobs that nobody serves and that have no work, and brings back those that have. */
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { defineMaintenanceOperation } from './operation.ts';

const metrics = z.object({
  retired: z.int().describe('Jobs that were hidden.'),
  returned: z.int().describe('Retired jobs that have a worker or work again.'),
});

export function retireJobsOperation(store: Store, options: { intervalSeconds: number; idleSeconds: number }) {
  return defineMaintenanceOperation({
    name: 'retire_jobs',
    description:
      'Hides jobs that nobody has served and that had no unfinished task for a while; their history stays.',
    parameters: z.object({
      idleSeconds: z
        .int()
        .min(0)
        .max(31_536_000)
        .default(options.idleSeconds)
        .describe('Seconds without a living worker and an unfinished task; 0: no job is hidden.'),
    }),
    metrics,
    automatic: { intervalMs: options.intervalSeconds * 1_000 },
    runOnce: ({ room, dryRun, parameters: { idleSeconds } }) =>
      dryRun ? store.countIdleJobs(idleSeconds, room) : store.retireJobs(idleSeconds, room),
  });
}
