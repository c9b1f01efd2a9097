/** Deliveries of webhooks, live, and sent once more by hand. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

const DELIVERY = 'id type status attempts responseCode error';
const EVENTS = `subscription ($id: ID!) { webhookDeliveryEvents(webhookId: $id) {
  __typename ... on WebhookDeliveriesSnapshot { deliveries { ${DELIVERY} } }
  ... on WebhookDeliveryChanged { delivery { ${DELIVERY} } } ... on WebhookDeliveryGone { deliveryId }
} }`;
const TEST = `mutation ($id: ID!) { testWebhook(id: $id) { ... on TestWebhookSuccess { deliveryId } } }`;
const AGAIN = `mutation ($id: ID!) { redeliverWebhook(input: { deliveryId: $id }) {
  __typename ... on RedeliverWebhookSuccess { delivery { ${DELIVERY} } } } }`;

let app: TestApp;
let admin: Caller;
let answer = 200;
const received: (string | undefined)[] = [];
const receiver = createServer((request, response) => {
  received.push(request.headers['webhook-id'] as string | undefined);
  request.resume();
  response.writeHead(answer).end('heard');
});

beforeAll(async () => {
  const { db } = await createTestDatabase('pglite');
  app = await startApp({ database: db, webhookAllowPrivate: true });
  admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await app?.stop();
  receiver.close();
});

async function newWebhook(): Promise<string> {
  const { port } = receiver.address() as { port: number };
  const webhook = await admin.newWebhook({ url: `http://127.0.0.1:${port}`, types: ['OPERATION_SKIPPED'] });
  return webhook.id;
}

type Stream = ReturnType<Caller['subscribe']>;

/** The next change after which the delivery is as expected. */
async function until(stream: Stream, status: string, attempts: number) {
  for (;;) {
    const event = await stream.event();
    expect(event.__typename).toBe('WebhookDeliveryChanged');
    if (event.delivery.status === status && event.delivery.attempts === attempts) return event.delivery;
  }
}

describe('deliveries of a webhook', () => {
  it('come live: first as they are, then as they are made and attempted', async () => {
    const id = await newWebhook();
    const stream = admin.subscribe('WebSocket', EVENTS, { id });
    expect(await stream.event()).toEqual({ __typename: 'WebhookDeliveriesSnapshot', deliveries: [] });
    const { deliveryId } = await admin.ask(TEST, { id });
    expect(await until(stream, 'DELIVERED', 1)).toMatchObject({
      id: deliveryId,
      type: 'TEST',
      responseCode: 200,
    });
    const later = admin.subscribe('SSE', EVENTS, { id });
    expect(await later.event()).toMatchObject({ deliveries: [{ id: deliveryId, status: 'DELIVERED' }] });
    later.close();
    await admin.ask('mutation ($id: ID!) { deleteWebhook(id: $id) { __typename } }', { id });
    expect(await stream.event()).toEqual({ __typename: 'WebhookDeliveryGone', deliveryId });
    stream.close();
  });

  it('are sent once more with the same id, whether they were delivered or given up', async () => {
    const id = await newWebhook();
    const stream = admin.subscribe('WebSocket', EVENTS, { id });
    await stream.event();
    answer = 410; // Gone: not tried again.
    const { deliveryId } = await admin.ask(TEST, { id });
    expect(await until(stream, 'FAILED', 1)).toMatchObject({ responseCode: 410, error: expect.any(String) });
    answer = 200;
    received.length = 0;
    expect(await admin.ask(AGAIN, { id: deliveryId })).toMatchObject({
      delivery: { id: deliveryId, status: 'PENDING', attempts: 1 },
    });
    expect(await until(stream, 'DELIVERED', 2)).toMatchObject({ id: deliveryId, error: null });
    await admin.ask(AGAIN, { id: deliveryId });
    await until(stream, 'DELIVERED', 3);
    expect(received).toHaveLength(2);
    expect(new Set(received).size).toBe(1);
    stream.close();
  });
});
