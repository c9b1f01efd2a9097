/** The claims of a worker: under its present id, in batches that suit its tasks, and followed by what their errors ask for. */

import { backoffAfter, pause } from '../connection/backoff.ts';
import type { Connection } from '../connection/connection.ts';
import { isTemporary, wasNotDone } from '../connection/temporary.ts';
import { messageOf, RequestError } from '../errors.ts';
import type { ClaimedTaskFragment } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import { ProblemError, successOf } from '../problems.ts';
import { createBatchSize } from './batch-size.ts';
import { type Claims, createClaims } from './claims.ts';
import { ClaimTasks } from './documents.ts';
import type { Holder } from './running.ts';
import type { WorkerSession } from './session.ts';

export interface TaskClaimsOptions {
  connection: Connection;
  session: Pick<WorkerSession, 'workerId' | 'renew' | 'retire'>;
  logger: Logger;
  /** How many more tasks may be started now. */
  free(): number;
  /** A task was claimed, and is held under `holder`. */
  start(task: ClaimedTaskFragment, holder: Holder): void;
  /** From then on no pause is waited for. */
  stopping: AbortSignal;
}

export interface TaskClaims extends Claims {
  /** Ends the claims that wait at the server; later ones wait again. */
  interrupt(): void;
  /** Resolves when nothing that is under way for the id can bring further tasks, and what it brought has begun. */
  answered(workerId: string): Promise<void>;
}

export function createTaskClaims(options: TaskClaimsOptions): TaskClaims {
  const { connection, session, logger, free, start, stopping } = options;
  const batchSize = createBatchSize();
  let failures = 0;
  /** Of the claims that wait at the server. */
  let waits = new AbortController();
  /** The claims under way, until what they brought has begun. */
  const underWay = new Set<{ workerId: string; begun: Promise<void> }>();

  function claim(limit: number, waitSeconds: number) {
    const { workerId } = session;
    const claimed = claimFor(workerId, limit, waitSeconds);
    // Its tasks begin in the turn in which it is answered.
    const begun = claimed.then(nextTurn, nextTurn);
    const entry = { workerId, begun };
    underWay.add(entry);
    void begun.then(() => underWay.delete(entry));
    return claimed;
  }

  async function claimFor(workerId: string, limit: number, waitSeconds: number) {
    const signal = waitSeconds > 0 ? waits.signal : undefined;
    try {
      const input = { workerId, limit, start: true, waitSeconds };
      const { claimTasks } = await connection.send(ClaimTasks, { input }, signal);
      const { tasks } = successOf(claimTasks, 'ClaimTasksSuccess');
      failures = 0;
      batchSize.observe(tasks);
      return tasks.map((task) => ({ task, workerId }));
    } catch (error) {
      // What it may have claimed nevertheless goes back with the worker's id.
      if (signal?.aborted) return [];
      if (error instanceof ProblemError && error.name === 'WorkerNotFound') await session.renew(workerId);
      else if (error instanceof RequestError && error.code === 'QUERY_TOO_COMPLEX') batchSize.refused(limit);
      else if (mayHaveClaimed(error)) await session.retire(workerId);
      throw error;
    }
  }

  const claims = createClaims<{ task: ClaimedTaskFragment; workerId: string }>({
    free,
    maxLimit: () => batchSize.limit,
    claim,
    start: ({ task, workerId }) => start(task, { taskId: task.id, workerId, attempt: task.attempt }),
    async onError(error) {
      logger.warn(`A claim failed: ${messageOf(error)}`);
      await pause(backoffAfter(error, failures++), stopping);
    },
  });
  function interrupt(): void {
    waits.abort();
    waits = new AbortController();
  }

  return {
    ...claims,
    interrupt,
    async answered(workerId) {
      await Promise.all([...underWay].filter((one) => one.workerId === workerId).map(({ begun }) => begun));
    },
    stop() {
      const stopped = claims.stop();
      interrupt();
      return stopped;
    },
  };
}

const nextTurn = () => pause(0);

/** The claim was not answered, or the server failed after it may have been committed. */
function mayHaveClaimed(error: unknown): boolean {
  return isTemporary(error) && !wasNotDone(error);
}
