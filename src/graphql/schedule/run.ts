/** ScheduleRun: what became of one tick of a schedule, or of a run by hand. */
import { canOperate } from '../../domain/access.ts';
import { SCHEDULE_RUN_STATUSES, type ScheduleRunStatus } from '../../domain/schedule.ts';
import type { ScheduleRun as PrismaScheduleRun } from '../../generated/prisma/client.ts';
import type { ScheduleRunRow } from '../../store/schedules/schedule-runs.ts';
import { ENDS, OPERATION_ENDS } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { describeValues } from '../enums.ts';
import { asOperationRun, OperationRunType } from '../operation/type.ts';
import { asTask, TaskType } from '../task/type.ts';
import { loadVisibleTask } from '../task/visible.ts';

const ScheduleRunStatusEnum = builder.enumType('ScheduleRunStatus', {
  description: 'Status of a run of a schedule.',
  values: describeValues(SCHEDULE_RUN_STATUSES, {
    QUEUED: 'Waits for an earlier run to finish.',
    RUNNING: 'The task or operation that it started has not ended.',
    SUCCEEDED: 'The task or operation that it started has completed, at least partly.',
    FAILED: 'Nothing could be started, or the task or operation has failed.',
    CANCELLED: 'The task that it started was cancelled.',
    SKIPPED: 'Nothing was started: `detail` says why.',
  }),
});

export const ScheduleRunType = builder.prismaNode('ScheduleRun', {
  description: 'What became of one tick of a schedule, or of a run by hand.',
  id: { field: 'id' },
  // Whoever sees its schedule.
  authScopes: (run, context) => canOperate(viewerOf(context)) || context.granted.has(run.id),
  fields: (t) => ({
    tick: t.expose('tick', {
      type: 'DateTime',
      nullable: true,
      description: 'The instant that the cron line named; null for a run by hand.',
    }),
    status: t.field({
      type: ScheduleRunStatusEnum,
      resolve: async (run, _args, context) => (await currentEnd(context, run))?.status ?? run.status,
    }),
    detail: t.exposeString('detail', {
      nullable: true,
      description: 'Why it was skipped or failed, or which ticks it stands for.',
    }),
    triggeredBy: t.exposeString('triggeredBy', {
      description: 'The id of the schedule, or who has run it by hand.',
    }),
    task: t.field({
      type: TaskType,
      nullable: true,
      description: 'The task that was submitted, while it is kept and the caller may see it.',
      resolve: async ({ taskId }, _args, context) => {
        // A schedule may have submitted to another room before.
        const task = await loadVisibleTask(context, taskId);
        return task && asTask(task);
      },
    }),
    operationRun: t.field({
      type: OperationRunType,
      nullable: true,
      description: 'The run of the operation that was started; null for all but an ADMIN.',
      resolve: async ({ operationRunId }, _args, context) => {
        if (operationRunId === null || !canOperate(viewerOf(context))) return null;
        const run = await context.loaders.operationRun.load(operationRunId);
        return run && asOperationRun(run);
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: async (run, _args, context) => (await currentEnd(context, run))?.finishedAt ?? run.finishedAt,
    }),
  }),
});

/** How a run has ended whose end nobody has recorded yet. */
async function currentEnd(
  context: Context,
  { status, taskId, operationRunId }: Pick<PrismaScheduleRun, 'status' | 'taskId' | 'operationRunId'>,
): Promise<{ status: ScheduleRunStatus; finishedAt: Date | null } | null> {
  if (status !== 'RUNNING') return null;
  const task = taskId === null ? null : await context.loaders.task.load(taskId);
  const run = operationRunId === null ? null : await context.loaders.operationRun.load(operationRunId);
  const end = task ? ENDS[task.status] : run && OPERATION_ENDS[run.status];
  return end ? { status: end, finishedAt: (task ?? run)?.finishedAt ?? null } : null;
}

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asScheduleRun(row: ScheduleRunRow): PrismaScheduleRun {
  return row as PrismaScheduleRun;
}
