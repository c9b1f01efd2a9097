/**
 * Which changes are events of a stream over many tasks: those of tasks that match its filter, and on request those by
 * which a task ceases to. How a task was before a change is known from the change itself, so nothing is remembered:
 * where it is not, the task may have matched.
 */
import { canSeeTask, type Viewer } from '../../domain/access.ts';
import type { TaskChange, TaskRow, TransitionChange } from '../../domain/task.ts';
import { HELD_STATUSES, isTerminal, TRANSITIONS } from '../../domain/transitions.ts';
import type { Verdict } from '../../events/streams/stream.ts';
import { matchesFilter, type TaskFilter } from './filter.ts';

/** @param leaving whether the stream is to hear of tasks that cease to match */
export function judgeBy(filter: TaskFilter, { viewer, leaving }: { viewer: Viewer; leaving: boolean }) {
  return (change: TaskChange): Verdict => {
    if (!canSeeTask(viewer, change.task, false)) return undefined;
    if (matchesFilter(filter, change.task)) return true;
    return leaving && change.kind === 'transition' && mayHaveMatched(filter, change) ? false : undefined;
  };
}

function mayHaveMatched(filter: TaskFilter, change: TransitionChange): boolean {
  const { from } = change.transition;
  return from !== null && matchesFilter(filter, taskBefore(change));
}

/** The task as it was before the change, as far as the change shows. */
function taskBefore({ task, transition }: TransitionChange): TaskRow {
  const { from, to, reason, workerId, updates } = transition;
  const status = from as TaskRow['status'];
  const wasHeld = (HELD_STATUSES as readonly string[]).includes(status);
  return {
    ...task,
    status,
    workerId: wasHeld ? workerId : null,
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
