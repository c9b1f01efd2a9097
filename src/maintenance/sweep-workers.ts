/** Takes tasks from workers that were lost, and forgets workers that have been gone for a day. */
import { z } from 'zod';
import type { TaskStatus } from '../domain/task.ts';
import { TRANSITIONS } from '../domain/transitions.ts';
import type { Store } from '../store/store.ts';
import { eachBatch } from './batches.ts';
import { defineMaintenanceOperation } from './operation.ts';

const FORGOTTEN_AFTER_SECONDS = 86_400;

const metrics = z.object({
  released: z.int().describe('Tasks that were only claimed, and went back uncounted.'),
  failed_attempts: z.int().describe('Tasks that were running: the attempt has failed.'),
  lost_workers: z.int().describe('Workers that were lost since the last sweep.'),
  forgotten_workers: z.int().describe('Workers that were gone for a day and are forgotten.'),
});

/** Names of workers that are forgotten at a time. */
const NAMES_AT_ONCE = 1_000;

export interface SweepOptions {
  intervalSeconds: number;
  /** Days that the name of a worker is kept when it is gone: as long as tasks may refer to it. */
  nameDays: number;
}

export function sweepWorkersOperation(store: Store, { intervalSeconds, nameDays }: SweepOptions) {
  return defineMaintenanceOperation({
    name: 'sweep_workers',
    description:
      'Takes tasks from workers that were lost, and forgets workers that have been gone for a day. For one room: only its tasks.',
    parameters: z.object({}),
    metrics,
    automatic: { intervalMs: intervalSeconds * 1_000 },
    async runOnce({ room, dryRun, progress, signal }) {
      const counts = { released: 0, failed_attempts: 0, lost_workers: 0, forgotten_workers: 0 };
      if (dryRun) {
        for (const { from, count } of await store.countLostTasks(room)) counts[taken(from)] += count;
      } else {
        await eachBatch(signal, async (limit) => {
          const changes = await store.rescueTasks(limit, room);
          for (const { transition } of changes) counts[taken(transition.from)]++;
          await progress(counts);
          return changes.length;
        });
      }
      // A worker belongs to no room.
      if (room !== null) return counts;
      counts.lost_workers = await (dryRun ? store.countLostWorkers() : store.noteLostWorkers());
      counts.forgotten_workers = dryRun
        ? await store.countSilentWorkers(FORGOTTEN_AFTER_SECONDS)
        : await store.forgetWorkers(FORGOTTEN_AFTER_SECONDS);
      if (!dryRun) await store.forgetWorkerNames(nameDays * 86_400, NAMES_AT_ONCE);
      return counts;
    },
  });
}

function taken(from: TaskStatus | null): 'released' | 'failed_attempts' {
  return from === TRANSITIONS.loseClaimed.from[0] ? 'released' : 'failed_attempts';
}
