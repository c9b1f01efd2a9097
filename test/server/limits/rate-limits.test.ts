/** Rate limits by tier, on every transport, shared by servers; and the limit of wrong tokens by address. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../events/transports/redis-proxy.ts';
import { Caller } from '../../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp, tokenFor } from '../../support/app.ts';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { connectSocket, openSocket, type TestSocket } from '../socket.ts';
import { type HttpAnswer, post } from '../transports.ts';

const VIEWER = { query: '{ viewer { id } }' };
const WATCH = { query: 'subscription { roomEvents(room: "a") { __typename } }' };
const batch = (size: number) => ({
  query: 'mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) { __typename } }',
  variables: { inputs: Array.from({ length: size }, () => ({ room: 'a', job: 'a:general:none' })) },
});

const TIERS = { tiny: 5, solo: 1_000 };
const SETTINGS = { rateLimits: TIERS, defaultTier: 'unlimited' };
let counter = 0;

/** A new caller in the tier. */
const keyOf = async ({ url }: TestApp, tier: string) => {
  const admin = new Caller(url, '@admin', ADMIN_TOKEN);
  const { secret } = await admin.createKey({ name: `k${counter++}`, role: 'MEMBER', rooms: ['a'], tier });
  return secret as string;
};

function limitOf({ headers }: { headers: Headers }) {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    headers.get(`x-ratelimit-${name}`),
  );
  return limit === null ? null : { limit: Number(limit), remaining: Number(remaining), reset: Number(reset) };
}

const left = (answer: { headers: Headers }) => limitOf(answer)?.remaining;

function expectRefused({ status, headers, body }: HttpAnswer): void {
  expect({ status, code: body.errors?.[0]?.extensions?.['code'] }).toEqual({
    status: 429,
    code: 'RATE_LIMITED',
  });
  const wait = Number(headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(3_600);
  expect(body.errors?.[0]?.extensions?.['retryAfterSeconds']).toBe(wait);
  expect(body.errors?.[0]?.extensions).not.toHaveProperty('http');
}

async function over(socket: TestSocket, payload: object) {
  const id = String(counter++);
  socket.send({ type: 'subscribe', id, payload });
  const message = await socket.next();
  if (message.type === 'next') await socket.next();
  return message.type === 'error' ? { errors: message.payload } : message.payload;
}

describe('a caller with a limit', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: (await createTestDatabase('pglite')).db, ...SETTINGS });
  });
  afterAll(async () => {
    await app.stop();
    expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });

  it('is told over HTTP how it stands, and refused when it has nothing left', async () => {
    const token = await keyOf(app, 'tiny');
    for (const remaining of [4, 3, 2, 1, 0]) {
      const answer = await post(app.url, token, VIEWER);
      expect(answer.status).toBe(200);
      expect(limitOf(answer)).toEqual({ limit: 5, remaining, reset: expect.closeTo(3_600, -2) });
    }
    for (let time = 0; time < 3; time++) {
      const refused = await post(app.url, token, VIEWER);
      expectRefused(refused);
      expect(left(refused)).toBe(0);
    }
  });

  it('pays for a batch by its items, and is left what a refused one would have cost', async () => {
    const token = await keyOf(app, 'tiny');
    expect(left(await post(app.url, token, batch(3)))).toBe(2);
    const refused = await post(app.url, token, batch(3));
    expectRefused(refused);
    expect(left(refused)).toBe(2);
    expect(left(await post(app.url, token, batch(2)))).toBe(0);
  });

  it('is told that a batch is larger than its tier ever allows, and pays little for asking', async () => {
    const token = await keyOf(app, 'tiny');
    const refused = await post(app.url, token, batch(6));
    expectRefused(refused);
    expect(refused.body.errors?.[0]?.message).toContain('Send it in smaller parts.');
    expect(left(refused)).toBe(4);
  });

  it('pays for what is no valid operation, too', async () => {
    const token = await keyOf(app, 'tiny');
    for (const query of [
      '{ nothing }',
      '{ nothing }',
      '{',
      '{',
      'query A { viewer { id } } query B { viewer { id } }',
    ]) {
      const { body } = await post(app.url, token, { query });
      expect(body).toEqual({ errors: [expect.anything()] });
      expect(body.errors?.[0]?.extensions?.['code']).not.toBe('RATE_LIMITED');
    }
    expectRefused(await post(app.url, token, VIEWER));
  });

  it('pays once for a stream, and none is opened for it when it has nothing left', async () => {
    const token = await keyOf(app, 'tiny');
    const events = await openEvents(app.url, token, WATCH);
    expect({ status: events.status, left: left(events) }).toEqual({ status: 200, left: 4 });
    events.close();
    await post(app.url, token, batch(4));
    const refused = await openEvents(app.url, token, WATCH);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await refused.next())?.data.errors[0].extensions.code).toBe('RATE_LIMITED');
  });

  it('has one account for HTTP and sockets, and is told on a socket beside the result', async () => {
    const token = await keyOf(app, 'tiny');
    const socket = await openSocket(app.url, token);
    expect(await over(socket, VIEWER)).toEqual({
      data: { viewer: { id: expect.any(String) } },
      extensions: { rateLimit: { tier: 'tiny', limit: 5, remaining: 4, reset: expect.any(Number) } },
    });
    expect(left(await post(app.url, token, VIEWER))).toBe(3);
    expect((await over(socket, { query: '{ nothing }' })).errors[0].extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect((await over(socket, batch(2))).extensions.rateLimit.remaining).toBe(0);
    for (const operation of [VIEWER, WATCH]) {
      const { errors } = await over(socket, operation);
      expect(errors[0].extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      });
      expect(errors[0].extensions).not.toHaveProperty('http');
    }
    socket.close();
  });

  it('does not have the points of others', async () => {
    const [one, other] = [await keyOf(app, 'tiny'), await keyOf(app, 'tiny')];
    await post(app.url, one, batch(5));
    expect(left(await post(app.url, other, VIEWER))).toBe(4);
  });

  it.each([
    ['the admin token', async () => ADMIN_TOKEN, null],
    ['a WORKER that names no tier', () => tokenFor('w', 'WORKER', ['a']), null],
    ['a MEMBER that names no tier, by default', () => tokenFor('m', 'MEMBER', ['a']), null],
    ['a key of no limit', () => keyOf(app, 'unlimited'), null],
    ['a WORKER that names a tier', () => tokenFor('v', 'WORKER', ['a'], '1h', { tier: 'solo' }), 1_000],
    ['a tier that is not known', () => tokenFor('u', 'MEMBER', ['a'], '1h', { tier: 'gold' }), 5],
  ])('%s has its own', async (_what, token, limit) => {
    const answer = await post(app.url, await token(), VIEWER);
    expect(limitOf(answer)?.limit ?? null).toBe(limit);
    const socket = await openSocket(app.url, await token());
    expect((await over(socket, VIEWER)).extensions?.rateLimit?.limit ?? null).toBe(limit);
    socket.close();
  });
});

