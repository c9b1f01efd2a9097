/**
 * Statements behind a pooler that gives every transaction whichever connection is free. What a session was given before
 * is not there, or is somebody else's: so every statement is a transaction that sets itself up, and none is prepared
 * under a name. All three parts are sent at once, so that it still is one trip.
 */
import type pg from 'pg';
import { outageOf } from './outage.ts';

/** What takes a statement: a pool, one connection of it, or a connection by itself. */
export interface Queryable {
  query(statement: string | pg.QueryConfig): Promise<pg.QueryResult>;
}

/** The connection, on which nothing is prepared under a name. */
export function unnamed(client: pg.ClientBase): Queryable {
  return {
    query: (statement) =>
      client.query(typeof statement === 'string' ? statement : { ...statement, name: undefined }),
  };
}

/** The connection, of which every statement is a transaction of its own. Needs a client that pipelines. */
export function eachInTransaction(client: pg.ClientBase, begin: string): Queryable {
  return {
    async query(statement) {
      const [begun, answer, committed] = await Promise.allSettled([
        client.query(begin),
        unnamed(client).query(statement),
        // After a statement that failed, it rolls back.
        client.query('COMMIT'),
      ]);
      if (begun.status === 'rejected') throw begun.reason;
      if (answer.status === 'rejected') throw answer.reason;
      if (committed.status === 'rejected') throw committed.reason;
      return answer.value;
    },
  };
}

/** Has the pool run each statement that it is given itself as a transaction; so Prisma, too, which queries the pool. */
export function runInTransactions(pool: pg.Pool, begin: string): void {
  const query: Queryable['query'] = async (statement) => {
    const client = await pool.connect();
    try {
      return await eachInTransaction(client, begin).query(statement);
    } catch (error) {
      throw outageOf(error) ?? error;
    } finally {
      client.release();
    }
  };
  Object.assign(pool, { query });
}
