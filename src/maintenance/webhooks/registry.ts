/** Webhooks: created, changed and deleted, each with its entry in the audit log. */
import { randomBytes } from 'node:crypto';
import type { WebhookRow, WebhookSettings } from '../../domain/webhook.ts';
import type { Store } from '../../store/store.ts';

/** @param onEvents called after every change */
export function createWebhookRegistry({ webhooks }: Store, onEvents: () => void) {
  async function announced<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    onEvents();
    return result;
  }

  return {
    find: (id: string): Promise<WebhookRow | null> => webhooks.find(id),
    async create(settings: WebhookSettings, actor: string) {
      const secret = newSecret();
      return { webhook: await announced(webhooks.create(settings, secret, actor)), secret };
    },
    async update(id: string, settings: WebhookSettings, rotateSecret: boolean, actor: string) {
      const secret = rotateSecret ? newSecret() : null;
      const webhook = await announced(webhooks.update(id, settings, secret, actor));
      return webhook && { webhook, secret };
    },
    delete: (id: string, actor: string): Promise<boolean> => announced(webhooks.delete(id, actor)),
  };
}

/** A new secret, as Standard Webhooks writes it. @internal */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
