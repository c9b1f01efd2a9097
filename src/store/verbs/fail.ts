/**
 * The attempt failed: RUNNING → PENDING after the policy's back-off while attempts are left and the error is worth
 * it, otherwise RUNNING → FAILED. The database's clock and the locked row decide.
 */
import { BACKOFF_JITTER } from '../../domain/retry.ts';
import type { TaskErrorValue } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { type HeldAttempt, holderColumns, holderStatement, runCompareAndSet } from '../compare-and-set.ts';
import type { Session } from '../database.ts';
import { NOW, toJson } from '../rows.ts';

export interface Failure extends HeldAttempt {
  error: TaskErrorValue;
}

export function failTasks(session: Session, items: readonly Failure[]) {
  return runCompareAndSet(session, FAIL, [...holderColumns(items), items.map(({ error }) => toJson(error))]);
}

const { fail, scheduleRetry } = TRANSITIONS;

const TRIES_AGAIN = `(i.error::jsonb->>'retryable')::boolean AND t.failures + 1 < t.max_attempts`;

const FAIL = holderStatement('fail', {
  from: fail.from,
  item: { error: 'text' },
  joinsJob: true,
  to: `CASE WHEN ${TRIES_AGAIN} THEN '${scheduleRetry.to}' ELSE '${fail.to}' END`,
  reason: `CASE WHEN ${TRIES_AGAIN} THEN '${scheduleRetry.reason}' ELSE '${fail.reason}' END`,
  error: 'i.error',
  computed: {
    // The delay before attempt n + 1 is the n-th of the list, the last one repeating.
    delay: `job.backoff_seconds[LEAST(t.failures + 1, cardinality(job.backoff_seconds))]
      * (1 + ${BACKOFF_JITTER} * (2 * random() - 1))`,
  },
  set: `worker_id = NULL, failures = t.failures + 1, error = x.error::jsonb,
    run_at = CASE x.to_status WHEN '${scheduleRetry.to}' THEN ${NOW} + x.delay * interval '1 second' ELSE t.run_at END,
    finished_at = CASE x.to_status WHEN '${fail.to}' THEN now() END`,
});
