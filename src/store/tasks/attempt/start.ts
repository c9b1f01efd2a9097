/** CLAIMED → RUNNING: the holder begins. */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { changeIfHeld, type HeldAttempt, runIfHeld, sqlConstant } from '../compare-and-set.ts';

export function startTasks(session: DatabaseSession, items: readonly HeldAttempt[]) {
  return runIfHeld(session, START, items);
}

const { from, to, reason } = TRANSITIONS.start;

const START = changeIfHeld('start', {
  from,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  set: 'started_at = now()',
});
