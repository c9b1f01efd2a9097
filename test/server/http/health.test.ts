/** Probes: what they say while everything is there, and when the database or Redis is gone. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RedisProxy, startProxy } from '../../events/transports/redis-proxy.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { availableDatabases, createTestDatabase, testRedisUrl } from '../../support/database.ts';
import { post } from '../transports.ts';

async function probe(url: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/health/${path}`);
  return { status: response.status, body: await response.json() };
}

const READY = {
  status: 200,
  body: { status: 'ready', database: 'ok', migrations: 'ok', transport: 'ok', counters: 'ok' },
};
const DEGRADED = {
  status: 200,
  body: { status: 'ready', database: 'ok', migrations: 'ok', transport: 'degraded', counters: 'degraded' },
};
const LIVE = { status: 200, body: { status: 'ok' } };

describe('a server on the embedded database', () => {
  it('is live and ready', async () => {
    const app = await startApp({ database: (await createTestDatabase('pglite')).db });
    expect(await probe(app.url, 'live')).toEqual(LIVE);
    expect(await probe(app.url, 'ready')).toEqual(READY);
    await app.stop();
  });

  it('goes on when the database becomes newer, and says so; without a migration it cannot', async () => {
    const { db } = await createTestDatabase('pglite');
    const app = await startApp({ database: db });
    await db.script(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('later', '', '99990101000000_later', now())`);
    const newer = await probe(app.url, 'ready');
    expect(newer).toEqual({ status: 200, body: { ...READY.body, migrations: 'newer' } });
    await db.script(`DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_init'`);
    const missing = { ...READY.body, status: 'unavailable', migrations: 'missing' };
    expect(await probe(app.url, 'ready')).toEqual({ status: 503, body: missing });
    await app.stop();
  });
});

const redisUrl = testRedisUrl();
const hasBoth = availableDatabases().includes('postgres') && redisUrl !== undefined;

describe.runIf(hasBoth)('a server on PostgreSQL and Redis', () => {
  let app: TestApp;
  let redis: RedisProxy;
  let postgres: RedisProxy;
  let dropDatabase: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase('postgres');
    dropDatabase = database.close;
    redis = await startProxy(redisUrl as string);
    // What stands in the way is the same; only the port is used.
    postgres = await startProxy(database.url as string);
    const databaseUrl = new URL(database.url as string);
    databaseUrl.host = new URL(postgres.url).host;
    app = await startApp({ databaseUrl: databaseUrl.href, redisUrl: redis.url });
  });

  afterAll(async () => {
    await app.stop();
    await Promise.all([redis.close(), postgres.close()]);
    await dropDatabase();
  });

  function eventually(expected: { status: number; body: unknown }): Promise<void> {
    return vi.waitFor(async () => expect(await probe(app.url, 'ready')).toEqual(expected), {
      timeout: 15_000,
      interval: 100,
    });
  }

  it('is live and ready', async () => {
    expect(await probe(app.url, 'live')).toEqual(LIVE);
    expect(await probe(app.url, 'ready')).toEqual(READY);
  });

  it('is ready but degraded while Redis is gone, goes on working, and recovers by itself', async () => {
    redis.down();
    await eventually(DEGRADED);
    const { body } = await post(app.url, ADMIN_TOKEN, {
      query: 'mutation { registerJob(input: { room: "a", category: "general", name: "b" }) { __typename } }',
    });
    expect(body.data).toEqual({ registerJob: { __typename: 'RegisterJobSuccess' } });
    redis.thaw();
    await eventually(READY);
  });

  it('is degraded while Redis takes connections and says nothing', async () => {
    redis.freeze();
    await eventually(DEGRADED);
    redis.thaw();
    await eventually(READY);
  });

  it('is unavailable while the database is gone, but live, says so to callers, and recovers by itself', async () => {
    postgres.down();
    await eventually({
      status: 503,
      body: {
        status: 'unavailable',
        database: 'unavailable',
        migrations: 'unknown',
        transport: 'ok',
        counters: 'ok',
      },
    });
    expect(await probe(app.url, 'live')).toEqual(LIVE);
    const { status, body } = await post(app.url, ADMIN_TOKEN, { query: '{ tasks { nodes { id } } }' });
    expect(status).toBe(503);
    expect(body.errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
    postgres.thaw();
    await eventually(READY);
  });

  it('is unavailable within seconds while the database takes connections and says nothing', async () => {
    postgres.freeze();
    await eventually({
      status: 503,
      body: {
        status: 'unavailable',
        database: 'unavailable',
        migrations: 'unknown',
        transport: 'ok',
        counters: 'ok',
      },
    });
    expect(await probe(app.url, 'live')).toEqual(LIVE);
    postgres.thaw();
    await eventually(READY);
  });
});
