/** Webhooks from an event to a receiver of every temper. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromTypeId } from '../../src/domain/typeid.ts';
import type { DueDelivery } from '../../src/domain/webhook.ts';
import { isPublic } from '../../src/maintenance/webhooks/addresses.ts';
import { createDeliverer } from '../../src/maintenance/webhooks/deliver.ts';
import { newSecret } from '../../src/maintenance/webhooks/registry.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { moveRunAt } from '../support/queue.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers as it is told, one request after the other; the last answer holds. */
async function receive(...answers: (number | 'hang' | { to: string })[]) {
  const received: Received[] = [];
  const waiting: (() => void)[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      for (const wake of waiting.splice(0)) wake();
      if (answer === 'hang') return;
      if (typeof answer === 'object') response.writeHead(302, { location: answer.to }).end();
      else response.writeHead(answer ?? 200).end('x'.repeat(10_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async count(wanted: number): Promise<void> {
      while (received.length < wanted) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const delivery = (url: string): DueDelivery => ({
  ...{ id: '01890a5d-ac96-774b-bcce-b302099a8057', url, secret: newSecret(), enabled: true, eventId: null },
  type: 'TEST',
  body: {
    ...{
      severity: 'INFO',
      room: null,
      actor: 'ann',
      correlationId: null,
      subjectKind: null,
      subjectId: null,
    },
    ...{ payload: { a: 1 }, at: '2026-11-25T10:00:00+00:00' },
  },
});

describe('one attempt to deliver', () => {
  const signal = new AbortController().signal;

  it('is signed with a timestamp, and reads no more of the answer than it keeps', async () => {
    const receiver = await receive(200);
    const deliverer = createDeliverer({ allowPrivate: true });
    const due = delivery(receiver.url);
    const attempt = await deliverer.deliver(due, signal);
    expect(attempt).toMatchObject({ responseCode: 200, error: null });
    expect(attempt.response).toHaveLength(1_000);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(new Webhook(due.secret).verify(body, headers as never)).toMatchObject({
      type: 'TEST',
      data: { actor: 'ann' },
    });
    expect(() => new Webhook(newSecret()).verify(body, headers as never)).toThrow();
    await deliverer.close();
    receiver.close();
  });

  it.each([
    [
      'hangs',
      'hang',
      { responseCode: null, error: expect.stringMatching(/did not answer/), retryable: true },
    ],
    ['answers 500', 500, { responseCode: 500, error: 'It answered 500.', retryable: true }],
    ['is gone', 410, { responseCode: 410, retryable: false }],
    [
      'redirects',
      { to: 'http://169.254.169.254/' },
      { responseCode: 302, error: expect.stringMatching(/redirects/), retryable: false },
    ],
  ] as const)('to a receiver that %s fails', async (_what, answer, expected) => {
    const receiver = await receive(answer);
    const deliverer = createDeliverer({ allowPrivate: true, timeoutMs: 500 });
    expect(await deliverer.deliver(delivery(receiver.url), signal)).toMatchObject(expected);
    expect(receiver.received).toHaveLength(1);
    await deliverer.close();
    receiver.close();
  });

  it.each([
    '127.0.0.1',
    'localhost',
    '0.0.0.0',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[fd00::1]',
    '[fe80::1]',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '[::127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[fec0::1]',
    '[100::1]',
    '[fd00:ec2::254]',
    '168.63.129.16',
    '[::ffff:168.63.129.16]',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '255.255.255.255',
  ])('to %s, which is none of the public Internet, is refused', async (host) => {
    const receiver = await receive(200);
    const port = new URL(receiver.url).port;
    const deliverer = createDeliverer({ allowPrivate: false, timeoutMs: 5_000 });
    expect(await deliverer.deliver(delivery(`http://${host}:${port}/`), signal)).toMatchObject({
      error: expect.stringMatching(/private network/),
      retryable: false,
    });
    expect(receiver.received).toHaveLength(0);
    await deliverer.close();
    receiver.close();
  });
});

it.each(['1.1.1.1', '168.63.129.17', '2606:4700:4700::1111', '::ffff:1.1.1.1'])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});

describe.each(availableDatabases())('webhooks on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let admin: Caller;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    app = await startApp({ database: database.db, webhookAllowPrivate: true });
    admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
  });
  afterAll(async () => {
    await app.stop();
    await database.close();
  });

  const deliveries = async (webhookId: string) =>
    (
      await admin.ask(
        'query ($id: ID!) { webhookDeliveries(webhookId: $id) { nodes { type status attempts responseCode error eventId } } }',
        { id: webhookId },
      )
    ).nodes;

  /** The deliveries of the webhook, once there is one that has ended. */
  async function ended(webhookId: string) {
    for (;;) {
      const found = await deliveries(webhookId);
      if (found.some(({ status }: { status: string }) => status !== 'PENDING')) return found;
      // What waits for its back-off is due now.
      await database.db.script(moveRunAt('now()', "room = '@internal' AND status = 'PENDING'"));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function makeDeadLetter(room: string): Promise<string> {
    const job = { room, name: 'fails' };
    await admin.registerJob(job);
    const workerId = await admin.newWorker(job);
    const { task } = await admin.submit({ room, job: `${room}:general:fails`, correlationId: 'the-cause' });
    const { tasks } = await admin.claim({ workerId, start: true });
    const error = { message: 'no such file', retryable: false };
    await admin.act('failTask', { taskId: task.id, workerId, attempt: tasks[0].attempt, error });
    return task.id;
  }

  it('tell of what was asked for, once, signed with the secret that was shown once', async () => {
    const receiver = await receive(200);
    const { id, secret } = await admin.newWebhook({ url: receiver.url, minSeverity: 'ERROR', room: 'here' });
    await makeDeadLetter('there');
    const taskId = await makeDeadLetter('here');
    await receiver.count(1);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(new Webhook(secret).verify(body, headers as never)).toMatchObject({
      type: 'TASK_FAILED',
      data: {
        ...{ severity: 'ERROR', room: 'here', subject: taskId, correlationId: 'the-cause' },
        payload: { job: 'here:general:fails', error: { message: 'no such file' } },
      },
    });
    expect(await ended(id)).toMatchObject([
      { type: 'TASK_FAILED', status: 'DELIVERED', attempts: 1, responseCode: 200 },
    ]);
    expect(receiver.received).toHaveLength(1);
    receiver.close();
  }, 60_000);

  it('try again what has failed, with the same id, and give up on a redirect', async () => {
    const receiver = await receive(500, 200);
    const { id } = await admin.newWebhook({ url: receiver.url, types: ['OPERATION_SKIPPED'] });
    await admin.ask('mutation ($id: ID!) { testWebhook(id: $id) { __typename } }', { id });
    expect(await ended(id)).toMatchObject([
      { type: 'TEST', status: 'DELIVERED', attempts: 2, eventId: null },
    ]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
    receiver.close();
    const redirecting = await receive({ to: 'http://127.0.0.1:1/' });
    const other = await admin.newWebhook({ url: redirecting.url, types: ['OPERATION_SKIPPED'] });
    await admin.ask('mutation ($id: ID!) { testWebhook(id: $id) { __typename } }', { id: other.id });
    expect(await ended(other.id)).toMatchObject([{ status: 'FAILED', attempts: 1, responseCode: 302 }]);
    redirecting.close();
  }, 60_000);

  const test = (id: string) =>
    admin.ask('mutation ($id: ID!) { testWebhook(id: $id) { __typename } }', { id });
  const webhook = (id: string) =>
    admin.ask(
      'query ($id: ID!) { node(id: $id) { ... on Webhook { enabled failuresInRow restingUntil } } }',
      { id },
    );
  const unheard = { types: ['OPERATION_SKIPPED'] };

  it('do not wait for one whose receiver does not answer, however much is queued for it', async () => {
    const [silent, good] = [await receive('hang'), await receive(200)];
    const stuck = await admin.newWebhook({ url: silent.url, ...unheard });
    const other = await admin.newWebhook({ url: good.url, ...unheard });
    await Promise.all(Array.from({ length: 70 }, () => test(stuck.id)));
    await silent.count(4);
    await test(other.id);
    await good.count(1);
    // No attempt to the silent one has ended by now, and none but the first four has begun.
    expect(silent.received).toHaveLength(4);
    expect((await deliveries(stuck.id)).filter(({ attempts }: { attempts: number }) => attempts > 0)).toEqual(
      [],
    );
    silent.close();
    good.close();
  }, 60_000);

  it('leave a receiver alone that goes on failing, and come back to it when it does well again', async () => {
    const receiver = await receive(500, 500, 500, 200);
    const { id } = await admin.newWebhook({ url: receiver.url, ...unheard });
    for (let time = 1; time <= 3; time++) {
      await test(id);
      await receiver.count(time);
      while ((await webhook(id)).failuresInRow < time)
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { restingUntil } = await webhook(id);
    const seconds = await database.db.query<{ rest: number }>({
      name: 'rest_of_webhook',
      text: `SELECT EXTRACT(epoch FROM resting_until - (SELECT max(last_attempt_at) FROM webhook_delivery
        WHERE webhook_id = webhook.id))::float8 AS rest FROM webhook WHERE failures_in_row = 3`,
    });
    expect(seconds).toEqual([{ rest: 5 }]);
    // Nothing is sent before that, however much is due.
    await test(id);
    await receiver.count(4);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(restingUntil) - 5);
    while ((await webhook(id)).failuresInRow > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await webhook(id)).toEqual({ enabled: true, failuresInRow: 0, restingUntil: null });
    receiver.close();
  }, 60_000);

  it('are switched off when they have failed for a day, with an event, and on again by a person', async () => {
    const receiver = await receive(500);
    const { id } = await admin.newWebhook({ url: receiver.url, ...unheard });
    const uuid = fromTypeId('webhook', id);
    const age = (failures: number, hours: number) =>
      database.db.script(`UPDATE webhook SET failures_in_row = ${failures}, resting_until = NULL,
        failing_since = now() - interval '${hours} hours' WHERE id = '${uuid}'`);
    // Often, but not for long; long, but not often.
    for (const [failures, hours] of [
      [50, 23],
      [2, 100],
    ] as const) {
      await age(failures, hours);
      await test(id);
      while ((await webhook(id)).failuresInRow <= failures)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await webhook(id)).enabled).toBe(true);
    }
    await age(19, 25);
    await test(id);
    while ((await webhook(id)).enabled) await new Promise((resolve) => setTimeout(resolve, 50));
    const { nodes } = await admin.ask(
      '{ events(first: 1, filter: { types: [WEBHOOK_DISABLED] }) { nodes { type severity actor subject payload } } }',
    );
    expect(nodes).toMatchObject([
      {
        ...{ severity: 'ERROR', actor: '@system', subject: id },
        payload: { url: receiver.url, failures: 20, error: 'It answered 500.' },
      },
    ]);
    const update = 'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { __typename } }';
    await admin.ask(update, { input: { id, enabled: true } });
    expect(await webhook(id)).toEqual({ enabled: true, failuresInRow: 0, restingUntil: null });
    receiver.close();
  }, 60_000);

  async function internalJob(): Promise<string | undefined> {
    const text = "SELECT full_name AS name FROM job WHERE room = '@internal' LIMIT 1";
    const [job] = await database.db.query<{ name: string }>({ name: 'internal_job', text });
    return job?.name;
  }

  it('are delivered by tasks that no caller sees', async () => {
    const internal = await database.db.query<{ id: string }>({
      name: 'internal_tasks',
      text: "SELECT id FROM task WHERE room = '@internal'",
    });
    expect(internal.length).toBeGreaterThan(0);
    const { nodes } = await admin.ask('{ tasks(first: 100) { nodes { room } } }');
    expect(nodes.filter(({ room }: { room: string }) => room === '@internal')).toEqual([]);
    const refused = await admin.submit({ room: 'here', job: (await internalJob()) as string });
    expect(refused.__typename).toBe('JobNotFound');
    const events = await admin.ask('{ events(first: 100) { nodes { room type } } }');
    expect(events.nodes.filter(({ room }: { room: string | null }) => room === '@internal')).toEqual([]);
  });
});
