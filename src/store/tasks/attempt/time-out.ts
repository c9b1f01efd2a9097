/** Attempts that run longer than their job allows have failed, and are tried again or not as the policy says. */
import { fingerprintOf } from '../../../domain/error-fingerprint.ts';
import type { TransitionChange } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import { RECORD_DEAD_LETTERS } from '../../audit/record-entry.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { changeAll, runSystem } from '../compare-and-set.ts';
import { ASK_TO_STOP } from './ask-to-stop.ts';
import { BACKOFF_SECONDS, HAS_ATTEMPTS_LEFT, NEXT_RUN_AT } from './retry-rule.ts';

/** Times out at most `limit` tasks. */
export function timeOutTasks(session: DatabaseSession, limit: number): Promise<TransitionChange[]> {
  return runSystem(session, TIME_OUT, [limit]);
}

const { timeOut, timeOutForGood } = TRANSITIONS;

/** However long it was allowed to run. */
const FINGERPRINT = fingerprintOf({ code: 'TIMED_OUT', message: 'The attempt ran longer than 0 seconds' });

const TIME_OUT = changeAll('time_out', {
  from: timeOut.from,
  // Most often no job has a timeout: then nothing that is held is looked at.
  where: `EXISTS (SELECT 1 FROM job limited WHERE limited.timeout_seconds IS NOT NULL)
    AND t.started_at <= now() - job.timeout_seconds * interval '1 second'`,
  joinsJob: true,
  to: `CASE WHEN ${HAS_ATTEMPTS_LEFT} THEN '${timeOut.to}' ELSE '${timeOutForGood.to}' END`,
  reason: `'${timeOut.reason}'`,
  error: `jsonb_build_object('message', 'The attempt ran longer than ' || job.timeout_seconds || ' seconds',
    'code', 'TIMED_OUT', 'retryable', true, 'context', NULL, 'fingerprint', '${FINGERPRINT}')`,
  computed: { delay: BACKOFF_SECONDS },
  set: `worker_id = NULL, failures = t.failures + 1, error = x.logged_error,
    run_at = CASE x.to_status WHEN '${timeOut.to}' THEN ${NEXT_RUN_AT} ELSE t.run_at END,
    finished_at = CASE x.to_status WHEN '${timeOutForGood.to}' THEN now() END`,
  also: `${ASK_TO_STOP}, ${RECORD_DEAD_LETTERS}`,
});
