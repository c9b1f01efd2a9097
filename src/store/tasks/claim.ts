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
 * deregisterWorker, and against changes of what it may claim, see pauses.ts. What is paused is not among its open jobs.
 */
import type { TaskRow, TransitionChange } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import { CLAIM, CLAIM_AND_START } from './claim-statement.ts';
import { toWhole } from './generated/task-fields.ts';
import { type LoggedRow, toChange } from './rows.ts';

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
  /** Nothing was claimed: a job of the worker has gates, and its claims go another way, see gated-claim.ts. */
  gated?: true;
}

const SPARE_CANDIDATES = 64;
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
    if (rows[0]?.gated) return { ...result, gated: true };
    collect(result, rows);
    // Fewer candidates than were asked for: there is no more work, and nothing to come back for.
    const offered = rows[0]?.offered ?? 0;
    if (result.tasks.length >= claim.limit || offered < candidates) break;
  }
  return result;
}

/** A claimed task, or a row without a task that only tells how many candidates there were. */
export interface ClaimedRow extends LoggedRow {
  offered: number;
  gated: boolean;
  /** Id of the first of the two rows that a claim which also starts writes to the log. */
  claimLogId?: string;
}

/** Adds what a statement has claimed. */
export function collect({ tasks, changes }: ClaimResult, rows: readonly ClaimedRow[]): void {
  for (const row of rows) {
    if (!row.id) continue;
    const change = toChange(row);
    if (row.claimLogId !== undefined) changes.push(claimBeforeStart(change, row.claimLogId));
    changes.push(change);
    tasks.push(toWhole(row, row.at));
  }
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

const { claim } = TRANSITIONS;
