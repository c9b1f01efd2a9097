import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { MIGRATIONS } from '../../../scripts/schema-diff.ts';
import { type Database, DatabaseUnavailable } from '../../../src/store/database/database.ts';
import { migrate } from '../../../src/store/database/migrate.ts';
import { openPglite } from '../../../src/store/database/pglite.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { availableDatabases, createTestDatabase, type DatabaseKind } from '../../support/database.ts';
import { createDatabase, dropDatabase, newDatabaseName } from '../../support/postgres-databases.ts';
import { findMisplaced } from '../../support/queue.ts';

const ID = '01a00000-0000-7000-8000-000000000001';
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A directory with the migrations of the project and some more, written as name: SQL. */
async function directoryWith(more: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-migrate-'));
  cleanUps.push(() => rm(directory, { recursive: true }));
  await cp(MIGRATIONS, directory, { recursive: true });
  for (const [name, sql] of Object.entries(more)) await write(directory, name, sql);
  return directory;
}

async function write(directory: string, name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}

async function migrated(kind: DatabaseKind): Promise<Database> {
  const database = await createTestDatabase(kind);
  cleanUps.push(() => database.close());
  return database.db;
}

/** The URL of a new database on the PostgreSQL server, without any table. */
async function emptyPostgres(): Promise<string> {
  const server = inject('testPostgres')?.url as string;
  const name = newDatabaseName();
  cleanUps.push(() => dropDatabase(server, name));
  return createDatabase(server, name);
}

async function open(url?: string): Promise<Database> {
  const database = await (url === undefined ? openPglite() : openPostgres({ url }));
  cleanUps.push(() => database.close());
  return database;
}

const recorded = (database: Database) =>
  database.query<{ name: string; sum: string }>({
    name: 'test_recorded',
    text: 'SELECT migration_name AS name, checksum AS sum FROM _prisma_migrations ORDER BY migration_name',
  });

const exists = async (database: Database, table: string) => {
  const text = 'SELECT to_regclass($1) IS NOT NULL AS exists';
  const [row] = await database.query<{ exists: boolean }>({ name: 'test_exists', text }, [table]);
  return row?.exists;
};

const names = (await readdir(MIGRATIONS, { withFileTypes: true }))
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  .sort();

describe.each(availableDatabases())('migrating on %s', (kind) => {
  it('brings an empty database up to date, and does nothing the second time', async () => {
    const database = await open(kind === 'postgres' ? await emptyPostgres() : undefined);
    expect(await migrate(database)).toEqual(names);
    const first = await recorded(database);
    expect(first.map(({ name }) => name)).toEqual(names);
    expect(await migrate(database)).toEqual([]);
    expect(await recorded(database)).toEqual(first);
  });

  it('finds the tasks that were there before there was a queue', async () => {
    const before = await directoryWith({});
    for (const name of names.slice(names.indexOf('20261125230000_task_queue'))) {
      await rm(join(before, name), { recursive: true });
    }
    const database = await open(kind === 'postgres' ? await emptyPostgres() : undefined);
    await migrate(database, before);
    await database.script(`
      INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds)
      VALUES ('${ID}', 'r', 'c', 'n', 'r:c:n', '{}', 3, '{1}');
      INSERT INTO task (id, job_id, room, status, version, attempt, max_attempts, payload, created_by, worker_id, finished_at)
      SELECT gen_random_uuid(), '${ID}', 'r', status::task_status, 1, 1, 3, '{}', 'ann', worker_id::uuid, finished_at
      FROM (VALUES ('PENDING', NULL, NULL), ('CLAIMED', '${ID}', NULL), ('COMPLETED', NULL, now()))
        AS past (status, worker_id, finished_at)`);
    await migrate(database);
    expect(await findMisplaced(database)).toEqual([]);
    const counts = await database.query({
      name: 'test_counts',
      text: 'SELECT (SELECT count(*)::int FROM task_queue) AS queued, (SELECT count(*)::int FROM task_hold) AS held',
    });
    expect(counts).toEqual([{ queued: 1, held: 1 }]);
  });

  it('applies only what is new, and records it with the checksum of the file', async () => {
    const database = await migrated(kind);
    const sql = 'CREATE TABLE extra (id int);\nINSERT INTO extra VALUES (7);\n';
    const directory = await directoryWith({ '99990101000000_extra': sql });
    expect(await migrate(database, directory)).toEqual(['99990101000000_extra']);
    expect(await exists(database, 'extra')).toBe(true);
    expect((await recorded(database)).at(-1)).toEqual({
      name: '99990101000000_extra',
      sum: createHash('sha256').update(sql).digest('hex'),
    });
  });

  it('rolls a failing migration back, keeps those before it, and goes on when it was repaired', async () => {
    const database = await migrated(kind);
    const directory = await directoryWith({
      '99990101000000_good': 'CREATE TABLE good (id int)',
      '99990102000000_bad': 'CREATE TABLE half (id int); ALTER TABLE nowhere ADD COLUMN x int;',
      '99990103000000_later': 'CREATE TABLE later (id int)',
    });
    const failing = migrate(database, directory);
    await expect(failing).rejects.toThrow(DatabaseUnavailable);
    await expect(failing).rejects.toThrow(
      'The migration 99990102000000_bad failed and was rolled back: relation "nowhere" does not exist',
    );
    expect((await recorded(database)).map(({ name }) => name)).toEqual([...names, '99990101000000_good']);
    expect([await exists(database, 'good'), await exists(database, 'half')]).toEqual([true, false]);
    await write(directory, '99990102000000_bad', 'CREATE TABLE half (id int)');
    expect(await migrate(database, directory)).toEqual(['99990102000000_bad', '99990103000000_later']);
  });

  it('rolls a migration back that cannot be recorded', async () => {
    const database = await migrated(kind);
    const name = '99990101000000_unrecorded';
    const directory = await directoryWith({
      [name]: `CREATE TABLE half (id int);
        ALTER TABLE _prisma_migrations ADD CONSTRAINT no CHECK (migration_name <> '${name}');`,
    });
    await expect(migrate(database, directory)).rejects.toThrow(
      `The migration ${name} failed and was rolled back`,
    );
    expect(await exists(database, 'half')).toBe(false);
    expect(await migrate(database)).toEqual([]);
  });

  it('refuses a database that is newer than the program', async () => {
    const database = await migrated(kind);
    await migrate(database, await directoryWith({ '99990101000000_future': 'SELECT 1' }));
    const older = migrate(database);
    await expect(older).rejects.toThrow(DatabaseUnavailable);
    await expect(older).rejects.toThrow(
      'The database is newer than this program: it has the migration 99990101000000_future, which this version does not know. Start a newer version of Signalbox.',
    );
  });

  it('refuses a migration whose file was changed after it had been applied', async () => {
    const database = await migrated(kind);
    const first = names[0] as string;
    const sql = await readFile(join(MIGRATIONS, first, 'migration.sql'), 'utf8');
    const changed = migrate(database, await directoryWith({ [first]: `${sql}\n-- changed` }));
    await expect(changed).rejects.toThrow(DatabaseUnavailable);
    await expect(changed).rejects.toThrow(`The migration ${first} was changed after it had been applied`);
    expect(await migrate(database)).toEqual([]);
  });

  it('refuses to go on where another tool has not finished, but ignores what it rolled back', async () => {
    const database = await migrated(kind);
    await database.script(`INSERT INTO _prisma_migrations (id, checksum, migration_name)
      VALUES (gen_random_uuid(), 'x', '99990101000000_other')`);
    const directory = await directoryWith({ '99990101000000_other': 'CREATE TABLE other (id int)' });
    await expect(migrate(database, directory)).rejects.toThrow(
      'The migration 99990101000000_other was started by another tool and did not finish.',
    );
    await database.script(
      `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '99990101000000_other'`,
    );
    expect(await migrate(database, directory)).toEqual(['99990101000000_other']);
  });

  it("records as Prisma's own engine does, which finds nothing left to apply", async () => {
    const database = await migrated(kind);
    const before = await recorded(database);
    const prisma = await prismaEngine(database);
    const migrations = await listMigrations(MIGRATIONS);
    expect(await prisma.applyMigrations(migrations)).toEqual({ appliedMigrationNames: [] });
    expect(await recorded(database)).toEqual(before);
    // And it would have found something.
    const directory = await directoryWith({ '99990101000000_extra': 'CREATE TABLE extra (id int)' });
    const more = await listMigrations(directory);
    expect(await prisma.applyMigrations(more)).toEqual({ appliedMigrationNames: ['99990101000000_extra'] });
    expect(await migrate(database, directory)).toEqual([]);
  });
});

