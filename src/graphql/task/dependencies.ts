/** Task.dependencies: what a task waits for, or has waited for, with the results. */
import { z } from 'zod';
import type { TaskRow } from '../../domain/task.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { DependencyRow } from '../../store/tasks/dependencies/find-dependencies.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput } from '../input.ts';
import { OnDependencyFailure } from './depends-on.ts';
import { asTask, TaskType, taskOf } from './type.ts';
import { mayISee } from './visible.ts';

const MAX_FIRST = 1_000;
const DEFAULT_FIRST = 100;

const page = z.object({ first: z.int().min(1).max(MAX_FIRST) });

const TaskDependencyType = builder.objectRef<DependencyRow>('TaskDependency').implement({
  description: 'One task that another depends on.',
  fields: (t) => ({
    task: t.field({
      type: TaskType,
      nullable: true,
      description:
        'The task that must end first. Null if the caller may not see it; the worker that holds the dependent task may.',
      resolve: async ({ parent }, _args, context) =>
        (await mayISee(context, parent)) ? asTask(parent) : null,
    }),
    onFailure: t.field({
      type: OnDependencyFailure,
      description: 'What happens to the dependent task if the other ends FAILED or CANCELLED.',
      resolve: ({ runsOnFailure }) => (runsOnFailure ? 'RUN' : 'CANCEL'),
    }),
    settled: t.exposeBoolean('settled', {
      description:
        'Whether it has ended since the dependency was made. Then it is waited for no longer, even if it is retried.',
    }),
  }),
});

builder.objectField(TaskType, 'dependencyCount', (t) =>
  t.exposeInt('dependencyCount' as never, {
    description: 'How many tasks it waits for, or has waited for.',
  }),
);

builder.objectField(TaskType, 'dependencies', (t) =>
  t.field({
    type: [TaskDependencyType],
    description:
      'What it waits for, or has waited for, in the order of the submission. Tasks that retention has removed are left out; none is while a task that depends on it has not ended.',
    args: {
      first: t.arg.int({ required: true, defaultValue: DEFAULT_FIRST, description: '1 to 1,000.' }),
      after: t.arg.id({ description: 'ID of the last task of the page before.' }),
    },
    complexity: ({ first }: { first?: number | null }) => ({
      field: 1,
      multiplier: (first ?? DEFAULT_FIRST) / 10,
    }),
    resolve: (task, args, context) => {
      const row = taskOf(task);
      if (row.dependencyCount === 0) return [];
      const { first } = parseInput(page, { first: args.first });
      return load(context, row, first, args.after == null ? null : fromTypeId('task', args.after));
    },
  }),
);

async function load(context: Context, task: TaskRow, first: number, after: string | null) {
  const rows = await context.loaders.dependencies.load({ taskId: task.id, first, after });
  // Their results are what the worker was given the task for.
  if (await worksOn(context, task)) for (const { parent } of rows) context.granted.add(parent.id);
  return rows;
}

/** Whether the caller's own worker holds the task now. */
async function worksOn(context: Context, { workerId }: TaskRow): Promise<boolean> {
  if (workerId === null || viewerOf(context).role !== 'WORKER') return false;
  return (await context.loaders.worker.load(workerId))?.owner === viewerOf(context).id;
}
