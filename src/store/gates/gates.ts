/**
 * Gates: what tasks of a job may have to wait at before a worker can have them, one for each key. The gate of a room is
 * shut while the job is paused in it.
 *
 * A claim that meets a task whose gate is shut moves it out of the order of the claim (`ready`) to the gate, so that no
 * later claim walks over it; once, however long it waits. `opens_at` says that tasks stand there, and from when on
 * they may be let through again; see let-through.ts. A gate says nothing else of the queue: tasks that have yet to
 * meet it stand in the order of the claim.
 *
 * Locks are taken in one order, and nobody who holds a gate waits for anything further up:
 *
 *   job ──▶ its workers ──▶ tasks ──▶ gates, in the order of their ids ──▶ rows of the queue, skipping what is locked
 */
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../tasks/rows.ts';

/** Which gate: of a job, by what shuts it, for one key. */
export interface GateKey {
  jobId: string;
  /** Empty: a pause, and the key is the room. */
  name: string;
  key: string;
}

export interface GateRow extends GateKey {
  id: string;
}

/** When tasks before a gate may be let through: `never` by the passing of time. */
export type OpensAt = Date | 'never' | null;

/** The gates of these keys, made where they are missing, and locked in the order of their ids. */
export async function lockGates(session: DatabaseSession, keys: readonly GateKey[]): Promise<GateRow[]> {
  if (keys.length === 0) return [];
  const columns = [keys.map(({ jobId }) => jobId), keys.map(({ name }) => name), keys.map(({ key }) => key)];
  const [, gates] = await Promise.all([
    session.query(MAKE_GATES, columns),
    session.query<GateRow>(LOCK_GATES, columns),
  ]);
  return gates;
}

/** Writes how gates are that the session has locked. */
export async function writeGates(
  session: DatabaseSession,
  gates: readonly { id: string; opensAt: OpensAt }[],
): Promise<void> {
  if (gates.length === 0) return;
  await session.query(WRITE_GATES, [
    gates.map(({ id }) => id),
    gates.map(({ opensAt }) => writtenMoment(opensAt)),
  ]);
}

function writtenMoment(opensAt: OpensAt): string | null {
  if (opensAt === null) return null;
  return opensAt === 'never' ? 'infinity' : opensAt.toISOString();
}

/** All of a GateRow. */
export const GATE_COLUMNS = 'gate.id, gate.job_id AS "jobId", gate.name, gate.key';

// In one order, so that two who make the same ones never wait for each other crosswise.
const MAKE_GATES = statement(
  'make_gates',
  `INSERT INTO task_gate (job_id, name, key)
  SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS wanted (job_id, name, key) ORDER BY 1, 2, 3
  ON CONFLICT (job_id, name, key) DO NOTHING`,
);

const LOCK_GATES = statement(
  'lock_gates',
  `SELECT ${GATE_COLUMNS} FROM task_gate gate
  WHERE (gate.job_id, gate.name, gate.key) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]))
  ORDER BY gate.id FOR UPDATE`,
);

const WRITE_GATES = statement(
  'write_gates',
  `UPDATE task_gate gate SET opens_at = written.opens_at
  FROM unnest($1::uuid[], $2::timestamptz[]) AS written (id, opens_at) WHERE gate.id = written.id`,
);
