import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrismaClient } from '../../../src/generated/prisma/client.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { Outage, outageOf } from '../../../src/store/database/outage.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';

const SLEEP = { name: 'test_sleep', text: 'SELECT pg_sleep($1::float8), pg_backend_pid() AS pid' };
const TOUCH = { name: 'test_touch', text: 'UPDATE log_epoch SET trimmed_id = trimmed_id + 1' };
const TRANSACTION = { name: 'test_transaction', text: 'SELECT pg_current_xact_id_if_assigned() AS xid' };

describe.runIf(availableDatabases().includes('postgres'))('the connections to PostgreSQL', () => {
  let stored: TestDatabase;
  let admin: pg.Client;
  const opened: Database[] = [];

  beforeEach(async () => {
    stored = await createTestDatabase('postgres');
    admin = new pg.Client({ connectionString: stored.url });
    await admin.connect();
  });

  afterEach(async () => {
    await admin.query('RESET ALL');
    for (const database of opened.splice(0)) await database.close();
    await admin.end();
    await stored.close();
  });

  async function open(maxConnections: number, connectTimeoutMs?: number): Promise<Database> {
    const database = await openPostgres({ url: stored.url as string, maxConnections, connectTimeoutMs });
    opened.push(database);
    return database;
  }

  async function terminateAll(which = 'true'): Promise<number> {
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${which}`,
    );
    return rowCount ?? 0;
  }

  const refusal = (work: Promise<unknown>): Promise<Outage> =>
    work.then(
      () => expect.fail('It was done.'),
      (error) => {
        expect(error).toBeInstanceOf(Outage);
        return error;
      },
    );

  it('survive that all of them are terminated again and again under load', async () => {
    const database = await open(4);
    let goesOn = true;
    const failures: unknown[] = [];
    const prisma = new PrismaClient({ adapter: database.prismaAdapter });
    const callers = Array.from({ length: 60 }, async (_, n) => {
      for (let turn = n; goesOn; turn++) {
        const ways = [
          () => database.query(SLEEP, [0.001]),
          () => database.session((session) => session.query(SLEEP, [0.001])),
          () => database.transaction((session) => session.query(TOUCH)),
          () => prisma.job.findMany({ take: 1 }),
        ];
        await ways[turn % ways.length]?.().catch((error) => failures.push(error));
        // A pool that cannot connect refuses at once.
        if (failures.length % 10 === 0) await sleep(1);
      }
    });
    for (let round = 0; round < 30; round++) {
      await sleep(20 + 60 * Math.random());
      await terminateAll();
    }
    goesOn = false;
    await Promise.all(callers);
    expect(failures.length).toBeGreaterThan(20);
    // Some may have waited in vain all the time.
    expect(failures.filter((error) => !['away', 'busy'].includes(outageOf(error)?.reason ?? ''))).toEqual([]);
    await expect(database.query(SLEEP, [0])).resolves.toHaveLength(1);
  }, 60_000);

  it('say that a statement may have been done whose connection was lost', async () => {
    const database = await open(2);
    const lost = refusal(database.query(SLEEP, [30]));
    // Not before the statement runs: a connection that is being set up is replaced, and nothing is lost with it.
    while ((await terminateAll("wait_event = 'PgSleep'")) === 0) await sleep(10);
    expect(await lost).toMatchObject({ reason: 'away', mayBeDone: true });
  });

  it('say that a transaction was not done whose connection was lost before its end', async () => {
    const database = await open(2);
    const lost = refusal(
      database.transaction(async (session) => {
        await session.query(TOUCH);
        await terminateAll();
        await session.query(TOUCH);
      }),
    );
    expect(await lost).toMatchObject({ reason: 'away', mayBeDone: false });
  });

  it('take another one when the one that was free had ended', async () => {
    const database = await open(3);
    await Promise.all([1, 2, 3].map(() => database.query(SLEEP, [0.01])));
    // Without a turn of the event loop in between nothing is known of their end yet.
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      () => undefined,
    );
    await sleep(300);
    await expect(database.query(SLEEP, [0])).resolves.toHaveLength(1);
  });

  it('refuse as busy, with nothing sent, what waits too long for one', async () => {
    const database = await open(2, 300);
    const busy = [1, 2].map(() => database.query(SLEEP, [1]));
    const refused = await Promise.all([1, 2, 3].map(() => refusal(database.query(TOUCH))));
    for (const error of refused) expect(error).toMatchObject({ reason: 'busy', mayBeDone: false });
    await Promise.all(busy);
    await expect(admin.query('SELECT trimmed_id FROM log_epoch')).resolves.toMatchObject({
      rows: [{ trimmed_id: '0' }],
    });
  });

  it('share what there is where the role may have no more, and grow again', async () => {
    const role = `sb_few_${process.pid}`;
    await admin.query(`CREATE ROLE ${role} LOGIN SUPERUSER`);
    const url = new URL(stored.url as string);
    url.username = role;
    const database = await openPostgres({ url: url.href, maxConnections: 6 });
    opened.push(database);
    try {
      // Superusers are not counted.
      await admin.query(`ALTER ROLE ${role} NOSUPERUSER CONNECTION LIMIT 2`);
      const pids = await Promise.all(
        Array.from({ length: 30 }, () => database.query<{ pid: number }>(SLEEP, [0.02])),
      );
      expect(new Set(pids.map(([row]) => row?.pid)).size).toBeLessThanOrEqual(2);
    } finally {
      await database.close();
      await admin.query(`DROP ROLE ${role}`);
    }
  });

  it('wait their time where the role may have none at all, and are refused as busy after it', async () => {
    const role = `sb_none_${process.pid}`;
    await admin.query(`CREATE ROLE ${role} LOGIN`);
    const url = new URL(stored.url as string);
    url.username = role;
    const withPatience = (connectTimeoutMs: number) =>
      openPostgres({ url: url.href, maxConnections: 4, connectTimeoutMs });
    const hasty = await withPatience(500);
    const patient = await withPatience(30_000);
    opened.push(hasty, patient);
    const other = new pg.Client({ connectionString: url.href });
    try {
      await admin.query(`ALTER ROLE ${role} CONNECTION LIMIT 1`);
      await terminateAll();
      await other.connect();
      const refused = await Promise.all(Array.from({ length: 50 }, () => refusal(hasty.query(SLEEP, [0]))));
      for (const error of refused) expect(error).toMatchObject({ reason: 'busy', mayBeDone: false });
      const waiting = Promise.all(Array.from({ length: 50 }, () => patient.query(SLEEP, [0])));
      await sleep(100);
      await other.end();
      await expect(waiting).resolves.toHaveLength(50);
    } finally {
      await other.end();
      await Promise.all([hasty.close(), patient.close()]);
      await admin.query(`DROP ROLE ${role}`);
    }
  });

  it('are not returned in the middle of a transaction', async () => {
    const database = await open(1);
    await database.session(async (session) => {
      await session.script('BEGIN');
      await session.query(TOUCH);
    });
    await expect(database.query(TRANSACTION)).resolves.toEqual([{ xid: null }]);
    await expect(admin.query('SELECT trimmed_id FROM log_epoch')).resolves.toMatchObject({
      rows: [{ trimmed_id: '0' }],
    });
  });

  it('say that nothing was done where the database takes no changes, and then lead elsewhere', async () => {
    const database = await open(1);
    const [before] = await database.query<{ pid: number }>(SLEEP, [0]);
    await database.session((session) => session.script('SET default_transaction_read_only = on'));
    expect(await refusal(database.query(TOUCH))).toMatchObject({ reason: 'read-only', mayBeDone: false });
    const [after] = await database.query<{ pid: number }>(SLEEP, [0]);
    expect(after?.pid).not.toBe(before?.pid);
    await expect(database.query(TOUCH)).resolves.toEqual([]);
  });
});
