/**
 * Changes of the fairness of a job. They hold for all that waits: what stands by other turns, or by none, goes back into
 * the order of the claim and is sorted in anew by the next claims, some thousands of tasks each. Until then a task is not
 * claimed, so that none is claimed out of turn; the first of the order come first.
 *
 * The job and its workers are locked, so that no claim is under way. No task is touched here: the gates before which they
 * stand get other ids, with all that they count, and those of before are retired: let-through.ts empties them.
 */
import type { Fairness } from '../../domain/fairness.ts';
import type { DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';
import { LOCK_GATES_OF_JOB, LOCK_HELD, RETIRED, WRITE_HELD } from './change-limits.ts';
import { lockJob, writeOpenJobs } from './pauses.ts';

/** Gives the job this fairness instead of what it has. In a transaction. @returns whether it had another one */
export async function changeFairness(
  session: DatabaseSession,
  jobId: string,
  { by, keyPointer }: Fairness,
): Promise<boolean> {
  await lockJob(session, jobId);
  const [before] = await session.query<{ turnGateId: string | null }>(READ, [jobId, by, keyPointer]);
  if (!before) return false;
  await session.query(WRITE, [jobId, by, keyPointer]);
  await session.query(LOCK_HELD, [jobId]);
  await session.query(LOCK_GATES_OF_JOB, [jobId]);
  const renewed = await session.query<{ id: string }>(RENEW_GATES, [jobId]);
  await session.query(RETIRE, [
    jobId,
    [...renewed.map(({ id }) => id), ...(before.turnGateId === null ? [] : [before.turnGateId])],
  ]);
  await session.query(WRITE_HELD, [jobId]);
  await writeOpenJobs(session, jobId);
  return true;
}

const READ = statement(
  'read_other_fairness',
  `SELECT turn_gate_id AS "turnGateId" FROM job
  WHERE id = $1::uuid AND (fairness <> $2::text::fairness OR fairness_pointer IS DISTINCT FROM $3::text)`,
);

const WRITE = statement(
  'write_fairness',
  `UPDATE job SET fairness = $2::text::fairness, fairness_pointer = $3::text,
    turn_gate_id = CASE $2::text WHEN 'NONE' THEN NULL ELSE gen_random_uuid() END
  WHERE id = $1::uuid`,
);

/** Gates of limits before which tasks stand: nothing does so by their new ids. Gives the ids of before. */
const RENEW_GATES = statement(
  'renew_gates',
  `UPDATE task_gate gate SET id = gen_random_uuid(), opens_at = NULL FROM task_gate before
  WHERE before.id = gate.id AND gate.job_id = $1::uuid AND gate.limited AND gate.opens_at IS NOT NULL
  RETURNING before.id`,
);

const RETIRE = statement(
  'retire_renewed_gates',
  `INSERT INTO task_gate (id, job_id, name, key, opens_at)
  SELECT gate.id, $1::uuid, ${RETIRED}, '', ${NOW} FROM unnest($2::uuid[]) AS gate (id)`,
);
