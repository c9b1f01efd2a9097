/** The part of the store that is about webhooks themselves; delivery-verbs.ts queues what is sent to them. */
import type { WebhookSettings } from '../../domain/webhook.ts';
import type { Database } from '../database/database.ts';
import {
  createWebhook,
  deleteWebhook,
  findDelivery,
  findDispatch,
  findDueReceivers,
  findWebhook,
  recordAttempt,
  updateWebhook,
} from './webhooks.ts';

type Attempt = Parameters<typeof recordAttempt>;

export function webhookVerbs(database: Database) {
  return {
    create: (settings: WebhookSettings, secret: string, actor: string) =>
      createWebhook(database, settings, secret, actor),
    /** Null when there is none. A null secret leaves the present one. */
    update: (id: string, settings: WebhookSettings, secret: string | null, actor: string) =>
      updateWebhook(database, id, settings, secret, actor),
    delete: (id: string, actor: string) => deleteWebhook(database, id, actor),
    find: (id: string) => findWebhook(database, id),
    /** Whether there are webhooks, and events that were not looked at for them. */
    findDispatch: () => findDispatch(database),
    findDueReceivers: (category: string) => findDueReceivers(database, category),
    findDelivery: (id: string) => findDelivery(database, id),
    /** @returns whether it was the failure that switched the webhook off */
    recordAttempt: (id: Attempt[1], status: Attempt[2], attempt: Attempt[3]) =>
      recordAttempt(database, id, status, attempt),
  };
}
