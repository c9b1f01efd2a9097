/** The statements of the claim, see claim.ts: what they pick differs, what becomes of it does not. */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import { statement } from '../../database/statement.ts';
import { LARGE_COLUMNS, SNAPSHOT_COLUMNS } from '../generated/task-fields.ts';
import { ENTRY_COLUMNS, IS_FIRST_ENTRY, logEntryCte, sqlStatuses } from '../rows.ts';

/** Tasks of a job whose time has come that one claim moves into the order of the claim, at most. */
const DUE_AT_ONCE = 500;

const { claim, start } = TRANSITIONS;

/** Locks the task of a row, unless it has moved on or another claim has locked it in this moment. */
export const lockTask = (id: string, version: string) => `
      SELECT task.id FROM task
      WHERE task.id = ${id} AND task.version = ${version} AND task.status = ${sqlStatuses(claim.from)}
      FOR NO KEY UPDATE SKIP LOCKED`;

/** What is delayed, and stands before no gate, of job `served` and has become due: locked. */
export const DUE_OF_SERVED = `
      SELECT q.ctid AS place, q.task_id, q.version, q.priority, q.run_at FROM task_queue q
      WHERE q.job_id = served.job_id AND NOT q.ready AND q.gate_id IS NULL AND q.run_at <= now()
      ORDER BY q.run_at LIMIT ${DUE_AT_ONCE} FOR UPDATE SKIP LOCKED`;

/** The worker: locked against its removal, and against changes of what it may claim, see pauses.ts. */
export const LOCK_CLAIMANT = `
    SELECT id, open_jobs, gated FROM worker WHERE id = $1::uuid AND draining_since IS NULL FOR SHARE`;

/** What `completeClaimed` knows of every claimed task, and so is not read from its row. */
const KNOWN_OF_CLAIMED: readonly string[] = [
  'status',
  'workerId',
  'lastWorkerId',
  'progress',
  'progressMessage',
  'startedAt',
  'finishedAt',
  'discardedAt',
  'discardedBy',
  'result',
];

const SELECTED = [...SNAPSHOT_COLUMNS, ...LARGE_COLUMNS].filter(
  ([property]) => !KNOWN_OF_CLAIMED.includes(property),
);

interface Picking {
  /** CTEs, the last of which is `picked (id)`. */
  picked: string;
  /** CTEs that keep the queue up to date. */
  dequeue: string;
  /** SQL over `changed`: the gates whose slots a task holds. */
  gates: string;
  /** SQL of how many candidates there were, and of whether the claim has to go another way. */
  offered: string;
  gated: string;
  /** SQL of the order in which they should run. */
  order: string;
}

// Each candidate is looked up by itself, and what was picked by a list of ids: a join could be planned as a scan of all
// tasks.
// The planner does not see how many are wanted: a plan for one number would seem cheaper than the one for any, and be made
// anew for each claim, which takes longer than to run it.
/** The next tasks of the jobs that the worker serves. $2: candidates of each job, $3: tasks at most. */
const NEXT: Picking = {
  picked: `claimant AS (${LOCK_CLAIMANT}
  ), served AS (
    SELECT open.job_id FROM claimant CROSS JOIN LATERAL unnest(claimant.open_jobs) AS open (job_id)
    WHERE NOT claimant.gated
  ), due AS (
    SELECT next.* FROM served CROSS JOIN LATERAL (${DUE_OF_SERVED}
    ) next
  ), candidate AS (
    SELECT next.* FROM served CROSS JOIN LATERAL (
      SELECT q.ctid AS place, q.task_id, q.version, q.priority, q.run_at FROM task_queue q
      WHERE q.job_id = served.job_id AND q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT (SELECT $2::int)
    ) next
    UNION ALL SELECT * FROM due
  ), picked AS (
    SELECT t.id, c.place FROM (SELECT * FROM candidate ORDER BY priority DESC, run_at, task_id LIMIT (SELECT $2::int)) c
    CROSS JOIN LATERAL (${lockTask('c.task_id', 'c.version')}
    ) t
    LIMIT (SELECT $3::int)
  )`,
  dequeue: `dequeued AS (
    DELETE FROM task_queue WHERE ctid = ANY (ARRAY(SELECT place FROM picked))
  ), readied AS (
    UPDATE task_queue SET ready = true
    WHERE ctid = ANY (ARRAY(SELECT place FROM due WHERE place <> ALL (ARRAY(SELECT place FROM picked))))
  )`,
  gates: 'NULL::uuid[]',
  offered: '(SELECT count(*)::int FROM candidate)',
  gated: 'COALESCE((SELECT gated FROM claimant), false)',
  order: 'priority DESC, run_at, id',
};

