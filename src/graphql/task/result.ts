/** TaskResult: how every verb on one task answers. */
import {
  Forbidden,
  InvalidInput,
  InvalidTransition,
  type Problem,
  StaleAttempt,
  TaskNotFound,
} from '../../domain/problems.ts';
import type { TaskChange, TaskRow } from '../../domain/task.ts';
import { isHeld, isTerminal, TRANSITIONS } from '../../domain/transitions.ts';
import type { VerbResult } from '../../store/store.ts';
import type { HeldAttempt } from '../../store/tasks/compare-and-set.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { asTask, TaskType } from './type.ts';
import { mayISee } from './visible.ts';

export const TaskSuccess = builder.objectRef<{ task: TaskRow }>('TaskSuccess').implement({
  fields: (t) => ({ task: t.field({ type: TaskType, resolve: ({ task }) => asTask(task) }) }),
});

export const TaskResult = builder.errorUnion('TaskResult', {
  types: [TaskSuccess, TaskNotFound, InvalidTransition, StaleAttempt, InvalidInput, Forbidden],
  resolveType: () => TaskSuccess,
});

/** The changed task; whoever was allowed to change it may see what came of it. */
export function succeed(context: Context, change: TaskChange): { task: TaskRow } {
  context.granted.add(change.task.id);
  return { task: change.task };
}

/** What the verbs of a holder were asked for, and why they were refused. */
export async function answerHolder(
  context: Context,
  taskId: string,
  verb: { done: string; stops: boolean },
  held: HeldAttempt,
  result: VerbResult<TaskChange>,
): Promise<{ task: TaskRow }> {
  if (result.kind === 'changed') return succeed(context, result.change);
  return refuseHolder(context, taskId, verb, held, result.task);
}

/** Why a holder's verb found no task that it may change; `task` is how it is now, null when there is none. */
export async function refuseHolder(
  context: Context,
  taskId: string,
  verb: { done: string; stops: boolean },
  held: HeldAttempt,
  task: TaskRow | null,
): Promise<never> {
  const { store } = context.services;
  // What the worker never had and its owner may not see does not exist for them.
  if (!task || !((await mayISee(context, task)) || (await store.hasHeld(held))))
    throw new TaskNotFound(taskId);
  // A worker that reports an end has stopped, whatever became of the task.
  if (verb.stops) await store.acknowledgeStop(held);
  throw refusal(task, held, verb.done);
}

function refusal(task: TaskRow, held: HeldAttempt, done: string): Problem {
  const same = task.attempt === held.attempt;
  if (same && isHeld(task.status) && task.workerId === held.workerId)
    return new InvalidTransition(done, task.status);
  const ended = isTerminal(task.status) && task.status !== TRANSITIONS.cancel.to;
  // The attempt's own end, reported twice: not a fencing matter.
  if (same && ended) return new InvalidTransition(done, task.status);
  return new StaleAttempt(held.attempt, task.attempt);
}
