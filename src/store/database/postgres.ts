/** The database port on PostgreSQL 15 or later, through one pool. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { arrayLiteral } from './array-literal.ts';
import {
  type Database,
  type DatabaseSession,
  DatabaseUnavailable,
  type Lock,
  lockKey,
  type Statement,
} from './database.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database?sslmode=… */
  url: string;
  /** Connections at most (default 10). */
  maxConnections?: number;
  /** Milliseconds to wait for a connection (default 5,000). */
  connectTimeoutMs?: number;
  /** Told of connections that were lost while idle: they are replaced at the next need. */
  onConnectionError?: (error: Error) => void;
}

const OLDEST_VERSION = 150_000;

/**
 * Connects and checks the server's version.
 * @throws DatabaseUnavailable when it cannot be reached, refuses the login or is too old
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = createPool(options);
  try {
    const { rows } = await pool.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int AS version`,
    );
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST_VERSION) {
      throw new DatabaseUnavailable(
        `DATABASE_URL names a PostgreSQL ${Math.floor(version / 10_000)} server; Signalbox needs 15 or later.`,
      );
    }
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(
      `DATABASE_URL (${withoutPassword(options.url)}) cannot be used: ${reasonOf(error)}`,
      { cause: error },
    );
  }
  return postgresDatabase(pool, (name) => tryLock(options, name));
}

function createPool(options: PostgresOptions): pg.Pool {
  const connectionString = options.url;
  if (!isAddress(connectionString)) {
    throw new DatabaseUnavailable(
      'DATABASE_URL is no PostgreSQL address; expected postgres://user:password@host:port/database.',
    );
  }
  const pool = new pg.Pool({
    connectionString,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    application_name: 'signalbox',
    statement_timeout: 60_000,
    keepAlive: true,
    // Sends what a session is given while something else of it is under way, instead of keeping it back.
    pipeline: true,
    onConnect: async (client) => void (await client.query(PLANNING)),
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', (error) => options.onConnectionError?.(error));
  return pool;
}

/**
 * By its defaults the planner takes reading a row by an index for so dear that, while tables are small, it would rather
 * scan all tasks than look a few hundred up; and where it expects much work it compiles a statement, which takes longer
 * than most of them run.
 */
const PLANNING = 'SET random_page_cost = 1.1; SET jit = off';

function postgresDatabase(pool: pg.Pool, tryLock: Database['tryLock']): Database {
  let closing: Promise<void> | undefined;

  async function session<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken = false;
    const onError = () => {
      broken = true;
    };
    client.on('error', onError);
    try {
      return await work(sessionOf(client));
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  return {
    kind: 'postgres',
    ...sessionOf(pool),
    session,
    transaction: (work) =>
      session(async (client) => {
        await client.script('BEGIN');
        try {
          const result = await work(client);
          await client.script('COMMIT');
          return result;
        } catch (error) {
          // The connection may be gone already; then the server has rolled back by itself.
          await client.script('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }),
    tryLock,
    prismaAdapter: new PrismaPg(pool),
    close: () => (closing ??= pool.end()),
  };
}

/** The connection is none of the pool's: a lock that is held for an hour takes nothing from anybody. */
async function tryLock({ url, connectTimeoutMs }: PostgresOptions, name: string): Promise<Lock | null> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs ?? 5_000,
    application_name: 'signalbox lock',
    keepAlive: true,
  });
  const loss = new AbortController();
  // Told by both; without a listener for errors the process would end.
  client.on('error', (error) => loss.abort(error));
  client.on('end', () => loss.abort(new Error('The connection that held the lock was lost.')));
  const close = () => client.end().catch(() => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1::bigint) AS locked', [lockKey(name)]);
    if (!rows[0]?.locked) {
      await close();
      return null;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    lost: loss.signal,
    async release() {
      // By itself the server notices the end of the connection only a moment after it.
      await client.query('SELECT pg_advisory_unlock($1::bigint)', [lockKey(name)]).catch(() => undefined);
      await close();
    },
  };
}

/** Of `timestamptz`: rows of tasks have five of them, and the driver's own parser takes longer than all else of a row. */
const TIMESTAMPTZ = 1184;
const parseTimestamp = pg.types.getTypeParser(TIMESTAMPTZ);

const getTypeParser = ((oid, format) =>
  oid === TIMESTAMPTZ
    ? readTimestamp
    : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'];
const types = { getTypeParser };

/** What was read last: the rows of a statement have the same few times, and to look one up costs less than to read it. */
const known = new Map<string, number>();
const MOST_KNOWN = 100;

function readTimestamp(text: string): Date {
  const ms = known.get(text);
  if (ms !== undefined) return new Date(ms);
  // `2026-11-22 09:30:00.123+00` is nearly ISO 8601; anything else, as other time zones have it, is left to the driver.
  if (text.length > 29 || !text.endsWith('+00') || text.charCodeAt(4) !== 45)
    return parseTimestamp(text) as Date;
  const date = new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, date.getTime());
  return date;
}

function sessionOf(client: pg.Pool | pg.PoolClient): DatabaseSession {
  return {
    async query<Row>(statement: Statement, parameters: readonly unknown[] = []): Promise<Row[]> {
      const { name, text } = statement;
      const values = parameters.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value));
      const result = await client.query({ name, text, values, types });
      return result.rows as Row[];
    },
    async script(text) {
      await client.query(text);
    },
  };
}

/** The driver takes any text for the name of a database on a host called "base", and says so only by connecting. */
function isAddress(url: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(url)) return false;
  try {
    new pg.Client({ connectionString: url });
    return true;
  } catch {
    return false;
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'postgres://…';
  const shown = new URL(url);
  shown.password = '';
  if (shown.searchParams.has('password')) shown.searchParams.delete('password');
  return shown.href;
}

/** Refused connections to a name with several addresses come as an AggregateError without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error && error.message ? error.message : String(error);
}
