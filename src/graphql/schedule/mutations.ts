/** createSchedule, updateSchedule, deleteSchedule, runScheduleNow: for ADMIN, and for WORKER in rooms of its own. */
import { canOperate } from '../../domain/access.ts';
import {
  Forbidden,
  InvalidInput,
  InvalidRoomId,
  JobNotFound,
  ScheduleNotFound,
  StaleVersion,
} from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { ScheduleRunRow } from '../../store/schedules/schedule-runs.ts';
import type { ScheduleChange, ScheduleRow } from '../../store/schedules/schedules.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput } from '../input.ts';
import {
  changedSchedule,
  checkTiming,
  given,
  newSchedule,
  parseTarget,
  ScheduledOperationInput,
  ScheduledTaskInput,
} from './input.ts';
import { permitTarget, requireManager } from './rights.ts';
import { asScheduleRun, ScheduleRunType } from './run.ts';
import { asSchedule, ScheduleOverlapEnum, ScheduleType } from './type.ts';
import { loadVisibleSchedule } from './visible.ts';

const CreateScheduleInput = builder.inputType('CreateScheduleInput', {
  fields: (t) => ({
    name: t.string({
      required: true,
      description: '1 to 128 characters; no other schedule of the room has it.',
    }),
    cron: t.string({
      required: true,
      description:
        'Five fields, minute, hour, day of month, month, day of week, or @hourly, @daily, @weekly, @monthly, @yearly. A minute is the shortest interval. L, W and # are understood.',
    }),
    timeZone: t.string({
      required: true,
      defaultValue: 'UTC',
      description: 'IANA name, such as Europe/Berlin.',
    }),
    overlap: t.field({ type: ScheduleOverlapEnum, required: true, defaultValue: 'SKIP' }),
    catchUpSeconds: t.int({
      required: true,
      defaultValue: 3_600,
      description: 'Seconds by which a tick may be run late if no server was running: 60 to 604,800.',
    }),
    paused: t.boolean({ required: true, defaultValue: false }),
    task: t.field({ type: ScheduledTaskInput, description: 'What is submitted; this or an operation.' }),
    operation: t.field({ type: ScheduledOperationInput, description: 'What is run; this or a task.' }),
  }),
});

const UpdateScheduleInput = builder.inputType('UpdateScheduleInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    scheduleId: t.id({ required: true }),
    expectedVersion: t.int({
      description:
        'The version that the caller has seen. If the schedule has another one by now, the answer is StaleVersion.',
    }),
    name: t.string(),
    cron: t.string({ description: 'Counts from now on: ticks that the former line had are not run.' }),
    timeZone: t.string({
      description: 'Counts from now on, as `cron` does. Name of the IANA database, such as Europe/Berlin.',
    }),
    overlap: t.field({ type: ScheduleOverlapEnum }),
    catchUpSeconds: t.int({ description: '60 to 604,800.' }),
    paused: t.boolean({
      description: 'True drops a run that waits. False goes on from now: ticks of before are not run.',
    }),
    task: t.field({
      type: ScheduledTaskInput,
      description: 'What is submitted, as a whole; in place of an operation.',
    }),
    operation: t.field({
      type: ScheduledOperationInput,
      description: 'What is run, as a whole; in place of a task.',
    }),
  }),
});

const ScheduleSuccess = builder.objectRef<{ schedule: ScheduleRow }>('ScheduleSuccess').implement({
  fields: (t) => ({
    schedule: t.field({ type: ScheduleType, resolve: ({ schedule }) => asSchedule(schedule) }),
  }),
});

const CreateScheduleResult = builder.errorUnion('CreateScheduleResult', {
  types: [ScheduleSuccess, InvalidInput, InvalidRoomId, JobNotFound, Forbidden],
  resolveType: () => ScheduleSuccess,
});

const UpdateScheduleResult = builder.errorUnion('UpdateScheduleResult', {
  types: [
    ScheduleSuccess,
    ScheduleNotFound,
    StaleVersion,
    InvalidInput,
    InvalidRoomId,
    JobNotFound,
    Forbidden,
  ],
  resolveType: () => ScheduleSuccess,
});

const DeleteScheduleSuccess = builder.objectRef<{ id: string }>('DeleteScheduleSuccess').implement({
  fields: (t) => ({
    deletedId: t.exposeID('id'),
    id: t.exposeID('id', { description: 'Of the schedule that was.', deprecationReason: 'Use deletedId.' }),
  }),
});

const DeleteScheduleResult = builder.errorUnion('DeleteScheduleResult', {
  types: [DeleteScheduleSuccess, ScheduleNotFound, Forbidden],
  resolveType: () => DeleteScheduleSuccess,
});

