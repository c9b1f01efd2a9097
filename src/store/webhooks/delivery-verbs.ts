/** Deliveries of webhooks with the tasks that deliver them: both or none. */

import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import { present } from '../../domain/present.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { TaskChange } from '../../domain/task.ts';
import type { DeliveryRow } from '../../domain/webhook.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import type { JobRow } from '../jobs/jobs.ts';
import { registerJobWithin } from '../jobs/register.ts';
import type { JobRegistration } from '../jobs/registration.ts';
import { submitTasks } from '../tasks/submit/submit.ts';
import { findDeliveryRow, listDeliveries, renewDelivery } from './deliveries.ts';
import { makeDeliveries, makeTestDelivery, type NewDelivery } from './webhooks.ts';

const EVENTS_AT_ONCE = 500;

/** The internal job whose tasks are the deliveries of the webhook: each has its own, so that none waits for another. */
export type JobOfWebhook = (webhookId: string) => JobRegistration;

export function webhookDeliveryVerbs(
  database: Database,
  published: (changes: readonly TaskChange[]) => void,
) {
  /** Registered with the deliveries, since a job without work retires. */
  async function jobsOf(
    session: DatabaseSession,
    deliveries: readonly NewDelivery[],
    jobOf: JobOfWebhook,
  ): Promise<Map<string, JobRow>> {
    const jobs = new Map<string, JobRow>();
    // In one order, so that two servers never wait for each other crosswise.
    for (const id of [...new Set(deliveries.map(({ webhookId }) => webhookId))].sort()) {
      const result = await registerJobWithin(session, jobOf(id));
      if (result.kind === 'conflict') throw new Error('The internal job of a webhook has another schema.');
      jobs.set(id, result.job);
    }
    return jobs;
  }

  async function queue(
    session: DatabaseSession,
    deliveries: readonly NewDelivery[],
    jobOf: JobOfWebhook,
  ): Promise<TaskChange[]> {
    if (deliveries.length === 0) return [];
    const jobs = await jobsOf(session, deliveries, jobOf);
    const results = await submitTasks(
      session,
      deliveries.map(({ id, webhookId }) => ({
        ...versionOf(present(jobs.get(webhookId))),
        ...{ room: INTERNAL_ROOM, payload: { deliveryId: id } },
        ...{ priority: 0, runAt: null, labels: {} },
        ...{ idempotencyKey: null, correlationId: null, entityType: null, entityId: null },
        createdBy: SYSTEM_ACTOR,
      })),
    );
    return results.map((result) => {
      // Rolled back with the deliveries: they are made again.
      if (result.kind !== 'created') throw new Error('The internal job of a webhook has changed.');
      return result.change;
    });
  }

  return {
    /** Makes and queues the deliveries of the next events. */
    async dispatchEvents(jobOf: JobOfWebhook): Promise<{ events: number; made: number }> {
      const { events, made, changes } = await database.transaction(async (session) => {
        const { events, made } = await makeDeliveries(session, EVENTS_AT_ONCE);
        return { events, made: made.length, changes: await queue(session, made, jobOf) };
      });
      published(changes);
      return { events, made };
    },
    /** Queues a test delivery. @returns its id, or null when there is no such webhook */
    async testWebhook(jobOf: JobOfWebhook, webhookId: string, actor: string): Promise<string | null> {
      const { id, changes } = await database.transaction(async (session) => {
        const id = await makeTestDelivery(session, webhookId, actor);
        return { id, changes: await queue(session, id ? [{ id, webhookId }] : [], jobOf) };
      });
      published(changes);
      return id;
    },
    listDeliveries: (webhookId: string, limit: number) => listDeliveries(database, webhookId, limit),
    /**
     * Queues a delivery that has ended once more; one that is still to be sent stays as it is.
     * @returns the delivery as it is now, or null when there is none
     */
    async redeliver(jobOf: JobOfWebhook, id: string): Promise<DeliveryRow | null> {
      const { row, changes } = await database.transaction(async (session) => {
        const renewed = await renewDelivery(session, id);
        const changes = await queue(session, renewed ? [renewed] : [], jobOf);
        return { row: renewed ?? (await findDeliveryRow(session, id)), changes };
      });
      published(changes);
      return row;
    },
  };
}

function versionOf({ id, schemaVersion }: JobRow): { jobId: string; schemaVersion: number } {
  return { jobId: id, schemaVersion };
}
