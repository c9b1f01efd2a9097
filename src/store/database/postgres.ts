/** The database port on PostgreSQL 15 or later, through one pool. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { TlsSettings } from './address.ts';
import { arrayLiteral } from './array-literal.ts';
import { type Database, type DatabaseSession, lockKey, type Statement } from './database.ts';
import { findDatabaseRoute } from './database-route.ts';
import { createSessions, type Sessions } from './direct-sessions.ts';
import { openNotices } from './notices.ts';
import { asUndone, outageOf } from './outage.ts';
import { createConnectionPool, KEEP_ALIVE } from './pool.ts';
import { beginSetUp, forSessions, forStatements, setUpSession } from './session-setup.ts';
import { eachInTransaction, type Queryable, runInTransactions, unnamed } from './transaction-pool.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database?sslmode=…&schema=… */
  url: string;
  /**
   * The same database past any pooler, for what needs a session of its own: locks, migrations, notifications. Where it
   * is given, `url` is taken for a pooler that gives every transaction another connection.
   */
  directUrl?: string | undefined;
  /** TLS where the URLs say nothing of their own. */
  tls?: TlsSettings | undefined;
  /** Connections at most (default 10). */
  maxConnections?: number | undefined;
  /** Milliseconds to wait for a connection (default 5,000). */
  connectTimeoutMs?: number | undefined;
  /** Called for connections that were lost while idle: they are replaced at the next need. */
  onConnectionError?: ((error: Error) => void) | undefined;
}

/**
 * Connects and checks whether the database can be used.
 * @throws DatabaseUnavailable when it cannot be reached, refuses the login, is too old, read-only or of another encoding,
 *   or when it is reached through a pooler that needs a `directUrl`
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const connectTimeoutMs = options.connectTimeoutMs ?? 5_000;
  const route = await findDatabaseRoute(options, connectTimeoutMs);
  const { schema, serverVersion } = route;
  const sessions = createSessions({
    client: route.direct.client,
    setUp: setUpSession(forSessions(schema, serverVersion)),
    connectTimeoutMs,
  });
  const pool = createPool(options, {
    ...route.address.client,
    connectionTimeoutMillis: connectTimeoutMs,
    onConnect: route.byTransaction
      ? undefined
      : async (client) => void (await client.query(setUpSession(forStatements(schema, serverVersion)))),
  });
  const begin = route.byTransaction ? beginSetUp(forStatements(schema, serverVersion)) : undefined;
  if (begin) runInTransactions(pool, begin);
  return postgresDatabase({ pool, schema, sessions, begin });
}

function createPool(options: PostgresOptions, more: Omit<pg.PoolConfig, 'max'>): pg.Pool {
  return createConnectionPool({
    max: options.maxConnections ?? 10,
    application_name: 'signalbox',
    ...KEEP_ALIVE,
    // Sends what a session is given while something else of it is under way, instead of keeping it back.
    pipeline: true,
    ...(options.onConnectionError && { onConnectionError: options.onConnectionError }),
    ...more,
  });
}

/** Longer than any statement may take: one to a host that is gone would be waited for for a quarter of an hour. */
const ANSWER_TIMEOUT_MS = 75_000;

interface PostgresParts {
  pool: pg.Pool;
  schema: string;
  sessions: Sessions;
  /** Begins a transaction; where it is given, every statement is one. */
  begin?: string | undefined;
}

function postgresDatabase({ pool, schema, sessions, begin }: PostgresParts): Database {
  let closing: Promise<void> | undefined;

  async function connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  return {
    kind: 'postgres',
    schema,
    ...sessionOf(pool, ANSWER_TIMEOUT_MS),
    session: (work) =>
      connected((client) =>
        work(sessionOf(begin ? eachInTransaction(client, begin) : client, ANSWER_TIMEOUT_MS)),
      ),
    transaction: (work) =>
      connected(async (client) => {
        const session = sessionOf(begin ? unnamed(client) : client, ANSWER_TIMEOUT_MS);
        const result = await within(session, begin ?? 'BEGIN', work);
        await session.script('COMMIT');
        return result;
      }),
    direct: (work) => sessions.use('signalbox session', (client) => work(sessionOf(client))),
    tryLock: (name) => sessions.tryLock(lockKey(name, schema)),
    openNotices: (channel, listener) =>
      openNotices({ connect: () => sessions.connect('signalbox notices'), channel, ...listener }),
    prismaAdapter: new PrismaPg(pool, { schema }),
    close: () => (closing ??= pool.end()),
  };
}

/** The work of a transaction, up to its end. What fails in it was not done. */
async function within<T>(
  session: DatabaseSession,
  begin: string,
  work: (session: DatabaseSession) => Promise<T>,
): Promise<T> {
  try {
    await session.script(begin);
    return await work(session);
  } catch (error) {
    // The connection may be gone already; then the server has rolled back by itself.
    await session.script('ROLLBACK').catch(() => undefined);
    throw asUndone(error);
  }
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

/** @param answerTimeoutMs after which an answer is given up; scripts, as migrations are, may take as long as they like */
function sessionOf(client: Queryable, answerTimeoutMs?: number): DatabaseSession {
  return {
    async query<Row>(statement: Statement, parameters: readonly unknown[] = []): Promise<Row[]> {
      const { text } = statement;
      const name = statement.once ? undefined : statement.name;
      const values = parameters.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value));
      const query = { name, text, values, types, query_timeout: answerTimeoutMs };
      const result = await unlessAway(client.query(query));
      return result.rows as Row[];
    },
    async script(text) {
      await unlessAway(client.query(text));
    },
  };
}

async function unlessAway<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw outageOf(error) ?? error;
  }
}
