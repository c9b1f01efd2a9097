/**
 * Secrets go nowhere but to whom they belong: servers are led through all that handles them, and then everything that
 * they have logged (at level trace), answered and stored is searched for each of them.
 */
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { WITHOUT_SECRETS } from '../../../src/server/logging.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { startProxy } from '../../events/transports/redis-proxy.ts';
import { Caller } from '../../support/api.ts';
import { ADMIN_TOKEN, JWT_SECRET, startApp, type TestApp, tokenFor } from '../../support/app.ts';
import { availableDatabases, createTestDatabase, testRedisUrl } from '../../support/database.ts';
import { connectSocket, openSocket } from '../socket.ts';
import { dial, readToEnd } from '../wire.ts';

const random = (what: string) => `${what}-${randomBytes(12).toString('hex')}`;

/** Leads a server through sign-ins of all kinds. @returns what it must not tell, and what it has told */
async function signInEveryWay(app: TestApp, secrets: Set<string>): Promise<string> {
  const told: string[] = [];
  const admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
  const newKey = async () => {
    const { secret, apiKey } = await admin.createKey({ name: 'k', role: 'MEMBER', rooms: ['a'] });
    secrets.add(secret.slice(12));
    return { secret, id: apiKey.id as string };
  };
  const [key, revoked] = [await newKey(), await newKey()];
  await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: revoked.id });
  const wrong = ['wrong', 'sb_wrongkey_wrong', 'a.b'].map(random);
  const signed = [
    await tokenFor('m', 'MEMBER', ['a']),
    await tokenFor('m', 'MEMBER', ['a'], new Date(Date.now() - 60_000)),
    `${await tokenFor('eve', 'ADMIN', ['*'])}x`,
  ];
  for (const token of [...wrong, ...signed]) secrets.add(token);
  const ask = async (path: string, headers: Record<string, string>, body?: string) => {
    const init = body === undefined ? { headers } : { method: 'POST', body, headers };
    const response = await fetch(app.url + path, init);
    told.push(JSON.stringify([...response.headers]), await response.text());
  };
  const json = { 'content-type': 'application/json' };
  const query = JSON.stringify({
    query: '{ viewer { id role rooms } apiKeys { nodes { id name prefix createdBy } } }',
  });
  for (const token of [ADMIN_TOKEN, key.secret, revoked.secret, ...wrong, ...signed]) {
    await ask('/graphql', { ...json, authorization: `Bearer ${token}` }, query);
    await ask('/graphql', { ...json, 'x-admin-token': token }, query);
    await ask('/graphql', { ...json, authorization: `Basic ${token}` }, query);
    await ask('/graphql', { ...json, authorization: token, cookie: `token=${token}` }, '{ no json');
    await ask('/graphql', { ...json, authorization: `Bearer ${token}`, accept: 'text/event-stream' }, query);
    await ask(`/graphql?query={viewer{id}}&token=${token}`, { accept: 'text/html' });
    await ask(`/nowhere/${token}?token=${token}`, {}).catch(() => {});
    const socket = await connectSocket(app.url, { headers: { cookie: `token=${token}` } });
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    told.push(JSON.stringify(await Promise.race([socket.next().catch(() => null), socket.closed])));
    socket.close();
  }
  // The path is an answer's to repeat to whoever sent it; not what stands behind the question mark, nor headers.
  const answers = told.filter((text) => !text.includes('/nowhere/'));
  for (const path of ['/', '/health/ready', '/metrics'])
    await ask(path, { authorization: `Bearer ${ADMIN_TOKEN}` });
  const raw = await dial(app.url);
  const end = readToEnd(raw);
  raw.write(
    `GET /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nX-Bad Header: ${key.secret}\r\n\r\n`,
  );
  answers.push(await end);
  const live = await openSocket(app.url, key.secret);
  await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: key.id });
  answers.push(JSON.stringify(await live.closed));
  return [...answers, ...told].join('\n');
}

