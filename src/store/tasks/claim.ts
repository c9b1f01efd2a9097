/**
 * The claim: the next tasks of the jobs that a worker serves go to it, each to nobody else.
 *
 * Order: highest priority, then oldest runAt, then submission (ids are UUIDv7). Each served job offers its next
 * candidates from the queue, so that cost does not grow with what is finished or waiting; then the best of all are
 * locked, skipping what another claim has locked in this moment, and what has moved since it was seen in the queue.
 * What is delayed stands elsewhere (queue.ts). A claim takes what has become due since the last one among its candidates,
 * and moves the rest of it into the order; what another claim moves in this moment is left to that one.
 * Candidates are read a few more than asked for, so that claims that race each other still find work; who finds nothing
 * although there were candidates tries again with more. The worker's row is locked against its removal, see
 * deregisterWorker.
 */
import type { TaskRow, TransitionChange } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import { toWhole } from './generated/task-fields.ts';
import {
  ENTRY_COLUMNS,
  type LoggedRow,
  largeColumns,
  logEntryCte,
  snapshotColumns,
  sqlStatuses,
  statement,
  toChange,
} from './rows.ts';

export interface Claim {
  workerId: string;
  /** Tasks at most. */
  limit: number;
  /** Also start them. */
  start: boolean;
  actor: string;
}

export interface ClaimResult {
  /** With payload, in the order in which they should run. */
  tasks: TaskRow[];
  changes: TransitionChange[];
}

const SPARE_CANDIDATES = 64;
/** Tasks of a job whose time has come that one claim moves into the order of the claim, at most. */
const DUE_AT_ONCE = 500;
const TRIES = 4;

/** Claims up to `limit` tasks by one statement, more only where claims collide. */
export async function claimTasks(session: DatabaseSession, claim: Claim): Promise<ClaimResult> {
  const result: ClaimResult = { tasks: [], changes: [] };
  for (let round = 0; round < TRIES; round++) {
    const limit = claim.limit - result.tasks.length;
    const candidates = limit + SPARE_CANDIDATES * 4 ** round;
    const rows = await session.query<ClaimedRow>(claim.start ? CLAIM_AND_START : CLAIM, [
      claim.workerId,
      candidates,
      limit,
      claim.actor,
    ]);
    for (const row of rows) if (row.id) collect(result, row);
    // Fewer candidates than were asked for: there is no more work, and nothing to come back for.
    const offered = rows[0]?.offered ?? 0;
    if (result.tasks.length >= claim.limit || offered < candidates) break;
  }
  return result;
}

/** A claimed task, or a row without a task that only tells how many candidates there were. */
interface ClaimedRow extends LoggedRow {
  offered: number;
  /** Id of the first of the two rows that a claim which also starts writes to the log. */
  claimLogId?: string;
}

function collect({ tasks, changes }: ClaimResult, row: ClaimedRow): void {
  const change = toChange(row);
  if (row.claimLogId !== undefined) changes.push(claimBeforeStart(change, row.claimLogId));
  changes.push(change);
  tasks.push(toWhole(row, row.at));
}

/** The first of the two transitions: the task was only claimed then. */
function claimBeforeStart({ kind, task, transition }: TransitionChange, id: string): TransitionChange {
  const { from, to, reason } = claim;
  const version = task.version - 1;
  return {
    kind,
    task: { ...task, status: to, version },
    transition: { ...transition, id, version, from: from[0], to, reason },
  };
}

const { claim, start } = TRANSITIONS;

