/**
 * The claim of a worker one of whose jobs has gates. It is a transaction: the worker is locked, then the next candidates,
 * as every claim locks its tasks, then the gates that they must pass; so each is judged by how things are, and nobody
 * judges by the same gate at the same time. What finds a gate shut goes to it, and the others are claimed as always.
 *
 * Candidates stand in the order of the claim, or before a gate of a limit that has opened: of each such gate as many as
 * can pass. Both are read as one queue, so that the order is that of the queue as a whole. What else may be let through
 * again is brought back into the order of the claim before.
 * Of a job with fairness they stand by turns, see fair-turns.ts: the first of each group in the order of the turns, then the
 * second of each. Beside other jobs such a job is as old as the oldest of those candidates that it still has.
 *
 * A claim locks as many candidates as it wants. Where some are stopped it looks at more, and says of those which it
 * cannot use after all that they are there: another claim may have passed over them.
 */
import { present } from '../../domain/present.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { type ClaimedRow, type ClaimRequest, type ClaimResult, collect } from '../tasks/claim/claim.ts';
import {
  CLAIM_CHOSEN,
  CLAIM_CHOSEN_AND_START,
  LOCK_CLAIMANT,
  lockTask,
} from '../tasks/claim/claim-statement.ts';
import { MOST_EMPTY, makeGroups, passTurns, removeEmpty } from './fair-turns.ts';
import {
  type Gate,
  type GateKey,
  IS_WAITED_FOR,
  lockGates,
  nameOf,
  type SeenGates,
  writeGates,
} from './gates.ts';
import { findLetThrough, type LetThrough, letThrough } from './let-through.ts';

/** Milliseconds after which a claim that has only moved tasks to their gates stops. */
const MOST_MS = 2_000;
const MOST_CANDIDATES = 500;
/** Rows of the queue that are looked at beyond the candidates: others may have locked as many. */
const SPARE_ROWS = 128;
const MOST_SPARE_ROWS = 2_048;
/** Looks in a row that may find nothing but what others have locked. */
const FRUITLESS_LOOKS = 3;
/** Open gates of one job that a claim looks at, those that have been open longest. */
const OPEN_GATES = 64;

export interface GatedClaim {
  seenGates: SeenGates;
  onClaimed: (result: ClaimResult) => void;
  /** Called with jobs of which another claim may have passed over something that can be claimed. */
  onClaimable: (jobIds: readonly string[]) => void;
}

/** Claims up to `limit` tasks. @returns what was claimed; undefined where none of the worker's jobs has gates any more */
export async function claimGated(
  database: Database,
  claim: ClaimRequest,
  options: GatedClaim,
): Promise<ClaimResult['tasks'] | undefined> {
  const claiming = new Claiming(database, claim, options);
  try {
    while (!claiming.isOver) await claiming.step();
    return claiming.isGated || claiming.tasks.length > 0 ? claiming.tasks : undefined;
  } finally {
    if (claiming.passedOver.size > 0) options.onClaimable([...claiming.passedOver]);
  }
}

/** A claim on its way: it takes steps until it has what it wants, or there is no more. */
class Claiming {
  readonly tasks: ClaimResult['tasks'] = [];
  /** Jobs of which another claim may have passed over something. */
  readonly passedOver = new Set<string>();
  isGated = true;
  isOver = false;
  readonly #database: Database;
  readonly #claim: ClaimRequest;
  readonly #options: GatedClaim;
  readonly #began = performance.now();
  /** Steps in which gates stopped candidates: the next looks at more than it wants. */
  #stops = 0;
  /** Steps in which others had locked what was looked at: the next looks further. */
  #misses = 0;
  #fruitless = 0;
  #prepares = true;
  /** Whether something was let through since the last step. What others move in this moment is left to them. */
  #hasMoved = false;

  constructor(database: Database, claim: ClaimRequest, options: GatedClaim) {
    this.#database = database;
    this.#claim = claim;
    this.#options = options;
  }

