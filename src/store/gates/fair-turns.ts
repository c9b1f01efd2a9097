/**
 * Turns: where a job has fairness, its tasks that may be claimed stand in groups, one for each priority and each room or
 * key (`task_turn`). The group with the lowest `turn` is next; a claim takes its first task, and gives it the next number
 * of one sequence. So groups of equal priority go round in a circle, whatever they hold; a new one joins at the end.
 *
 *   in the order of the claim (`ready`) ── sorted in by the next claim ──▶ the job's gate of turns ──▶ a worker
 *                                                                          │ a limit is reached        ▲
 *                                                                          ▼                           │
 *                                                                  the gate of that limit, by turns ───┘
 *
 * Whatever makes a task claimable puts it into the order of the claim, as always, and a claim of a job with fairness first
 * sorts in what stands there. Submissions join their group themselves, so that a flood of them never waits to be sorted: where
 * the group is missing, they make it before. The gate of turns (`job.turn_gate_id`) is always open and has no row.
 * What waits for a limit keeps its turns at the limit's gate: a group may stand before several gates, and has one turn.
 *
 * Claims read turns without locks, and lock tasks, skipping what is locked. Read so, the order itself is fair: of claims
 * that come at once the second finds the first task of the first group locked, and takes that of the second group. Afterwards
 * each gives its groups their new turn, unless another claim is doing so in this moment. Nobody ever waits for a group,
 * but for one that is being removed.
 *
 * A group may be removed when nothing is in it. Whoever puts a task into one holds a share of its row until the commit.
 */
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement, toJson } from '../database/statement.ts';
import { LOCK_CLAIMANT } from '../tasks/claim/claim-statement.ts';
import type { Submission } from '../tasks/submit/submit.ts';

/** A group of tasks of a job. */
export interface TurnGroup {
  jobId: string;
  priority: number;
  key: string;
}

/** A group as it stands before one gate. */
interface GroupAtGate extends TurnGroup {
  gateId: string;
}

/** Empty groups that a claim may walk over; more are removed first. */
export const MOST_EMPTY = 32;

/** Tasks that are sorted in by one transaction. */
const SORTED_AT_ONCE = 2_000;
/** Milliseconds after which a claim leaves the rest to the next one. */
const MOST_SORTING_MS = 1_000;
/** Groups that are removed by one transaction. */
const REMOVED_AT_ONCE = 5_000;
const MOST_REMOVALS = 40;

/** Sorts what the worker's next claim could not see into its groups. @returns the jobs of what was sorted in */
export async function sortIn(database: Database, workerId: string): Promise<string[]> {
  const jobIds = new Set<string>();
  for (const began = performance.now(); performance.now() - began < MOST_SORTING_MS; ) {
    const arrivals = await database.transaction((session) => sortOnce(session, workerId));
    for (const { jobId } of arrivals) jobIds.add(jobId);
    if (arrivals.length < SORTED_AT_ONCE) break;
  }
  return [...jobIds];
}

interface Arrival extends GroupAtGate {
  /** Its row in the queue. */
  place: string;
}

async function sortOnce(session: DatabaseSession, workerId: string): Promise<Arrival[]> {
  // The worker is locked against changes of the fairness, as by a claim.
  const [, arrivals] = await Promise.all([
    session.query(LOCK, [workerId]),
    session.query<Arrival>(ARRIVALS, [workerId, SORTED_AT_ONCE]),
  ]);
  if (arrivals.length === 0) return arrivals;
  const groups = new Map<string, GroupAtGate>();
  for (const arrival of arrivals) groups.set(nameOf(arrival), arrival);
  const numbers = new Map([...groups.keys()].map((name, index) => [name, index + 1]));
  await Promise.all([
    makeGroups(session, [...groups.values()]),
    session.query(SORT, [
      ...columnsOf([...groups.values()]),
      arrivals.map(({ place }) => place),
      arrivals.map((arrival) => numbers.get(nameOf(arrival))),
    ]),
  ]);
  return arrivals;
}

const nameOf = ({ gateId, priority, key }: GroupAtGate) => `${gateId} ${priority} ${key}`;

const columnsOf = (groups: readonly GroupAtGate[]) => [
  groups.map(({ jobId }) => jobId),
  groups.map(({ priority }) => priority),
  groups.map(({ key }) => key),
  groups.map(({ gateId }) => gateId),
];

