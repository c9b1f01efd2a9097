/**
 * The check of gates, by the sweep of every server: slots are counted anew from what is held, and rows of keys that are
 * idle go away. Nothing is ever found to be counted wrongly, unless there is a bug: then it is repaired, and reported.
 *
 * A gate and what is held by its slots are changed by one transaction. So one statement sees both as they belong together;
 * and under the lock of the gate, what has not been committed is in neither.
 */
import type { Database, DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';
import { lockJob, writeOpenJobs } from '../jobs/pauses.ts';
import { HAS_GROUPS } from './gates.ts';

/** A gate that counted other slots than are held, or would never have opened. */
export interface Leak {
  /** Full name of the job. */
  job: string;
  limit: string;
  key: string;
  /** Slots that it counted, and that are held. */
  counted: number;
  held: number;
}

const AT_ONCE = 1_000;
const LEAKS_AT_ONCE = 100;

/** Repairs gates that are wrong. @returns them */
export async function repairGates(database: Database): Promise<Leak[]> {
  await database.query(REOPEN, [AT_ONCE]);
  const suspects = await database.query<{ id: string }>(FIND_LEAKS);
  const leaks: Leak[] = [];
  for (const { id } of suspects) {
    const leak = await database.transaction(async (session) => {
      await session.query(LOCK, [id]);
      const [repaired] = await session.query<Leak>(REPAIR, [id]);
      return repaired;
    });
    if (leak) leaks.push(leak);
  }
  return leaks;
}

/** Removes rows of keys that are idle, and lets workers claim without gates where none are left. @returns how many rows */
export async function removeIdleGates(database: Database): Promise<number> {
  await closeEmpty(database);
  const [row] = await database.query<{ count: number }>(REMOVE, [AT_ONCE]);
  for (const { id } of await database.query<{ id: string }>(FIND_UNGATED)) {
    await database.transaction(async (session) => {
      await lockJob(session, id);
      await writeOpenJobs(session, id);
    });
  }
  return row?.count ?? 0;
}

/** Gates before which nothing stands any more, since it was cancelled or removed. */
async function closeEmpty(database: Database): Promise<void> {
  await database.transaction(async (session: DatabaseSession) => {
    const empty = await session.query<{ id: string }>(LOCK_EMPTY, [AT_ONCE]);
    if (empty.length > 0) await session.query(CLOSE, [empty.map(({ id }) => id)]);
  });
}

const WAITS = '(SELECT FROM task_queue q WHERE q.gate_id = gate.id AND NOT q.ready)';

/** Whether nothing stands before it, nor may do so any more. */
const IS_LEFT = `NOT EXISTS ${WAITS} AND NOT ${HAS_GROUPS}`;

const SLOTS = `SELECT slot.id FROM task_hold h
  JOIN task t ON t.id = h.task_id AND t.worker_id = h.worker_id AND t.attempt = h.attempt
  CROSS JOIN LATERAL unnest(h.gates) AS slot (id)`;

/** Whether gate `gate`, with so many slots held, is as it should not be. */
const isWrong = (held: string) => `(gate.running <> ${held}
  OR (gate.opens_at IS NULL AND EXISTS ${WAITS})
  OR (gate.opens_at = 'infinity' AND gate.limited AND gate.running < gate.max_running AND EXISTS ${WAITS}))`;

const FIND_LEAKS = statement(
  'find_slot_leaks',
  `SELECT gate.id FROM task_gate gate LEFT JOIN (
    SELECT id, count(*)::int AS slots FROM (${SLOTS} WHERE h.gates IS NOT NULL) slot GROUP BY id
  ) held ON held.id = gate.id
  WHERE ${isWrong('COALESCE(held.slots, 0)')} LIMIT ${LEAKS_AT_ONCE}`,
);

/** The latest time that gate `gate` can have a reason for: of a rate that of its last token, of others now. */
const LATEST = `(now() + (COALESCE(gate.rate_seconds, 0) + 10) * interval '1 second')`;
const OPENS_LATE = `(gate.opens_at > ${LATEST} AND gate.opens_at < 'infinity')`;

// What opens later than it can was written before the clock of the database was set back. Open, it is judged anew by the next
// claim.
const REOPEN = statement(
  'reopen_gates',
  `UPDATE task_gate gate SET opens_at = CASE WHEN ${OPENS_LATE} THEN ${NOW} ELSE gate.opens_at END,
    full_at = LEAST(gate.full_at, ${LATEST})
  FROM (
    SELECT gate.id FROM task_gate gate WHERE ${OPENS_LATE} OR gate.full_at > ${LATEST}
    ORDER BY gate.id LIMIT $1::int FOR UPDATE SKIP LOCKED
  ) late WHERE gate.id = late.id`,
);

const LOCK = statement('lock_gate', 'SELECT id FROM task_gate WHERE id = $1::uuid FOR UPDATE');

const REPAIR = statement(
  'repair_gate',
  `WITH held AS (
    SELECT count(*)::int AS slots FROM (${SLOTS} WHERE $1::uuid = ANY (h.gates)) slot WHERE slot.id = $1::uuid
  ), before AS (
    SELECT gate.*, held.slots FROM task_gate gate, held WHERE gate.id = $1::uuid AND ${isWrong('held.slots')}
  ), repaired AS (
    UPDATE task_gate gate SET running = before.slots, opens_at = CASE
        WHEN NOT EXISTS ${WAITS} THEN NULL
        WHEN gate.limited AND before.slots >= gate.max_running THEN 'infinity'
        WHEN gate.name = '' THEN COALESCE(gate.opens_at, ${NOW})
        ELSE ${NOW}
      END
    FROM before WHERE gate.id = before.id RETURNING gate.id
  )
  SELECT job.full_name AS job, before.name AS limit, before.key, before.running AS counted, before.slots AS held
  FROM before JOIN repaired ON repaired.id = before.id JOIN job ON job.id = before.job_id`,
);

const LOCK_EMPTY = statement(
  'lock_empty_gates',
  `SELECT gate.id FROM task_gate gate WHERE gate.opens_at IS NOT NULL AND ${IS_LEFT}
  ORDER BY gate.id LIMIT $1::int FOR UPDATE SKIP LOCKED`,
);

const CLOSE = statement(
  'close_empty_gates',
  `UPDATE task_gate gate SET opens_at = NULL WHERE gate.id = ANY ($1::uuid[]) AND ${IS_LEFT}`,
);

// A rate is known for a while longer than its period: a transaction that began earlier may still count by it.
const REMOVE = statement(
  'remove_idle_gates',
  `WITH gone AS (
    DELETE FROM task_gate WHERE id IN (
      SELECT gate.id FROM task_gate gate
      WHERE gate.opens_at IS NULL AND gate.running = 0 AND (gate.full_at IS NULL OR gate.full_at < now() - interval '10 seconds')
      LIMIT $1::int FOR UPDATE SKIP LOCKED
    ) RETURNING 1
  )
  SELECT count(*)::int AS count FROM gone`,
);

const FIND_UNGATED = statement(
  'find_ungated_jobs',
  `SELECT job.id FROM job
  WHERE job.gated AND job.limits = '[]' AND job.turn_gate_id IS NULL AND NOT EXISTS (
    SELECT FROM job_pause pause WHERE pause.job_id = job.id AND pause.room <> ''
  ) AND NOT EXISTS (
    SELECT FROM task_gate gate WHERE gate.job_id = job.id AND gate.opens_at IS NOT NULL
  ) LIMIT 10`,
);