const redisUrl = testRedisUrl();

describe.runIf(redisUrl && availableDatabases().includes('postgres'))('two servers with Redis', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('postgres');
  });
  afterAll(() => database?.close());

  it('count together, and each for itself while Redis is away', async () => {
    const proxy = await startProxy(redisUrl as string);
    const on = { databaseUrl: database.url as string, ...SETTINGS };
    const apps = [
      await startApp({ ...on, redisUrl: redisUrl as string }),
      await startApp({ ...on, redisUrl: proxy.url }),
    ] as [TestApp, TestApp];
    try {
      const token = await keyOf(apps[0], 'tiny');
      expect(left(await post(apps[0].url, token, VIEWER))).toBe(4);
      expect(left(await post(apps[1].url, token, VIEWER))).toBe(3);
      expect(left(await post(apps[0].url, token, batch(3)))).toBe(0);
      expectRefused(await post(apps[1].url, token, VIEWER));
      const other = await keyOf(apps[1], 'tiny');
      proxy.down();
      const answer = await post(apps[1].url, other, VIEWER);
      expect({ status: answer.status, left: left(answer) }).toEqual({ status: 200, left: 4 });
    } finally {
      proxy.thaw();
      await Promise.all(apps.map((app) => app.stop()));
      await proxy.close();
    }
  });
});

const METRICS_TOKEN = 'a-token-for-metrics-alone';

