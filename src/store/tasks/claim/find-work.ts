/** Which jobs have work that could be claimed now. */
import type { Position } from '../../../domain/position.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { IS_WAITED_FOR } from '../../gates/gates.ts';
import { priorityLevels } from '../queue.ts';
import { sqlStatuses } from '../rows.ts';

/** Those of the jobs that have a claimable task. */
export async function findJobsWithWork(
  session: DatabaseSession,
  jobIds: readonly string[],
): Promise<string[]> {
  const rows = await session.query<{ id: string }>(WITH_WORK, [jobIds]);
  return rows.map(({ id }) => id);
}

/**
 * Those of the jobs that have a task which became claimable by the passing of time in the last milliseconds, or stands
 * before an open gate, or by turns: a claim may have passed over it while it was locked.
 */
export async function findJobsThatBecameDue(
  session: DatabaseSession,
  jobIds: readonly string[],
  sinceMs: number,
): Promise<string[]> {
  const rows = await session.query<{ id: string }>(BECAME_DUE, [jobIds, sinceMs]);
  return rows.map(({ id }) => id);
}

/** Jobs that got something to claim, and where the log was read to. */
export interface Arrivals {
  jobIds: string[];
  position: Position;
}

/**
 * Those of the jobs with a claimable task that became PENDING after the position of the log, by whatever way:
 * submitted, released, retried. What lies above the log's horizon is found again the next time.
 */
export async function findArrivals(
  session: DatabaseSession,
  jobIds: readonly string[],
  after: Position,
): Promise<Arrivals> {
  const rows = await session.query<{ horizon: string; id: string | null }>(ARRIVALS, [
    jobIds,
    after.xid,
    after.id,
  ]);
  return {
    jobIds: rows.flatMap(({ id }) => id ?? []),
    position: { xid: rows[0]?.horizon ?? after.xid, id: '0' },
  };
}

const CLAIMABLE = sqlStatuses(TRANSITIONS.claim.from);

/** Whether tasks of the job stand by turns, where claims take them. */
const takesTurns = (job: string) => `((
    SELECT (
      SELECT true FROM task_queue q WHERE q.gate_id = job.turn_gate_id AND NOT q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
    ) FROM job WHERE job.id = ${job} AND job.turn_gate_id IS NOT NULL
  ) IS NOT NULL)`;

// Each is one look at the head of an index, whatever stands in the queue: an EXISTS could be planned as a scan of the whole
// queue that all jobs share. Nor does the planner see how many jobs there are, as from an array itself: the plan that suits
// one number of them would seem cheaper than the one for all, and be made anew each time, which takes longer than to run it.
const WITH_WORK = statement(
  'find_jobs_with_work',
  `SELECT wanted.id FROM unnest((SELECT $1::uuid[])) AS wanted (id)
  WHERE NOT EXISTS (
    SELECT FROM job WHERE job.id = wanted.id AND job.paused
  ) AND ((
    SELECT true FROM task_queue q WHERE q.job_id = wanted.id AND q.ready
    ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
  ) OR (
    SELECT q.run_at FROM task_queue q WHERE q.job_id = wanted.id AND NOT q.ready AND q.gate_id IS NULL
    ORDER BY q.run_at LIMIT 1
  ) <= now() OR (
    SELECT gate.opens_at FROM task_gate gate WHERE gate.job_id = wanted.id AND gate.opens_at IS NOT NULL
    ORDER BY gate.opens_at LIMIT 1
  ) <= now() OR ${takesTurns('wanted.id')})`,
);

/** Whether the time of a queued task `q` has come in the last $2 milliseconds. */
const IS_NEWLY_DUE = `q.run_at > now() - $2::float8 * interval '1 millisecond' AND q.run_at <= now()`;

// In the order of the indexes, as above. What has become due may stand in the order of the claim already, left by a claim
// that took less than became due.
const BECAME_DUE = statement(
  'find_jobs_due',
  `SELECT wanted.id FROM unnest((SELECT $1::uuid[])) AS wanted (id)
  WHERE (
    SELECT true FROM task_queue q
    WHERE q.job_id = wanted.id AND NOT q.ready AND q.gate_id IS NULL AND ${IS_NEWLY_DUE}
    ORDER BY q.run_at LIMIT 1
  ) OR (
    WITH RECURSIVE ${priorityLevels('wanted.id')}
    SELECT true FROM level CROSS JOIN LATERAL (
      SELECT FROM task_queue q
      WHERE q.job_id = wanted.id AND q.ready AND q.priority = level.priority AND ${IS_NEWLY_DUE}
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
    ) newly LIMIT 1
  ) OR ${takesTurns('wanted.id')}
  UNION SELECT gate.job_id FROM task_gate gate
  WHERE gate.opens_at <= now() AND gate.job_id = ANY($1::uuid[])
    AND ${IS_WAITED_FOR}`,
);

const ARRIVALS = statement(
  'find_arrivals',
  `SELECT log.horizon::text AS horizon, arrived.id
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) log
  LEFT JOIN LATERAL (
    SELECT DISTINCT logged.job_id AS id FROM task_transition logged
    JOIN task ON task.id = logged.task_id AND task.status = ${CLAIMABLE} AND task.run_at <= now()
    WHERE (logged.xid, logged.id) > ($2::text::xid8, $3::bigint) AND logged.to_status = ${CLAIMABLE}
      AND (logged.job_id IN (SELECT unnest($1::uuid[]))) IS TRUE
  ) arrived ON true`,
);
