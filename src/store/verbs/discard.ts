/** Discarding a dead letter: it stays FAILED and in the history, and is no longer listed as something to look at. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { Session } from '../database.ts';
import { sqlStatuses, statement } from '../rows.ts';

/** Discards those of the tasks that are dead letters. @returns how many */
export async function discardTasks(
  session: Session,
  taskIds: readonly string[],
  actor: string,
): Promise<number> {
  const rows = await session.query(DISCARD, [taskIds, actor]);
  return rows.length;
}

const DISCARD = statement(
  'discard',
  `UPDATE task SET discarded_at = now(), discarded_by = $2
  FROM (
    SELECT id FROM task WHERE id = ANY($1::uuid[]) AND status = ${sqlStatuses(TRANSITIONS.retry.from)}
      AND discarded_at IS NULL
    ORDER BY id FOR NO KEY UPDATE
  ) letter
  WHERE task.id = letter.id
  RETURNING task.id`,
);
