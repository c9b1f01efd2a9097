/** CLAIMED or RUNNING → PENDING: the holder gives the task back; the attempt is not counted as a failure. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import {
  changeIfHeld,
  type HeldAttempt,
  holderColumns,
  runCompareAndSet,
  sqlConstant,
} from './compare-and-set.ts';

export function releaseTasks(session: DatabaseSession, items: readonly HeldAttempt[]) {
  return runCompareAndSet(session, RELEASE, holderColumns(items));
}

const { from, to, reason } = TRANSITIONS.release;

const RELEASE = changeIfHeld('release', {
  from,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: 'worker_id = NULL',
});
