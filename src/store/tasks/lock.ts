/** Locks tasks by a statement before the one that changes them, which so sees all that was done until then. */
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** In the order of their ids, so that two batches never wait for each other crosswise. */
export async function lockTasks(
  session: DatabaseSession,
  items: readonly { taskId: string }[],
): Promise<void> {
  await session.query(LOCK, [items.map(({ taskId }) => taskId)]);
}

const LOCK = statement(
  'lock_tasks',
  'SELECT id FROM task WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
);
