/** The route to a database: straight, or through a pooler with a second address for what needs a session. */
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { type DatabaseAddress, readAddress, type TlsSettings } from './address.ts';
import { refusal, refused } from './connect-refusal.ts';
import { inspect } from './inspect.ts';
import { beginSetUp, forInspection } from './session-setup.ts';

export interface DatabaseRoute {
  /** For statements. */
  address: DatabaseAddress;
  /** For sessions; the same where there is no pooler. */
  direct: DatabaseAddress;
  schema: string;
  serverVersion: number;
  /** Whether every transaction may run in another session of the server. */
  byTransaction: boolean;
}

/** The setting that names the address behind a pooler. */
const DIRECT = 'SIGNALBOX_DIRECT_DATABASE_URL';

/**
 * Looks at both addresses.
 * @throws DatabaseUnavailable when one of them cannot be used, a pooler needs the second, or they name two databases
 */
export async function findDatabaseRoute(
  options: { url: string; directUrl?: string | undefined; tls?: TlsSettings | undefined },
  connectTimeoutMs: number,
): Promise<DatabaseRoute> {
  const address = readAddress('DATABASE_URL', options.url, options.tls);
  if (options.directUrl === undefined) {
    const { pooler, ...found } = await inspect(address, { connectTimeoutMs, schema: undefined });
    if (pooler !== 'transactions') return { ...found, address, direct: address, byTransaction: false };
    throw refused(
      address,
      `a pooler in transaction mode answers there. Set ${DIRECT} to the address of the PostgreSQL server itself: locks, migrations and notifications need sessions of their own, all else goes through the pooler.`,
    );
  }
  const direct = readAddress(DIRECT, options.directUrl, options.tls);
  const { schema } = await inspect(address, { connectTimeoutMs, schema: address.schema ?? direct.schema });
  const { pooler, serverVersion } = await inspect(direct, { connectTimeoutMs, schema });
  if (pooler === 'transactions') {
    throw refused(
      direct,
      'a pooler in transaction mode answers there, too. Name the PostgreSQL server itself.',
    );
  }
  if (!(await areOne(address, direct))) {
    throw refused(direct, 'it is another database than that of DATABASE_URL. Both must name the same one.');
  }
  return { address, direct, schema, serverVersion, byTransaction: true };
}

/** Two addresses lead to one database where a lock that was taken at one is seen at the other. */
async function areOne(address: DatabaseAddress, direct: DatabaseAddress): Promise<boolean> {
  const mark = [randomInt(2 ** 31), randomInt(2 ** 31)];
  const holder = new pg.Client(direct.client);
  const seer = new pg.Client(address.client);
  try {
    for (const client of [holder, seer]) {
      client.on('error', () => undefined);
      await client.connect();
      // In a transaction: of a session, something would be left behind in the pooler.
      await client.query(beginSetUp(forInspection()));
    }
    await holder.query('SELECT pg_advisory_xact_lock($1::int, $2::int)', mark);
    const { rowCount } = await seer.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = $1::oid AND objid = $2::oid AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      mark,
    );
    return rowCount === 1;
  } catch (error) {
    throw refusal(address, error);
  } finally {
    await Promise.all([holder, seer].map((client) => client.end().catch(() => undefined)));
  }
}
