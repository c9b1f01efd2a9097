/**
 * The attempt failed: RUNNING → PENDING after the policy's back-off while attempts are left and the error is worth
 * it, otherwise RUNNING → FAILED. The database's clock and the locked row decide.
 */
import { fingerprintOf } from '../../../domain/error-fingerprint.ts';
import type { TaskErrorValue } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import { RECORD_DEAD_LETTERS } from '../../audit/record-entry.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { toJson } from '../../database/statement.ts';
import { changeIfHeld, type HeldAttempt, runIfHeld } from '../compare-and-set.ts';
import { BACKOFF_SECONDS, HAS_ATTEMPTS_LEFT, NEXT_RUN_AT } from './retry-rule.ts';

export interface Failure extends HeldAttempt {
  error: TaskErrorValue;
}

export function failTasks(session: DatabaseSession, items: readonly Failure[]) {
  return runIfHeld(session, FAIL, items, [
    items.map(({ error }) => toJson({ ...error, fingerprint: fingerprintOf(error) })),
  ]);
}

const { fail, scheduleRetry } = TRANSITIONS;

const TRIES_AGAIN = `(i.error::jsonb->>'retryable')::boolean AND ${HAS_ATTEMPTS_LEFT}`;

const FAIL = changeIfHeld('fail', {
  from: fail.from,
  item: { error: 'text' },
  joinsJob: true,
  to: `CASE WHEN ${TRIES_AGAIN} THEN '${scheduleRetry.to}' ELSE '${fail.to}' END`,
  reason: `CASE WHEN ${TRIES_AGAIN} THEN '${scheduleRetry.reason}' ELSE '${fail.reason}' END`,
  error: 'i.error',
  computed: {
    delay: `COALESCE((i.error::jsonb->>'retryAfterSeconds')::double precision, ${BACKOFF_SECONDS})`,
  },
  set: `worker_id = NULL, failures = t.failures + 1, error = x.logged_error,
    run_at = CASE x.to_status WHEN '${scheduleRetry.to}' THEN ${NEXT_RUN_AT} ELSE t.run_at END,
    finished_at = CASE x.to_status WHEN '${fail.to}' THEN now() END`,
  also: RECORD_DEAD_LETTERS,
});
