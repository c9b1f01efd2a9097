/** What becomes of finished work, and of what is watched, while the database, the server or the way to it is away. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client, TaskEvent, TaskHandle } from '../../../src/client/index.ts';
import { createClient } from '../../../src/client/index.ts';
import { createWorker, type HandlerContext, type Worker } from '../../../src/client/worker/index.ts';
import { freePort, type Service, startOwnPostgres } from '../../chaos/services.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { gate, quiet } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';

const postgres = await startOwnPostgres();

describe.skipIf(!postgres)('while something is away', { timeout: 60_000 }, () => {
  const database = postgres as Service;
  let port: number;
  let app: TestApp;
  let network: Network;
  let client: Client;
  /** A client on the far side of the network. */
  let remote: Client;
  const workers: Worker[] = [];
  let jobs = 0;

  const startServer = () => startApp({ databaseUrl: database.url, port });

  beforeAll(async () => {
    port = await freePort();
    app = await startServer();
    network = await startNetwork(app.url);
    client = createClient({ url: app.url, token: ADMIN_TOKEN });
    remote = createClient({ url: network.url, token: ADMIN_TOKEN });
  }, 120_000);

  afterEach(async () => {
    network.up();
    await Promise.all(workers.splice(0).map((worker) => Promise.all([worker.stop(), worker.stop()])));
  });

  afterAll(async () => {
    await Promise.all([client?.close(), remote?.close()]);
    await network?.close();
    await app?.stop();
    await database.stop();
  });

  /** A worker of one job, with what it logs of reports that got no answer. */
  async function serve(handler: (context: HandlerContext<unknown>) => unknown) {
    const name = `job-${++jobs}`;
    const unanswered = gate();
    const worker = createWorker({
      url: network.url,
      token: ADMIN_TOKEN,
      name: 'test',
      logger: {
        ...quiet,
        debug: (line) => void (line.startsWith('A report got no answer') && unanswered.open()),
      },
    });
    workers.push(worker);
    worker.job({ room: 'lab', category: 'general', name, payload: z.unknown(), handler });
    await worker.start();
    const job = `lab:general:${name}`;
    return { job, submit: () => client.submit({ room: 'lab', job }), unanswered: unanswered.promise };
  }

  /** Four tasks whose handlers have all started, and return when they are let go. */
  async function startFour() {
    const go = gate();
    const started: string[] = [];
    const allStarted = gate();
    const { submit, unanswered } = await serve(async ({ task }) => {
      if (started.push(task.id) === 4) allStarted.open();
      await go.promise;
      return { done: task.id };
    });
    const handles = await Promise.all([submit(), submit(), submit(), submit()]);
    await allStarted.promise;
    return { go: go.open, started, handles, unanswered };
  }

  /** Every result arrives, by the one attempt that there was. */
  async function expectAllDone(handles: readonly TaskHandle[], started: readonly string[]): Promise<void> {
    for (const handle of handles) expect(await handle.result()).toEqual({ done: handle.id });
    expect([...started].sort()).toEqual(handles.map(({ id }) => id).sort());
    for (const { id } of handles) {
      expect(await client.task(id)).toMatchObject({ status: 'COMPLETED', attempt: 1, failures: 0 });
    }
  }

  const outages: [string, () => Promise<void> | void, () => Promise<void> | void][] = [
    ['the database is away', () => database.kill(), () => database.start()],
    ['a proxy answers 502 in the place of the server', () => network.badGateway(), () => network.up()],
    ['the network is down', () => network.down(), () => network.up()],
    [
      'the server is started again',
      () => app.stop(),
      async () => {
        app = await startServer();
      },
    ],
  ];

  describe.each(outages)('%s', (_what, begin, end) => {
    it('keeps what handlers return meanwhile, and runs none of them again', async () => {
      const { go, handles, started, unanswered } = await startFour();
      await begin();
      go();
      await unanswered;
      await end();
      await expectAllDone(handles, started);
    });
  });

  it('keeps failures, progress and assets', async () => {
    const go = gate();
    const started = gate();
    const heard = gate();
    const { submit } = await serve(async ({ progress, asset }) => {
      started.open();
      await go.promise;
      progress(40, 'said while nobody listened');
      await asset({ type: 'REPORT', url: 'https://files.example/report' });
      await heard.promise;
      throw Object.assign(new Error('no such luck'), { code: 'LUCK', retryable: false });
    });
    const handle = await submit();
    await started.promise;
    const watching = (async () => {
      for await (const event of handle.watch()) {
        if (event.kind === 'progress' && event.percent === 40) heard.open();
      }
    })();
    await database.kill();
    go.open();
    // The asset is waited for by the handler, so the report comes when the database is back.
    await untilUnavailable(app.url);
    await database.start();
    await watching;
    await expect(handle.result()).rejects.toMatchObject({ error: { code: 'LUCK' } });
    expect(await client.task(handle.id)).toMatchObject({
      attempt: 1,
      assets: [{ url: 'https://files.example/report' }],
    });
  });

  it('goes on with streams whose sockets are cut while the database is away', async () => {
    const { job, submit } = await serve(({ task }) => ({ done: task.id }));
    const room = remote.watchRoom('lab');
    const first = await submit();
    await untilEvent(room, first.id, 'COMPLETED');
    await database.kill();
    network.cut();
    await untilUnavailable(app.url);
    // Long enough for the streams to be refused for a while, which is what ended them.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    network.cut();
    await database.start();
    const second = await client.submit({
      room: 'lab',
      job,
      idempotencyKey: 'after the outage',
    });
    await untilEvent(room, second.id, 'COMPLETED');
    expect(await remote.result(second.id)).toEqual({ done: second.id });
    await room.return?.();
  });

  it('submits with a key once the database is back, and once only', async () => {
    const { job } = await serve(() => 'done');
    await database.kill();
    const submitting = client.submit({ room: 'lab', job, idempotencyKey: 'once' });
    await untilUnavailable(app.url);
    await database.start();
    const handle = await submitting;
    expect(await handle.result()).toBe('done');
    const again = await client.submit({ room: 'lab', job, idempotencyKey: 'once' });
    expect(again).toMatchObject({ id: handle.id, duplicate: true });
  });

  it('works again within five seconds of the return of a server that was long away', async () => {
    const { submit } = await serve(() => 'done');
    network.down();
    // As many failures as it takes for the pauses to be at their longest.
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    const handle = await submit();
    network.up();
    const returned = performance.now();
    await handle.result();
    expect(performance.now() - returned).toBeLessThan(5_000);
  });
});

async function untilEvent(events: AsyncIterator<TaskEvent>, taskId: string, status: string): Promise<void> {
  for (;;) {
    const { done, value } = await events.next();
    if (done) throw new Error('The stream has ended.');
    if (value.kind === 'transition' && value.task.id === taskId && value.task.status === status) return;
  }
}

/** Asks until the server itself has noticed. */
async function untilUnavailable(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ query: '{ tasks(first: 1) { nodes { id } } }' }),
    });
    const { errors } = (await response.json()) as { errors?: unknown[] };
    if (errors?.length) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