describe.runIf(availableDatabases().includes('postgres'))('servers that start at the same time', () => {
  it('migrate once', async () => {
    const url = await emptyPostgres();
    const databases = await Promise.all([1, 2, 3, 4].map(() => open(url)));
    const applied = await Promise.all(databases.map((database) => migrate(database)));
    expect(applied.filter((list) => list.length > 0)).toEqual([names]);
  });

  it('do not wait for one whose migration failed', async () => {
    const url = await emptyPostgres();
    const [one, other] = [await open(url), await open(url)];
    const directory = await directoryWith({ '00000101000000_bad': 'SELECT nothing FROM nowhere' });
    await expect(migrate(one, directory)).rejects.toThrow('rolled back');
    expect(await migrate(other)).toEqual(names);
  });
});

let loaded: Promise<void> | undefined;

/** The package expects a bundler to load its WebAssembly, once for a process. */
function loadEngine(): Promise<void> {
  loaded ??= (async () => {
    const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(join(dirname(glue), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...engine } });
    engine.__wbg_set_wasm(instance.exports);
    (instance.exports['__wbindgen_start'] as () => void)();
  })();
  return loaded;
}

/** Prisma's schema engine on the database, as its CLI would use it. */
async function prismaEngine(database: Database) {
  await loadEngine();
  const connect = () => database.prismaAdapter.connect();
  const { provider, adapterName } = database.prismaAdapter;
  const adapters = bindMigrationAwareSqlAdapterFactory({
    ...{ provider, adapterName, connect },
    connectToShadowDb: connect,
  });
  const schema = await readFile(join(MIGRATIONS, '..', 'schema.prisma'), 'utf8');
  return engine.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapters);
}

async function listMigrations(baseDir: string) {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const directories = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const read = (path: string) => readFile(join(baseDir, path), 'utf8');
  return {
    filters: { externalTables: [], externalEnums: [] },
    migrationsList: {
      ...{ baseDir, shadowDbInitScript: '' },
      lockfile: { path: 'migration_lock.toml', content: await read('migration_lock.toml') },
      migrationDirectories: await Promise.all(
        directories.map(async (path) => ({
          path,
          migrationFile: {
            path: 'migration.sql',
            content: { tag: 'ok' as const, value: await read(join(path, 'migration.sql')) },
          },
        })),
      ),
    },
  };
}
