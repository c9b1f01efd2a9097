/** Signalbox in an application: on its HTTP server, with its identities and operations, and without HTTP. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { createExpressServer } from '../../examples/mount/express.ts';
import { createFastifyServer } from '../../examples/mount/fastify.ts';
import { createNextServer } from '../../examples/mount/next.ts';
import { createNodeServer } from '../../examples/mount/node-http.ts';
import { createShop, printReceipt, receiptFor, signIn } from '../../examples/mount/shop.ts';
import { type Client, createClient } from '../../src/client/index.ts';
import { createSignalbox, defineOperation, ProblemError, type Signalbox } from '../../src/mount/index.ts';

const ADMIN = { id: 'operator', role: 'ADMIN' } as const;

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As a page: the browser sends its cookie with requests and with the upgrade of a socket. */
function pageOf(url: string, cookie: string): Client {
  return createClient({
    url: `${url}/signalbox`,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...init?.headers, cookie } }),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { cookie } });
      }
    },
  });
}

describe.each<[string, (signalbox: Signalbox) => Server | Promise<Server>]>([
  ['node:http', createNodeServer],
  ['Express', createExpressServer],
  ['Fastify', createFastifyServer],
  [
    'the custom server of Next.js',
    (signalbox) =>
      createNextServer(
        signalbox,
        () => ({
          prepare: async () => {},
          getRequestHandler: () => async (_request, response) => void response.writeHead(404).end('a page'),
        }),
        false,
      ),
  ],
])('on %s', (name, create) => {
  let signalbox: Signalbox;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    signalbox = createShop();
    server = await create(signalbox);
    url = await listen(server);
    await signalbox.start();
  });

  afterAll(async () => {
    await signalbox?.stop();
    server?.close();
  });

  it('serves pages by the cookie that they have, streams among it', async () => {
    const page = pageOf(url, signIn('Ada'));
    const handle = await page.submit(printReceipt, { payload: { order: '7' } });
    const seen: string[] = [];
    for await (const event of handle.watch()) {
      if (event.kind === 'transition') seen.push(event.transition.to);
    }
    expect(seen.at(-1)).toBe('COMPLETED');
    expect(await handle.result()).toEqual({ receipt: 'receipt of order 7' });
    expect((await page.task(handle.id))?.createdBy).toBe('Ada');
    const other = pageOf(url, signIn('Ben'));
    expect(await other.task(handle.id)).toBe(null);
    await Promise.all([page.close(), other.close()]);
  });

  it('refuses whoever has neither a session nor a token, on sockets as well', async () => {
    const answer = await fetch(`${url}/signalbox/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
    expect(answer.status).toBe(401);
    const stranger = pageOf(url, 'session=guessed');
    const watching = stranger.watchRoom('shop', { after: undefined });
    await expect(watching.next()).rejects.toMatchObject({ name: 'RequestError', code: 'UNAUTHENTICATED' });
    await stranger.close();
  });

  it('leaves what is not below its path to the application', async () => {
    expect((await fetch(`${url}/signalboxes`)).status).toBe(404);
    expect(await (await fetch(`${url}/signalbox/health/live`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${url}/signalbox/elsewhere`)).json()).toMatchObject({
      errors: [
        {
          message:
            'There is nothing here. The API is at /signalbox/graphql; /signalbox/problems explains errors.',
        },
      ],
    });
    if (name.startsWith('the custom')) expect(await (await fetch(`${url}/about`)).text()).toBe('a page');
    else {
      const signedIn = await fetch(`${url}/sign-in?name=Cy`);
      expect(await signedIn.text()).toBe('Welcome.\n');
      const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      const receipt = await fetch(`${url}/receipt?order=3`, { headers: { cookie } });
      expect(await receipt.text()).toBe('receipt of order 3');
    }
  });
});

