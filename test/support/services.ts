/**
 * Once per run: one migrated database of each kind, which every test file then gets a copy of.
 * scripts/test.mjs says by SIGNALBOX_TEST_DATABASE_URL and SIGNALBOX_TEST_REDIS_URL which servers there are; the
 * suites of a server that is not named are left out. PGlite is always there.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPglite } from '../../src/store/database/pglite.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import {
  createDatabase,
  dropDatabase,
  dropForgottenDatabases,
  newDatabaseName,
} from './postgres-databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL to make databases on, and the migrated database to copy; null when there is none. */
    testPostgres: { url: string; template: string } | null;
    /** URL of the Redis; null when there is none. */
    testRedisUrl: string | null;
    /** File with the dump of a migrated PGlite. */
    testPgliteDump: string;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['SIGNALBOX_TEST_DATABASE_URL'] || null;
  // One after the other: starting a PGlite keeps this thread busy for seconds, longer than a connection may take.
  const template = url && (await createTemplate(url));
  const dump = await findOrMakeDump();
  project.provide('testPostgres', url && template ? { url, template } : null);
  project.provide('testRedisUrl', process.env['SIGNALBOX_TEST_REDIS_URL'] || null);
  project.provide('testPgliteDump', dump);

  return async () => {
    if (url && template) await dropDatabase(url, template);
  };
}

async function createTemplate(url: string): Promise<string> {
  await dropForgottenDatabases(url);
  const template = newDatabaseName();
  const database = await openPostgres({ url: await createDatabase(url, template) });
  await migrate(database);
  // Nobody may be connected to a database that is copied.
  await database.close();
  return template;
}

/**
 * The dump of a migrated PGlite. Making it costs many seconds of the processor, so it is kept, by what it depends on: the
 * migrations, and the version of PGlite.
 */
async function findOrMakeDump(): Promise<string> {
  const directory = join(ROOT, 'node_modules/.cache/signalbox');
  const file = join(directory, `pglite-${await hashOfDump()}.tar`);
  if (existsSync(file)) return file;
  await mkdir(directory, { recursive: true });
  const old = (await readdir(directory)).filter((name) => name.startsWith('pglite-'));
  await Promise.all(old.map((name) => rm(join(directory, name), { force: true })));
  // Another run may look for it in this moment: it appears whole.
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, await dumpMigratedPglite());
  await rename(fresh, file);
  return file;
}

async function hashOfDump(): Promise<string> {
  const hash = createHash('sha256');
  const migrations = join(ROOT, 'prisma/migrations');
  for (const name of (await readdir(migrations, { recursive: true })).sort()) {
    if (name.endsWith('.sql')) hash.update(name).update(await readFile(join(migrations, name)));
  }
  for (const path of ['node_modules/@electric-sql/pglite/package.json', 'src/store/database/pglite.ts']) {
    hash.update(await readFile(join(ROOT, path)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function dumpMigratedPglite(): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-test-pglite-'));
  try {
    const database = await openPglite({ dataDir: directory });
    await migrate(database);
    await database.close();
    const client = await PGlite.create(join(directory, 'db'));
    const dump = await client.dumpDataDir('none');
    await client.close();
    return new Uint8Array(await dump.arrayBuffer());
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
