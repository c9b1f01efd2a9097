/**
 * Once per run: one migrated database of each kind, which every test file then gets a copy of.
 * scripts/test.mjs says by SIGNALBOX_TEST_DATABASE_URL and SIGNALBOX_TEST_REDIS_URL which servers there are; the
 * suites of a server that is not named are left out. PGlite is always there.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.SIGNALBOX_TEST_DATABASE_URL || null;
  // One after the other: starting a PGlite keeps this thread busy for seconds, longer than a connection may take.
  const template = url && (await createTemplate(url));
  const dump = await dumpMigratedPglite();
  project.provide('testPostgres', url && template ? { url, template } : null);
  project.provide('testRedisUrl', process.env.SIGNALBOX_TEST_REDIS_URL || null);
  project.provide('testPgliteDump', dump.file);

  return async () => {
    await rm(dump.directory, { recursive: true, force: true });
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

async function dumpMigratedPglite(): Promise<{ directory: string; file: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-test-pglite-'));
  const database = await openPglite({ dataDir: directory });
  await migrate(database);
  await database.close();
  const client = await PGlite.create(join(directory, 'db'));
  const dump = await client.dumpDataDir('none');
  await client.close();
  const file = join(directory, 'dump.tar');
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
  return { directory, file };
}
