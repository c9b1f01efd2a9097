/** Fresh, migrated databases for tests, in a fraction of the time of migrating. */
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { inject } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { openPglite } from '../../src/store/database/pglite.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { createDatabase, dropDatabase, newDatabaseName } from './postgres-databases.ts';

export type DatabaseKind = Database['kind'];

/** A database of one test file's own. */
export interface TestDatabase {
  db: Database;
  /** For further connections and servers; a PGlite has none. */
  url?: string;
  /** The same past a pooler, where the URL leads through one. */
  directUrl?: string;
  /** Closes `db` and removes the database. */
  close(): Promise<void>;
}

/** Makes the databases of this test file; the suites in unusual surroundings set it. */
let makeDatabase: (() => Promise<TestDatabase>) | undefined;

/** Has all further databases of this test file made otherwise, each on PostgreSQL, migrated and empty. */
export function makeDatabasesBy(make: () => Promise<TestDatabase>): void {
  makeDatabase = make;
}

/** The kinds that this run has, for `describe.each`: PGlite always, PostgreSQL where one was found. */
export function availableDatabases(): DatabaseKind[] {
  if (makeDatabase) return ['postgres'];
  return inject('testPostgres') ? ['pglite', 'postgres'] : ['pglite'];
}

/** A new, migrated, empty database with an identity of its own. */
export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const make = makeDatabase ?? (kind === 'postgres' ? copyPostgres : copyPglite);
  const database = await make();
  // A copy is another log than its template: cursors of one must not be taken for the other's.
  await database.db.script('UPDATE log_epoch SET epoch = gen_random_uuid()');
  return database;
}

/** URL of the Redis of this run, or undefined when it has none. */
export function testRedisUrl(): string | undefined {
  return inject('testRedisUrl') ?? undefined;
}

/** A prefix for keys and channels that nobody else uses: call it once per test file. */
export function redisPrefix(): string {
  return `sb-test-${process.pid}-${randomBytes(4).toString('hex')}:`;
}

async function copyPglite(): Promise<TestDatabase> {
  const db = await openPglite({ loadDataDir: await openAsBlob(inject('testPgliteDump')) });
  return { db, close: () => db.close() };
}

async function copyPostgres(): Promise<TestDatabase> {
  const server = inject('testPostgres');
  if (!server) throw new Error('This run has no PostgreSQL: ask availableDatabases() first.');
  const name = newDatabaseName();
  const url = await createDatabase(server.url, name, server.template);
  const db = await openPostgres({ url });
  return {
    db,
    url,
    async close() {
      await db.close();
      await dropDatabase(server.url, name);
    },
  };
}
