/** FAILED → PENDING with a fresh budget of attempts: a person decided that it is worth it. History stays. */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { NOW } from '../../database/statement.ts';
import { type CallerAction, changeByCaller, runCompareAndSet, sqlConstant } from '../compare-and-set.ts';

export interface Retry extends CallerAction {
  /** Without one as before. */
  priority?: number | null | undefined;
}

export function retryTasks(session: DatabaseSession, items: readonly Retry[]) {
  return runCompareAndSet(session, RETRY, [
    items.map(({ taskId }) => taskId),
    items.map(({ actor }) => actor),
    items.map(({ priority }) => priority ?? null),
  ]);
}

const { from, to, reason } = TRANSITIONS.retry;

const RETRY = changeByCaller('retry', {
  from,
  item: { new_priority: 'int' },
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: `failures = 0, finished_at = NULL, run_at = ${NOW}, progress = 0, progress_message = NULL,
    discarded_at = NULL, discarded_by = NULL, priority = COALESCE(x.new_priority, t.priority)`,
});
