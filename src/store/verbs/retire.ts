/**
 * Retirement: a job that nobody has served and that had no unfinished task for a while is hidden from lists. Its
 * history stays, and it comes back when it is registered again or a task of it turns out to be waiting.
 */
import { HELD_STATUSES, TRANSITIONS } from '../../domain/transitions.ts';
import type { Session } from '../database.ts';
import { sqlStatuses, statement } from '../rows.ts';

/** How many jobs were retired, and how many came back. */
export interface Retirement {
  retired: number;
  returned: number;
}

/** Retires what has been idle for so many seconds; idle means no living worker and no unfinished task. */
export async function retireJobs(
  session: Session,
  { idleSeconds, workerTimeoutSeconds }: { idleSeconds: number; workerTimeoutSeconds: number },
): Promise<Retirement> {
  const [row] = await session.query<Retirement>(RETIRE, [workerTimeoutSeconds, idleSeconds]);
  return row as Retirement;
}

const RETIRE = statement(
  'retire_jobs',
  `WITH active AS (
    SELECT served.job_id FROM worker_job served JOIN worker ON worker.id = served.worker_id
    WHERE worker.last_heartbeat_at > now() - $1::float8 * interval '1 second'
    UNION
    SELECT job_id FROM task WHERE worker_id IS NOT NULL AND status IN (${sqlStatuses(HELD_STATUSES)})
    UNION
    SELECT job.id FROM job WHERE EXISTS (
      SELECT 1 FROM task WHERE task.job_id = job.id AND task.status = ${sqlStatuses(TRANSITIONS.claim.from)}
    ) OR EXISTS (
      SELECT 1 FROM task WHERE task.job_id = job.id AND task.status = ${sqlStatuses(TRANSITIONS.unblock.from)}
    )
  ), seen AS (
    UPDATE job SET last_active_at = now(), retired_at = NULL FROM active
    WHERE job.id = active.job_id AND (job.retired_at IS NOT NULL OR job.last_active_at < now() - interval '10 seconds')
    RETURNING job.id, (SELECT before.retired_at FROM job before WHERE before.id = job.id) IS NOT NULL AS returned
  ), retired AS (
    UPDATE job SET retired_at = now()
    WHERE retired_at IS NULL AND last_active_at <= now() - $2::float8 * interval '1 second'
      AND id NOT IN (SELECT job_id FROM active)
    RETURNING id
  )
  SELECT (SELECT count(*)::int FROM retired) AS retired,
    (SELECT count(*)::int FROM seen WHERE returned) AS returned`,
);
