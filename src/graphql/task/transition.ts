/** TaskTransition: one row of the transition log, and the history of a task. */
import { encodeCursor } from '../../domain/position.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { type TransitionRow, UPDATED_FIELDS, type UpdatedField } from '../../domain/task.ts';
import { toTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { TaskStatusEnum, TransitionReasonEnum } from '../enums.ts';
import { pageComplexity, resolvePage } from '../paging.ts';
import { TaskErrorType, TaskType } from './type.ts';

const AS_WRITTEN = 'As the field of Task writes it; null of a payload, which is not kept.';

const TaskFieldUpdate = builder
  .objectRef<{ field: UpdatedField; before: unknown; after: unknown }>('TaskFieldUpdate')
  .implement({
    description: 'A field of a task that an update has changed.',
    fields: (t) => ({
      field: t.exposeString('field', { description: 'runAt, priority, labels or payload.' }),
      before: t.expose('before', { type: 'JSON', nullable: true, description: AS_WRITTEN }),
      after: t.expose('after', { type: 'JSON', nullable: true, description: AS_WRITTEN }),
    }),
  });

export const TaskTransitionType = builder.objectRef<TransitionRow>('TaskTransition').implement({
  description:
    'One change of a task, recorded for ever: of its status; or an update, a discard or a restore, which leave the status as it is (`from` and `to` are the same).',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Resuming from here misses nothing that came later.',
      resolve: ({ horizon, id }, _args, context) =>
        encodeCursor(context.services.log.epoch, { xid: horizon, id: '0' }, id),
    }),
    version: t.exposeInt('version'),
    from: t.expose('from', { type: TaskStatusEnum, nullable: true }),
    to: t.expose('to', { type: TaskStatusEnum }),
    reason: t.expose('reason', { type: TransitionReasonEnum }),
    attempt: t.exposeInt('attempt'),
    workerId: t.id({
      nullable: true,
      description: 'The worker that held the task before the transition, or holds it after it.',
      resolve: ({ workerId }) => workerId && toTypeId('worker', workerId),
    }),
    workerName: t.string({
      nullable: true,
      description: 'What that worker is called, or was: its name is kept when it is gone.',
      resolve: ({ workerId }, _args, { services }) => workerId && services.workerNames.nameOf(workerId),
    }),
    actor: t.exposeString('actor', { description: 'The identity that asked for it, or "@system".' }),
    note: t.exposeString('note', { nullable: true, description: 'What the actor gave as its reason.' }),
    error: t.expose('error', { type: TaskErrorType, nullable: true }),
    updates: t.field({
      type: [TaskFieldUpdate],
      description: 'What an update has changed; empty for other reasons.',
      resolve: ({ updates }) =>
        UPDATED_FIELDS.flatMap((field) => {
          const change = updates?.[field];
          return change ? [{ field, before: change[0], after: change[1] }] : [];
        }),
    }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
});

builder.objectField(TaskType, 'transitions', (t) =>
  t.connection(
    {
      type: TaskTransitionType,
      description: 'Every transition so far, oldest first.',
      complexity: pageComplexity,
      resolve: (task, args, context) =>
        resolvePage(
          args,
          ({ version }: TransitionRow) => `v${version}`,
          ({ before, after, limit, inverted }) =>
            context.services.store.findTransitions({
              taskId: task.id,
              after: after === undefined ? 0 : parseVersion(after),
              before: before === undefined ? null : parseVersion(before),
              limit,
              newestFirst: inverted,
            }),
        ),
    },
    { name: 'TaskTransitionConnection' },
    { name: 'TaskTransitionEdge' },
  ),
);

function parseVersion(cursor: string): number {
  const version = /^v(\d{1,9})$/.exec(cursor)?.[1];
  if (version !== undefined) return Number(version);
  throw new InvalidInput([{ path: ['cursor'], message: 'is no cursor of this connection' }]);
}
