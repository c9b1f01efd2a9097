/** CLAIMED → RUNNING: the holder begins. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import {
  type HeldAttempt,
  holderColumns,
  holderStatement,
  runCompareAndSet,
  sqlConstant,
} from '../compare-and-set.ts';
import type { Session } from '../database.ts';

export function startTasks(session: Session, items: readonly HeldAttempt[]) {
  return runCompareAndSet(session, START, holderColumns(items));
}

const { from, to, reason } = TRANSITIONS.start;

const START = holderStatement('start', {
  from,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: 'started_at = now()',
});
