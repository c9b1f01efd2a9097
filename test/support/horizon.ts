/**
 * The horizon of the log is that of the whole PostgreSQL server: a transaction of any test on it holds the horizon back, and
 * from a position taken meanwhile, what was committed before is read again. Whoever expects no repeat waits for this.
 */
import pg from 'pg';
import { expect, inject, onTestFinished, vi } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import type { DatabaseKind } from './database.ts';

const WITHIN_MS = 30_000;

/** Resolves when all rows that are committed to the log by now lie below the horizon. */
export async function untilBelowHorizon(
  db: Database,
  table: 'task_transition' | 'event' = 'task_transition',
): Promise<void> {
  const above = {
    name: `test_above_horizon_${table}`,
    text: `SELECT FROM ${table} WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()) LIMIT 1`,
  };
  await vi.waitFor(async () => expect(await db.query(above)).toEqual([]), {
    timeout: WITHIN_MS,
    interval: 10,
  });
}

/**
 * Holds the horizon back by a transaction in another database of the server. Returns what ends it before
 * the end of the test. On PGlite nothing can
 * hold it: there one transaction follows the other.
 */
export async function holdHorizon(kind: DatabaseKind): Promise<() => Promise<void>> {
  if (kind === 'pglite') return async () => {};
  const client = new pg.Client({ connectionString: inject('testPostgres')?.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_current_xact_id()');
  onTestFinished(() => client.end());
  return () => client.end();
}
