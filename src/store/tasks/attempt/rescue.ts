/**
 * Rescue from workers that were lost, by the database's clock: what was only claimed goes back uncounted; what was
 * running has failed its attempt, and is tried again or not as its policy says.
 */
import { fingerprintOf } from '../../../domain/error-fingerprint.ts';
import type { TaskStatus, TransitionChange } from '../../../domain/task.ts';
import { HELD_STATUSES, TRANSITIONS } from '../../../domain/transitions.ts';
import { RECORD_DEAD_LETTERS } from '../../audit/record-entry.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { changeAll, runSystem, systemCount } from '../compare-and-set.ts';
import { ASK_TO_STOP } from './ask-to-stop.ts';
import { BACKOFF_SECONDS, HAS_ATTEMPTS_LEFT, NEXT_RUN_AT } from './retry-rule.ts';

/** Which tasks: those of workers that have not beaten for so many seconds, or are gone. */
export interface Lost {
  workerTimeoutSeconds: number;
  /** Null: in all rooms. */
  room: string | null;
}

/** Rescues at most `limit` tasks. */
export function rescueTasks(
  session: DatabaseSession,
  limit: number,
  lost: Lost,
): Promise<TransitionChange[]> {
  return runSystem(session, RESCUE, [limit, lost.workerTimeoutSeconds, lost.room]);
}

/** How many tasks a rescue would change, by where they are and where they would go. */
export function countLostTasks(
  session: DatabaseSession,
  lost: Lost,
): Promise<{ from: TaskStatus; to: TaskStatus; count: number }[]> {
  return session.query(COUNT, [null, lost.workerTimeoutSeconds, lost.room]);
}

const { loseClaimed, loseRunning, loseRunningForGood } = TRANSITIONS;
const [CLAIMED] = loseClaimed.from;

/** Whichever worker it was. */
const FINGERPRINT = fingerprintOf({ code: 'WORKER_LOST', message: 'Worker timed out' });

const CHANGE = {
  from: HELD_STATUSES,
  rows: 'LEFT JOIN worker w ON w.id = h.worker_id',
  where: `(w.id IS NULL OR w.last_heartbeat_at <= now() - $2::float8 * interval '1 second')
    AND ($3::text IS NULL OR t.room = $3::text)`,
  joinsJob: true,
  to: `CASE WHEN t.status = '${CLAIMED}' THEN '${loseClaimed.to}'
    WHEN ${HAS_ATTEMPTS_LEFT} THEN '${loseRunning.to}' ELSE '${loseRunningForGood.to}' END`,
  reason: `'${loseClaimed.reason}'`,
  error: `jsonb_build_object('message', 'Worker ' || COALESCE(w.name, t.worker_id::text) || ' timed out',
    'code', 'WORKER_LOST', 'retryable', true, 'context', NULL, 'fingerprint', '${FINGERPRINT}')`,
  computed: { delay: BACKOFF_SECONDS, counts: `t.status <> '${CLAIMED}'` },
  set: `worker_id = NULL, failures = t.failures + x.counts::int,
    error = CASE WHEN x.counts THEN x.logged_error ELSE t.error END,
    run_at = CASE WHEN x.counts AND x.to_status = '${loseRunning.to}' THEN ${NEXT_RUN_AT} ELSE t.run_at END,
    finished_at = CASE x.to_status WHEN '${loseRunningForGood.to}' THEN now() END`,
  also: `${ASK_TO_STOP}, ${RECORD_DEAD_LETTERS}`,
};

const RESCUE = changeAll('rescue', CHANGE);
const COUNT = systemCount('count_lost', CHANGE);
