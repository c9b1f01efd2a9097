/**
 * The horizon of the log is that of the whole PostgreSQL server: a transaction of any test on it holds the horizon back, and
 * from a position taken meanwhile, what was committed before is read again. Whoever expects no repeat waits for this.
 */
import { expect, vi } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';

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