const RunScheduleNowSuccess = builder.objectRef<{ run: ScheduleRunRow }>('RunScheduleNowSuccess').implement({
  fields: (t) => ({ run: t.field({ type: ScheduleRunType, resolve: ({ run }) => asScheduleRun(run) }) }),
});

const RunScheduleNowResult = builder.errorUnion('RunScheduleNowResult', {
  types: [RunScheduleNowSuccess, ScheduleNotFound, Forbidden],
  resolveType: () => RunScheduleNowSuccess,
});

builder.mutationField('createSchedule', (t) =>
  t.field({
    type: CreateScheduleResult,
    description:
      'Defines a schedule. Each tick is run once, however many servers there are. For ADMIN; for WORKER where it submits tasks to rooms of its own.',
    args: { input: t.arg({ type: CreateScheduleInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const actor = requireManager(context);
      permitTarget(context, input);
      const settings = parseInput(newSchedule, input);
      await checkTiming(context, settings);
      const target = await parseTarget(context, input);
      if (!target) throw new InvalidInput([{ path: ['task'], message: 'must be given, or an operation' }]);
      const { store, announceSchedules } = context.services;
      const schedule = saved(await store.createSchedule({ ...settings, ...target }, actor), '');
      announceSchedules();
      return { schedule };
    },
  }),
);

builder.mutationField('updateSchedule', (t) =>
  t.field({
    type: UpdateScheduleResult,
    description:
      'Changes, pauses or resumes a schedule. A tick that is due stays due, unless the cron line or the time zone changes. For ADMIN; for WORKER where it submits tasks to rooms of its own.',
    args: { input: t.arg({ type: UpdateScheduleInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const actor = requireManager(context);
      const { scheduleId, expectedVersion } = input;
      const change = given(parseInput(changedSchedule, input));
      const before = await findSchedule(context, scheduleId);
      permitTarget(context, input);
      if (change.cron !== undefined || change.timeZone !== undefined) {
        await checkTiming(context, { ...before, ...change });
      }
      const target = (await parseTarget(context, input)) ?? {};
      const { store, announceSchedules } = context.services;
      const result = await store.updateSchedule(
        before.id,
        { ...change, ...target },
        // An ADMIN may have given it to somebody else meanwhile.
        {
          expectedVersion: expectedVersion ?? (canOperate(viewerOf(context)) ? null : before.version),
          actor,
        },
      );
      const schedule = saved(result, scheduleId);
      announceSchedules();
      return { schedule };
    },
  }),
);

builder.mutationField('deleteSchedule', (t) =>
  t.field({
    type: DeleteScheduleResult,
    description:
      'Removes a schedule with the record of its runs; what it has started stays. For ADMIN; for WORKER where it submits tasks to rooms of its own.',
    args: { scheduleId: t.arg.id({ required: true }) },
    resolve: async (_root, { scheduleId }, context) => {
      const actor = requireManager(context);
      const { id } = await findSchedule(context, scheduleId);
      if (!(await context.services.store.deleteSchedule(id, actor))) throw new ScheduleNotFound(scheduleId);
      context.services.announceSchedules();
      return { id: scheduleId };
    },
  }),
);

builder.mutationField('runScheduleNow', (t) =>
  t.field({
    type: RunScheduleNowResult,
    description:
      'Runs a schedule once, at once, also while it is paused; by its overlap policy, so the run may be SKIPPED or QUEUED. For ADMIN; for WORKER where it submits tasks to rooms of its own.',
    args: { scheduleId: t.arg.id({ required: true }) },
    resolve: async (_root, { scheduleId }, context) => {
      const actor = requireManager(context);
      const { store, announceSchedules } = context.services;
      const { id } = await findSchedule(context, scheduleId);
      const runId = await store.runScheduleNow(id, actor);
      const [run] = runId ? await store.findScheduleRuns([runId]) : [];
      if (!run) throw new ScheduleNotFound(scheduleId);
      context.granted.add(run.id);
      announceSchedules();
      return { run };
    },
  }),
);

async function findSchedule(context: Context, scheduleId: string): Promise<ScheduleRow> {
  const schedule = await loadVisibleSchedule(context, fromTypeId('schedule', scheduleId));
  if (!schedule) throw new ScheduleNotFound(scheduleId);
  return schedule;
}

function saved(change: ScheduleChange, scheduleId: string): ScheduleRow {
  switch (change.kind) {
    case 'saved':
      return change.schedule;
    case 'name-taken':
      throw new InvalidInput([{ path: ['name'], message: 'is the name of another schedule of the room' }]);
    case 'not-found':
      throw new ScheduleNotFound(scheduleId);
    case 'stale':
      throw new StaleVersion('schedule', change.version);
  }
}
