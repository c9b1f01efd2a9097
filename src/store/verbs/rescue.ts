/**
 * Rescue from workers that were lost, by the database's clock: what was only claimed goes back uncounted; what was
 * running has failed its attempt, and is tried again or not as its policy says.
 */
import type { TransitionChange } from '../../domain/task.ts';
import { HELD_STATUSES, TRANSITIONS } from '../../domain/transitions.ts';
import { ASK_TO_STOP } from '../ask-to-stop.ts';
import { runSystem, systemStatement } from '../compare-and-set.ts';
import type { Session } from '../database.ts';
import { BACKOFF_SECONDS, HAS_ATTEMPTS_LEFT, NEXT_RUN_AT } from '../retry-rule.ts';

/** Rescues at most `limit` tasks of workers that have not beaten for so many seconds, or are gone. */
export function rescueTasks(
  session: Session,
  limit: number,
  workerTimeoutSeconds: number,
): Promise<TransitionChange[]> {
  return runSystem(session, RESCUE, [limit, workerTimeoutSeconds]);
}

const { loseClaimed, loseRunning, loseRunningForGood } = TRANSITIONS;
const [CLAIMED] = loseClaimed.from;

const RESCUE = systemStatement('rescue', {
  from: HELD_STATUSES,
  rows: 'LEFT JOIN worker w ON w.id = t.worker_id',
  where: "(w.id IS NULL OR w.last_heartbeat_at <= now() - $2::float8 * interval '1 second')",
  joinsJob: true,
  to: `CASE WHEN t.status = '${CLAIMED}' THEN '${loseClaimed.to}'
    WHEN ${HAS_ATTEMPTS_LEFT} THEN '${loseRunning.to}' ELSE '${loseRunningForGood.to}' END`,
  reason: `'${loseClaimed.reason}'`,
  error: `jsonb_build_object('message', 'Worker ' || COALESCE(w.name, t.worker_id::text) || ' timed out',
    'code', 'WORKER_LOST', 'retryable', true, 'context', NULL)`,
  computed: { delay: BACKOFF_SECONDS, counts: `t.status <> '${CLAIMED}'` },
  set: `worker_id = NULL, failures = t.failures + x.counts::int,
    error = CASE WHEN x.counts THEN x.logged_error ELSE t.error END,
    run_at = CASE WHEN x.counts AND x.to_status = '${loseRunning.to}' THEN ${NEXT_RUN_AT} ELSE t.run_at END,
    finished_at = CASE x.to_status WHEN '${loseRunningForGood.to}' THEN now() END`,
  also: ASK_TO_STOP,
});
