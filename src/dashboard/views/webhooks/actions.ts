/** What can be done to a webhook, with what became of it said aloud. */
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { reread } from '../../api/read.ts';
import {
  DeleteWebhookDocument,
  type DeliveryRow,
  RedeliverDocument,
  TestWebhookDocument,
  UpdateWebhookDocument,
  type WebhookRow,
} from '../../api/webhooks.ts';
import { announceOutcome } from '../../frame/announce.tsx';

/** What lists and pages of webhooks read. */
export const WEBHOOK_KEYS = ['webhooks'] as const;

async function attempt(act: () => Promise<string>): Promise<boolean> {
  const isDone = await announceOutcome(act);
  for (const key of WEBHOOK_KEYS) reread(key);
  return isDone;
}

export function testWebhook({ id }: WebhookRow): Promise<boolean> {
  return attempt(async () => {
    successOf((await request(TestWebhookDocument, { id })).testWebhook, 'TestWebhookSuccess');
    return 'A test is on its way: see its deliveries.';
  });
}

/** Sends a delivery once more, as it was. */
export function redeliver({ id }: DeliveryRow): Promise<boolean> {
  return attempt(async () => {
    const { redeliverWebhook } = await request(RedeliverDocument, { deliveryId: id });
    successOf(redeliverWebhook, 'RedeliverWebhookSuccess');
    return 'It is sent once more.';
  });
}

export function setEnabled({ id }: WebhookRow, enabled: boolean): Promise<boolean> {
  return attempt(async () => {
    const { updateWebhook } = await request(UpdateWebhookDocument, { input: { id, enabled } });
    successOf(updateWebhook, 'UpdateWebhookSuccess');
    return enabled ? 'It is on: events from now on are sent.' : 'It is off: nothing is sent.';
  });
}

export function deleteWebhook({ id }: WebhookRow): Promise<boolean> {
  return attempt(async () => {
    successOf((await request(DeleteWebhookDocument, { id })).deleteWebhook, 'DeleteWebhookSuccess');
    return 'Deleted the webhook.';
  });
}

/** Makes a new secret in place of the present one, and returns it. */
export async function rotateSecret({ id }: WebhookRow): Promise<string | undefined> {
  const { updateWebhook } = await request(UpdateWebhookDocument, { input: { id, rotateSecret: true } });
  return successOf(updateWebhook, 'UpdateWebhookSuccess').secret ?? undefined;
}
