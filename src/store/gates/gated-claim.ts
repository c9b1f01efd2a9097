/**
 * The claim of a worker one of whose jobs has gates. It is a transaction: the worker is locked, then candidates are
 * read, then the gates that they must pass are locked; so each is judged by how things are, and nobody judges by the
 * same gate at the same time. What finds its gate shut goes to it, and the others are claimed as always.
 *
 * Before it, what may be let through again is brought back into the order of the claim, best first, so that the order
 * is that of the queue as a whole.
 */
import type { Database, DatabaseSession } from '../database/database.ts';
import { type Claim, type ClaimedRow, type ClaimResult, collect } from '../tasks/claim.ts';
import { CLAIM_CHOSEN, CLAIM_CHOSEN_AND_START, LOCK_CLAIMANT } from '../tasks/claim-statement.ts';
import { statement } from '../tasks/rows.ts';
import { type GateKey, type GateRow, lockGates, writeGates } from './gates.ts';
import { isLetThrough, letThrough } from './let-through.ts';

/** Milliseconds after which a claim that has only moved tasks to their gates stops. */
const MOST_MS = 2_000;
const SPARE_CANDIDATES = 8;
const MOST_CANDIDATES = 500;

/** Claims up to `limit` tasks. @returns what was claimed; undefined where none of the worker's jobs has gates any more */
export async function claimGated(
  database: Database,
  claim: Claim,
  onClaimed: (result: ClaimResult) => void,
): Promise<ClaimResult['tasks'] | undefined> {
  const began = performance.now();
  const tasks: ClaimResult['tasks'] = [];
  let prepares = true;
  /** Gates and tasks that were let through since the last step. What others move in this moment is left to them. */
  let moved = 0;
  for (let round = 0; ; ) {
    const limit = claim.limit - tasks.length;
    const candidates = Math.min(MOST_CANDIDATES, limit + SPARE_CANDIDATES * 4 ** round);
    const wanted = { ...claim, limit };
    const step = await database.transaction((session) => claimStep(session, wanted, candidates, prepares));
    if (step.kind === 'not-gated') return tasks.length > 0 ? tasks : undefined;
    if (step.kind === 'opens') {
      // Once before each step: the best of each gate are in the order then, more than one claim takes.
      prepares = false;
      moved = await letThrough(database, claim.workerId);
      continue;
    }
    onClaimed(step.result);
    tasks.push(...step.result.tasks);
    const isAll = step.offered < candidates && moved === 0;
    if (tasks.length >= claim.limit || isAll || performance.now() - began > MOST_MS) return tasks;
    prepares = true;
    moved = 0;
    round++;
  }
}

type Step =
  | { kind: 'not-gated' }
  /** Something may be let through first. */
  | { kind: 'opens' }
  | { kind: 'claimed'; result: ClaimResult; offered: number };

interface Candidate {
  id: string;
  version: number;
  jobId: string;
  room: string;
  paused: boolean;
}

async function claimStep(
  session: DatabaseSession,
  claim: Claim,
  most: number,
  prepares: boolean,
): Promise<Step> {
  // One trip: each sees what those before it have done, and the last what was committed before the worker was locked.
  const [[claimant], letsThrough, candidates] = await Promise.all([
    session.query<{ gated: boolean }>(LOCK, [claim.workerId]),
    isLetThrough(session, claim.workerId),
    session.query<Candidate>(CANDIDATES, [claim.workerId, most]),
  ]);
  if (!claimant) return { kind: 'claimed', result: { tasks: [], changes: [] }, offered: 0 };
  if (!claimant.gated) return { kind: 'not-gated' };
  if (prepares && letsThrough) return { kind: 'opens' };
  const gates = await lockGates(session, candidates.flatMap(gatesOf));
  const judged = judge(candidates, gates);
  const result: ClaimResult = { tasks: [], changes: [] };
  if (judged.free.length > 0) {
    const rows = await session.query<ClaimedRow>(claim.start ? CLAIM_CHOSEN_AND_START : CLAIM_CHOSEN, [
      claim.workerId,
      judged.free.map(({ id }) => id),
      claim.limit,
      claim.actor,
      judged.free.map(({ version }) => version),
    ]);
    collect(result, rows);
  }
  await Promise.all([
    moveToGates(session, judged.stopped),
    writeGates(
      session,
      gates.map(({ id }) => ({ id, opensAt: 'never' })),
    ),
  ]);
  return { kind: 'claimed', result, offered: candidates.length };
}

/** The gates that a task must pass. */
function gatesOf({ jobId, room, paused }: Candidate): GateKey[] {
  return paused ? [{ jobId, name: '', key: room }] : [];
}

interface Judged {
  free: Candidate[];
  stopped: { candidate: Candidate; gateId: string }[];
}

function judge(candidates: readonly Candidate[], gates: readonly GateRow[]): Judged {
  const byKey = new Map(gates.map((gate) => [nameOf(gate), gate]));
  const judged: Judged = { free: [], stopped: [] };
  for (const candidate of candidates) {
    const [shut] = gatesOf(candidate).map((key) => byKey.get(nameOf(key)) as GateRow);
    if (shut) judged.stopped.push({ candidate, gateId: shut.id });
    else judged.free.push(candidate);
  }
  return judged;
}

const nameOf = ({ jobId, name, key }: GateKey) => JSON.stringify([jobId, name, key]);

/** Takes tasks out of the order of the claim; one that somebody else changes in this moment stays for the next claim. */
async function moveToGates(session: DatabaseSession, stopped: Judged['stopped']): Promise<void> {
  if (stopped.length === 0) return;
  await session.query(MOVE, [
    stopped.map(({ candidate }) => candidate.id),
    stopped.map(({ candidate }) => candidate.room),
    stopped.map(({ gateId }) => gateId),
  ]);
}

const LOCK = statement('lock_claimant', LOCK_CLAIMANT);

const CANDIDATES = statement(
  'find_candidates',
  `SELECT c.task_id AS id, c.version, c.job_id AS "jobId", c.room, EXISTS (
    SELECT FROM job_pause pause WHERE pause.job_id = c.job_id AND pause.room = c.room
  ) AS paused
  FROM (
    SELECT next.* FROM worker CROSS JOIN LATERAL unnest(worker.open_jobs) AS open (job_id) CROSS JOIN LATERAL (
      SELECT q.task_id, q.version, q.job_id, q.room, q.priority, q.run_at FROM task_queue q
      WHERE q.job_id = open.job_id AND q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT $2
    ) next
    WHERE worker.id = $1::uuid
    ORDER BY next.priority DESC, next.run_at, next.task_id LIMIT $2
  ) c
  ORDER BY c.priority DESC, c.run_at, c.task_id`,
);

const MOVE = statement(
  'move_to_gates',
  `UPDATE task_queue SET ready = false, gate_id = stopped.gate_id FROM (
    SELECT q.ctid AS place, wanted.gate_id FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS wanted (id, room, gate_id)
    CROSS JOIN LATERAL (
      SELECT q.ctid FROM task_queue q WHERE q.room = wanted.room AND q.task_id = wanted.id AND q.ready
      FOR UPDATE SKIP LOCKED
    ) q
  ) stopped
  WHERE task_queue.ctid = stopped.place`,
);