/** Tasks that were chosen before: $2 their ids, $5 their versions, $6 the gates of each as a literal; at most $3. */
const CHOSEN: Picking = {
  picked: `picked AS (
    SELECT t.id, chosen.gates FROM (
      SELECT * FROM unnest($2::uuid[], $5::int[], $6::text[]) WITH ORDINALITY AS chosen (id, version, gates, ord)
      ORDER BY ord
    ) chosen CROSS JOIN LATERAL (${lockTask('chosen.id', 'chosen.version')}
    ) t
    LIMIT $3
  )`,
  dequeue: `dequeued AS (
    DELETE FROM task_queue q USING changed WHERE q.room = changed.room AND q.task_id = changed.id
  )`,
  gates: '(SELECT picked.gates::uuid[] FROM picked WHERE picked.id = changed.id)',
  offered: '0',
  gated: 'true',
  order: 'array_position($2::uuid[], id)',
};

function buildClaim(andStart: boolean, { picked, dequeue, gates, offered, gated, order }: Picking): string {
  return `
  WITH ${picked}, changed AS (
    UPDATE task t SET updated_at = now(), status = '${andStart ? start.to : claim.to}', version = t.version + ${andStart ? 2 : 1},
      attempt = t.attempt + 1, worker_id = $1::uuid, last_worker_id = $1::uuid, claimed_at = now(), progress = 0, progress_message = NULL
      , started_at = ${andStart ? 'now()' : 'NULL'}
    WHERE t.id = ANY (ARRAY(SELECT id FROM picked))
    RETURNING ${SELECTED.map(([, column]) => `t.${column}`).join(', ')}
  ), ${dequeue}, held AS (
    INSERT INTO task_hold (worker_id, task_id, attempt, room, gates)
    SELECT $1::uuid, id, attempt, room, ${gates} FROM changed
  ), ${logEntryCte(order, andStart ? ['claim_log_id', 'log_id'] : ['log_id'])}, logged AS (
    INSERT INTO task_transition (id, xid, horizon, at, task_id, version, room, job_id, from_status, to_status, reason,
      attempt, worker_id, actor)
    ${
      andStart
        ? `SELECT CASE step.n WHEN 1 THEN e.claim_log_id ELSE e.log_id END, e.xid, e.horizon, e.at, e.id,
      e.version - 2 + step.n, e.room, e.job_id, step.from_status, step.to_status, step.reason, e.attempt, $1::uuid,
      $4::text
    FROM entry e CROSS JOIN (VALUES
      (1, '${claim.from[0]}'::task_status, '${claim.to}'::task_status, '${claim.reason}'::transition_reason),
      (2, '${start.from[0]}', '${start.to}', '${start.reason}')) AS step (n, from_status, to_status, reason)`
        : `SELECT e.log_id, e.xid, e.horizon, e.at, e.id, e.version, e.room, e.job_id, '${claim.from[0]}', '${claim.to}',
      '${claim.reason}', e.attempt, $1::uuid, $4::text
    FROM entry e`
    }
  )
  SELECT ${onFirst(offered)} AS offered, ${onFirst(gated)} AS gated,
    ${SELECTED.map(([property, column]) => `entry.${column} AS "${property}"`).join(', ')},
    ${andStart ? 'entry.claim_log_id::text AS "claimLogId",' : ''} ${ENTRY_COLUMNS}
  FROM (VALUES (1)) one (n) LEFT JOIN entry ON true`;
}

/** What is said of the claim as a whole: by one row, also where nothing was claimed. */
const onFirst = (sql: string) => `CASE WHEN (${IS_FIRST_ENTRY}) IS NOT FALSE THEN ${sql} END`;

export const CLAIM = statement('claim', buildClaim(false, NEXT));
export const CLAIM_AND_START = statement('claim_start', buildClaim(true, NEXT));
export const CLAIM_CHOSEN = statement('claim_chosen', buildClaim(false, CHOSEN));
export const CLAIM_CHOSEN_AND_START = statement('claim_chosen_start', buildClaim(true, CHOSEN));
