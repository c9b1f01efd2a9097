/** Discarding a dead letter: it stays FAILED and in the history, and is no longer listed as something to look at. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import { insertEvents } from '../audit/record-event.ts';
import type { DatabaseSession } from '../database/database.ts';
import { sqlStatuses, statement } from './rows.ts';

/** Discards those of the tasks that are dead letters. @returns how many */
export async function discardTasks(
  session: DatabaseSession,
  taskIds: readonly string[],
  actor: string,
): Promise<number> {
  const rows = await session.query(DISCARD, [taskIds, actor]);
  return rows.length;
}

const DISCARD = statement(
  'discard',
  `WITH discarded AS (
  UPDATE task SET discarded_at = now(), discarded_by = $2
  FROM (
    SELECT id FROM task WHERE id = ANY($1::uuid[]) AND status = ${sqlStatuses(TRANSITIONS.retry.from)}
      AND discarded_at IS NULL
    ORDER BY id FOR NO KEY UPDATE
  ) letter
  WHERE task.id = letter.id
  RETURNING task.id, task.room, task.job_id, task.correlation_id
  ), told AS (
    ${insertEvents({
      type: 'TASK_DISCARDED',
      severity: 'INFO',
      room: 'discarded.room',
      actor: '$2',
      correlationId: 'discarded.correlation_id',
      subjectKind: 'task',
      subjectId: 'discarded.id',
      payload: "jsonb_build_object('job', (SELECT full_name FROM job WHERE job.id = discarded.job_id))",
      from: 'discarded',
    })}
  )
  SELECT id FROM discarded`,
);
