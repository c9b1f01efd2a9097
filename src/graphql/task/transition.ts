/** TaskTransition: one row of the transition log, and the history of a task. */
import { encodeCursor } from '../../domain/position.ts';
import { InvalidInput } from '../../domain/problems.ts';
import type { TransitionRow } from '../../domain/task.ts';
import { builder } from '../builder.ts';
import { TaskStatusEnum, TransitionReasonEnum } from '../enums.ts';
import { pageComplexity, resolvePage } from '../paging.ts';
import { TaskErrorType, TaskType } from './type.ts';

export const TaskTransitionType = builder.objectRef<TransitionRow>('TaskTransition').implement({
  description: 'One change of the status of a task, recorded for ever.',
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
    actor: t.exposeString('actor', { description: 'The identity that asked for it, or "system".' }),
    note: t.exposeString('note', { nullable: true, description: 'What the actor gave as its reason.' }),
    error: t.expose('error', { type: TaskErrorType, nullable: true }),
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