/** Every row of every table, as text. */
async function everything(database: Database): Promise<string> {
  const tables = await database.query<{ name: string }>({
    name: 'all_tables',
    text: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  });
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await database.query<{ row: string }>({
      name: `all_of_${name}`.slice(0, 63),
      text: `SELECT t::text AS row FROM "${name}" AS t`,
    });
    rows.push(...found.map(({ row }) => `${name}: ${row}`));
  }
  return rows.join('\n');
}

function expectNone(secrets: ReadonlySet<string>, places: Record<string, string>): void {
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(0);
    for (const secret of secrets) {
      const at = text.indexOf(secret);
      expect(at < 0 ? null : `${place}: …${text.slice(Math.max(0, at - 200), at + 40)}…`).toBeNull();
    }
  }
}

describe('secrets', { timeout: 120_000 }, () => {
  it('are neither logged, nor answered, nor stored by a server on PGlite', async () => {
    const secrets = new Set([ADMIN_TOKEN, JWT_SECRET]);
    const { db } = await createTestDatabase('pglite');
    const app = await startApp({ database: db, logLevel: 'trace' });
    try {
      const answered = await signInEveryWay(app, secrets);
      const stored = await everything(db);
      expect(stored).toContain('api_key: ');
      expectNone(secrets, { answered, stored });
    } finally {
      await app.stop();
    }
    expectNone(secrets, { logged: `logged:\n${app.logged.join('\n')}` });
  });

  const redisUrl = testRedisUrl();
  it.runIf(redisUrl && availableDatabases().includes('postgres'))(
    'nor those of PostgreSQL and Redis, when Redis refuses the login',
    async () => {
      const database = await createTestDatabase('postgres');
      const [user, secret, postgresSecret] = [
        random('sb-test'),
        random('redis-secret'),
        random('postgres-secret'),
      ];
      const redis = new Redis(redisUrl as string);
      await redis.call('ACL', 'SETUSER', user, 'on', `>${secret}`, '~*', '&*', '+@all');
      const proxy = await startProxy(redisUrl as string);
      const databaseUrl = new URL(database.url as string);
      databaseUrl.password = postgresSecret;
      const app = await startApp({
        databaseUrl: databaseUrl.href,
        redisUrl: proxy.url.replace('//', `//${user}:${secret}@`),
        logLevel: 'trace',
      });
      try {
        // Those who are connected lose their connection, and are refused when they come again.
        await redis.call('ACL', 'SETUSER', user, 'resetpass', `>${random('other')}`);
        proxy.cut();
        await vi.waitFor(() => expect(app.logged.join('\n')).toContain('WRONGPASS'), 30_000);
        const secrets = new Set([ADMIN_TOKEN, secret, postgresSecret]);
        const ready = await (await fetch(`${app.url}/health/ready`)).text();
        expectNone(secrets, {
          ready,
          logged: app.logged.join('\n'),
          stored: await everything(database.db),
        });
      } finally {
        await app.stop();
        await redis.call('ACL', 'DELUSER', user);
        redis.disconnect();
        await proxy.close();
        await database.close();
      }
    },
  );

  it('are taken out of errors and headers that somebody logs', () => {
    const lines: string[] = [];
    const logger = pino({ level: 'trace', ...WITHOUT_SECRETS }, { write: (line) => void lines.push(line) });
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
    const key = `sb_abcdefgh_${'x'.repeat(49)}`;
    const login = Object.assign(new Error('WRONGPASS'), {
      command: { name: 'auth', args: ['user', 'hunter2'] },
    });
    const cause = new Error('connect to postgres://user:hunter2@host/db');
    logger.error({ err: new Error(`with ${jwt} and ${key}`, { cause }) }, 'one');
    logger.error({ err: new AggregateError([login], 'all failed') }, 'two');
    logger.error({ err: login }, 'three');
    const headers = { authorization: 'Bearer hunter2', 'x-admin-token': 'hunter2', cookie: 'a=hunter2' };
    logger.info({ headers, req: { headers }, token: 'hunter2' }, 'four');
    const text = lines.join('');
    for (const secret of ['hunter2', jwt, key]) expect(text).not.toContain(secret);
    expect(text).toContain('sb_abcdefgh_[redacted]');
    expect(text).toContain('WRONGPASS');
    expect(lines).toHaveLength(4);
  });
});
