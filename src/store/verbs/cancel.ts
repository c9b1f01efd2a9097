/**
 * WAITING, PENDING, CLAIMED or RUNNING → CANCELLED. A worker that holds the task is asked to stop: the request stays
 * until the worker says that it has.
 */
import { TRANSITIONS } from '../../domain/transitions.ts';
import { type CallerAction, callerStatement, runCompareAndSet, sqlConstant } from '../compare-and-set.ts';
import type { Session } from '../database.ts';

export interface Cancellation extends CallerAction {
  /** Why, in the caller's words. */
  note: string | null;
}

export function cancelTasks(session: Session, items: readonly Cancellation[]) {
  return runCompareAndSet(session, CANCEL, [
    items.map(({ taskId }) => taskId),
    items.map(({ actor }) => actor),
    items.map(({ note }) => note),
  ]);
}

const { from, to, reason } = TRANSITIONS.cancel;

const CANCEL = callerStatement('cancel', {
  from,
  item: { note: 'text' },
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  note: 'i.note',
  set: 'worker_id = NULL, finished_at = now()',
  also: `asked AS (
    INSERT INTO task_stop (worker_id, task_id, attempt, reason)
    SELECT held_by, id, attempt, COALESCE(logged_note, 'The task was cancelled.') FROM changed
    WHERE held_by IS NOT NULL AND EXISTS (SELECT 1 FROM worker WHERE worker.id = held_by)
    ON CONFLICT DO NOTHING
  )`,
});
