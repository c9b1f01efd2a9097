/** Removes the tasks of one creator, whatever their status, with all that belongs to them. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { SYSTEM_ACTOR } from '../domain/audit.ts';
import type { RemovalScope, RemovedTasks } from '../store/removal/remove-tasks.ts';
import type { Store } from '../store/store.ts';
import { defineMaintenanceOperation } from './operation.ts';
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

export function removeTasksOfCreatorOperation(store: Store, onRemoved: OnRemoved) {
  return defineMaintenanceOperation({
    name: 'remove_tasks_of_creator',
    description:
      'Removes the tasks that one identity has created, in a room or in all, whatever their status, with history, results and assets. Figures that were rolled up stay.',
    parameters,
    metrics: z.object(removedTasks),
    async runOnce({ room, dryRun, parameters: { createdBy }, progress, signal, warn }) {
      const scope = { room, createdBy };
      if (dryRun) return { ...(await store.countTasksToRemove(scope)) };
      await rollUpAll(store, signal);
      return removeAll(store, scope, { progress, signal, warn, onRemoved });
    },
  });
}

/** Called with rooms of which tasks were removed, also where the removal breaks off. Must not throw. */
export type OnRemoved = (rooms: readonly string[]) => void;

interface Surroundings {
  progress(removed: RemovedTasks & Record<string, number>): Promise<void>;
  signal: AbortSignal;
  warn(message: string): void;
  onRemoved: OnRemoved;
}

/**
 * Removes in batches until none is left that nobody is changing for long.
 * @param leavesFew ends when a batch was not full: whoever goes on submitting would keep it from ever ending
 */
export async function removeAll(
  store: Store,
  scope: RemovalScope,
  { progress, signal, warn, onRemoved }: Surroundings,
  leavesFew = false,
): Promise<RemovedTasks & Record<string, number>> {
  const total = { tasks: 0, unfinished: 0, transitions: 0 };
  const rooms = new Set<string>();
  try {
    await cancelDependedOn(store, scope, signal);
    for (let waited = 0; ; ) {
      signal.throwIfAborted();
      const removed = await store.removeTasks(scope, TASKS_A_BATCH);
      for (const room of removed.rooms) rooms.add(room);
      total.tasks += removed.tasks;
      total.unfinished += removed.unfinished;
      total.transitions += removed.transitions;
      await progress(total);
      if (leavesFew && removed.tasks < TASKS_A_BATCH) return total;
      if (removed.tasks > 0) continue;
      const left = await store.countTasksToRemove(scope);
      if (left.tasks === 0) return total;
      if (++waited > PATIENCE) {
        warn(
          `${left.tasks} tasks are left: others are changing them, go on submitting, or hold the statistics back by a transaction that stays open. Run it again.`,
        );
        return total;
      }
      await setTimeout(PAUSE_MS, undefined, { signal });
      await cancelDependedOn(store, scope, signal);
      await rollUpAll(store, signal);
    }
  } finally {
    // Once, not for each batch: whoever watches reads all of its list again.
    if (rooms.size > 0) onRemoved([...rooms]);
  }
}

/** What others wait for is cancelled first: by that they are settled as they wish, and do not wait for ever. */
async function cancelDependedOn(store: Store, scope: RemovalScope, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const ids = await store.findDependedOn(scope, TASKS_A_BATCH);
    const cancelled = await Promise.all(
      ids.map((taskId) => store.cancelTask({ taskId, actor: SYSTEM_ACTOR, note: 'It is being removed.' })),
    );
    // None: there are none left, or others are ending them.
    if (!cancelled.some(({ kind }) => kind === 'changed')) return;
  }
}
