/** Why a task that is not finished is not running, derived from what there is now. */
import { type LimitScope, nextToken, type Starts } from './limits.ts';
import type { TaskStatus } from './task.ts';
import { TRANSITIONS } from './transitions.ts';

/** Every reason, in the order in which they are looked for: the first that holds is given. */
export const BLOCKED_BY = {
  DEPENDENCY: 'It waits for the tasks that it depends on.',
  NOT_DUE: 'Its `runAt` has not come: it was submitted for later, or waits for the back-off of a retry.',
  JOB_PAUSED: 'Somebody has paused its job, in all rooms or in its own.',
  LIMIT: 'A limit of its job lets no more run, or start, for now.',
  NO_WORKER: 'No living worker serves its job, or all of them are drained.',
  NO_FREE_SLOT: 'All living workers that serve its job hold as many tasks as they can.',
} as const;
export type BlockedBy = keyof typeof BLOCKED_BY;

export interface BlockedReason {
  by: BlockedBy;
  /** A sentence for people. */
  detail: string;
  /** Until when, where that is known. */
  until: Date | null;
}

/** A limit that lets nothing more pass: by number, or as a rate with what was taken of it. */
export interface ShutLimit {
  name: string;
  scope: LimitScope;
  key: string;
  maxRunning: number | null;
  rateCount: number | null;
  rateSeconds: number | null;
  starts: Starts | null;
  /** Milliseconds since 1970. */
  now: number;
}

/** What decides it. */
export interface WaitFacts {
  status: TaskStatus;
  runAt: Date;
  isDue: boolean;
  failures: number;
  /** The pause of the whole job, or of the task's room. */
  pause: { room: string | null; pausedBy: string; reason: string | null } | null;
  /** The first limit of the job that does not let it pass. */
  limit: ShutLimit | null;
  /** Living workers that serve the job and are not drained. */
  workers: number;
  /** Those of them that hold fewer tasks than they can. */
  freeWorkers: number;
}

const [CLAIMABLE] = TRANSITIONS.claim.from;
const [WAITING] = TRANSITIONS.unblock.from;

/** Why the task waits; null when nothing keeps a worker from taking it, or it waits no more. */
export function blockedReason(facts: WaitFacts): BlockedReason | null {
  const { status, runAt, isDue, failures, pause, limit, workers, freeWorkers } = facts;
  if (status === WAITING)
    return { by: 'DEPENDENCY', detail: 'Waits for the tasks that it depends on.', until: null };
  if (status !== CLAIMABLE) return null;
  if (!isDue) {
    const when = `${runAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    const detail = failures > 0 ? `Is tried again at ${when}.` : `Is due at ${when}.`;
    return { by: 'NOT_DUE', detail, until: runAt };
  }
  if (pause) return { by: 'JOB_PAUSED', detail: pausedDetail(pause), until: null };
  if (limit) return limitReason(limit);
  if (workers === 0)
    return { by: 'NO_WORKER', detail: 'No living worker serves the job, or all are drained.', until: null };
  if (freeWorkers === 0) {
    const detail =
      workers === 1
        ? 'The only worker that serves the job holds as many tasks as it can.'
        : `All ${workers} workers that serve the job hold as many tasks as they can.`;
    return { by: 'NO_FREE_SLOT', detail, until: null };
  }
  return null;
}

function limitReason(limit: ShutLimit): BlockedReason {
  const { name, scope, key, maxRunning, rateCount, rateSeconds, starts, now } = limit;
  const whose = {
    JOB: 'of the job',
    ROOM: `in the room ${key}`,
    CREATOR: `of ${key}`,
    KEY: `of the key ${key}`,
  };
  const shown = `The limit "${name}" lets`;
  if (rateCount === null || rateSeconds === null) {
    const detail = `${shown} ${maxRunning} run ${whose[scope]} at the same time, and so many do.`;
    return { by: 'LIMIT', detail, until: null };
  }
  const until = new Date(
    Math.ceil(nextToken(starts ?? [], { count: rateCount, perSeconds: rateSeconds }, now)),
  );
  const period = rateSeconds === 1 ? 'a second' : `any ${rateSeconds} seconds`;
  const detail = `${shown} ${rateCount} start ${whose[scope]} in ${period}, and so many have.`;
  return { by: 'LIMIT', detail, until };
}

function pausedDetail({ room, pausedBy, reason }: NonNullable<WaitFacts['pause']>): string {
  const where = room === null ? 'The job is paused' : `The job is paused in the room ${room}`;
  return `${where} by ${pausedBy}${reason ? `: ${reason}` : '.'}`;
}
