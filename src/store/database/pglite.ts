/**
 * The database port on PGlite: PostgreSQL in this process, for one server, without installation.
 * It has one connection: statements queue behind each other.
 */

import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { errorCode, errorMessage } from '../../domain/thrown.ts';
import { type Database, type DatabaseSession, DatabaseUnavailable } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { forSessions, setUpSession } from './session-setup.ts';

export interface PgliteOptions {
  /** Where the data is kept; without it in memory. */
  dataDir?: string;
  /** A dump of a data directory to start from. */
  loadDataDir?: Blob;
}

const SCHEMA = 'public';
const VERSION = {
  name: 'server_version',
  text: "SELECT current_setting('server_version_num')::int AS version",
};

/**
 * Opens the database, creating it where there is none.
 * @throws DatabaseUnavailable when the directory cannot be written, holds no usable data, or another server uses it
 */
export async function openPglite(options: PgliteOptions = {}): Promise<Database> {
  if (options.dataDir === undefined)
    return pgliteDatabase(
      await PGlite.create(options.loadDataDir ? { loadDataDir: options.loadDataDir } : {}),
    );
  const directory = resolve(options.dataDir);
  await makeDirectory(directory).catch((error: NodeJS.ErrnoException) => {
    throw new DatabaseUnavailable(
      `The data directory ${directory} cannot be created (${error.code}). Set SIGNALBOX_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  });
  const unlock = await lockDirectory(directory);
  try {
    return await pgliteDatabase(await openFiles(directory), unlock);
  } catch (error) {
    await unlock();
    throw new DatabaseUnavailable(
      `The embedded database in ${directory} cannot be opened: ${errorMessage(error)}`,
      { cause: error },
    );
  }
}

/** Makes it with all above it. Node's own `recursive` never returns where a parent takes no directories, as in /proc. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    await makeDirectory(dirname(path));
    await makeDirectory(path);
  }
}

async function openFiles(directory: string): Promise<PGlite> {
  const files = join(directory, 'db');
  if (!existsSync(files)) {
    // Made aside and put in place when it is whole: files of a start that was interrupted could never be opened.
    const fresh = join(directory, 'db.new');
    await rm(fresh, { recursive: true, force: true });
    await (await PGlite.create({ dataDir: fresh })).close();
    await rename(fresh, files);
  }
  return PGlite.create({ dataDir: files });
}

async function pgliteDatabase(client: PGlite, unlock?: () => Promise<void>): Promise<Database> {
  const session = sessionOf(client);
  const [server] = await session.query<{ version: number }>(VERSION);
  // Its one session serves all: also migrations, for which statements have no limit of time.
  await session.script(setUpSession(forSessions(SCHEMA, server?.version ?? 0)));
  // Advisory locks belong to a session, and there is only one: they would let everybody in. One process, one set.
  const locks = new Set<string>();
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await client.close();
    await unlock?.();
  }

  return {
    kind: 'pglite',
    schema: SCHEMA,
    ...session,
    session: (work) => work(session),
    async direct(work) {
      const result = await work(session);
      // It may have migrated: lists of types that are new are otherwise unknown to the driver until the next start.
      await client.refreshArrayTypes();
      return result;
    },
    transaction: <T>(work: (session: DatabaseSession) => Promise<T>) =>
      client.transaction((transaction) => work(sessionOf(transaction))) as Promise<T>,
    async tryLock(name) {
      if (locks.has(name)) return null;
      locks.add(name);
      return { lost: new AbortController().signal, release: async () => void locks.delete(name) };
    },
    prismaAdapter: new PrismaPGlite(client),
    close: () => (closing ??= close()),
  };
}

function sessionOf(client: Pick<PGlite, 'query' | 'exec'>): DatabaseSession {
  return {
    async query<Row>(statement: { text: string }, parameters: readonly unknown[] = []): Promise<Row[]> {
      const result = await client.query<Row>(statement.text, parameters as unknown[]);
      return result.rows;
    },
    async script(text) {
      await client.exec(text);
    },
  };
}
