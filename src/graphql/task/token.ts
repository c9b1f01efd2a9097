/** createTaskToken, and the token that comes with the answer of a submission: a page needs no key of its own. */
import { z } from 'zod';
import { canCancel, canGiveTaskTokens } from '../../domain/access.ts';
import { Forbidden, InvalidInput, TaskNotFound } from '../../domain/problems.ts';
import { TASK_TOKEN_SECONDS, type TaskToken } from '../../domain/task-token.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { parseInput } from '../input.ts';
import { visibleOrNotFound } from './caller-mutations.ts';
import { SubmitTaskSuccess } from './submit.ts';

const { min, usual, max } = TASK_TOKEN_SECONDS;
const LIFETIME = `Seconds for which the token is valid: ${min} to ${max.toLocaleString('en')}. It ends earlier if the credential that made it expires, is revoked or is changed.`;

const TaskTokenType = builder.objectRef<TaskToken>('TaskToken').implement({
  description:
    'A bearer token for one task: it reads the task with all that belongs to it and its streams, and sees nothing else.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'To be sent as Authorization: Bearer …. It is not stored.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends at the latest.' }),
    canCancel: t.exposeBoolean('canCancel', { description: 'Whether it may cancel the task as well.' }),
  }),
});

builder.objectField(SubmitTaskSuccess, 'taskToken', (t) =>
  t.field({
    type: TaskTokenType,
    description: 'A token for this task, for a page that shows it.',
    args: {
      cancel: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether it may cancel the task, where the caller may.',
      }),
      seconds: t.arg.int({
        required: true,
        defaultValue: usual,
        description: `${LIFETIME} Other values count as the nearest.`,
      }),
    },
    resolve: ({ task }, { cancel, seconds }, context) => {
      const viewer = viewerOf(context);
      return context.services.taskTokens.create(viewer, {
        taskId: task.id,
        cancel: cancel && canCancel(viewer, task),
        seconds: Math.min(Math.max(seconds, min), max),
      });
    },
  }),
);

const CreateTaskTokenInput = builder.inputType('CreateTaskTokenInput', {
  description: 'The task, and what its token may do.',
  fields: (t) => ({
    taskId: t.id({ required: true, description: 'A task that the caller may see.' }),
    cancel: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether the token may cancel the task; only for callers who may cancel it.',
    }),
    seconds: t.int({ required: true, defaultValue: usual, description: LIFETIME }),
  }),
});

const lifetime = z.object({ seconds: z.int().min(min).max(max) });

const CreateTaskTokenSuccess = builder
  .objectRef<{ taskToken: TaskToken }>('CreateTaskTokenSuccess')
  .implement({
    description: 'The token was made.',
    fields: (t) => ({
      taskToken: t.field({
        type: TaskTokenType,
        description: 'The token and when it ends. No later answer shows it.',
        resolve: ({ taskToken }) => taskToken,
      }),
    }),
  });

const CreateTaskTokenResult = builder.errorUnion('CreateTaskTokenResult', {
  types: [CreateTaskTokenSuccess, TaskNotFound, InvalidInput, Forbidden],
  resolveType: () => CreateTaskTokenSuccess,
});

builder.mutationField('createTaskToken', (t) =>
  t.field({
    type: CreateTaskTokenResult,
    description: 'Makes a token for one task, for a page that shows it. For whoever may see the task.',
    args: { input: t.arg({ type: CreateTaskTokenInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const task = await visibleOrNotFound(context, input.taskId);
      const viewer = viewerOf(context);
      if (!canGiveTaskTokens(viewer)) throw new Forbidden('A token for one task makes no further tokens.');
      if (input.cancel && !canCancel(viewer, task)) throw new Forbidden('You may not cancel this task.');
      const { seconds } = parseInput(lifetime, input);
      const request = { taskId: task.id, cancel: input.cancel, seconds };
      return { taskToken: await context.services.taskTokens.create(viewer, request) };
    },
  }),
);
