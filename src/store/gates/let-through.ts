/**
 * Letting through what may be claimed again: delayed tasks whose time has come, and tasks before gates that have opened.
 * Both go back into the order of the claim, so many at once, best first. It is safe on many servers: what one is moving
 * is left to it by the others.
 */
import type { Database, DatabaseSession } from '../database/database.ts';
import { DUE_OF_SERVED } from '../tasks/claim-statement.ts';
import { statement } from '../tasks/rows.ts';
import { GATE_COLUMNS, type GateRow, type OpensAt, writeGates } from './gates.ts';

const GATES_AT_ONCE = 32;
const TASKS_AT_ONCE = 500;
/** Until a gate through which enough tasks were let is looked at again: one of them may have been cancelled. */
const AGAIN_MS = 1_000;

/** Whether there is something to let through for the worker's next claim. */
export async function isLetThrough(session: DatabaseSession, workerId: string): Promise<boolean> {
  const [row] = await session.query<{ waits: boolean }>(LOOK, [workerId]);
  return row?.waits ?? false;
}

/** Moves what may be claimed by the worker into the order of the claim. @returns how many gates and tasks it has moved */
export async function letThrough(database: Database, workerId: string): Promise<number> {
  const [due] = await database.query<{ count: number }>(READY_DUE, [workerId]);
  const opened = await database.transaction((session) => openGates(session, workerId));
  return (due?.count ?? 0) + opened;
}

interface OpenGate extends GateRow {
  now: Date;
}

async function openGates(session: DatabaseSession, workerId: string): Promise<number> {
  const gates = await session.query<OpenGate>(LOCK_OPEN, [workerId, GATES_AT_ONCE]);
  if (gates.length === 0) return 0;
  // Statements of their own: they see all that was done until the gates were locked.
  const shut = await session.query<{ id: string }>(FIND_SHUT, [gates.map(({ id }) => id)]);
  const room = new Map(
    gates.map((gate) => [gate.id, shut.some(({ id }) => id === gate.id) ? 0 : Number.POSITIVE_INFINITY]),
  );
  const moved = await session.query<{ id: string; count: number; left: boolean }>(MOVE, [
    gates.map(({ id }) => id),
    gates.map(({ id }) => Math.min(TASKS_AT_ONCE, room.get(id) ?? 0)),
  ]);
  const byId = new Map(moved.map((row) => [row.id, row]));
  await writeGates(
    session,
    gates.map(({ id, now }) => {
      const { count = 0, left = false } = byId.get(id) ?? {};
      return { id, opensAt: left ? nextLook(room.get(id) ?? 0, count, now) : null };
    }),
  );
  return gates.length;
}

/** When to look again at a gate before which tasks are left. */
function nextLook(room: number, moved: number, now: Date): OpensAt {
  if (room === 0) return 'never';
  return moved === TASKS_AT_ONCE ? now : new Date(now.getTime() + AGAIN_MS);
}

const SERVED = 'worker CROSS JOIN LATERAL unnest(worker.open_jobs) AS served (job_id)';

const LOOK = statement(
  'look_for_let_through',
  `SELECT EXISTS (
    SELECT FROM ${SERVED} WHERE worker.id = $1::uuid AND (
      EXISTS (SELECT FROM task_gate gate WHERE gate.job_id = served.job_id AND gate.opens_at <= now())
      OR EXISTS (
        SELECT FROM task_queue q
        WHERE q.job_id = served.job_id AND NOT q.ready AND q.gate_id IS NULL AND q.run_at <= now()
      )
    )
  ) AS waits`,
);

const READY_DUE = statement(
  'ready_due',
  `WITH due AS (
    SELECT next.place FROM ${SERVED} CROSS JOIN LATERAL (${DUE_OF_SERVED}
    ) next WHERE worker.id = $1::uuid
  ), readied AS (
    UPDATE task_queue SET ready = true WHERE ctid = ANY (ARRAY(SELECT place FROM due)) RETURNING 1
  )
  SELECT count(*)::int AS count FROM readied`,
);

const LOCK_OPEN = statement(
  'lock_open_gates',
  `SELECT ${GATE_COLUMNS}, now() AS now FROM task_gate gate
  WHERE gate.job_id = ANY (ARRAY(SELECT unnest(open_jobs) FROM worker WHERE id = $1::uuid)) AND gate.opens_at <= now()
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
    SELECT wanted.id, next.place FROM unnest($1::uuid[], $2::int[]) AS wanted (id, room) CROSS JOIN LATERAL (
      SELECT q.ctid AS place FROM task_queue q WHERE q.gate_id = wanted.id AND NOT q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT wanted.room FOR UPDATE SKIP LOCKED
    ) next
  ), moved AS (
    UPDATE task_queue SET ready = true WHERE ctid = ANY (ARRAY(SELECT place FROM picked))
  )
  SELECT wanted.id, (SELECT count(*)::int FROM picked WHERE picked.id = wanted.id) AS count, EXISTS (
    SELECT FROM task_queue q WHERE q.gate_id = wanted.id AND NOT q.ready
      AND q.ctid <> ALL (ARRAY(SELECT place FROM picked))
  ) AS left
  FROM unnest($1::uuid[]) AS wanted (id)`,
);
