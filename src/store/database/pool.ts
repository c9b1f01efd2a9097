/**
 * The connections of a server to its PostgreSQL.
 *
 * The driver's pool is kept; what goes around it is what a failover needs:
 * - every connection has an error listener for its whole life. Between its return and the next caller the driver's pool
 *   has none for a moment, and a connection that ends in it would end the process;
 * - a connection that may be dead, or is in the middle of a transaction, is closed instead of being returned;
 * - every failure that is none of the statement says whether the statement had left this process (outage.ts);
 * - a server that has no connection left for us makes callers share those that there are.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { errorCode } from '../../domain/thrown.ts';
import { Outage, outageOf } from './outage.ts';

export interface PoolOptions extends pg.PoolConfig {
  /** Connections at most. */
  max: number;
  /** Callers that wait for a connection at most (10,000); further ones are refused at once. */
  maxWaiting?: number;
  /** How long the pool stays at the size that the server allowed before it tries to grow again (5 s). */
  regrowMs?: number;
  /** Called for connections that were lost while idle: they are replaced at the next need. */
  onConnectionError?: (error: Error) => void;
}

/** How long the pool waits before it asks a server again that had no room for any of its connections. */
const TRY_AGAIN_MS = 20;

const now = () => performance.now();

/** A host that is gone without a word is noticed after about twenty seconds. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/** Refuses with an Outage where the connection, not the statement, was at fault. Only promises, no callbacks. */
export function createConnectionPool({
  maxWaiting = 10_000,
  regrowMs = 5_000,
  onConnectionError,
  ...config
}: PoolOptions): pg.Pool {
  const pool = new pg.Pool(config);
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  const alive = new Set<pg.PoolClient>();
  /** Not to be used again, see `noticeItsEnd`. */
  const spent = new WeakSet<pg.PoolClient>();
  let regrowing: NodeJS.Timeout | undefined;
  /** It had no room for the last connection that was tried. */
  let serverIsFull = false;

  pool.on('error', (error) => onConnectionError?.(error));
  pool.on('connect', (client) => {
    serverIsFull = false;
    alive.add(client);
    client.on('error', () => alive.delete(client));
    noticeItsEnd(client, () => spent.add(client));
  });
  pool.on('remove', (client) => alive.delete(client));

  /** For a while nobody tries for more connections than there are. */
  function shareWhatThereIs(): void {
    serverIsFull = true;
    pool.options.max = Math.max(1, alive.size);
    clearTimeout(regrowing);
    regrowing = setTimeout(() => {
      pool.options.max = config.max;
    }, regrowMs).unref();
  }

  const turnToTry = createTurnsToTry(() => alive.size > 0);

  function unconnected(error: unknown): unknown {
    const outage = outageOf(error, false);
    // Where nobody has a connection, the callers are not too many: the database is out of reach, unless it has said why.
    const isAway = outage?.reason === 'busy' && alive.size === 0 && !serverIsFull;
    return isAway ? new Outage('away', false, error) : (outage ?? error);
  }

  async function acquire(): Promise<pg.PoolClient> {
    if (pool.waitingCount >= maxWaiting) {
      throw new Outage('busy', false, new Error('Too many wait for a connection to the database.'));
    }
    const until = now() + (config.connectionTimeoutMillis ?? 0);
    for (;;) {
      try {
        return closingWhen(await connect(), (client) => spent.has(client) || isInTransaction(client));
      } catch (error) {
        if (!hasNoRoom(error)) throw unconnected(error);
        shareWhatThereIs();
        if (alive.size === 0) await turnToTry(until);
        // Others leave the server, and for a moment it still counts connections that have ended.
        if (now() >= until) throw unconnected(error);
      }
    }
  }

  async function query(...statement: [pg.QueryConfig] | [string]): Promise<pg.QueryResult> {
    for (;;) {
      const client = await acquire();
      try {
        return await client.query(statement[0] as string);
      } catch (error) {
        const outage = outageOf(error);
        // The connection had ended before: each turn uses one of them up.
        if (outage?.reason === 'away' && !outage.mayBeDone) continue;
        throw outage ?? error;
      } finally {
        client.release();
      }
    }
  }

  return Object.assign(pool, { connect: acquire, query });
}

/**
 * Notices what ends a connection although its socket is still open: the server has said that it goes, or it takes no
 * changes, so that the address may lead elsewhere by now.
 */
function noticeItsEnd(client: pg.PoolClient, onEnd: () => void): void {
  const send = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const query = async (...args: unknown[]) => {
    try {
      return await send(...args);
    } catch (error) {
      const reason = outageOf(error)?.reason;
      if (reason === 'away' || reason === 'read-only') onEnd();
      throw error;
    }
  };
  Object.assign(client, { query });
}

/** Closes the connection instead of giving it back, where it must not be used again. */
function closingWhen(client: pg.PoolClient, isUnusable: (client: pg.PoolClient) => boolean): pg.PoolClient {
  const release = client.release.bind(client);
  client.release = (error) => release(error || isUnusable(client));
  return client;
}

/**
 * For when the server has no room for us, and nobody here has a connection: callers try one after the other, so that many
 * of them do not keep a full server busy. A turn comes at once as soon as somebody has one, and not after `until`.
 */
function createTurnsToTry(hasOne: () => boolean): (until: number) => Promise<unknown> {
  let last: Promise<unknown> = Promise.resolve();
  return (until) => {
    last = last.then(() => (hasOne() || now() > until ? undefined : sleep(TRY_AGAIN_MS)));
    return Promise.race([last, sleep(Math.max(0, until - now()), undefined, { ref: false })]);
  };
}

/** The server, or our role's share of it, has no connection left. */
function hasNoRoom(error: unknown): boolean {
  return errorCode(error) === '53300';
}

/** By what the server said last; null before it has said anything. */
function isInTransaction(client: pg.PoolClient): boolean {
  const status = (client as unknown as { getTransactionStatus(): string | null }).getTransactionStatus();
  return status !== null && status !== 'I';
}