/** Makes the groups that are missing; they join at the end, in this order. */
export async function makeGroups(session: DatabaseSession, groups: readonly GroupAtGate[]): Promise<void> {
  if (groups.length > 0) await session.query(MAKE, columnsOf(groups));
}

/** Makes the groups that are missing for submissions which are to join them. Not in a transaction: it may wait for others. */
export async function makeGroupsFor(
  session: DatabaseSession,
  submissions: readonly Submission[],
): Promise<void> {
  const joining = submissions.filter(({ takesTurns }) => takesTurns);
  if (joining.length === 0) return;
  const missing = await session.query<GroupAtGate>(MISSING, [
    joining.map(({ jobId }) => jobId),
    joining.map(({ room }) => room),
    joining.map(({ payload }) => toJson(payload)),
    joining.map(({ priority }) => priority),
    joining.map(({ limitKey }) => limitKey ?? null),
  ]);
  await makeGroups(session, missing);
}

/** Gives groups their next turn, in this order. */
export async function passTurns(session: DatabaseSession, groups: readonly TurnGroup[]): Promise<void> {
  if (groups.length === 0) return;
  await session.query(PASS, [
    groups.map(({ jobId }) => jobId),
    groups.map(({ priority }) => priority),
    groups.map(({ key }) => key),
  ]);
}

/** Removes those of the groups that are empty. @returns how many */
export function removeEmpty(database: Database, groupIds: readonly string[]): Promise<number> {
  return database.transaction(async (session) => {
    const locked = await session.query<{ id: string }>(LOCK_EMPTY, [groupIds]);
    if (locked.length === 0) return 0;
    // By a statement of its own: it sees what was put into them until they were locked.
    const [row] = await session.query<{ count: number }>(REMOVE, [locked.map(({ id }) => id)]);
    return row?.count ?? 0;
  });
}

/** Removes the empty groups before these gates, of which there are no more than so many. */
export async function removeEmptyAt(database: Database, gateIds: readonly string[]): Promise<void> {
  const groups = await database.query<{ id: string }>(FIND_EMPTY_AT, [gateIds, REMOVED_AT_ONCE]);
  await removeEmpty(
    database,
    groups.map(({ id }) => id),
  );
}

/** Removes empty groups. @returns how many */
export async function removeIdleTurns(database: Database): Promise<number> {
  let removed = 0;
  for (let round = 0; round < MOST_REMOVALS; round++) {
    const empty = await database.query<{ id: string }>(FIND_EMPTY, [REMOVED_AT_ONCE]);
    if (empty.length === 0) break;
    removed += await removeEmpty(
      database,
      empty.map(({ id }) => id),
    );
    if (empty.length < REMOVED_AT_ONCE) break;
  }
  return removed;
}

const LOCK = statement('lock_claimant', LOCK_CLAIMANT);

/** SQL of the key of task `t` of `job`, which has fairness; `room` is SQL of its room, so that few must read the task. */
const turnKeyOf = (room: string, taskId: string) => `CASE job.fairness WHEN 'ROOM' THEN ${room}
    ELSE (SELECT turn_key(job.fairness, job.fairness_pointer, t) FROM task t WHERE t.id = ${taskId}) END`;

const ARRIVALS = statement(
  'find_arrivals_by_turns',
  `SELECT q.ctid::text AS place, job.id AS "jobId", job.turn_gate_id AS "gateId", q.priority, ${turnKeyOf('q.room', 'q.task_id')} AS key
  FROM worker CROSS JOIN LATERAL unnest(worker.open_jobs) AS open (job_id)
  JOIN job ON job.id = open.job_id AND job.turn_gate_id IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT q.ctid, q.priority, q.room, q.task_id FROM task_queue q WHERE q.job_id = job.id AND q.ready
    ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT $2::int FOR UPDATE SKIP LOCKED
  ) q
  WHERE worker.id = $1::uuid LIMIT $2::int`,
);

