/**
 * Changes of the limits of a job. They hold from the moment of the answer on, and count what runs at that moment: a limit
 * that is new, or counts by another key, counts the attempts that are held as it says now. What runs beyond a limit that
 * was lowered goes on; nothing starts until enough of it has ended.
 *
 * The job and its workers are locked, so that no claim is under way, then all attempts of the job, so that none ends.
 * Gates whose limit is gone or counts otherwise are retired: they get a name that no limit has, and what stands before
 * them goes back into the order of the claim, where it meets the gates that there are now.
 */
import { isDeepStrictEqual } from 'node:util';
import type { JobLimit } from '../../domain/limits.ts';
import type { DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';
import { lockJob, writeOpenJobs } from './pauses.ts';

/** Gives the job these limits instead of those that it has. In a transaction. @returns whether they are others */
export async function changeLimits(
  session: DatabaseSession,
  jobId: string,
  limits: readonly JobLimit[],
): Promise<boolean> {
  await lockJob(session, jobId);
  const [job] = await session.query<{ limits: JobLimit[] }>(READ, [jobId]);
  if (!job || isDeepStrictEqual(job.limits, limits)) return false;
  await session.query(WRITE, [jobId, JSON.stringify(limits)]);
  await session.query(LOCK_HELD, [jobId]);
  await session.query(LOCK_GATES_OF_JOB, [jobId]);
  const kept = limits.filter((limit) => job.limits.some((before) => countsAlike(before, limit)));
  await session.query(RETIRE_GATES, [jobId, kept.map(({ name }) => name)]);
  await session.query(CHANGE_GATES, [
    jobId,
    kept.map(({ name }) => name),
    kept.map(({ maxRunning }) => maxRunning),
    kept.map(({ rate }) => rate?.count ?? null),
    kept.map(({ rate }) => rate?.perSeconds ?? null),
  ]);
  await session.query(MAKE_GATES, [jobId]);
  await session.query(WRITE_HELD, [jobId]);
  await session.query(COUNT_HELD, [jobId]);
  await session.query(OPEN_GATES, [jobId]);
  await writeOpenJobs(session, jobId);
  return true;
}

/** Whether what one has counted counts for the other. */
function countsAlike(a: JobLimit, b: JobLimit): boolean {
  return (
    a.name === b.name &&
    a.scope === b.scope &&
    a.keyPointer === b.keyPointer &&
    (a.rate === null) === (b.rate === null)
  );
}

const READ = statement('read_limits', 'SELECT limits FROM job WHERE id = $1::uuid');

const WRITE = statement('write_limits', 'UPDATE job SET limits = $2::text::jsonb WHERE id = $1::uuid');

const HELD = `task_hold h JOIN task t ON t.id = h.task_id AND t.worker_id = h.worker_id AND t.attempt = h.attempt`;

export const LOCK_HELD = statement(
  'lock_held_of_job',
  `SELECT t.id FROM ${HELD} WHERE t.job_id = $1::uuid ORDER BY t.id FOR NO KEY UPDATE OF t`,
);

export const LOCK_GATES_OF_JOB = statement(
  'lock_gates_of_job',
  'SELECT id FROM task_gate WHERE job_id = $1::uuid ORDER BY id FOR UPDATE',
);

/** The name of a gate that is none any more. Limits have no names that begin so. */
export const RETIRED = "'~' || gate.id";

const RETIRE_GATES = statement(
  'retire_gates',
  `UPDATE task_gate gate SET name = ${RETIRED}, limited = false, running = 0, max_running = NULL, rate_count = NULL,
    rate_seconds = NULL, starts = NULL, full_at = NULL
  WHERE gate.job_id = $1::uuid AND gate.limited AND gate.name <> ALL ($2::text[])`,
);

const CHANGE_GATES = statement(
  'change_gates',
  `UPDATE task_gate gate SET max_running = kept.max_running, rate_count = kept.rate_count,
    rate_seconds = kept.rate_seconds
  FROM unnest($2::text[], $3::int[], $4::int[], $5::int[]) AS kept (name, max_running, rate_count, rate_seconds)
  WHERE gate.job_id = $1::uuid AND gate.limited AND gate.name = kept.name`,
);

/** The gates of limits by number that an attempt has passed, as the limits are now. */
const PASSED = `${HELD} JOIN job ON job.id = t.job_id CROSS JOIN LATERAL limit_gates(job.limits, t) l
  WHERE t.job_id = $1::uuid AND l.max_running IS NOT NULL`;

const MAKE_GATES = statement(
  'make_gates_of_held',
  `INSERT INTO task_gate (job_id, name, key, limited, max_running)
  SELECT DISTINCT t.job_id, l.name, l.key, true, l.max_running FROM ${PASSED}
  ON CONFLICT (job_id, name, key) DO NOTHING`,
);

export const WRITE_HELD = statement(
  'write_gates_of_held',
  `UPDATE task_hold SET gates = held.gates FROM (
    SELECT h.worker_id, h.task_id, h.attempt, (
      SELECT array_agg(gate.id) FROM job CROSS JOIN LATERAL limit_gates(job.limits, t) l
      JOIN task_gate gate ON gate.job_id = job.id AND gate.name = l.name AND gate.key = l.key
      WHERE job.id = t.job_id AND l.max_running IS NOT NULL
    ) AS gates
    FROM ${HELD} WHERE t.job_id = $1::uuid
  ) held
  WHERE task_hold.worker_id = held.worker_id AND task_hold.task_id = held.task_id AND task_hold.attempt = held.attempt`,
);

const COUNT_HELD = statement(
  'count_gates_of_held',
  `UPDATE task_gate gate SET running = counted.running FROM (
    SELECT g.id, count(slot.id)::int AS running FROM task_gate g LEFT JOIN (
      SELECT slot.id FROM ${HELD} CROSS JOIN LATERAL unnest(h.gates) AS slot (id) WHERE t.job_id = $1::uuid
    ) slot ON slot.id = g.id
    WHERE g.job_id = $1::uuid AND g.limited AND g.max_running IS NOT NULL GROUP BY g.id
  ) counted
  WHERE gate.id = counted.id AND gate.running <> counted.running`,
);

/** What stands before a gate may be let through from now on, or when a slot comes back. */
const OPEN_GATES = statement(
  'open_gates_of_job',
  `UPDATE task_gate gate SET opens_at = CASE
      WHEN NOT EXISTS (SELECT FROM task_queue q WHERE q.gate_id = gate.id AND NOT q.ready) THEN NULL
      WHEN gate.running >= gate.max_running THEN 'infinity' ELSE ${NOW}
    END
  WHERE gate.job_id = $1::uuid AND gate.name <> ''`,
);
