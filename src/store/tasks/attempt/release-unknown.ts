/**
 * Claims whose answer never arrived: the server, or the connection, was gone between commit and answer. The worker is
 * alive and does not know what it holds, so nobody would ever work on it. A heartbeat that says what the worker knows
 * of gives the rest back, uncounted. A claim of the last moments is left alone: its answer may be on its way.
 */
import type { TransitionChange } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { changeAll, runSystem, sqlConstant } from '../compare-and-set.ts';

export interface KnownAttempts {
  workerId: string;
  /** What the worker knows that it holds. */
  attempts: readonly { taskId: string; attempt: number }[];
  /** Seconds that a claim is left alone. */
  graceSeconds: number;
  /** Seconds since the worker said so. What it has claimed since then it cannot have named. */
  ageSeconds: number;
}

const TASKS_AT_ONCE = 1_000;

export function releaseUnknown(session: DatabaseSession, known: KnownAttempts): Promise<TransitionChange[]> {
  return runSystem(session, RELEASE_UNKNOWN, [
    TASKS_AT_ONCE,
    known.workerId,
    known.graceSeconds + known.ageSeconds,
    known.attempts.map(({ taskId }) => taskId),
    known.attempts.map(({ attempt }) => attempt),
  ]);
}

const { from, to, reason } = TRANSITIONS.release;

const RELEASE_UNKNOWN = changeAll('release_unknown', {
  from,
  where: `h.worker_id = $2::uuid AND t.claimed_at <= now() - $3::float8 * interval '1 second' AND NOT EXISTS (
      SELECT 1 FROM unnest($4::uuid[], $5::int[]) AS known (task_id, attempt)
      WHERE known.task_id = t.id AND known.attempt = t.attempt)`,
  to: sqlConstant(to),
  reason: sqlConstant(reason),
  note: "'The worker does not know of this attempt: the answer to its claim was lost.'",
  set: 'worker_id = NULL',
});
