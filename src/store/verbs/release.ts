/** CLAIMED or RUNNING → PENDING: the holder gives the task back; the attempt is not counted as a failure. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import {
  type HeldAttempt,
  holderColumns,
  holderStatement,
  runCompareAndSet,
  sqlConstant,
} from '../compare-and-set.ts';
import type { Session } from '../database.ts';

export function releaseTasks(session: Session, items: readonly HeldAttempt[]) {
  return runCompareAndSet(session, RELEASE, holderColumns(items));
}

const { from, to, reason } = TRANSITIONS.release;

const RELEASE = holderStatement('release', {
  from,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: 'worker_id = NULL',
});
