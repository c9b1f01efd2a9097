/** BulkPlan and BulkRun: many tasks, first counted, then acted on. */
import { BULK_ACTIONS, type BulkRow, MOST_PLANNED } from '../../domain/bulk.ts';
import { TASK_STATUSES } from '../../domain/task.ts';
import { builder } from '../builder.ts';
import { describeValues } from '../enums.ts';
import { StatusCountType } from '../statistics/type.ts';
import { asTask, TaskType } from '../task/type.ts';
import { mayISee } from '../task/visible.ts';

export const BulkActionEnum = builder.enumType('BulkAction', {
  description: 'What a run does to each task.',
  values: describeValues(BULK_ACTIONS, {
    CANCEL: 'As cancelTask does.',
    RETRY: 'As retryTask does.',
    DISCARD: 'As discardTask does.',
  }),
});

const BulkRunStatusEnum = builder.enumType('BulkRunStatus', {
  description: 'Status of a run.',
  values: describeValues(['RUNNING', 'COMPLETED', 'STOPPED'] as const, {
    RUNNING: 'A part of the plan is still to be worked through.',
    COMPLETED: 'All of the plan was worked through.',
    STOPPED: 'It was stopped by stopBulk; tasks that it had changed stay changed.',
  }),
});

export const BulkPlanType = builder.objectRef<BulkRow>('BulkPlan');
builder.node(BulkPlanType, {
  description: `Tasks that were found for an action, ${MOST_PLANNED.toLocaleString('en')} at most: nothing was done to them. It is kept for an hour.`,
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    action: t.expose('action', { type: BulkActionEnum, description: 'What it does to each task.' }),
    matching: t.exposeInt('matching', { description: 'Tasks that match the filter.' }),
    atLeast: t.exposeBoolean('atLeast', {
      description:
        'There may be more that match. They are not part of the plan: make another after this one.',
    }),
    permitted: t.exposeInt('permitted', {
      description:
        'Matching tasks that the caller may act on so and whose status allows it: the plan acts on these alone.',
    }),
    byStatus: t.field({
      type: [StatusCountType],
      description: 'Matching tasks by status, in the order of the enum.',
      complexity: { field: 1, multiplier: TASK_STATUSES.length },
      resolve: ({ byStatus }) => TASK_STATUSES.map((status) => ({ status, count: byStatus[status] })),
    }),
    sample: t.field({
      type: [TaskType],
      description: 'Up to 5 of the tasks that it acts on, as they are now; the newest first.',
      complexity: { field: 1, multiplier: 5 },
      resolve: async ({ sample }, _args, context) => {
        const tasks = await Promise.all(sample.map((id) => context.loaders.task.load(id)));
        const seen = await Promise.all(tasks.map((task) => task && mayISee(context, task)));
        return tasks.flatMap((task, index) => (task && seen[index] ? [asTask(task)] : []));
      },
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it cannot be applied any more.',
    }),
  }),
});

export const BulkRunType = builder.objectRef<BulkRow>('BulkRun');
builder.node(BulkRunType, {
  description:
    'A plan that is, or was, worked through, by whichever server: a server that ends leaves it to the others.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    plan: t.field({ type: BulkPlanType, description: 'What is worked through.', resolve: (run) => run }),
    status: t.field({ type: BulkRunStatusEnum, resolve: ({ status }) => status as 'RUNNING' }),
    done: t.exposeInt('done', { description: 'Tasks that were changed so far.' }),
    refused: t.exposeInt('refused', {
      description: 'Tasks that had changed since the plan, so that nothing was done to them.',
    }),
    startedBy: t.exposeString('createdBy', {
      description: 'The identity that made the plan: the actor of each change.',
    }),
    startedAt: t.field({ type: 'DateTime', resolve: ({ startedAt, createdAt }) => startedAt ?? createdAt }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
  }),
});
