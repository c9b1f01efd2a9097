/** What a person may do with a task: cancel it, retry it. */
import { z } from 'zod';
import { canCancel, canRetry } from '../../domain/access.ts';
import { Forbidden, InvalidTransition, TaskNotFound } from '../../domain/problems.ts';
import type { TaskRow } from '../../domain/task.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { VerbResult } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput, text } from '../input.ts';
import { succeed, TaskResult } from './result.ts';
import { loadVisibleTask } from './visible.ts';

const CancelTaskInput = builder.inputType('CancelTaskInput', {
  fields: (t) => ({
    taskId: t.id({ required: true }),
    reason: t.string({ description: 'For the history and the worker: 1,000 characters at most.' }),
  }),
});

const RetryTaskInput = builder.inputType('RetryTaskInput', {
  fields: (t) => ({
    taskId: t.id({ required: true }),
    priority: t.int({ description: 'Its new priority, higher first; left out: as before.' }),
  }),
});

const cancellation = z.object({ reason: text(0, 1_000).nullish() });
const retry = z.object({ priority: z.int32().nullish() });

builder.mutationField('cancelTask', (t) =>
  t.field({
    type: TaskResult,
    description:
      'Cancels a task that has not ended. A worker that holds it is notified at once; its later reports are refused.',
    args: { input: t.arg({ type: CancelTaskInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const task = await visibleOrNotFound(context, input.taskId);
      const viewer = viewerOf(context);
      if (!canCancel(viewer, task)) throw new Forbidden('You may cancel tasks of your own rooms only.');
      const { reason } = parseInput(cancellation, input);
      const result = await context.services.store.cancelTask({
        taskId: task.id,
        actor: viewer.id,
        note: reason ?? null,
      });
      return answerCaller(context, input.taskId, 'cancelled', result);
    },
  }),
);

builder.mutationField('retryTask', (t) =>
  t.field({
    type: TaskResult,
    description: 'FAILED → PENDING with a fresh budget of attempts; the history is kept.',
    args: { input: t.arg({ type: RetryTaskInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const task = await visibleOrNotFound(context, input.taskId);
      const viewer = viewerOf(context);
      if (!canRetry(viewer, task)) {
        throw new Forbidden('Only an ADMIN, or whoever submitted the task, may retry it; a WORKER may not.');
      }
      const { priority } = parseInput(retry, input);
      const result = await context.services.store.retryTask({ taskId: task.id, actor: viewer.id, priority });
      return answerCaller(context, input.taskId, 'retried', result);
    },
  }),
);

/** @throws TaskNotFound */
export async function visibleOrNotFound(context: Context, taskId: string): Promise<TaskRow> {
  const task = await loadVisibleTask(context, fromTypeId('task', taskId));
  if (task) return task;
  throw new TaskNotFound(taskId);
}

/** The changed task, or why it was not. @param done the verb in a sentence: cancelled */
export function answerCaller(
  context: Context,
  taskId: string,
  done: string,
  result: VerbResult,
): { task: TaskRow } {
  if (result.kind === 'changed') return succeed(context, result.change);
  if (!result.task) throw new TaskNotFound(taskId);
  throw new InvalidTransition(done, result.task.status);
}
