/** discardTask and restoreTask: a dead letter that nobody needs to look at, and one that somebody does again. */
import { z } from 'zod';
import { canRetry } from '../../domain/access.ts';
import { Forbidden } from '../../domain/problems.ts';
import type { TaskRow } from '../../domain/task.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput, text } from '../input.ts';
import { answerCaller, visibleOrNotFound } from './caller-mutations.ts';
import { TaskResult } from './result.ts';

const DiscardTaskInput = builder.inputType('DiscardTaskInput', {
  description: 'The dead letter.',
  fields: (t) => ({
    taskId: t.id({ required: true }),
    reason: t.string({ description: 'For the history: 1,000 characters at most.' }),
  }),
});

const discard = z.object({ reason: text(0, 1_000).nullish() });

builder.mutationField('discardTask', (t) =>
  t.field({
    type: TaskResult,
    description:
      'Takes a dead letter off the list: it stays FAILED, with discardedAt and discardedBy. Streams show it as a transition with the reason DISCARDED. Repeating it changes nothing.',
    args: { input: t.arg({ type: DiscardTaskInput, required: true }) },
    resolve: (_root, { input }, context) => act(context, input, 'discardTask'),
  }),
);

builder.mutationField('restoreTask', (t) =>
  t.field({
    type: TaskResult,
    description:
      'Puts a discarded dead letter back on the list: a transition with the reason RESTORED. It changes nothing if the dead letter is not discarded.',
    args: { input: t.arg({ type: DiscardTaskInput, required: true }) },
    resolve: (_root, { input }, context) => act(context, input, 'restoreTask'),
  }),
);

async function act(
  context: Context,
  input: typeof DiscardTaskInput.$inferInput,
  verb: 'discardTask' | 'restoreTask',
): Promise<{ task: TaskRow }> {
  const task = await visibleOrNotFound(context, input.taskId);
  const viewer = viewerOf(context);
  const done = verb === 'discardTask' ? 'discarded' : 'restored';
  if (!canRetry(viewer, task)) {
    throw new Forbidden(
      `Only an ADMIN, or whoever submitted the task, may have it ${done}; a WORKER may not.`,
    );
  }
  const { reason } = parseInput(discard, input);
  const item = { taskId: task.id, actor: viewer.id, note: reason ?? null };
  const result = await context.services.store[verb](item);
  // It is as it was to become.
  if (result.kind === 'refused' && result.task?.status === 'FAILED') return { task: result.task };
  return answerCaller(context, input.taskId, done, result);
}
