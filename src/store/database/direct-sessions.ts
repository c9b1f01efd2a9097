/** Connections of their own, past the pool and any pooler, each for one purpose that lives as long as its session. */
import pg from 'pg';
import type { Lock } from './database.ts';
import { outageOf } from './outage.ts';
import { KEEP_ALIVE } from './pool.ts';

export interface DirectSessionsOptions {
  client: pg.ClientConfig;
  /** The script that sets a session up. */
  setUp: string;
  connectTimeoutMs: number;
}

export interface Sessions {
  /** Connects a session that is set up. `name` is what pg_stat_activity shows. The caller ends it. */
  connect(name: string): Promise<pg.Client>;
  /** Runs the work in one. */
  use<T>(name: string, work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Takes an advisory lock in one, or gives null at once when it is held. */
  tryLock(key: string): Promise<Lock | null>;
}

export function createSessions({ client: config, setUp, connectTimeoutMs }: DirectSessionsOptions): Sessions {
  async function connect(name: string): Promise<pg.Client> {
    const client = new pg.Client({
      ...config,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: name,
      ...KEEP_ALIVE,
    });
    // Who uses it hears of a loss by its statements, or by `end`; without a listener the process would end.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(setUp);
      return client;
    } catch (error) {
      await end(client);
      throw outageOf(error, false) ?? error;
    }
  }

  return {
    connect,
    async use(name, work) {
      const client = await connect(name);
      try {
        return await work(client);
      } finally {
        await end(client);
      }
    },
    async tryLock(key) {
      const client = await connect('signalbox lock');
      const loss = new AbortController();
      // Both report it.
      client.on('error', (error) => loss.abort(error));
      client.on('end', () => loss.abort(new Error('The connection that held the lock was lost.')));
      try {
        const { rows } = await client.query('SELECT pg_try_advisory_lock($1::bigint) AS locked', [key]);
        if (!rows[0]?.locked) {
          await end(client);
          return null;
        }
      } catch (error) {
        await end(client);
        throw outageOf(error, false) ?? error;
      }
      return {
        lost: loss.signal,
        async release() {
          // By itself the server notices the end of the connection only a moment after it.
          await client.query('SELECT pg_advisory_unlock($1::bigint)', [key]).catch(() => undefined);
          await end(client);
        },
      };
    },
  };
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
