/**
 * WAITING, PENDING, CLAIMED or RUNNING → CANCELLED. A worker that holds the task is asked to stop: the request stays
 * until the worker says that it has.
 *
 * A worker that is leaving at this moment is not waited for: it has locked its own row and waits for its tasks, see
 * deregisterWorker.
 */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { ASK_TO_STOP } from '../attempt/ask-to-stop.ts';
import { type CallerAction, changeByCaller, runCompareAndSet, sqlConstant } from '../compare-and-set.ts';
import { lockTasks } from '../lock.ts';

export interface Cancellation extends CallerAction {
  /** Why, in the caller's words. */
  note: string | null;
}

/** Within a transaction: unlike a holder's report, it can meet the claim of its task, and must see all that this did. */
export async function cancelTasks(session: DatabaseSession, items: readonly Cancellation[]) {
  await lockTasks(session, items);
  return runCompareAndSet(session, CANCEL, [
    items.map(({ taskId }) => taskId),
    items.map(({ actor }) => actor),
    items.map(({ note }) => note),
  ]);
}

const { from, to, reason } = TRANSITIONS.cancel;

const CANCEL = changeByCaller('cancel', {
  from,
  item: { note: 'text' },
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  note: 'i.note',
  set: 'worker_id = NULL, finished_at = now()',
  also: ASK_TO_STOP,
});