describe('without HTTP', () => {
  let signalbox: Signalbox;

  beforeAll(async () => {
    signalbox = createShop();
    await signalbox.start();
  });

  afterAll(() => signalbox?.stop());

  it('submits, and judges by the rights of the identity', async () => {
    expect(await receiptFor(signalbox, 'Ada', '1')).toBe('receipt of order 1');
    const ada = signalbox.client({ id: 'Ada', role: 'USER', rooms: ['shop'] });
    const refused = await ada
      .submit({ room: 'office', job: printReceipt.fullName, payload: {} })
      .catch((error) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    await expect(ada.request('{ viewer { nonsense } }')).rejects.toMatchObject({ name: 'RequestError' });
    await expect(ada.subscribe('subscription { nonsense }', {}).next()).rejects.toThrow('nonsense');
  });

  it('runs operations of the application beside its own, dry when asked to', async () => {
    await receiptFor(signalbox, 'Ada', '2');
    const admin = signalbox.client(ADMIN);
    const run = async (parameters: object, dryRun: boolean) => {
      const { runOperation } = await admin.request<{ runOperation: { run?: unknown; issues?: unknown } }>(
        `mutation ($parameters: JSON, $dryRun: Boolean!) {
          runOperation(input: { operation: "forget_receipts", allRooms: true, parameters: $parameters, dryRun: $dryRun, waitSeconds: 10 }) {
            ... on OperationRunSuccess { run { status dryRun metrics triggeredBy } }
            ... on InvalidInput { issues { path message } }
          }
        }`,
        { parameters, dryRun },
      );
      return runOperation.run ?? runOperation.issues;
    };
    const dry = await run({ days: 0 }, true);
    expect(dry).toMatchObject({ status: 'COMPLETED', dryRun: true, triggeredBy: 'operator' });
    expect(await run({ days: 0 }, false)).toEqual({ ...(dry as object), dryRun: false });
    expect(await run({ days: 0 }, false)).toMatchObject({ metrics: { receipts: 0 } });
    expect(await run({ days: -1 }, false)).toEqual([
      { path: ['parameters', 'days'], message: expect.any(String) },
    ]);
  });

  it('gives callers copies, and ends their streams with their identity', async () => {
    const client = signalbox.client({
      id: 'Dora',
      role: 'MEMBER',
      rooms: ['shop'],
      expiresAt: new Date(Date.now() + 1_500),
    });
    const events = client.watchRoom('shop');
    const first = events.next();
    const handle = await client.submit(printReceipt, { payload: { order: '5' } });
    expect((await first).value).toMatchObject({ kind: 'transition', task: { id: handle.id } });
    await expect(
      (async () => {
        for await (const _ of events);
      })(),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('what cannot work is refused at once', () => {
  it.each([
    [{ path: 'signalbox' }, 'A path begins with "/"'],
    [{ settings: { SIGNALBOX_CATEGORIES: '', PORT: 'none' } }, 'PORT'],
    [{ database: { options: { ssl: { ca: 'x' } } } as never }, 'TLS options of a pool'],
    [
      { operations: [defineOperation({ name: 'Not Snake', description: '', run: async () => ({}) })] },
      'snake_case',
    ],
  ])('%j', (options, sentence) => {
    expect(() => createSignalbox(options)).toThrow(sentence);
  });

  it('an identity that no token could have', () => {
    const signalbox = createSignalbox();
    expect(() => signalbox.client({ id: '@admin', role: 'ADMIN' })).toThrow('does not begin with "@"');
    expect(() => signalbox.client({ id: 'Ada', role: 'KING' as never })).toThrow('role');
  });

  it('a second operation of a name that the server has', async () => {
    const mine = defineOperation({
      name: 'sweep_workers',
      description: 'Mine',
      parameters: z.object({}),
      run: async () => ({}),
    });
    await expect(createSignalbox({ operations: [mine] }).start()).rejects.toThrow('sweep_workers');
  });
});

it('answers 503 until it has started, and says when a parser has read the body', async () => {
  const signalbox = createSignalbox({
    identify: () => ({ id: 'Ada', role: 'MEMBER' }),
    settings: { LOG_LEVEL: 'silent' },
  });
  const app = express();
  app.use(express.json(), signalbox.handler);
  const server = createServer(app);
  const url = await listen(server);
  const ask = () =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
  expect((await ask()).status).toBe(503);
  await signalbox.start();
  const answer = await ask();
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('before any body parser');
  await signalbox.stop();
  expect((await ask()).status).toBe(503);
  server.close();
});
