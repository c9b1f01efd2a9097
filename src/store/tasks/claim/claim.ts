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
import { compareDecimal } from '../../../domain/position.ts';
import type { TaskRow, TransitionChange } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { toWhole } from '../generated/task-fields.ts';
import { type LoggedRow, shareMoment, toChange } from '../rows.ts';
import { CLAIM, CLAIM_AND_START } from './claim-statement.ts';

export interface ClaimRequest {
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
export async function claimTasks(session: DatabaseSession, claim: ClaimRequest): Promise<ClaimResult> {
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
    const { offered, gated } = rows.find(isAboutAll) ?? { offered: 0, gated: false };
    if (gated) return { ...result, gated: true };
    collect(result, rows, claim);
    // Fewer candidates than were asked for: there is no more work, and nothing to come back for.
    if (result.tasks.length >= claim.limit || offered < candidates) break;
  }
  return result;
}

/** A claimed task; one of them, or a row without a task, also has the number of candidates. */
export interface ClaimedRow extends LoggedRow {
  offered: number | null;
  gated: boolean | null;
  /** Id of the first of the two rows that a claim which also starts writes to the log. */
  claimLogId?: string;
}

const isAboutAll = (row: ClaimedRow): row is ClaimedRow & { offered: number; gated: boolean } =>
  row.offered !== null;

/** Adds what a statement has claimed. */
export function collect(
  { tasks, changes }: ClaimResult,
  rows: ClaimedRow[],
  by: Pick<ClaimRequest, 'workerId' | 'actor' | 'start'>,
): void {
  const claimed = shareMoment(rows.filter(({ id }) => id));
  // Their ids in the log are in the order in which the tasks should run.
  for (const row of claimed.sort((a, b) => compareDecimal(a.logId, b.logId))) {
    completeClaimed(row, by);
    const change = toChange(row);
    if (row.claimLogId !== undefined) changes.push(claimBeforeStart(change, row.claimLogId));
    changes.push(change);
    tasks.push(toWhole(row, row.at));
  }
}

/** Adds to a row what all claimed tasks have in common. */
function completeClaimed(row: ClaimedRow, by: Pick<ClaimRequest, 'workerId' | 'actor' | 'start'>): void {
  const { from, to, reason } = by.start ? TRANSITIONS.start : claim;
  row.status = to;
  row.workerId = by.workerId;
  row.lastWorkerId = by.workerId;
  row.progress = 0;
  row.progressMessage = null;
  row.startedAt = by.start ? row.at : null;
  row.finishedAt = null;
  row.discardedAt = null;
  row.discardedBy = null;
  row.result = null;
  row.from = from[0];
  row.reason = reason;
  row.actingWorker = by.workerId;
  row.actor = by.actor;
  row.note = null;
  row.loggedError = null;
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
