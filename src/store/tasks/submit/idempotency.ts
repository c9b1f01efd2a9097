/**
 * Idempotency keys: one task at a time holds a key of a job and a room, by a unique index over `key_owner` and
 * `idempotency_key`. Nothing gives a key back when its time is over: whether a task still holds it is said by the task
 * itself, and the submission that finds it free takes it over. So no end of a task pays for keys, and none is lost.
 */
import type { KeyHold } from '../../../domain/key-hold.ts';
import { TERMINAL_STATUSES, TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { sqlStatuses } from '../rows.ts';

/** Of the column `key_hold`, and for how many seconds, where that is said. */
export function columnsOfHold(
  hold: KeyHold | null | undefined,
): [kind: string | null, seconds: number | null] {
  switch (hold?.until) {
    case undefined:
      return [null, null];
    case 'finished':
      return ['UNTIL_FINISHED', null];
    case 'time':
      return ['UNTIL_TIME', hold.seconds];
    case 'claimed':
      return ['UNTIL_CLAIMED', hold.debounceSeconds];
  }
}

/** Whether task `t` is debounced: it has not been claimed, and further submissions move it. */
export const IS_DEBOUNCED = `(t.key_hold = 'UNTIL_CLAIMED' AND t.attempt = 0
  AND t.status IN (${sqlStatuses(TRANSITIONS.reschedule.from)}))`;

/** Whether task `t` still holds its key. */
export const HOLDS_KEY = `CASE t.key_hold
  WHEN 'UNTIL_CLAIMED' THEN ${IS_DEBOUNCED}
  WHEN 'UNTIL_FINISHED' THEN t.status NOT IN (${sqlStatuses(TERMINAL_STATUSES)})
  WHEN 'UNTIL_TIME' THEN t.key_until > now()
  ELSE true END`;

/** Takes their keys from those of the tasks that do not hold them any more. */
export async function releaseKeys(session: DatabaseSession, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length > 0) await session.query(RELEASE_KEYS, [taskIds]);
}

// No subject of a token begins with "@". The task itself stays as it is, and so does its version.
const RELEASE_KEYS = statement(
  'release_keys',
  `WITH free AS (
    SELECT t.id FROM task t WHERE t.id = ANY ($1::uuid[]) AND NOT (${HOLDS_KEY})
    ORDER BY t.id FOR NO KEY UPDATE
  )
  UPDATE task SET key_owner = '@free:' || free.id FROM free WHERE task.id = free.id`,
);
