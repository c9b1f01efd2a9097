/**
 * Applies the migrations of prisma/migrations at start, and records them as the Prisma CLI does, so that both agree.
 * Servers that start at the same time take turns.
 */

import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '../../domain/thrown.ts';
import { type Database, type DatabaseSession, DatabaseUnavailable, lockKey, sqlState } from './database.ts';
import { outageOf } from './outage.ts';
import {
  createSchema,
  hasSchema,
  requireCreate,
  requireCreateSchema,
  requireRights,
} from './schema-rights.ts';

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

/**
 * Brings the database up to date.
 * @returns the names of the migrations that were applied now
 * @throws DatabaseUnavailable when the database is newer than the program, a migration was changed after it had
 *   been applied, one fails (it is rolled back, and the data stays as it was), the role lacks a right, or the schema is
 *   another application's
 */
export async function migrate(database: Database, directory = DIRECTORY): Promise<string[]> {
  const migrations = await readMigrations(directory);
  try {
    return await database.direct((session) => migrateBySession(session, database.schema, migrations));
  } catch (error) {
    if (sqlState(error) === undefined && !outageOf(error)) throw error;
    throw new DatabaseUnavailable(`The database cannot be brought up to date: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

async function migrateBySession(
  session: DatabaseSession,
  schema: string,
  migrations: Migration[],
): Promise<string[]> {
  const key = migrationKey(schema);
  await session.query({ name: 'migrate_lock', text: 'SELECT pg_advisory_lock($1::bigint)' }, [key]);
  try {
    if (!(await hasSchema(session, schema))) await createSchema(session, schema);
    const pending = await findPending(session, schema, migrations);
    if (pending.length > 0) await session.script(CREATE_TABLE);
    for (const migration of pending) await apply(session, migration, schema);
    await requireRights(session, schema, migrations.flatMap(createdTables));
    return pending.map(({ name }) => name);
  } finally {
    // With a session that was lost, the lock is free already.
    await session
      .query({ name: 'migrate_unlock', text: 'SELECT pg_advisory_unlock($1::bigint)' }, [key])
      .catch(() => undefined);
  }
}

/**
 * Looks at what migrating would do, and does nothing.
 * @returns the names of the migrations that are pending
 * @throws DatabaseUnavailable as migrating would
 */
export async function planMigrations(database: Database, directory = DIRECTORY): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const { schema } = database;
  return database.direct(async (session) => {
    if (!(await hasSchema(session, schema))) {
      await requireCreateSchema(session, schema);
      return migrations.map(({ name }) => name);
    }
    const pending = await findPending(session, schema, migrations);
    await requireRights(session, schema, migrations.flatMap(createdTables));
    return pending.map(({ name }) => name);
  });
}

/** The migrations that the schema lacks; where it lacks some, the role may create them. */
async function findPending(
  session: DatabaseSession,
  schema: string,
  migrations: Migration[],
): Promise<Migration[]> {
  const [found] = await session.query<{ record: boolean; ours: boolean }>(FIND_RECORD);
  const applied = found?.record ? await readApplied(session) : [];
  if (applied.length > 0 && !found?.ours) throw foreign(schema, applied);
  const pending = selectPending(migrations, applied);
  if (pending.length > 0) await requireCreate(session, schema);
  return pending;
}

/** The lock of migrations: any number will do, as long as every version uses the same for a schema. */
function migrationKey(schema: string): string {
  return schema === 'public' ? '7402151137' : lockKey('migrations', schema);
}

const FIND_RECORD = {
  name: 'migrate_find_record',
  text: `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS record, to_regclass('log_epoch') IS NOT NULL AS ours`,
};

function foreign(schema: string, applied: AppliedMigration[]): DatabaseUnavailable {
  return new DatabaseUnavailable(
    `The schema ${schema} has the migrations of another application (${applied[0]?.name}). ${OWN_SCHEMA}`,
  );
}

const OWN_SCHEMA = 'Give Signalbox a schema of its own by ?schema=signalbox in DATABASE_URL.';

function createdTables({ sql }: Migration): string[] {
  return [...sql.matchAll(/^CREATE TABLE "?(\w+)"?/gm)].map(([, name]) => name as string);
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

/** Something of this name is there already: a table, a type, a function. */
const COLLISIONS = ['42P07', '42710', '42723'];

async function apply(session: DatabaseSession, migration: Migration, schema: string): Promise<void> {
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
    const collides = COLLISIONS.includes(sqlState(error) ?? '');
    const way = collides ? `. Another application lives in the schema ${schema}. ${OWN_SCHEMA}` : '';
    throw new DatabaseUnavailable(
      `The migration ${migration.name} failed and was rolled back: ${errorMessage(error)}${way}`,
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
