/** Signing in by API keys, and what becomes of everything that a key has opened when it is revoked or expires. */
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKeyToken } from '../../../src/domain/api-key.ts';
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
import { connectSocket, openSocket } from '../socket.ts';
import { TRANSPORTS } from '../transports.ts';
import { refusedAs, signIn } from './sign-in.ts';

const WATCH = { query: 'subscription { roomEvents(room: "a") { __typename } }' };
const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) {
  __typename ... on RevokeApiKeySuccess { apiKey { status } }
} }`;
const REVOKED = (transport: string) => ({
  refused: transport === 'WebSocket' ? 4401 : 401,
  message: 'The API key was revoked.',
});

const adminOf = ({ url }: TestApp) => new Caller(url, '@admin', ADMIN_TOKEN);
const newKey = (app: TestApp, more: object = {}) =>
  adminOf(app).createKey({ name: 'k', role: 'MEMBER', rooms: ['a'], tier: 'unlimited', ...more });
const revoke = (app: TestApp, id: string) => adminOf(app).ask(REVOKE, { id });

/** A socket that watches and a stream, and how both end. */
async function openBoth({ url }: TestApp, token: string) {
  const socket = await openSocket(url, token);
  socket.send({ type: 'subscribe', id: '1', payload: WATCH });
  const events = await openEvents(url, token, WATCH);
  expect(events.headers.get('content-type')).toBe('text/event-stream');
  const cut = events.next().then(
    () => 'ended',
    (error: Error) => error.message,
  );
  return { socket, ended: Promise.all([socket.closed, cut]) };
}

const ENDED = (reason: string) => [{ code: 4403, reason }, 'terminated'];

describe('on one server', () => {
  let database: TestDatabase;
  let app: TestApp;
  beforeAll(async () => {
    database = await createTestDatabase('pglite');
    app = await startApp({ database: database.db });
  });
  afterAll(async () => {
    await app.stop();
    expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });

  it.each(TRANSPORTS)('a key signs in over %s, and is known by its id', async (transport) => {
    const { secret, apiKey } = await newKey(app);
    const viewer = { id: apiKey.id, role: 'MEMBER', rooms: ['a'] };
    // Read, and then known.
    for (let time = 0; time < 2; time++) {
      expect(await signIn(transport, app.url, `Bearer ${secret}`)).toEqual({ viewer });
    }
    await revoke(app, apiKey.id);
    for (let time = 0; time < 2; time++) {
      expect(await signIn(transport, app.url, `Bearer ${secret}`)).toEqual(REVOKED(transport));
    }
  });

  it.each(TRANSPORTS)('a key that nobody was given is refused over %s', async (transport) => {
    const { secret } = await newKey(app);
    const { token: other } = newApiKeyToken();
    // Right prefix, right checksum, wrong secret: as whoever knows how keys are made would guess.
    const body = `${secret.slice(0, 12)}${'x'.repeat(43)}`;
    let sum = '';
    for (let rest = crc32(body), n = 0; n < 6; n++, rest = Math.floor(rest / 62)) {
      sum = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[rest % 62] + sum;
    }
    for (const wrong of [other, body + sum, secret.slice(0, -1), `${secret}x`, 'sb_x_y']) {
      expect(await signIn(transport, app.url, `Bearer ${wrong}`)).toEqual(refusedAs('invalid', transport));
    }
  });

  it('a key is no admin token, and its id is no subject of a JSON Web Token', async () => {
    const { secret, apiKey } = await newKey(app, { role: 'ADMIN' });
    const response = await fetch(`${app.url}/graphql?query={viewer{id}}`, {
      headers: { 'x-admin-token': secret },
    });
    expect(response.status).toBe(401);
    const token = await tokenFor(apiKey.id, 'MEMBER', ['a']);
    expect(await signIn('HTTP', app.url, `Bearer ${token}`)).toEqual({
      refused: 401,
      message: expect.stringMatching(/^The token's claim "sub" must be .* no id of this server\.$/),
    });
  });

  it('what a key has opened ends when it expires', async () => {
    const endsAt = Date.now() + 2_000;
    const { secret } = await newKey(app, { expiresAt: new Date(endsAt).toISOString() });
    const { ended } = await openBoth(app, secret);
    expect(await ended).toEqual(ENDED('The token has expired'));
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
    for (const transport of TRANSPORTS) {
      expect(await signIn(transport, app.url, `Bearer ${secret}`)).toEqual(refusedAs('expired', transport));
    }
  });

  it('a key that is revoked while its socket signs in opens nothing', async () => {
    const { secret, apiKey } = await newKey(app);
    const socket = await connectSocket(app.url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
    await revoke(app, apiKey.id);
    expect([4401, 4403]).toContain((await socket.closed).code);
  });

  it('the database holds no secret, only its digest', async () => {
    const { secret } = await newKey(app);
    const rows = await database.db.query<{ row: string }>({
      name: 'all_keys',
      text: 'SELECT api_key::text AS row FROM api_key',
    });
    const text = rows.map(({ row }) => row).join('\n');
    expect(text).toContain(secret.slice(3, 11));
    expect(text).not.toContain(secret.slice(12));
  });
});

const redisUrl = testRedisUrl();
const kinds: [name: string, withRedis: boolean][] = [['without Redis', false]];
if (redisUrl) kinds.unshift(['with Redis', true]);

describe.runIf(availableDatabases().includes('postgres')).each(kinds)(
  'on two servers %s',
  (_name, withRedis) => {
    let database: TestDatabase;
    let apps: [TestApp, TestApp];
    beforeAll(async () => {
      database = await createTestDatabase('postgres');
      const on = { databaseUrl: database.url as string, redisUrl: withRedis ? redisUrl : undefined };
      apps = [await startApp(on), await startApp(on)];
    });
    afterAll(async () => {
      for (const app of apps) await app.stop();
      await database.close();
    });

    it('a key of one server is taken by the other at once', async () => {
      const { secret, apiKey } = await newKey(apps[0]);
      expect(await signIn('HTTP', apps[1].url, `Bearer ${secret}`)).toMatchObject({
        viewer: { id: apiKey.id },
      });
    });

    it('a revocation ends on both what the key has opened, and nothing else', async () => {
      const [one, two] = [await newKey(apps[0]), await newKey(apps[0])];
      const opened = await Promise.all(apps.map((app) => openBoth(app, one.secret)));
      const others = await Promise.all(apps.map((app) => openBoth(app, two.secret)));
      await revoke(apps[0], one.apiKey.id);
      expect(await opened[0]?.ended).toEqual(ENDED('The API key was revoked'));
      // It was told; or asks by itself within seconds.
      expect(await opened[1]?.ended).toEqual(ENDED('The API key was revoked'));
      for (const app of apps)
        expect(await signIn('HTTP', app.url, `Bearer ${one.secret}`)).toEqual(REVOKED('HTTP'));
      for (const { socket } of others) {
        socket.send({ type: 'ping' });
        expect(await socket.next()).toEqual({ type: 'pong' });
        socket.close();
      }
      await revoke(apps[0], two.apiKey.id);
      await Promise.all(others.map(({ ended }) => ended));
    });
  },
);

describe.runIf(redisUrl && availableDatabases().includes('postgres'))('while Redis is away', () => {
  it('a revocation on another server is found all the same', async () => {
    const database = await createTestDatabase('postgres');
    const proxy = await startProxy(redisUrl as string);
    const [one, other] = [
      await startApp({ databaseUrl: database.url as string, redisUrl: redisUrl as string }),
      await startApp({ databaseUrl: database.url as string, redisUrl: proxy.url }),
    ];
    try {
      const { secret, apiKey } = await newKey(one);
      const { ended } = await openBoth(other, secret);
      proxy.down();
      await revoke(one, apiKey.id);
      expect(await ended).toEqual(ENDED('The API key was revoked'));
      expect(await signIn('HTTP', other.url, `Bearer ${secret}`)).toEqual(REVOKED('HTTP'));
    } finally {
      proxy.thaw();
      await Promise.all([one.stop(), other.stop()]);
      await proxy.close();
      await database.close();
    }
  });
});
