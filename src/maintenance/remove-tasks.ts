/** Removes the tasks of one creator, whatever their status, with all that belongs to them. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { RemovalScope, RemovedTasks } from '../store/removal/remove-tasks.ts';
import type { Store } from '../store/store.ts';
import { defineOperation } from './operation.ts';
import { rollUpAll } from './roll-up-statistics.ts';

const TASKS_A_BATCH = 1_000;
/** How long, and how often, tasks are come back to that others are changing. */
const PAUSE_MS = 200;
const PATIENCE = 50;

const parameters = z.object({
  createdBy: z
    .string()
    .min(1)
    .max(256)
    .describe('The identity that created the tasks, as in their createdBy.'),
});

export const removedTasks = {
  tasks: z.int().describe('Tasks with their payloads, results and assets.'),
  unfinished: z
    .int()
    .describe('Of these, those that had not ended; workers hear of it with their next report.'),
  transitions: z.int().describe('Rows of the log that went with their tasks.'),
};

export function removeTasksOfCreator(store: Store) {
  return defineOperation({
    name: 'remove_tasks_of_creator',
    description:
      'Removes the tasks that one identity has created, in a room or in all, whatever their status, with history, results and assets. Figures that were rolled up stay.',
    parameters,
    metrics: z.object(removedTasks),
    async runOnce({ room, dryRun, parameters: { createdBy }, progress, signal, warn }) {
      const scope = { room, createdBy };
      if (dryRun) return { ...(await store.countTasksToRemove(scope)) };
      await rollUpAll(store, signal);
      return removeAll(store, scope, { progress, signal, warn });
    },
  });
}

interface Surroundings {
  progress(removed: RemovedTasks & Record<string, number>): Promise<void>;
  signal: AbortSignal;
  warn(message: string): void;
}

/** Removes in batches until none is left that nobody is changing for long. */
export async function removeAll(
  store: Store,
  scope: RemovalScope,
  { progress, signal, warn }: Surroundings,
): Promise<RemovedTasks & Record<string, number>> {
  const total = { tasks: 0, unfinished: 0, transitions: 0 };
  for (let waited = 0; ; ) {
    signal.throwIfAborted();
    const removed = await store.removeTasks(scope, TASKS_A_BATCH);
    total.tasks += removed.tasks;
    total.unfinished += removed.unfinished;
    total.transitions += removed.transitions;
    await progress(total);
    if (removed.tasks > 0) continue;
    const left = await store.countTasksToRemove(scope);
    if (left.tasks === 0) return total;
    if (++waited > PATIENCE) {
      warn(`${left.tasks} tasks are left: others are changing them, or go on submitting. Run it again.`);
      return total;
    }
    await setTimeout(PAUSE_MS, undefined, { signal });
  }
}
