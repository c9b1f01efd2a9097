/**
 * CLAIMED or RUNNING → PENDING: the holder gives the task back; the attempt is not counted as a failure.
 * With a delay nobody claims it before that has passed: whoever cannot do it leaves it to others so.
 */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { changeIfHeld, type HeldAttempt, runIfHeld, sqlConstant } from '../compare-and-set.ts';
import { NEXT_RUN_AT } from './retry-rule.ts';

export interface Release extends HeldAttempt {
  /** Left out: claimable at once, unless it was to run later anyhow. */
  delaySeconds?: number;
}

export function releaseTasks(session: DatabaseSession, items: readonly Release[]) {
  return runIfHeld(session, RELEASE, items, [items.map(({ delaySeconds }) => delaySeconds ?? null)]);
}

const { from, to, reason } = TRANSITIONS.release;

const RELEASE = changeIfHeld('release', {
  from,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  item: { delay: 'double precision' },
  set: `worker_id = NULL, run_at = CASE WHEN x.delay IS NULL THEN t.run_at ELSE ${NEXT_RUN_AT} END`,
});
