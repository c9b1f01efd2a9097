/** Schedule: what is run again and again, by a cron line. */
import { canManageSchedule } from '../../domain/access.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { nextTicks, SCHEDULE_OVERLAPS, type ScheduleOverlap } from '../../domain/schedule.ts';
import type { Schedule as PrismaSchedule } from '../../generated/prisma/client.ts';
import type { ScheduleRow } from '../../store/schedules/schedules.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { describeValues } from '../enums.ts';
import { JobType, loadGrantedJob } from '../job/type.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { asScheduleRun, ScheduleRunType } from './run.ts';

export const ScheduleOverlapEnum = builder.enumType('ScheduleOverlap', {
  description: 'What to do when a tick comes while the run of an earlier one has not finished.',
  values: describeValues(SCHEDULE_OVERLAPS, {
    SKIP: 'The tick is not run.',
    QUEUE:
      'The tick is run after the earlier run has finished. One tick waits at most; further ones are skipped.',
    ALLOW: 'The tick is run beside the earlier run.',
  }),
});

const ScheduledTask = builder.objectRef<PrismaSchedule>('ScheduledTask').implement({
  description: 'The task that is submitted at each tick; createdBy is the id of the schedule.',
  fields: (t) => ({
    job: t.field({
      type: JobType,
      resolve: ({ jobId }, _args, context) => loadGrantedJob(context, jobId as string),
    }),
    room: t.string({ resolve: ({ room }) => room as string }),
    payload: t.field({ type: 'JSON', resolve: ({ payload }) => payload }),
    priority: t.exposeInt('priority', { description: 'Higher first.' }),
    labels: t.expose('labels', { type: 'JSON', description: 'Flat string map.' }),
    limitKey: t.exposeString('limitKey', {
      nullable: true,
      description: 'The key by which limits of its job count it.',
    }),
  }),
});

const ScheduledOperation = builder.objectRef<PrismaSchedule>('ScheduledOperation').implement({
  description: 'The operation that is run at each tick; triggeredBy is the id of the schedule.',
  fields: (t) => ({
    operation: t.string({
      description: 'Name of the operation, as `operations` lists it.',
      resolve: ({ operation }) => operation as string,
    }),
    room: t.exposeString('room', { nullable: true, description: 'Null: all rooms.' }),
    parameters: t.field({ type: 'JSON', resolve: ({ parameters }) => parameters ?? {} }),
    dryRun: t.exposeBoolean('dryRun', { description: 'Whether it only counts what it would do.' }),
  }),
});

/** Next runs that are shown at most. */
const MAX_NEXT_RUNS = 100;

export const ScheduleType = builder.prismaNode('Schedule', {
  description:
    'What is run again and again, by a cron line. For ADMIN, and for WORKER where it submits tasks to a room of its own.',
  id: { field: 'id' },
  authScopes: (schedule, context) => canManageSchedule(viewerOf(context), schedule),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'No two schedules of a room have the same.' }),
    cron: t.exposeString('cron', {
      description: 'Minute, hour, day of month, month, day of week; or a nickname such as @daily.',
    }),
    timeZone: t.exposeString('timeZone', {
      description:
        'IANA name of the zone that the cron line is read in. Fixed times run once a day also where clocks change: at the first instant after a gap, at the first of two equal times.',
    }),
    overlap: t.field({
      type: ScheduleOverlapEnum,
      resolve: ({ overlap }) => overlap as ScheduleOverlap,
    }),
    catchUpSeconds: t.exposeInt('catchUpSeconds', {
      description:
        'Seconds by which a tick may be run late if no server was running. However many ticks were missed, only the latest is run.',
    }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing is run.',
    }),
    nextRunAt: t.expose('nextRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null while it is paused.',
    }),
    nextRuns: t.field({
      type: ['DateTime'],
      description: 'The next runs, the first being nextRunAt; none while it is paused.',
      args: {
        count: t.arg.int({ required: true, defaultValue: 5, description: `1 to ${MAX_NEXT_RUNS}.` }),
      },
      resolve: ({ cron, timeZone, nextRunAt }, { count }) => {
        if (count < 1 || count > MAX_NEXT_RUNS) {
          throw new InvalidInput([{ path: ['count'], message: `must be 1 to ${MAX_NEXT_RUNS}` }]);
        }
        return nextRunAt ? [nextRunAt, ...nextTicks({ cron, timeZone }, nextRunAt, count - 1)] : [];
      },
    }),
    task: t.field({
      type: ScheduledTask,
      nullable: true,
      description: 'What is submitted; null for a schedule of an operation.',
      resolve: (schedule) => (schedule.jobId === null ? null : schedule),
    }),
    operation: t.field({
      type: ScheduledOperation,
      nullable: true,
      description: 'What is run; null for a schedule of tasks.',
      resolve: (schedule) => (schedule.operation === null ? null : schedule),
    }),
    lastRun: t.field({
      type: ScheduleRunType,
      nullable: true,
      description: 'The latest run, skipped ones included.',
      resolve: async ({ id }, _args, context) => {
        const run = await context.loaders.lastScheduleRun.load(id);
        if (run) context.granted.add(run.id);
        return run && asScheduleRun(run);
      },
    }),
    runs: t.connection(
      {
        type: ScheduleRunType,
        description:
          'What became of its ticks and of runs by hand, newest first; the last thousand are kept.',
        complexity: pageComplexity,
        resolve: ({ id }, page, context) =>
          resolveKeyset('schedulerun', 'desc', page, async ({ where, ...keyset }) => {
            const { scheduleRun } = context.services.prisma;
            const runs = await scheduleRun.findMany({ ...keyset, where: { ...where, scheduleId: id } });
            for (const run of runs) context.granted.add(run.id);
            return runs;
          }),
      },
      { name: 'ScheduleRunConnection' },
      { name: 'ScheduleRunEdge' },
    ),
    version: t.exposeInt('version', { description: 'Grows by one with every change by a person.' }),
    createdBy: t.exposeString('createdBy'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asSchedule(row: ScheduleRow): PrismaSchedule {
  return row as PrismaSchedule;
}
