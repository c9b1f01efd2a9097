/**
 * The claim: the next tasks of the jobs that a worker serves go to it, each to nobody else.
 *
 * Order: highest priority, then oldest runAt, then submission (ids are UUIDv7). Each served job offers its next
 * candidates from the partial index of claimable tasks, so that cost does not grow with what is finished or waiting;
 * then the best of all are locked, skipping what another claim has locked in this moment. Candidates are read a few
 * more than asked for, so that claims that race each other still find work; who finds nothing although there were
 * candidates tries again with more. The worker's row is locked against its removal, see deregisterWorker.
 */
import type { TaskRow, TransitionChange } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { Session } from '../database.ts';
import {
  LOGGED_COLUMNS,
  LOGGED_RETURNING,
  type LoggedRow,
  snapshotColumns,
  sqlStatuses,
  statement,
  toChange,
} from '../rows.ts';

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
const TRIES = 4;

/** Claims up to `limit` tasks by one statement, more only where claims collide. */
export async function claimTasks(session: Session, claim: Claim): Promise<ClaimResult> {
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
    for (const { offered: _, payload, traceparent, ...row } of rows) {
      if (row.id) collect(result, row, { payload, traceparent });
    }
    // Fewer candidates than were asked for: there is no more work, and nothing to come back for.
    const offered = rows[0]?.offered ?? 0;
    if (result.tasks.length >= claim.limit || offered < candidates) break;
  }
  return result;
}

/** One log row of a claimed task, or a row without a task that only tells how many candidates there were. */
type ClaimedRow = LoggedRow & { offered: number } & OnlyForTheWorker;

/** What of a claimed task travels to its worker, and with no event. */
type OnlyForTheWorker = Pick<TaskRow, 'payload' | 'traceparent'>;

function collect(
  result: ClaimResult,
  row: LoggedRow & { loggedVersion?: number },
  forTheWorker: OnlyForTheWorker,
): void {
  const { loggedVersion, ...logged } = row;
  const change = toChange(logged);
  if (loggedVersion !== undefined && loggedVersion < logged.version) {
    // The first of the two transitions of a claim that also starts: the task was only claimed then.
    const task = { ...change.task, status: TRANSITIONS.claim.to, version: loggedVersion };
    const transition = { ...change.transition, to: TRANSITIONS.claim.to, version: loggedVersion };
    result.changes.push({ ...change, task, transition });
    return;
  }
  result.changes.push(change);
  result.tasks.push({ ...change.task, ...forTheWorker, result: null });
}

const { claim, start } = TRANSITIONS;

// Picked tasks are compared as text, which no partial index matches: without statistics, as on a new database or one
// that never gathers any (PGlite), the planner would otherwise look for each candidate among all that is due.
const buildClaim = (andStart: boolean) => `
  WITH claimant AS (
    SELECT id FROM worker WHERE id = $1::uuid FOR KEY SHARE
  ), candidate AS (
    SELECT next.* FROM claimant JOIN worker_job served ON served.worker_id = claimant.id CROSS JOIN LATERAL (
      SELECT t.id, t.priority, t.run_at FROM task t
      WHERE t.job_id = served.job_id AND t.status = ${sqlStatuses(claim.from)} AND t.run_at <= now()
      ORDER BY t.priority DESC, t.run_at, t.id LIMIT $2
    ) next
  ), picked AS (
    SELECT t.id, t.status AS from_status FROM candidate c JOIN task t ON t.id = c.id
    WHERE t.status::text = ${sqlStatuses(claim.from)} AND t.run_at <= now()
    ORDER BY c.priority DESC, c.run_at, c.id LIMIT $3 FOR NO KEY UPDATE OF t SKIP LOCKED
  ), changed AS (
    UPDATE task t SET status = '${andStart ? start.to : claim.to}', version = t.version + ${andStart ? 2 : 1},
      attempt = t.attempt + 1, worker_id = $1::uuid, claimed_at = now(), progress = 0, progress_message = NULL
      , started_at = ${andStart ? 'now()' : 'NULL'}
    FROM picked WHERE t.id = picked.id
    RETURNING t.*, picked.from_status
  ), logged AS (
    INSERT INTO task_transition (task_id, version, room, job_id, from_status, to_status, reason, attempt, worker_id, actor)
    ${
      andStart
        ? `SELECT c.id, c.version - 2 + step.n, c.room, c.job_id, CASE step.n WHEN 1 THEN c.from_status ELSE '${claim.to}' END,
      step.to_status, step.reason, c.attempt, c.worker_id, $4::text
    FROM changed c CROSS JOIN (VALUES (1, '${claim.to}'::task_status, '${claim.reason}'::transition_reason),
      (2, '${start.to}', '${start.reason}')) AS step (n, to_status, reason)
    ORDER BY c.priority DESC, c.run_at, c.id, step.n`
        : `SELECT c.id, c.version, c.room, c.job_id, c.from_status, c.status, '${claim.reason}', c.attempt, c.worker_id, $4::text
    FROM changed c ORDER BY c.priority DESC, c.run_at, c.id`
    }
    RETURNING ${LOGGED_RETURNING}
  )
  SELECT (SELECT count(*)::int FROM candidate) AS offered, claimed.*
  FROM (VALUES (1)) one (n) LEFT JOIN LATERAL (
    SELECT ${snapshotColumns('changed')}, changed.payload, changed.traceparent, logged.version AS "loggedVersion", ${LOGGED_COLUMNS}
    FROM changed JOIN logged ON logged.task_id = changed.id
  ) claimed ON true
  ORDER BY claimed.priority DESC, claimed."runAt", claimed.id, claimed."loggedVersion"`;

const CLAIM = statement('claim', buildClaim(false));
const CLAIM_AND_START = statement('claim_start', buildClaim(true));
