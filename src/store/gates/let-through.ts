/**
 * Letting through what may be claimed again and does not stand where claims take it: delayed tasks whose time has come,
 * and tasks before gates that are none any more, since a pause is over or a limit was taken away. Both go back into the
 * order of the claim, so many at once, best first. Of jobs with fairness, what stands in the order of the claim is then sorted
 * in by turns, see fair-turns.ts. It is safe on many servers: what one is moving is left to it by the others.
 */
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { DUE_OF_SERVED } from '../tasks/claim/claim-statement.ts';
import { removeEmptyAt, sortIn } from './fair-turns.ts';
import { HAS_GROUPS, IS_WAITED_FOR } from './gates.ts';

const GATES_AT_ONCE = 32;
const TASKS_AT_ONCE = 500;

/** What there is to let through for the worker's next claim. */
export interface LetThrough {
  /** Whether tasks are due, or stand before a gate that is none any more. */
  opens: boolean;
  /** Whether tasks have yet to be sorted in by turns. */
  sorts: boolean;
}

/** What there is to let through; null for nothing. */
export async function findLetThrough(session: DatabaseSession, workerId: string): Promise<LetThrough | null> {
  const [row] = await session.query<LetThrough>(LOOK, [workerId]);
  return row?.opens || row?.sorts ? row : null;
}

/** Moves what may be claimed by the worker to where claims take it. @returns the jobs of gates and tasks it has moved */
export async function letThrough(
  database: Database,
  workerId: string,
  { opens }: LetThrough,
): Promise<string[]> {
  const moved = opens ? await bringBack(database, workerId) : [];
  return [...new Set([...moved, ...(await sortIn(database, workerId))])];
}

async function bringBack(database: Database, workerId: string): Promise<string[]> {
  const due = await database.query<{ jobId: string }>(READY_DUE, [workerId]);
  const opened = await database.transaction((session) => openGates(session, workerId));
  await removeEmptyAt(
    database,
    opened.map(({ id }) => id),
  );
  return [...due, ...opened].map(({ jobId }) => jobId);
}

interface OpenGate {
  id: string;
  jobId: string;
}

async function openGates(session: DatabaseSession, workerId: string): Promise<OpenGate[]> {
  const gates = await session.query<OpenGate>(LOCK_OPEN, [workerId, GATES_AT_ONCE]);
  if (gates.length === 0) return [];
  // Statements of their own: they see all that was done until the gates were locked.
  const ids = gates.map(({ id }) => id);
  const shut = new Set((await session.query<{ id: string }>(FIND_SHUT, [ids])).map(({ id }) => id));
  await session.query(MOVE, [ids, ids.map((id) => (shut.has(id) ? 0 : TASKS_AT_ONCE))]);
  await session.query(WRITE, [ids]);
  return gates;
}

const SERVED = 'worker CROSS JOIN LATERAL unnest(worker.open_jobs) AS served (job_id)';

/** Whether gate `gate` has opened for good: what stands before it goes back into the order of the claim. */
const IS_OPEN = 'NOT gate.limited AND gate.opens_at <= now()';

// In the order of the indexes: see IS_WAITED_FOR.
const LOOK = statement(
  'look_for_let_through',
  `SELECT (
    SELECT true FROM ${SERVED} CROSS JOIN LATERAL (
      (SELECT 1 FROM task_gate gate WHERE gate.job_id = served.job_id AND ${IS_OPEN} ORDER BY gate.opens_at LIMIT 1)
      UNION ALL (
        SELECT 1 FROM task_queue q
        WHERE q.job_id = served.job_id AND NOT q.ready AND q.gate_id IS NULL AND q.run_at <= now()
        ORDER BY q.run_at LIMIT 1
      )
    ) waiting
    WHERE worker.id = $1::uuid LIMIT 1
  ) IS NOT NULL AS opens, (
    SELECT true FROM ${SERVED} JOIN job ON job.id = served.job_id AND job.turn_gate_id IS NOT NULL CROSS JOIN LATERAL (
      SELECT 1 FROM task_queue q WHERE q.job_id = job.id AND q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
    ) arrived
    WHERE worker.id = $1::uuid LIMIT 1
  ) IS NOT NULL AS sorts`,
);

const READY_DUE = statement(
  'ready_due',
  `WITH due AS (
    SELECT next.place FROM ${SERVED} CROSS JOIN LATERAL (${DUE_OF_SERVED}
    ) next WHERE worker.id = $1::uuid
  )
  UPDATE task_queue SET ready = true WHERE ctid = ANY (ARRAY(SELECT place FROM due)) RETURNING job_id AS "jobId"`,
);

const LOCK_OPEN = statement(
  'lock_open_gates',
  `SELECT gate.id, gate.job_id AS "jobId" FROM task_gate gate
  WHERE gate.job_id = ANY (ARRAY(SELECT unnest(open_jobs) FROM worker WHERE id = $1::uuid)) AND ${IS_OPEN}
  ORDER BY gate.opens_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
);

const FIND_SHUT = statement(
  'find_shut_gates',
  `SELECT gate.id FROM task_gate gate
  WHERE gate.id = ANY ($1::uuid[]) AND gate.name = '' AND EXISTS (
    SELECT FROM job_pause pause WHERE pause.job_id = gate.job_id AND pause.room = gate.key
  )`,
);

const MOVE = statement(
  'let_through',
  `WITH picked AS (
    SELECT next.place FROM unnest($1::uuid[], $2::int[]) AS wanted (id, most) CROSS JOIN LATERAL (
      SELECT q.ctid AS place FROM task_queue q WHERE q.gate_id = wanted.id AND NOT q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT wanted.most FOR UPDATE SKIP LOCKED
    ) next
  )
  UPDATE task_queue SET ready = true, gate_id = NULL, turn_id = NULL WHERE ctid = ANY (ARRAY(SELECT place FROM picked))`,
);

/** How they are now: shut again by a pause; or open for as long as anything stands there. */
const WRITE = statement(
  'write_open_gates',
  `UPDATE task_gate gate SET opens_at = CASE
      WHEN NOT ${IS_WAITED_FOR} AND NOT ${HAS_GROUPS} THEN NULL
      WHEN gate.name = '' AND EXISTS (
        SELECT FROM job_pause pause WHERE pause.job_id = gate.job_id AND pause.room = gate.key
      ) THEN 'infinity'
      ELSE gate.opens_at
    END
  WHERE gate.id = ANY ($1::uuid[])`,
);
