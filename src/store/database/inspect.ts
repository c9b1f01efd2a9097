/** The first look at a database: whether it can be used at all, and what all further connections depend on. */
import pg from 'pg';
import type { DatabaseAddress } from './address.ts';
import { recogniseOther, refusal, refused } from './connect-refusal.ts';
import { DatabaseUnavailable, sqlState } from './database.ts';
import { beginSetUp, forInspection } from './session-setup.ts';

/** What the first connection has found. */
export interface Inspection {
  /** 150004 for 15.4. */
  serverVersion: number;
  /** Where everything of ours lives; made by the first migration where it is not there. */
  schema: string;
  /**
   * `none`: the server itself answers. `sessions`: a pooler that keeps a connection for each of ours. `transactions`:
   * one that gives every transaction whichever connection is free.
   */
  pooler: 'none' | 'sessions' | 'transactions';
}

const OLDEST_VERSION = 150_000;

interface Facts {
  version: number;
  encoding: string;
  standby: boolean;
  readOnly: boolean;
  pid: number;
  schema: string | null;
  path: string;
  role: string;
  database: string;
}

// The tables' own schema wins over the first of the search path: one that somebody creates in front of it later must
// not make a database look empty.
const FACTS = `SELECT current_setting('server_version_num')::int AS version,
    current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
    current_setting('transaction_read_only') = 'on' AS "readOnly", pg_backend_pid() AS pid,
    COALESCE((SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE pg_class.oid = to_regclass('task_transition')), current_schema()) AS schema,
    current_setting('search_path') AS path, current_user AS role, current_database() AS database`;

/**
 * Connects once and looks.
 * @throws DatabaseUnavailable with a reason and the way out
 */
export async function inspect(
  address: DatabaseAddress,
  options: { connectTimeoutMs: number; schema: string | undefined },
): Promise<Inspection> {
  const client = await connectFirst(address, options.connectTimeoutMs);
  try {
    // A session of its own would be left behind in a pooler.
    await client.query(beginSetUp(forInspection()));
    const { rows } = await client.query<Facts>(FACTS);
    await client.query('COMMIT');
    const [facts] = rows;
    if (!facts) throw new Error('PostgreSQL has answered nothing');
    refuseUnusable(address, facts);
    return {
      serverVersion: facts.version,
      schema: options.schema ?? address.schema ?? schemaOf(address, facts),
      pooler: await poolerOf(client, facts.pid, address.client),
    };
  } catch (error) {
    throw refusal(address, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refuseUnusable(address: DatabaseAddress, facts: Facts): void {
  const { version, encoding, standby, readOnly, database, role } = facts;
  if (version < OLDEST_VERSION) {
    throw refused(
      address,
      `it is a PostgreSQL ${Math.floor(version / 10_000)} server; Signalbox needs 15 or later.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw refused(
      address,
      `the database ${database} has the encoding ${encoding}, which cannot hold all text. Create one with CREATE DATABASE … ENCODING UTF8 TEMPLATE template0.`,
    );
  }
  if (standby) throw refused(address, 'it is a standby, which is read-only. Name the primary server.');
  if (readOnly) {
    throw refused(
      address,
      `the database ${database} is read-only for ${role}: default_transaction_read_only is on. Turn it off by ALTER DATABASE or ALTER ROLE … SET default_transaction_read_only = off, or make room where a full disk has turned it on.`,
    );
  }
}

function schemaOf(address: DatabaseAddress, { schema, path, role }: Facts): string {
  if (schema) return schema;
  throw refused(
    address,
    `no schema of the search path (${path}) is there for ${role} to use. Name one by ?schema=signalbox; it is created where ${role} may do that.`,
  );
}

async function connectFirst(address: DatabaseAddress, timeoutMs: number): Promise<pg.Client> {
  try {
    return await connect(address, timeoutMs);
  } catch (error) {
    const hasNoTls =
      error instanceof Error && error.message === 'The server does not support SSL connections';
    if (!address.plainAllowed || !hasNoTls) throw refusal(address, error);
    // For all further connections, too.
    address.plainAllowed = address.client.ssl = false;
    return connectFirst(address, timeoutMs);
  }
}

const SUSPICIOUS_MS = 500;

/** Connects. Other servers may wait for more of what they take for a request: they are recognised without that. */
async function connect(address: DatabaseAddress, timeoutMs: number): Promise<pg.Client> {
  const client = new pg.Client({
    ...address.client,
    connectionTimeoutMillis: timeoutMs,
    application_name: 'signalbox',
  });
  client.on('error', () => undefined);
  const { host, port } = client;
  let suspicion: NodeJS.Timeout | undefined;
  const recognised = new Promise<never>((_, reject) => {
    suspicion = setTimeout(async () => {
      const other = await recogniseOther(host, port);
      if (other) reject(refused(address, `${other} answers at ${host}:${port}, not PostgreSQL.`));
    }, SUSPICIOUS_MS);
  });
  try {
    await Promise.race([client.connect(), recognised]);
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    if (error instanceof DatabaseUnavailable || sqlState(error) !== undefined) throw error;
    const other = await recogniseOther(host, port);
    if (other === undefined) throw error;
    const what = other ? `${other} answers` : 'something that keeps silent listens';
    throw refused(address, `${what} at ${host}:${port}, not PostgreSQL.`, error);
  } finally {
    clearTimeout(suspicion);
  }
}

const PID = 'SELECT pg_backend_pid() AS pid';
const PROBES = 3;

/**
 * A pooler announces processes that it has invented. One that keeps a connection for each of its clients never gives
 * the connection of an idle one to another.
 */
async function poolerOf(
  first: pg.Client,
  before: number,
  config: pg.ClientConfig,
): Promise<Inspection['pooler']> {
  const announced = (first as pg.Client & { processID: number | null }).processID;
  if (announced === before) return 'none';
  const second = new pg.Client(config);
  second.on('error', () => undefined);
  try {
    await second.connect();
    for (let probe = 0; probe < PROBES; probe++) {
      // Holds its connection while the first one asks for one.
      await second.query('BEGIN');
      if ((await pidOf(second)) === before) return 'transactions';
      if ((await pidOf(first)) !== before) return 'transactions';
      await second.query('COMMIT');
    }
    return 'sessions';
  } finally {
    await second.end().catch(() => undefined);
  }
}

async function pidOf(client: pg.Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>(PID)).rows[0]?.pid;
}