  async step(): Promise<void> {
    const limit = this.#claim.limit - this.tasks.length;
    const looking = {
      most: this.#stops === 0 ? limit : Math.min(MOST_CANDIDATES, limit + 8 * 4 ** this.#stops),
      spare: Math.min(MOST_SPARE_ROWS, SPARE_ROWS * 4 ** this.#misses),
      prepares: this.#prepares,
      seenGates: this.#options.seenGates,
    };
    const step = await this.#database.transaction((session) =>
      claimStep(session, { ...this.#claim, limit }, looking),
    );
    if (step.kind === 'claimed') return this.#take(step);
    if (step.kind === 'not-gated') {
      this.isGated = false;
      this.isOver = true;
    }
    if (step.kind === 'empty') await removeEmpty(this.#database, step.groupIds);
    if (step.kind === 'opens') {
      // Once before each step: the best of each gate are in the order then, more than one claim takes.
      this.#prepares = false;
      const moved = await letThrough(this.#database, this.#claim.workerId, step.what);
      this.#hasMoved = moved.length > 0;
      this.#passOver(moved);
    }
  }

  #take({ result, unused, seen, isAll, hasStopped, hasMissed }: Extract<Step, { kind: 'claimed' }>): void {
    this.#options.onClaimed(result);
    this.tasks.push(...result.tasks);
    this.#passOver(unused);
    this.#fruitless = seen.length === 0 ? this.#fruitless + 1 : 0;
    const isDone = this.tasks.length >= this.#claim.limit || (isAll && !this.#hasMoved);
    const isLate = performance.now() - this.#began > MOST_MS;
    if (isLate && !isDone) this.#passOver(seen);
    this.isOver = isDone || isLate || this.#fruitless === FRUITLESS_LOOKS;
    this.#prepares = true;
    this.#hasMoved = false;
    if (hasStopped) this.#stops++;
    if (hasMissed) this.#misses++;
  }

  #passOver(jobIds: readonly string[]): void {
    for (const jobId of jobIds) this.passedOver.add(jobId);
  }
}

type Step =
  | { kind: 'not-gated' }
  /** A gate was removed. */
  | { kind: 'again' }
  /** Something may be let through first. */
  | { kind: 'opens'; what: LetThrough }
  /** So many groups that take turns are empty that others may be behind them. */
  | { kind: 'empty'; groupIds: string[] }
  | {
      kind: 'claimed';
      result: ClaimResult;
      /** Whether all that there was has been judged. */
      isAll: boolean;
      /** Jobs of tasks that could have been claimed, but are more than was wanted. */
      unused: string[];
      /** Jobs of all that was judged. */
      seen: string[];
      /** Whether a gate stopped some. */
      hasStopped: boolean;
      /** Whether others had locked so many that fewer than wanted were judged. */
      hasMissed: boolean;
    };

interface Candidate {
  id: string;
  version: number;
  jobId: string;
  room: string;
  /** The gate that it stands before. */
  gateId: string | null;
  priority: number;
  /** The key that it takes turns by; null where its job has no fairness. */
  turnKey: string | null;
  paused: boolean;
  limits: Omit<GateKey, 'jobId'>[] | null;
}

/** What is said of all candidates. */
interface Offer {
  offered: number;
  /** Whether there are more in a group than were looked at. */
  hasMore: boolean;
  /** Empty groups, if there are many. */
  emptyIds: string[] | null;
}

interface Looking {
  /** Candidates at most. */
  most: number;
  /** Rows of the queue beyond them, at most. */
  spare: number;
  /** Whether it looks for what is to be let through first. */
  prepares: boolean;
  seenGates: SeenGates;
}

/** The worker is gone, or drains. */
const NOTHING: Step = {
  kind: 'claimed',
  result: { tasks: [], changes: [] },
  isAll: true,
  unused: [],
  seen: [],
  hasStopped: false,
  hasMissed: false,
};

async function claimStep(
  session: DatabaseSession,
  claim: ClaimRequest,
  { most, spare, prepares, seenGates }: Looking,
): Promise<Step> {
  const scanned = most + spare;
  // One trip: each sees what those before it have done, and the last what was committed before the worker was locked.
  const [, [claimant], letsThrough, rows] = await Promise.all([
    session.query(PLAN_ONCE),
    session.query<{ gated: boolean }>(LOCK, [claim.workerId]),
    prepares ? findLetThrough(session, claim.workerId) : null,
    session.query<(Candidate | { id: null }) & Offer>(CANDIDATES, [claim.workerId, scanned, most]),
  ]);
  if (!claimant) return NOTHING;
  if (!claimant.gated) return { kind: 'not-gated' };
  if (letsThrough) return { kind: 'opens', what: letsThrough };
  const [first] = rows;
  if (first?.emptyIds) return { kind: 'empty', groupIds: first.emptyIds };
  const candidates = rows.filter((row): row is Candidate & Offer => row.id !== null);
  const gates = await lockGates(session, candidates.flatMap(gatesOf), seenGates);
  if (!gates) return { kind: 'again' };
  const judged = judge(candidates, gates, claim.limit);
  const [result] = await Promise.all([
    claimChosen(session, claim, judged.passed),
    moveToGates(session, judged.stopped),
    writeGates(session, gates.values()),
    passTurns(session, takenGroups(judged.passed)),
  ]);
  const isShort = candidates.length < most;
  const isThereMore = (first?.offered ?? 0) >= scanned || first?.hasMore === true;
  return {
    kind: 'claimed',
    result,
    isAll: isShort && !isThereMore,
    unused: judged.unused,
    seen: candidates.map(({ jobId }) => jobId),
    hasStopped: judged.stopped.length > 0,
    hasMissed: isShort && isThereMore,
  };
}

/** The gates that a task must pass. */
function gatesOf({ jobId, room, paused, limits }: Candidate): GateKey[] {
  if (paused) return [{ jobId, name: '', key: room }];
  return (limits ?? []).map((limit) => ({ ...limit, jobId }));
}

interface Judged {
  passed: { candidate: Candidate; slots: string[] }[];
  stopped: { candidate: Candidate; gateId: string }[];
  unused: string[];
}

/** Lets candidates pass one after the other, or stops them at the first gate that is shut. */
function judge(candidates: readonly Candidate[], gates: ReadonlyMap<string, Gate>, limit: number): Judged {
  const judged: Judged = { passed: [], stopped: [], unused: [] };
  for (const candidate of candidates) {
    const way = gatesOf(candidate).map((key) => present(gates.get(nameOf(key))));
    const shut = way.find(({ room }) => room <= 0);
    if (shut) {
      shut.stop();
      judged.stopped.push({ candidate, gateId: shut.id });
    } else if (judged.passed.length < limit) {
      for (const gate of way) gate.pass();
      judged.passed.push({ candidate, slots: way.flatMap(({ id, hasSlots }) => (hasSlots ? [id] : [])) });
    } else {
      judged.unused.push(candidate.jobId);
    }
  }
  return judged;
}

/** The groups of which tasks were taken, in the order of the last one of each. */
function takenGroups(passed: Judged['passed']) {
  const groups = new Map<string, { jobId: string; priority: number; key: string }>();
  for (const { candidate } of passed) {
    const { jobId, priority, turnKey } = candidate;
    if (turnKey === null) continue;
    const name = JSON.stringify([jobId, priority, turnKey]);
    groups.delete(name);
    groups.set(name, { jobId, priority, key: turnKey });
  }
  return [...groups.values()];
}

async function claimChosen(
  session: DatabaseSession,
  claim: ClaimRequest,
  passed: Judged['passed'],
): Promise<ClaimResult> {
  const result: ClaimResult = { tasks: [], changes: [] };
  if (passed.length === 0) return result;
  const rows = await session.query<ClaimedRow>(claim.start ? CLAIM_CHOSEN_AND_START : CLAIM_CHOSEN, [
    claim.workerId,
    passed.map(({ candidate }) => candidate.id),
    claim.limit,
    claim.actor,
    passed.map(({ candidate }) => candidate.version),
    passed.map(({ slots }) => (slots.length > 0 ? `{${slots.join()}}` : null)),
  ]);
  collect(result, rows, claim);
  // They were locked before, and counted at their gates.
  if (result.tasks.length !== passed.length) {
    throw new Error(
      `${passed.length} tasks were locked for a claim, and ${result.tasks.length} of them claimed`,
    );
  }
  return result;
}

/** Takes tasks out of the order of the claim, or from another gate. At the gate of a limit they keep their turns. */
async function moveToGates(session: DatabaseSession, stopped: Judged['stopped']): Promise<void> {
  const moving = stopped
    .filter(({ candidate, gateId }) => candidate.gateId !== gateId)
    .map(({ candidate, gateId }) => ({
      ...candidate,
      gateId,
      key: candidate.paused ? null : candidate.turnKey,
    }));
  if (moving.length === 0) return;
  // One trip, before what is written to the gates.
  await Promise.all([
    makeGroups(
      session,
      moving.flatMap(({ key, ...group }) => (key === null ? [] : { ...group, key })),
    ),
    session.query(MOVE, [
      moving.map(({ id }) => id),
      moving.map(({ room }) => room),
      moving.map(({ gateId }) => gateId),
      moving.map(({ version }) => version),
      moving.map(({ jobId }) => jobId),
      moving.map(({ priority }) => priority),
      moving.map(({ key }) => key),
    ]),
  ]);
}

// Planning the statement of the candidates takes ten times as long as running it, and its plan suits all values.
const PLAN_ONCE = statement('plan_once', 'SET LOCAL plan_cache_mode = force_generic_plan');

const LOCK = statement('lock_claimant', LOCK_CLAIMANT);

const nextOf = (where: string, most: string) => `
      SELECT q.task_id, q.version, q.job_id, q.room, q.priority, q.run_at, q.gate_id FROM task_queue q
      WHERE ${where}
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT ${most}`;

/** Of each group, so many tasks are looked at: enough for the claim by a few steps, however many groups there are. */
const OF_GROUP = 'GREATEST(8, 4 * $2::int / GREATEST(1, (SELECT count(*)::int FROM turn)))';

/**
 * CTEs from `served` and `open_gate` to `by_turns`: what jobs with fairness offer, in the order of their turns (`place`).
 * A group that stands before several gates is one.
 */
const BY_TURNS = `turn AS (
    SELECT gate.job_id, gate.id AS gate_id, gate.most, next.id, next.priority, next.key, next.turn FROM (
      SELECT job_id, turn_gate_id AS id, $2::int AS most FROM served WHERE turn_gate_id IS NOT NULL
      UNION ALL SELECT job_id, id, most FROM open_gate WHERE takes_turns
    ) gate CROSS JOIN LATERAL (
      SELECT g.id, g.priority, g.key, g.turn FROM task_turn g WHERE g.gate_id = gate.id
      ORDER BY g.priority DESC, g.turn LIMIT LEAST($2::int, gate.most + ${MOST_EMPTY + 1})
    ) next
  ), waiting AS (
    SELECT turn.*, q.task_id, q.version, q.room, q.run_at FROM turn CROSS JOIN LATERAL (
      SELECT q.task_id, q.version, q.room, q.run_at FROM task_queue q WHERE q.turn_id = turn.id
      ORDER BY q.run_at, q.task_id LIMIT ${OF_GROUP}
    ) q
  ), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY job_id, priority, key ORDER BY run_at, task_id) AS nth,
      min(turn) OVER (PARTITION BY job_id, priority, key) AS earliest
    FROM waiting
  ), placed AS (
    SELECT *, row_number() OVER (PARTITION BY job_id, priority ORDER BY nth, earliest, key) AS place,
      row_number() OVER (PARTITION BY gate_id ORDER BY priority DESC, nth, earliest, key) AS nth_at_gate
    FROM ranked
  ), by_turns AS (
    SELECT *, min(run_at) OVER (
      PARTITION BY job_id, priority ORDER BY place ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS due
    FROM placed WHERE nth_at_gate <= most
  ), empty_group AS (
    SELECT array_agg(turn.id::text) AS ids FROM turn
    WHERE turn.id NOT IN (SELECT id FROM waiting) HAVING count(*) > ${MOST_EMPTY}
  )`;

/** $2: rows of the queue that are looked at, $3: candidates at most. A row without a candidate says how many there were. */
const CANDIDATES = statement(
  'find_candidates',
  `WITH served AS (
    SELECT open.job_id, job.turn_gate_id FROM worker CROSS JOIN LATERAL unnest(worker.open_jobs) AS open (job_id)
    JOIN job ON job.id = open.job_id
    WHERE worker.id = $1::uuid
  ), open_gate AS (
    SELECT served.job_id, served.turn_gate_id IS NOT NULL AS takes_turns, gate.id, gate.most FROM served CROSS JOIN LATERAL (
      SELECT gate.id, CASE WHEN gate.max_running IS NULL THEN $2::int ELSE GREATEST(0, LEAST($2::int, gate.max_running - gate.running)) END AS most
      FROM task_gate gate
      WHERE gate.job_id = served.job_id AND gate.limited AND gate.opens_at <= now()
        AND ${IS_WAITED_FOR}
      ORDER BY gate.opens_at, gate.id LIMIT ${OPEN_GATES}
    ) gate
  ), ${BY_TURNS}, next AS (
    SELECT next.*, next.run_at AS due, 0::bigint AS place, NULL::text AS turn_key
    FROM served CROSS JOIN LATERAL (${nextOf('served.turn_gate_id IS NULL AND q.job_id = served.job_id AND q.ready', '$2::int')}
    ) next
    UNION ALL SELECT next.*, next.run_at, 0, NULL
    FROM open_gate CROSS JOIN LATERAL (${nextOf('NOT open_gate.takes_turns AND q.gate_id = open_gate.id AND NOT q.ready', 'open_gate.most')}
    ) next
    UNION ALL SELECT task_id, version, job_id, room, priority, run_at, gate_id, due, place, key FROM by_turns
  ), candidate AS (
    SELECT t.id, c.version, c.job_id, c.room, c.gate_id, c.priority, c.due, c.place, c.turn_key
    FROM (SELECT * FROM next ORDER BY priority DESC, due, place, task_id LIMIT $2::int) c
    CROSS JOIN LATERAL (${lockTask('c.task_id', 'c.version')}
    ) t
    LIMIT $3::int
  )
  SELECT (SELECT count(*)::int FROM next) AS offered, (SELECT ids FROM empty_group) AS "emptyIds",
    EXISTS (SELECT FROM waiting GROUP BY id HAVING count(*) >= ${OF_GROUP}) AS "hasMore",
    c.id, c.version, c.job_id AS "jobId", c.room, c.gate_id AS "gateId", c.priority, c.turn_key AS "turnKey",
    EXISTS (SELECT FROM job_pause pause WHERE pause.job_id = c.job_id AND pause.room = c.room) AS paused,
    (
      SELECT jsonb_agg(jsonb_build_object('name', l.name, 'key', l.key, 'maxRunning', l.max_running,
        'rateCount', l.rate_count, 'rateSeconds', l.rate_seconds) ORDER BY l.place)
      FROM job JOIN task t ON t.id = c.id CROSS JOIN LATERAL limit_gates(job.limits, t) l
      WHERE job.id = c.job_id AND job.limits <> '[]'
    ) AS limits
  FROM (VALUES (1)) one (n) LEFT JOIN candidate c ON true
  ORDER BY c.priority DESC, c.due, c.place, c.id`,
);

// A group that was removed in this moment has no row: its task stays where it is for now.
const MOVE = statement(
  'move_to_gates',
  `UPDATE task_queue SET ready = false, gate_id = stopped.gate_id, turn_id = stopped.turn_id FROM (
    SELECT q.ctid AS place, wanted.gate_id, g.id AS turn_id
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::uuid[], $6::int[], $7::text[])
      AS wanted (id, room, gate_id, version, job_id, priority, key)
    CROSS JOIN LATERAL (
      SELECT q.ctid FROM task_queue q
      WHERE q.room = wanted.room AND q.task_id = wanted.id AND q.version = wanted.version
      FOR UPDATE SKIP LOCKED
    ) q
    LEFT JOIN LATERAL (
      SELECT g.id FROM task_turn g WHERE g.job_id = wanted.job_id AND g.priority = wanted.priority AND g.key = wanted.key
        AND g.gate_id = wanted.gate_id
      FOR KEY SHARE
    ) g ON true
    WHERE wanted.key IS NULL OR g.id IS NOT NULL
  ) stopped
  WHERE task_queue.ctid = stopped.place`,
);