describe('wrong tokens', () => {
  let app: TestApp;
  beforeAll(async () => {
    const database = (await createTestDatabase('pglite')).db;
    app = await startApp({
      ...{ database, ...SETTINGS, maxFailedSignIns: 3, trustedProxies: 1 },
      metricsToken: METRICS_TOKEN,
    });
  });
  afterAll(() => app.stop());

  const from = (address: string, token: string) =>
    post(app.url, token, VIEWER, { 'x-forwarded-for': `6.6.6.6, ${address}` });
  const guess = (address: string) => from(address, `wrong-${counter++}`);

  it('are tried from one address so often, and from others all the same', async () => {
    const key = await keyOf(app, 'unlimited');
    for (let time = 0; time < 3; time++) expect((await guess('1.1.1.1')).status).toBe(401);
    const refused = await guess('1.1.1.1');
    expectRefused(refused);
    // Nor is the one token tried that a person may have chosen.
    expectRefused(await from('1.1.1.1', ADMIN_TOKEN));
    // What cannot be guessed goes on, and so does everybody else.
    expect((await from('1.1.1.1', key)).status).toBe(200);
    expect((await from('1.1.1.1', await tokenFor('m', 'MEMBER', ['a']))).status).toBe(200);
    expect((await from('1.1.1.2', ADMIN_TOKEN)).status).toBe(200);
    const socket = await openRefused('1.1.1.1');
    expect(socket).toEqual({ code: 1013, reason: expect.stringContaining('Too many tokens') });
  });

  it('are compared no more often when they come at the same time, whichever way they take', async () => {
    const address = '5.5.5.5';
    const overSocket = async () => {
      const { code } = await openRefused(address);
      return code === 4401 ? 401 : 429;
    };
    const forMetrics = async (token: string) => {
      const headers = { 'x-forwarded-for': address, authorization: `Bearer ${token}` };
      return (await fetch(`${app.url}/metrics`, { headers })).status;
    };
    const ways = [
      async () => (await guess(address)).status,
      () => forMetrics(`wrong-${counter++}`),
      overSocket,
      async () => (await from(address, `sb_wrong_${counter++}`)).status,
      async () => (await from(address, `eyJ.${counter++}.e30`)).status,
    ];
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, n) => ways[n % ways.length]?.()));
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(47);
    expect(await forMetrics(ADMIN_TOKEN)).toBe(429);
    expect(await forMetrics(METRICS_TOKEN)).toBe(429);
  });

  it('bar nobody who is right, however many come at the same time', async () => {
    const right = await Promise.all(Array.from({ length: 30 }, () => from('7.7.7.7', ADMIN_TOKEN)));
    const signed = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => from('7.7.7.7', await tokenFor(`m${n}`, 'MEMBER', ['a']))),
    );
    expect([...right, ...signed].filter(({ status }) => status !== 200)).toEqual([]);
    const headers = { 'x-forwarded-for': '7.7.7.7', authorization: `Bearer ${METRICS_TOKEN}` };
    expect((await fetch(`${app.url}/metrics`, { headers })).status).toBe(200);
    expect((await from('7.7.7.7', METRICS_TOKEN)).status).toBe(401);
  });

  it('do not count again when they are sent again', async () => {
    for (let time = 0; time < 10; time++)
      expect((await from('2.2.2.2', 'the-same-old-token')).status).toBe(401);
    expect((await from('2.2.2.2', ADMIN_TOKEN)).status).toBe(200);
  });

  it('do not count when they are over, or when there are none', async () => {
    for (let time = 0; time < 5; time++) {
      const over = await tokenFor(`m${time}`, 'MEMBER', ['a'], new Date(Date.now() - 1_000));
      expect((await from('3.3.3.3', over)).status).toBe(401);
      expect((await post(app.url, null, VIEWER, { 'x-forwarded-for': '3.3.3.3' })).status).toBe(401);
    }
    expect((await from('3.3.3.3', ADMIN_TOKEN)).status).toBe(200);
  });

  it('count for what the trusted proxy says, whatever the client says', async () => {
    for (let time = 0; time < 4; time++) {
      await post(app.url, `wrong-${counter++}`, VIEWER, { 'x-forwarded-for': `9.9.9.${time}, 4.4.4.4` });
    }
    expectRefused(await from('4.4.4.4', ADMIN_TOKEN));
  });

  async function openRefused(address: string): Promise<{ code: number; reason: string }> {
    const socket = await connectSocket(app.url, { headers: { 'x-forwarded-for': address } });
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer wrong-${counter++}` } });
    return socket.closed;
  }
});
