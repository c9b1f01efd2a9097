/** FAILED → PENDING with a fresh budget of attempts: a person decided that it is worth it. History stays. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import { type CallerAction, changeByCaller, runCompareAndSet, sqlConstant } from './compare-and-set.ts';
import { NOW } from './rows.ts';

export function retryTasks(session: DatabaseSession, items: readonly CallerAction[]) {
  return runCompareAndSet(session, RETRY, [
    items.map(({ taskId }) => taskId),
    items.map(({ actor }) => actor),
  ]);
}

const { from, to, reason } = TRANSITIONS.retry;

const RETRY = changeByCaller('retry', {
  from,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: `failures = 0, finished_at = NULL, run_at = ${NOW}, progress = 0, progress_message = NULL,
    discarded_at = NULL, discarded_by = NULL`,
});
