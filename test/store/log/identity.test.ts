/** Which log a cursor belongs to, over dumps, copies and recoveries; on PostgreSQL clusters of the test's own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../../../scripts/services/programs.mjs';
import type { Database } from '../../../src/store/database/database.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { openLog } from '../../../src/store/log/log.ts';
import { type Service, startOwnPostgres } from '../../chaos/services.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createTestStore } from '../../support/test-store.ts';

const run = promisify(execFile);
const TIMEOUT = 120_000;
const LOG = { rooms: ['room'] };

const programs = await findPostgres();

describe.each(availableDatabases())('the epoch of a log on %s', (kind) => {
  let stored: TestDatabase;
  beforeAll(async () => {
    stored = await createTestDatabase(kind);
  });
  afterAll(() => stored.close());

  it('stays the same, and changes when its row is written again', async () => {
    const log = await openLog(stored.db);
    const other = await openLog(stored.db);
    expect(log.epoch).toMatch(/^[0-9a-f-]{36}$/);
    expect(other.epoch).toBe(log.epoch);
    expect(await log.look()).toMatchObject({ epoch: log.epoch, next: expect.stringMatching(/^\d+$/) });
    let replaced = 0;
    log.onReplaced(() => replaced++);
    await stored.db.script('UPDATE log_origin SET renewed_at = now()');
    const { epoch } = await log.look();
    expect(epoch).not.toBe(other.epoch);
    expect(await other.look()).toMatchObject({ epoch });
    await log.look();
    expect([replaced, log.hasMoved]).toEqual([1, true]);
  });

  it('changes when the number of transactions goes back', async () => {
    // A database that stands at a later number, and is then found to stand at an earlier one.
    let ahead = 0n;
    const db: Database = {
      ...stored.db,
      async query<Row>(statement: Parameters<Database['query']>[0], parameters: readonly unknown[] = []) {
        const rows = await stored.db.query<Row & { next?: string }>(statement, parameters);
        return rows.map((row) =>
          row.next === undefined ? row : { ...row, next: String(BigInt(row.next) + ahead) },
        ) as Row[];
      },
    };
    ahead = 1_000n;
    const log = await openLog(db);
    const before = log.epoch;
    ahead = 0n;
    expect((await log.look()).epoch).not.toBe(before);
    // And only once for all servers.
    const { epoch } = await log.look();
    expect((await openLog(stored.db)).epoch).toBe(epoch);
  });
});

describe.runIf(programs && availableDatabases().includes('postgres'))('a log that was restored', () => {
  let source: TestDatabase & { url: string };
  let cluster: Service;
  const opened: Database[] = [];

  beforeAll(async () => {
    source = (await createTestDatabase('postgres')) as typeof source;
    cluster = (await startOwnPostgres()) as Service;
  }, TIMEOUT);

  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });

  afterAll(async () => {
    await cluster.stop();
    await source.close();
  });

  async function open(url: string): Promise<Database> {
    const database = await openPostgres({ url });
    opened.push(database);
    return database;
  }

  /** @returns the ids of new tasks */
  async function submit(database: Database, count: number): Promise<string[]> {
    const { newJob, submit } = await createTestStore('postgres', database);
    const job = await newJob({ room: 'room' });
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push((await submit(job)).id);
    return ids;
  }

  /** Into a new database of the cluster, as whoever restores a backup does. */
  async function restore(from: string, name: string): Promise<string> {
    const { stdout } = await run(`${programs}/pg_dump`, ['--no-owner', '--dbname', from], {
      maxBuffer: 2 ** 28,
    });
    const url = new URL(cluster.url);
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    url.pathname = `/${name}`;
    const psql = execFile(`${programs}/psql`, ['--quiet', '-v', 'ON_ERROR_STOP=1', '--dbname', url.href]);
    const ended = new Promise<number | null>((resolve) => psql.once('exit', resolve));
    psql.stdin?.end(stdout);
    expect(await ended).toBe(0);
    return url.href;
  }

  it(
    'from a dump has another epoch, and is in order although its transactions were numbered elsewhere',
    async () => {
      const origin = await open(source.url);
      // As in a cluster that has worked for long: its numbers lie far ahead of those of a new one.
      await origin.script(
        `DO $$ BEGIN FOR n IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`,
      );
      await submit(origin, 5);
      const before = await openLog(origin);
      const all = await before.read(LOG, { xid: '0', id: '0' }, 100);
      expect(all.changes).toHaveLength(5);

      const copy = await open(await restore(source.url, 'restored'));
      const [ahead] = await copy.query<{ is: boolean }>({
        name: 'test_ahead',
        text: 'SELECT max(xid::text::numeric) > pg_snapshot_xmax(pg_current_snapshot())::text::numeric AS is FROM task_transition',
      });
      expect(ahead?.is).toBe(true);
      const log = await openLog(copy);
      expect(log.epoch).not.toBe(before.epoch);
      expect(log.scope).not.toBe(before.scope);

      // What comes now lies after all that came along, and after the horizon of this moment.
      const horizon = await log.horizon();
      const ids = await submit(copy, 2);
      const later = await log.read(LOG, horizon, 100);
      expect(later.changes.map(({ task }) => task.id)).toEqual(ids);
      // Who asks for what came along is told that it is past.
      const past = await log.read(LOG, { xid: '1', id: '0' }, 100);
      expect(past.changes).toHaveLength(7);
      expect(past.trimmed.xid).toBe('2');
      // It is moved once: whoever starts later finds the same log.
      expect((await openLog(copy)).epoch).toBe(log.epoch);
    },
    TIMEOUT,
  );

  it(
    'counts what it had not counted before, and nothing twice',
    async () => {
      const origin = await open(source.url);
      const rollUp = async (database: Database) => {
        const { store } = await createTestStore('postgres', database);
        while ((await store.rollUpStatistics(100)) > 0);
        return store.countTasks({ rooms: ['room'], jobId: null });
      };
      await rollUp(origin);
      await submit(origin, 3);
      const copy = await open(await restore(source.url, 'counted'));
      await openLog(copy);
      await submit(copy, 1);
      const [before, after] = [await rollUp(origin), await rollUp(copy)];
      expect(after.counts.PENDING).toBe(before.counts.PENDING + 1);
    },
    TIMEOUT,
  );

  it(
    'has another epoch as a copy within its cluster, and for a role that may see nothing of the cluster',
    async () => {
      const admin = await open(cluster.url);
      const url = await restore(source.url, 'seen');
      const seen = await open(url);
      await seen.script(
        `CREATE ROLE plain LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO plain;
        REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC;
        REVOKE EXECUTE ON FUNCTION pg_current_wal_lsn() FROM PUBLIC`,
      );
      const asPlain = async (database: string) => {
        const at = new URL(cluster.url);
        at.username = 'plain';
        at.pathname = `/${database}`;
        return openLog(await open(at.href));
      };
      const log = await asPlain('seen');
      expect((await asPlain('seen')).epoch).toBe(log.epoch);
      for (const database of opened.splice(0)) if (database !== admin) await database.close();
      await admin.script('CREATE DATABASE copied TEMPLATE seen');
      expect((await asPlain('copied')).epoch).not.toBe(log.epoch);
      await admin.close();
    },
    TIMEOUT,
  );
});
