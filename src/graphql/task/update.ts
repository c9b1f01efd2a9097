/** updateTask: when and how urgently a task runs, while it waits; its labels at any time. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { canUpdate } from '../../domain/access.ts';
import {
  Forbidden,
  InvalidInput,
  InvalidTransition,
  StaleVersion,
  TaskNotFound,
} from '../../domain/problems.ts';
import type { TaskRow } from '../../domain/task.ts';
import { isAllowedIn } from '../../domain/transitions.ts';
import type { Update } from '../../store/tasks/change/update.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { labelMap, parseInput, text } from '../input.ts';
import { answerCaller, visibleOrNotFound } from './caller-mutations.ts';
import { TaskSuccess } from './result.ts';

const UpdateTaskInput = builder.inputType('UpdateTaskInput', {
  description: 'What to change of a task. What is left out stays as it is; something must be given.',
  fields: (t) => ({
    taskId: t.id({ required: true }),
    expectedVersion: t.int({
      description:
        'The version that the caller has seen. If the task has another one by now, the answer is StaleVersion.',
    }),
    runAt: t.field({
      type: 'DateTime',
      description:
        'It is not claimed before this time. Only while the task is WAITING or PENDING; also during a back-off.',
    }),
    runNow: t.boolean({
      description:
        'true: `runAt` becomes now, by the clock of the database; what is due already keeps its place.',
    }),
    priority: t.int({ description: 'Higher first. Only while the task is WAITING or PENDING.' }),
    labels: t.field({ type: 'Labels', description: 'Replaces all labels, 64 at most. In any status.' }),
    reason: t.string({ description: 'For the history: 1,000 characters at most.' }),
  }),
});

const UpdateTaskResult = builder.errorUnion('UpdateTaskResult', {
  types: [TaskSuccess, TaskNotFound, InvalidTransition, StaleVersion, InvalidInput, Forbidden],
  resolveType: () => TaskSuccess,
});

const update = z.object({
  expectedVersion: z.int32().nullish(),
  priority: z.int32().nullish(),
  labels: labelMap().nullish(),
  reason: text(0, 1_000).nullish(),
});

builder.mutationField('updateTask', (t) =>
  t.field({
    type: UpdateTaskResult,
    description:
      'Changes when and how urgently a task runs, while it waits, and its labels at any time. It raises the version, and is a transition with the reason UPDATED in the history and on streams. A task that is as it was to become stays as it is, without any of that. Whoever may cancel a task may update it.',
    args: { input: t.arg({ type: UpdateTaskInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const task = await visibleOrNotFound(context, input.taskId);
      const viewer = viewerOf(context);
      if (!canUpdate(viewer, task)) throw new Forbidden('You may update tasks of your own rooms only.');
      const {
        expectedVersion = null,
        priority = null,
        labels = null,
        reason = null,
      } = parseInput(update, input);
      if (input.runAt && input.runNow) {
        throw new InvalidInput([{ path: ['runNow'], message: 'cannot be combined with runAt' }]);
      }
      const runAt: Update['runAt'] = input.runNow ? 'now' : (input.runAt ?? null);
      if (runAt === null && priority === null && labels === null) {
        throw new InvalidInput([
          { path: [], message: 'has nothing to change: give runAt, runNow, priority or labels' },
        ]);
      }
      const changes = { runAt, priority, labels };
      const result = await context.services.store.updateTask({
        ...{ taskId: task.id, actor: viewer.id, note: reason },
        ...{ version: expectedVersion, ...changes },
      });
      if (result.kind === 'refused' && result.task) {
        if (isStale(expectedVersion, result.task.version))
          throw new StaleVersion('task', result.task.version);
        if (isAsAsked(result.task, changes)) return { task: result.task };
      }
      return answerCaller(context, input.taskId, 'rescheduled', result);
    },
  }),
);

/** Whether an update that was refused would have changed nothing. */
function isAsAsked(
  task: TaskRow,
  { runAt, priority, labels }: Pick<Update, 'runAt' | 'priority' | 'labels'>,
) {
  if ((runAt !== null || priority !== null) && !isAllowedIn('reschedule', task.status)) return false;
  return (
    // Of `now`, the clock of the database has decided.
    (!(runAt instanceof Date) || runAt.getTime() === task.runAt.getTime()) &&
    (priority === null || priority === task.priority) &&
    (labels === null || isDeepStrictEqual(labels, { ...task.labels }))
  );
}

function isStale(expected: number | null, version: number): boolean {
  return expected !== null && expected !== version;
}