const MISSING = statement(
  'find_missing_turns',
  `SELECT wanted.* FROM (
    SELECT job.id AS "jobId", job.turn_gate_id AS "gateId", i.priority, i.key, min(i.n) AS n FROM (
      SELECT i.job_id, i.priority, i.n, CASE job.fairness WHEN 'ROOM' THEN i.room ELSE turn_key(job.fairness, job.fairness_pointer,
        jsonb_populate_record(NULL::task, jsonb_build_object('payload', i.payload::jsonb, 'limit_key', i.limit_key))) END AS key
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[]) WITH ORDINALITY
        AS i (job_id, room, payload, priority, limit_key, n)
      JOIN job ON job.id = i.job_id AND job.turn_gate_id IS NOT NULL
    ) i JOIN job ON job.id = i.job_id GROUP BY 1, 2, 3, 4
  ) wanted WHERE NOT EXISTS (
    SELECT FROM task_turn g WHERE g.job_id = wanted."jobId" AND g.priority = wanted.priority AND g.key = wanted.key
      AND g.gate_id = wanted."gateId"
  ) ORDER BY wanted.n`,
);

// Numbered in the order in which they join, but written in another one, so that two who make the same ones never wait for
// each other crosswise.
const MAKE = statement(
  'make_turn_groups',
  `WITH missing AS MATERIALIZED (
    SELECT wanted.*, nextval('task_turn_turn_seq') AS turn FROM (
      SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[]) WITH ORDINALITY
        AS wanted (job_id, priority, key, gate_id, n)
      ORDER BY n OFFSET 0
    ) wanted WHERE NOT EXISTS (
      SELECT FROM task_turn g WHERE g.job_id = wanted.job_id AND g.priority = wanted.priority AND g.key = wanted.key
        AND g.gate_id = wanted.gate_id
    )
  )
  INSERT INTO task_turn (job_id, priority, key, gate_id, turn)
  SELECT job_id, priority, key, gate_id, turn FROM missing ORDER BY 1, 2, 3, 4
  ON CONFLICT (job_id, priority, key, gate_id) DO NOTHING`,
);

// One that was removed in this moment has no row: its tasks stay where they are for now.
const SORT = statement(
  'sort_by_turns',
  `WITH joined AS (
    SELECT wanted.n, g.id, g.gate_id FROM unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[]) WITH ORDINALITY
      AS wanted (job_id, priority, key, gate_id, n)
    CROSS JOIN LATERAL (
      SELECT g.id, g.gate_id FROM task_turn g WHERE g.job_id = wanted.job_id AND g.priority = wanted.priority
        AND g.key = wanted.key AND g.gate_id = wanted.gate_id
      FOR KEY SHARE
    ) g
  )
  UPDATE task_queue SET ready = false, gate_id = joined.gate_id, turn_id = joined.id
  FROM unnest($5::tid[], $6::int[]) AS arrival (place, n) JOIN joined ON joined.n = arrival.n
  WHERE task_queue.ctid = arrival.place`,
);

const PASS = statement(
  'pass_turns',
  `UPDATE task_turn SET turn = passed.turn FROM (
    SELECT g.id, nextval('task_turn_turn_seq') AS turn FROM (
      SELECT g.id FROM unnest($1::uuid[], $2::int[], $3::text[]) WITH ORDINALITY AS taken (job_id, priority, key, n)
      CROSS JOIN LATERAL (
        SELECT g.id FROM task_turn g WHERE g.job_id = taken.job_id AND g.priority = taken.priority AND g.key = taken.key
        FOR NO KEY UPDATE SKIP LOCKED
      ) g
      ORDER BY taken.n OFFSET 0
    ) g
  ) passed WHERE task_turn.id = passed.id`,
);

const IS_EMPTY = `NOT EXISTS (SELECT FROM task_queue q WHERE q.turn_id = task_turn.id)`;

const LOCK_EMPTY = statement(
  'lock_empty_turns',
  `SELECT id FROM task_turn WHERE id = ANY ($1::bigint[]) AND ${IS_EMPTY} FOR UPDATE SKIP LOCKED`,
);

const REMOVE = statement(
  'remove_empty_turns',
  `WITH gone AS (DELETE FROM task_turn WHERE id = ANY ($1::bigint[]) AND ${IS_EMPTY} RETURNING 1)
  SELECT count(*)::int AS count FROM gone`,
);

const FIND_EMPTY_AT = statement(
  'find_empty_turns_at',
  `SELECT id::text AS id FROM task_turn WHERE gate_id = ANY ($1::uuid[]) AND ${IS_EMPTY} LIMIT $2::int`,
);

const FIND_EMPTY = statement(
  'find_empty_turns',
  `SELECT id::text AS id FROM task_turn WHERE ${IS_EMPTY} LIMIT $1::int`,
);
