/** Which jobs have work that could be claimed now. */
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { Session } from '../database.ts';
import { sqlStatuses, statement } from '../rows.ts';

/** Those of the jobs that have a claimable task. */
export async function findJobsWithWork(session: Session, jobIds: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ id: string }>(WITH_WORK, [jobIds]);
  return rows.map(({ id }) => id);
}

/** Those of the jobs that have a task which became claimable by the passing of time in the last milliseconds. */
export async function findJobsThatBecameDue(
  session: Session,
  jobIds: readonly string[],
  sinceMs: number,
): Promise<string[]> {
  const rows = await session.query<{ id: string }>(BECAME_DUE, [jobIds, sinceMs]);
  return rows.map(({ id }) => id);
}

const CLAIMABLE = sqlStatuses(TRANSITIONS.claim.from);

const WITH_WORK = statement(
  'find_jobs_with_work',
  `SELECT wanted.id FROM unnest($1::uuid[]) AS wanted (id)
  WHERE EXISTS (
    SELECT 1 FROM task WHERE task.job_id = wanted.id AND task.status = ${CLAIMABLE} AND task.run_at <= now()
  )`,
);

const BECAME_DUE = statement(
  'find_jobs_due',
  `SELECT DISTINCT task.job_id AS id FROM task
  WHERE task.status = ${CLAIMABLE} AND task.run_at > now() - $2::float8 * interval '1 millisecond'
    AND task.run_at <= now() AND task.job_id = ANY($1::uuid[])`,
);
