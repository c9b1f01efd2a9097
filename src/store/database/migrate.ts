/**
 * Applies the migrations of prisma/migrations at start, and records them as the Prisma CLI does, so that both agree.
 * Servers that start at the same time take turns.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Database, type DatabaseSession, DatabaseUnavailable } from './database.ts';

/** One folder of prisma/migrations. */
interface Migration {
  name: string;
  sql: string;
  /** Hex SHA-256 of the file, as Prisma records it. */
  checksum: string;
}

interface AppliedMigration {
  name: string;
  checksum: string;
  finished: boolean;
}

const DIRECTORY = fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url));

// Any number will do, as long as every version uses the same.
const LOCK_KEY = '7402151137';

/**
 * Brings the database up to date.
 * @returns the names of the migrations that were applied now
 * @throws DatabaseUnavailable when the database is newer than the program, a migration was changed after it had
 *   been applied, or one fails (it is rolled back, and the data stays as it was)
 */
export async function migrate(database: Database, directory = DIRECTORY): Promise<string[]> {
  const migrations = await readMigrations(directory);
  return database.session(async (session) => {
    await session.query({ name: 'migrate_lock', text: 'SELECT pg_advisory_lock($1::bigint)' }, [LOCK_KEY]);
    try {
      await session.script(CREATE_TABLE);
      const pending = selectPending(migrations, await readApplied(session));
      for (const migration of pending) await apply(session, migration);
      return pending.map(({ name }) => name);
    } finally {
      await session.query({ name: 'migrate_unlock', text: 'SELECT pg_advisory_unlock($1::bigint)' }, [
        LOCK_KEY,
      ]);
    }
  });
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(`${directory}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

function readApplied(session: DatabaseSession): Promise<AppliedMigration[]> {
  return session.query<AppliedMigration>({
    name: 'migrate_applied',
    text: `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
      FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  });
}

/**
 * How the database stands to this program: `missing` lacks a migration, as one that was restored from an old backup
 * does; `newer` has one that this program does not know, as in the middle of an update of several servers.
 */
export type MigrationState = 'ok' | 'missing' | 'newer';

/** Reads the migrations of the program once. @returns asks the database, by one statement */
export async function createMigrationCheck(
  database: Database,
  directory = DIRECTORY,
): Promise<() => Promise<MigrationState>> {
  const known = new Set((await readMigrations(directory)).map(({ name }) => name));
  return async () => {
    const applied = new Set(
      (await readApplied(database)).filter((one) => one.finished).map(({ name }) => name),
    );
    if ([...known].some((name) => !applied.has(name))) return 'missing';
    return [...applied].some((name) => !known.has(name)) ? 'newer' : 'ok';
  };
}

function selectPending(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, finished } of applied) {
    const migration = known.get(name);
    if (!migration) {
      throw new DatabaseUnavailable(
        `The database is newer than this program: it has the migration ${name}, which this version does not know. Start a newer version of Signalbox.`,
      );
    }
    if (!finished) {
      throw new DatabaseUnavailable(
        `The migration ${name} was started by another tool and did not finish. Resolve it with "prisma migrate resolve", then start again.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new DatabaseUnavailable(
        `The migration ${name} was changed after it had been applied to this database. Restore the file from the release.`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function apply(session: DatabaseSession, migration: Migration): Promise<void> {
  try {
    await session.script('BEGIN');
    await session.script(migration.sql);
    await session.query(
      {
        name: 'migrate_record',
        text: `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
          VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      },
      [randomUUID(), migration.checksum, migration.name],
    );
    await session.script('COMMIT');
  } catch (error) {
    await session.script('ROLLBACK').catch(() => undefined);
    throw new DatabaseUnavailable(
      `The migration ${migration.name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;
