/** Whatever a database, a role, a pooler or PGOPTIONS set by default: every way into the database says it otherwise. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import type { Database, DatabaseSession } from '../../src/store/database/database.ts';
import { openPglite } from '../../src/store/database/pglite.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { forStatements, setUpSession } from '../../src/store/database/session-setup.ts';
import { environment, SCHEMA } from './environment.ts';
import { hasPrograms, onServer, UNUSUAL } from './services.ts';

/** Set for the role, and nothing that an answer of ours depends on; the driver itself says the encoding. */
const HARMLESS = [
  ...['backslash_quote', 'xmloption', 'row_security', 'jit_above_cost', 'geqo_threshold'],
  'client_encoding',
];
/** What each way must say itself. */
const RELIED_ON = Object.keys(UNUSUAL).filter((name) => !HARMLESS.includes(name));

type Settings = Record<string, string>;

const READ = {
  name: 'test_read_settings',
  text: `SELECT lower(name) AS name, setting FROM pg_settings WHERE lower(name) = ANY($1::text[]) ORDER BY name`,
};

async function settingsOf(session: DatabaseSession): Promise<Settings> {
  const rows = await session.query<{ name: string; setting: string }>(READ, [RELIED_ON]);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

/** The same for each way of the database, by its name. */
async function settingsByWay(database: Database): Promise<Record<string, Settings>> {
  const prisma = new PrismaClient({ adapter: database.prismaAdapter });
  const rows = await prisma.$queryRawUnsafe<{ name: string; setting: string }[]>(READ.text, RELIED_ON);
  const statement = await settingsOf(database);
  const direct = await database.direct(settingsOf);
  return {
    statement,
    session: await database.session(settingsOf),
    transaction: await database.transaction(settingsOf),
    prisma: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])),
    // Migrations may take longer than statements.
    direct: { ...direct, statement_timeout: statement['statement_timeout'] as string },
  };
}

function expectOurs(ways: Record<string, Settings>, theirs: Settings): void {
  for (const [way, settings] of Object.entries(ways)) {
    const kept = RELIED_ON.filter((name) => settings[name] === theirs[name]);
    expect(kept, `what the ${way} leaves as it is`).toEqual([]);
    expect(settings, `what the ${way} says`).toEqual(ways['statement']);
  }
}

const opened: Database[] = [];

afterEach(async () => {
  delete process.env['PGOPTIONS'];
  for (const database of opened.splice(0)) await database.close();
});

async function open(options: Parameters<typeof openPostgres>[0]): Promise<Database> {
  const database = await openPostgres(options);
  opened.push(database);
  return database;
}

describe('the settings of a session', () => {
  it('are all tried here, each with something unusual', () => {
    const said = setUpSession(forStatements('public', 150_000)).matchAll(/SET (\w+) =/g);
    const names = [...said].map(([, name = '']) => name.toLowerCase());
    // The pooler would lose idle connections by the first; the others are of families with a member here.
    const others =
      /^(idle_session_timeout|timezone_abbreviations|constraint_exclusion|geqo|enable_\w+|cpu_\w+)$/;
    expect(names.filter((name) => !others.test(name) && !(name in UNUSUAL))).toEqual([]);
  });
});

