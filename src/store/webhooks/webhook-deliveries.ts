/** Deliveries of webhooks with the tasks that deliver them: both or none. */
import { SYSTEM_ACTOR } from '../../domain/events.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { TaskChange } from '../../domain/task.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { submitTasks } from '../tasks/submit.ts';
import { makeDeliveries, makeTestDelivery } from './webhooks.ts';

const EVENTS_AT_ONCE = 500;

export function webhookVerbs(database: Database, published: (changes: readonly TaskChange[]) => void) {
  async function queue(
    session: DatabaseSession,
    jobId: string,
    ids: readonly string[],
  ): Promise<TaskChange[]> {
    if (ids.length === 0) return [];
    const results = await submitTasks(
      session,
      ids.map((deliveryId) => ({
        ...{ jobId, room: INTERNAL_ROOM, payload: { deliveryId }, priority: 0, runAt: null, labels: {} },
        ...{ idempotencyKey: null, correlationId: null, entityType: null, entityId: null },
        createdBy: SYSTEM_ACTOR,
      })),
    );
    return results.map((result) => {
      // Rolled back with the deliveries: they are made when the job is there again.
      if (result.kind !== 'created') throw new Error('The internal job that delivers webhooks is retired.');
      return result.change;
    });
  }

  return {
    /** Makes and queues the deliveries of the next events. */
    async dispatchEvents(jobId: string): Promise<{ events: number; made: number }> {
      const { events, made, changes } = await database.transaction(async (session) => {
        const { events, ids } = await makeDeliveries(session, EVENTS_AT_ONCE);
        return { events, made: ids.length, changes: await queue(session, jobId, ids) };
      });
      published(changes);
      return { events, made };
    },
    /** Queues a test delivery. @returns its id, or null when there is no such webhook */
    async testWebhook(jobId: string, webhookId: string, actor: string): Promise<string | null> {
      const { id, changes } = await database.transaction(async (session) => {
        const id = await makeTestDelivery(session, webhookId, actor);
        return { id, changes: await queue(session, jobId, id ? [id] : []) };
      });
      published(changes);
      return id;
    },
  };
}
