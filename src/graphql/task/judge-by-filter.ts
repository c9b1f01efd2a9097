/**
 * Which changes are events of a stream over many tasks: those of tasks that match its filter, and on request those by
 * which a task ceases to. How a task was before a change is known from the change itself, so nothing is remembered:
 * where it is not, the task may have matched.
 */
import { isDeepStrictEqual } from 'node:util';
import { canSeeTask, type Viewer } from '../../domain/access.ts';
import type { TaskChange, TaskRow, TransitionChange } from '../../domain/task.ts';
import {
  matchesFilter,
  matchesPayload,
  type PayloadCondition,
  type TaskFilter,
} from '../../domain/task-filter.ts';
import { isHeld, isTerminal, TRANSITIONS } from '../../domain/transitions.ts';
import type { Judge, Verdict } from '../../events/streams/stream.ts';
import { loadersOfTurn, type Services } from '../context.ts';

/** @param leaving whether the stream is to hear of tasks that cease to match */
export function judgeByFilter(
  services: Services,
  filter: TaskFilter,
  { viewer, leaving }: { viewer: Viewer; leaving: boolean },
): Judge {
  const { payload } = filter;
  const judge = (change: TaskChange): Verdict => {
    if (!canSeeTask(viewer, change.task, false)) return undefined;
    if (matchesFilter(filter, change.task)) return true;
    return leaving && change.kind === 'transition' && mayHaveMatched(filter, change) ? false : undefined;
  };
  if (!payload) return judge;
  return async (change) => {
    const verdict = judge(change);
    if (verdict === undefined) return undefined;
    if (await hasPayload(services, change.task, payload)) return verdict;
    const isReplaced = change.kind === 'transition' && change.transition.updates?.payload !== undefined;
    return isReplaced && leaving ? false : undefined;
  };
}

/** A payload does not travel with events: it is read, for all that is judged in one turn together. */
async function hasPayload(
  services: Services,
  task: TaskRow,
  conditions: readonly PayloadCondition[],
): Promise<boolean> {
  const payload =
    task.payload === undefined ? (await loadersOfTurn(services).task.load(task.id))?.payload : task.payload;
  return matchesPayload(conditions, payload, isDeepStrictEqual);
}

function mayHaveMatched(filter: TaskFilter, change: TransitionChange): boolean {
  const { from, to } = change.transition;
  if (from === null) return false;
  const before = taskBefore(change);
  if (from === to) return matchesFilter(filter, before);
  // A move can have changed these, and does not say what they were.
  const { runAfter, runBefore, finishedAfter, finishedBefore, ...others } = filter;
  const { errorCode, errorWords, errorKind, ...known } = others;
  return matchesFilter(known, before);
}

/** The task as it was before the change, as far as the change shows. */
function taskBefore({ task, transition }: TransitionChange): TaskRow {
  const { from, to, reason, workerId, updates } = transition;
  const status = from as TaskRow['status'];
  return {
    ...task,
    status,
    workerId: isHeld(status) ? workerId : null,
    finishedAt: isTerminal(status) && from === to ? task.finishedAt : null,
    labels: (updates?.labels?.[0] as TaskRow['labels'] | undefined) ?? task.labels,
    priority: (updates?.priority?.[0] as number | undefined) ?? task.priority,
    runAt: updates?.runAt ? new Date(updates.runAt[0] as string) : task.runAt,
    discardedAt: before(task.discardedAt, reason, transition.at),
  };
}

function before(discardedAt: Date | null, reason: string, at: Date): Date | null {
  if (reason === TRANSITIONS.discard.reason) return null;
  return reason === TRANSITIONS.restore.reason ? at : discardedAt;
}
