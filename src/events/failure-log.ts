/** What operators look for in the log when work goes wrong: attempts that were lost or timed out, tasks that failed for good. */
import type { TaskChange, TransitionReason } from '../domain/task.ts';
import { TRANSITIONS } from '../domain/transitions.ts';
import { toTypeId } from '../domain/typeid.ts';
import type { ServerLogger } from './logger.ts';

const LOST: readonly TransitionReason[] = [TRANSITIONS.loseRunning.reason, TRANSITIONS.timeOut.reason];
/** Lines of one commit at most: a worker can be lost with very many tasks. */
const MAX_LINES = 20;

/** Logs the failures among what one commit has changed, under the ids by which they are found. */
export function logFailures(logger: ServerLogger, changes: readonly TaskChange[]): void {
  let lines = 0;
  for (const change of changes) {
    if (change.kind !== 'transition') continue;
    const { task, transition } = change;
    const { from, to, reason, attempt, workerId, error } = transition;
    const failed = to === TRANSITIONS.fail.to && from !== to;
    if (!failed && !LOST.includes(reason)) continue;
    if (++lines > MAX_LINES) continue;
    const ids = {
      taskId: toTypeId('task', task.id),
      jobId: toTypeId('job', task.jobId),
      workerId: workerId === null ? null : toTypeId('worker', workerId),
      correlationId: task.correlationId,
    };
    const reported = { code: error?.code ?? null, classifiedBy: error?.classifiedBy ?? undefined };
    logger.warn(
      { ...ids, room: task.room, attempt, reason, ...reported },
      failed ? 'A task has failed for good' : 'An attempt was lost',
    );
  }
  if (lines > MAX_LINES)
    logger.warn({ more: lines - MAX_LINES }, 'Further tasks failed or lost their attempt');
}