describe.runIf(hasPrograms)('on PostgreSQL', () => {
  const surroundings = environment();
  let name: string;
  let theirs: Settings;

  beforeAll(async () => {
    const { db, url } = await surroundings().createDatabase();
    await db.close();
    name = new URL(url as string).pathname.slice(1);
    const raw = new pg.Client({ connectionString: surroundings().addresses(name).directUrl });
    await raw.connect();
    const { rows } = await raw.query(READ.text, [RELIED_ON]);
    theirs = Object.fromEntries(rows.map((row) => [row.name, row.setting]));
    await raw.end();
  });

  it('are the same on every way straight to the server', async () => {
    const { directUrl } = surroundings().addresses(name);
    expectOurs(await settingsByWay(await open({ url: directUrl })), theirs);
  });

  it('are the same on every way through a pooler that gives each transaction another connection', async () => {
    expectOurs(await settingsByWay(await open(surroundings().addresses(name))), theirs);
  });

  it('do not come from PGOPTIONS', async () => {
    process.env['PGOPTIONS'] = '-c timezone=Asia/Tokyo -c search_path=public -c statement_timeout=2900';
    const { directUrl } = surroundings().addresses(name);
    expectOurs(await settingsByWay(await open({ url: directUrl })), { ...theirs, timezone: 'Asia/Tokyo' });
  });

  it('do not come from what others have left in the connections of a pooler', async () => {
    const { url } = surroundings().addresses(name);
    const database = await open({ ...surroundings().addresses(name), maxConnections: 8 });
    const others = Array.from({ length: 4 }, () => new pg.Client({ connectionString: url }));
    for (const other of others) await other.connect();
    const reads: Promise<Settings>[] = [];
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        others.map((other) => other.query(`SET timezone = 'Asia/Tokyo'; SET search_path = nowhere`)),
      );
      reads.push(settingsOf(database), settingsOf(database));
    }
    const zones = (await Promise.all(reads)).map(({ timezone, search_path }) => `${timezone} ${search_path}`);
    expect(new Set(zones)).toEqual(new Set([`UTC "${SCHEMA}", pg_temp`]));
    for (const other of others) await other.end();
  });

  it('leave a connection usable behind a pooler after a statement that failed', async () => {
    const database = await open({ ...surroundings().addresses(name), maxConnections: 1 });
    const wrong = { name: 'test_wrong', text: 'SELECT 1 / $1::int AS one' };
    await expect(database.query(wrong, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await database.query(wrong, [1])).toEqual([{ one: 1 }]);
    const answers = await database.session((session) =>
      Promise.allSettled([session.query(wrong, [1]), session.query(wrong, [0]), session.query(wrong, [1])]),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('give Prisma the time that everybody else has', async () => {
    const database = await open({ url: surroundings().addresses(name).directUrl });
    const text = `SELECT '2026-03-01 00:00:00Z'::timestamptz AS at`;
    const prisma = new PrismaClient({ adapter: database.prismaAdapter });
    const [read] = await prisma.$queryRawUnsafe<{ at: Date }[]>(text);
    const [row] = await database.query<{ at: Date }>({ name: 'test_at', text });
    expect([read?.at, row?.at]).toEqual([new Date('2026-03-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')]);
  });

  it('let two schemas of one database hold a lock of the same name', async () => {
    const { directUrl } = surroundings().addresses(name);
    await onServer(surroundings().admin(name), 'CREATE SCHEMA IF NOT EXISTS other');
    const [one, two, three] = [
      await open({ url: directUrl }),
      await open({ url: directUrl.replace(/schema=[^&]*/, 'schema=other') }),
      await open(surroundings().addresses(name)),
    ];
    const held = await one.tryLock('sweep');
    const other = await two.tryLock('sweep');
    expect(held).not.toBeNull();
    expect(other).not.toBeNull();
    expect(await three.tryLock('sweep')).toBeNull();
    await Promise.all([held?.release(), other?.release()]);
  });
});

it('on PGlite are ours as well', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-settings-'));
  await (await openPglite({ dataDir })).close();
  const raw = await PGlite.create(join(dataDir, 'db'));
  for (const [setting, value] of Object.entries({ timezone: 'Asia/Kolkata', datestyle: 'SQL, DMY' })) {
    await raw.exec(`ALTER ROLE postgres SET ${setting} = ${value.includes(',') ? value : `'${value}'`}`);
  }
  await raw.close();
  const database = await openPglite({ dataDir });
  const { timezone, datestyle, search_path } = await settingsOf(database);
  expect({ timezone, datestyle, search_path }).toEqual({
    timezone: 'UTC',
    datestyle: 'ISO, MDY',
    search_path: 'public, pg_temp',
  });
  await database.close();
  await rm(dataDir, { recursive: true });
});
