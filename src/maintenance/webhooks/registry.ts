/** Webhooks: created, changed and deleted, each with its entry in the audit log. */
import type { WebhookRow, WebhookSettings } from '../../domain/webhook.ts';
import type { Database } from '../../store/database/database.ts';
import {
  createWebhook,
  deleteWebhook,
  findWebhook,
  newSecret,
  updateWebhook,
} from '../../store/webhooks/webhooks.ts';

/** @param onEvents called after every change */
export function createWebhookRegistry(database: Database, onEvents: () => void) {
  async function announced<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    onEvents();
    return result;
  }

  return {
    find: (id: string): Promise<WebhookRow | null> => findWebhook(database, id),
    async create(settings: WebhookSettings, actor: string) {
      const secret = newSecret();
      return { webhook: await announced(createWebhook(database, settings, secret, actor)), secret };
    },
    async update(id: string, settings: WebhookSettings, rotateSecret: boolean, actor: string) {
      const secret = rotateSecret ? newSecret() : null;
      const webhook = await announced(updateWebhook(database, id, settings, secret, actor));
      return webhook && { webhook, secret };
    },
    delete: (id: string, actor: string): Promise<boolean> => announced(deleteWebhook(database, id, actor)),
  };
}
