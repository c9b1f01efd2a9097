/**
 * Removes a room with all that belongs to it. In this order, so that nothing comes back: what submits to it by itself, its
 * tasks, its jobs, the tasks that were being submitted meanwhile, what is known of it besides.
 */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { GLOBAL_ROOM } from '../domain/rooms.ts';
import type { Store } from '../store/store.ts';
import { defineMaintenanceOperation, OperationSkipped } from './operation.ts';
import { type OnRemoved, removeAll, removedTasks } from './remove-tasks.ts';

const EVENTS_A_BATCH = 5_000;
const PAUSE_MS = 100;
/** Times that transactions of before are waited for. */
const PATIENCE = 300;

const metrics = z.object({
  ...removedTasks,
  schedules: z.int(),
  jobs: z.int().describe('Jobs with the versions of their schemas.'),
  webhooks: z.int().describe('Webhooks of this room alone, with their deliveries.'),
  pauses: z.int().describe('Pauses of jobs of other rooms in this one.'),
  views: z.int().describe('Saved views that are about the room.'),
  events: z.int().describe('Entries of the audit log but for those of operations.'),
  statistics: z.int().describe('Rows of statistics.'),
});

export function removeRoomOperation(store: Store, onRemoved: OnRemoved) {
  return defineMaintenanceOperation({
    name: 'remove_room',
    description:
      'Removes a room with all that belongs to it: tasks whatever their status, with history, results and assets; jobs, schedules, webhooks, pauses, saved views, statistics, entries of the audit log. What operations have done stays on record.',
    parameters: z.object({}),
    metrics,
    needsRoom: true,
    async runOnce({ room, dryRun, progress, signal, warn }) {
      if (room === null || room === GLOBAL_ROOM) {
        throw new OperationSkipped('@global is no room that can be removed: every room runs its jobs.');
      }
      const scope = { room, createdBy: null };
      const { api_keys: keys, ...rows } = await store.countRoomRows(room);
      if (keys > 0) {
        warn(
          `API keys that name the room: ${keys}. Whoever uses one can bring the room back; revoke those that nobody needs.`,
        );
      }
      const found = { ...rows, ...(await store.countTasksToRemove(scope)) };
      if (keys === 0 && Object.values(found).every((count) => count === 0)) {
        warn('Nothing of this room was found. Is its name right?');
      }
      if (dryRun) return found;
      const schedules = await store.deleteSchedulesOf(room);
      const before = await removeAll(store, scope, { progress, signal, warn, onRemoved }, true);
      const { count: jobs, xid } = await store.deleteJobsOf(room);
      await settled(store, xid, { signal, warn });
      const late = await removeAll(store, scope, { progress: async () => {}, signal, warn, onRemoved });
      const webhooks = await store.deleteWebhooksOf(room);
      const pauses = await store.deletePausesOf(room);
      const views = await store.deleteViewsOf(room);
      let events = 0;
      for (let deleted = EVENTS_A_BATCH; deleted === EVENTS_A_BATCH; events += deleted) {
        signal.throwIfAborted();
        deleted = await store.deleteEventsOf(room, EVENTS_A_BATCH);
      }
      return {
        tasks: before.tasks + late.tasks,
        unfinished: before.unfinished + late.unfinished,
        transitions: before.transitions + late.transitions,
        ...{ schedules, jobs, webhooks, pauses, views, events },
        statistics: await store.deleteStatisticsOf(room),
      };
    },
  });
}

/** Waits for submissions that had seen the jobs before they were gone. */
async function settled(
  store: Store,
  xid: string,
  { signal, warn }: { signal: AbortSignal; warn(message: string): void },
): Promise<void> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    if (await store.hasSettled(xid)) return;
    await setTimeout(PAUSE_MS, undefined, { signal });
  }
  warn('A transaction that began before stays open: what it submits to the room is left. Run it again.');
}