// Each candidate is looked up by itself, and what was picked by a list of ids: a join could be planned as a scan of all
// tasks.
const buildClaim = (andStart: boolean) => `
  WITH claimant AS (
    SELECT id FROM worker WHERE id = $1::uuid AND draining_since IS NULL FOR KEY SHARE
  ), due AS (
    SELECT next.* FROM claimant JOIN worker_job served ON served.worker_id = claimant.id CROSS JOIN LATERAL (
      SELECT q.ctid AS place, q.task_id, q.version, q.priority, q.run_at FROM task_queue q
      WHERE q.job_id = served.job_id AND NOT q.ready AND q.run_at <= now()
      ORDER BY q.run_at LIMIT ${DUE_AT_ONCE} FOR UPDATE SKIP LOCKED
    ) next
  ), candidate AS (
    SELECT next.* FROM claimant JOIN worker_job served ON served.worker_id = claimant.id CROSS JOIN LATERAL (
      SELECT q.ctid AS place, q.task_id, q.version, q.priority, q.run_at FROM task_queue q
      WHERE q.job_id = served.job_id AND q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT $2
    ) next
    UNION ALL SELECT * FROM due
  ), picked AS (
    SELECT t.id, c.place FROM (SELECT * FROM candidate ORDER BY priority DESC, run_at, task_id LIMIT $2) c
    CROSS JOIN LATERAL (
      SELECT task.id FROM task
      WHERE task.id = c.task_id AND task.version = c.version AND task.status = ${sqlStatuses(claim.from)}
      FOR NO KEY UPDATE SKIP LOCKED
    ) t
    LIMIT $3
  ), changed AS (
    UPDATE task t SET updated_at = now(), status = '${andStart ? start.to : claim.to}', version = t.version + ${andStart ? 2 : 1},
      attempt = t.attempt + 1, worker_id = $1::uuid, last_worker_id = $1::uuid, claimed_at = now(), progress = 0, progress_message = NULL
      , started_at = ${andStart ? 'now()' : 'NULL'}
    WHERE t.id = ANY (ARRAY(SELECT id FROM picked))
    RETURNING t.*
  ), dequeued AS (
    DELETE FROM task_queue WHERE ctid = ANY (ARRAY(SELECT place FROM picked))
  ), readied AS (
    UPDATE task_queue SET ready = true
    WHERE ctid = ANY (ARRAY(SELECT place FROM due WHERE place <> ALL (ARRAY(SELECT place FROM picked))))
  ), held AS (
    INSERT INTO task_hold (worker_id, task_id, attempt, room) SELECT worker_id, id, attempt, room FROM changed
  ), ${logEntryCte('priority DESC, run_at, id', andStart ? ['claim_log_id', 'log_id'] : ['log_id'])}, logged AS (
    INSERT INTO task_transition (id, xid, horizon, at, task_id, version, room, job_id, from_status, to_status, reason,
      attempt, worker_id, actor)
    ${
      andStart
        ? `SELECT CASE step.n WHEN 1 THEN e.claim_log_id ELSE e.log_id END, e.xid, e.horizon, e.at, e.id,
      e.version - 2 + step.n, e.room, e.job_id, step.from_status, step.to_status, step.reason, e.attempt, e.worker_id,
      $4::text
    FROM entry e CROSS JOIN (VALUES
      (1, '${claim.from[0]}'::task_status, '${claim.to}'::task_status, '${claim.reason}'::transition_reason),
      (2, '${start.from[0]}', '${start.to}', '${start.reason}')) AS step (n, from_status, to_status, reason)`
        : `SELECT e.log_id, e.xid, e.horizon, e.at, e.id, e.version, e.room, e.job_id, '${claim.from[0]}', e.status,
      '${claim.reason}', e.attempt, e.worker_id, $4::text
    FROM entry e`
    }
  )
  SELECT (SELECT count(*)::int FROM candidate) AS offered, ${snapshotColumns('entry')}, ${largeColumns('entry')},
    ${andStart ? 'entry.claim_log_id::text AS "claimLogId",' : ''} ${ENTRY_COLUMNS},
    '${andStart ? start.from[0] : claim.from[0]}' AS "from", '${andStart ? start.reason : claim.reason}' AS reason,
    entry.worker_id AS "actingWorker", $4::text AS actor, NULL AS note, NULL AS "loggedError"
  FROM (VALUES (1)) one (n) LEFT JOIN entry ON true
  ORDER BY entry.log_id`;

const CLAIM = statement('claim', buildClaim(false));
const CLAIM_AND_START = statement('claim_start', buildClaim(true));
