/** What callers say of a schedule, and how it is checked. */
import { z } from 'zod';
import { InvalidInput, JobNotFound } from '../../domain/problems.ts';
import { isVisibleFrom } from '../../domain/rooms.ts';
import {
  cronIssue,
  normalizeCron,
  SCHEDULE_OVERLAPS,
  type Timing,
  timeZoneIssue,
} from '../../domain/schedule.ts';
import type { MaintenanceOperation } from '../../maintenance/operation.ts';
import type { ScheduleSettings, ScheduleTarget } from '../../store/schedules/schedules.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { json, labelMap, parseInput, parseRoom, text } from '../input.ts';

export const ScheduledTaskInput = builder.inputType('ScheduledTaskInput', {
  description: 'The task that is submitted at each tick.',
  fields: (t) => ({
    job: t.string({ required: true, description: 'Full name: room:category:name.' }),
    room: t.string({ required: true }),
    payload: t.field({
      type: 'JSON',
      description: "Checked against the job's schema now and at each tick; left out: {}.",
    }),
    priority: t.int({ description: 'Higher first; default 0.' }),
    labels: t.field({ type: 'JSON', description: 'Flat string map, 64 entries at most.' }),
    limitKey: t.string({
      description:
        'The key by which limits of scope KEY of the job count it, where they do not look into the payload: 1 to 256 characters.',
    }),
  }),
});

export const ScheduledOperationInput = builder.inputType('ScheduledOperationInput', {
  description: 'The operation that is run at each tick.',
  fields: (t) => ({
    operation: t.string({ required: true, description: 'Its name, as the query operations lists it.' }),
    room: t.string({
      description: 'Only what belongs to this room; left out, with `allRooms`: all rooms.',
    }),
    allRooms: t.boolean({
      description:
        'Must be true where the room is left out, so that nothing is done to all of them by mistake; not for a dry run.',
    }),
    parameters: t.field({
      type: 'JSON',
      description: 'Checked against their schema now and at each tick; left out: {}.',
    }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Count what would be done, and change nothing.',
    }),
  }),
});

const name = text(1, 128).refine((value) => value.trim() === value, 'must not begin or end with white space');
const cron = text(1, 256).transform(normalizeCron);
const timeZone = text(1, 64);
const overlap = z.enum(SCHEDULE_OVERLAPS);
const catchUpSeconds = z.int().min(60).max(604_800);

/** Everything of a new schedule but its target. */
export const newSchedule = z.object({
  name,
  cron,
  timeZone,
  overlap,
  catchUpSeconds,
  paused: z.boolean(),
});

/** What may be changed; null is like left out. */
export const changedSchedule = z.object({
  name: name.nullish(),
  cron: cron.nullish(),
  timeZone: timeZone.nullish(),
  overlap: overlap.nullish(),
  catchUpSeconds: catchUpSeconds.nullish(),
  paused: z.boolean().nullish(),
});

const task = z.object({
  job: text(1, 400),
  payload: json(),
  priority: z.int32().nullish(),
  labels: labelMap().nullish(),
  limitKey: text(1, 256).nullish(),
});

/** Time zone and cron line, in this order: a line can only be judged in a zone. */
export async function checkTiming(context: Context, timing: Timing): Promise<void> {
  const wrongZone = timeZoneIssue(timing.timeZone);
  if (wrongZone) throw new InvalidInput([{ path: ['timeZone'], message: wrongZone }]);
  const wrongCron = cronIssue(timing, await context.services.store.readNow());
  if (wrongCron) throw new InvalidInput([{ path: ['cron'], message: wrongCron }]);
}

interface TargetInput {
  task?: typeof ScheduledTaskInput.$inferInput | null | undefined;
  operation?: typeof ScheduledOperationInput.$inferInput | null | undefined;
}

/** The task or the operation: null when neither is given. */
export async function parseTarget(
  context: Context,
  { task, operation }: TargetInput,
): Promise<ScheduleTarget | null> {
  if (task && operation) {
    throw new InvalidInput([{ path: ['operation'], message: 'cannot be combined with task' }]);
  }
  if (operation) return parseOperation(context, operation);
  return task ? parseTask(context, task) : null;
}

const operation = z.object({ operation: text(1, 128), parameters: json() });

function parseOperation(context: Context, input: typeof ScheduledOperationInput.$inferInput): ScheduleTarget {
  const room = input.room == null ? null : parseRoom(input.room);
  const { operation: name, parameters } = parseInput(operation, input, ['operation']);
  const { list } = context.services.operations;
  const found = list.find((one) => one.name === name);
  if (!found) {
    const message = `must be one of ${list.map((one) => one.name).join(', ')}`;
    throw new InvalidInput([{ path: ['operation', 'operation'], message }]);
  }
  const given = checked(found, parameters ?? {});
  if (found.needsRoom ? room === null : room === null && !input.allRooms && !input.dryRun) {
    const field = found.needsRoom ? 'room' : 'allRooms';
    const message = found.needsRoom
      ? 'must be given: it runs for one room at a time'
      : 'must be true to run for all rooms; otherwise give a room';
    throw new InvalidInput([{ path: ['operation', field], message }]);
  }
  return {
    ...{ room, jobId: null, payload: null, priority: 0, labels: {}, limitKey: null },
    ...{ operation: name, dryRun: input.dryRun },
    // What is left out keeps its default of the day.
    parameters: given,
  };
}

function checked({ parameters: schema }: MaintenanceOperation, parameters: unknown): unknown {
  parseInput(schema.strict(), parameters, ['operation', 'parameters']);
  return parameters;
}

/** Room, job, payload: the first that is wrong is the answer. */
async function parseTask(
  context: Context,
  input: typeof ScheduledTaskInput.$inferInput,
): Promise<ScheduleTarget> {
  const room = parseRoom(input.room);
  const { job: jobName, ...values } = parseInput(task, input, ['task']);
  const job = await context.services.jobs.find(jobName);
  if (!job || !isVisibleFrom(job.room, room)) throw new JobNotFound(jobName);
  const payload = values.payload ?? {};
  const issues = await job.validatePayload(payload, viewerOf(context).id);
  if (issues.length > 0) {
    throw new InvalidInput(
      issues.map(({ path, message }) => ({ path: ['task', 'payload', ...path], message })),
    );
  }
  return {
    room,
    jobId: job.id,
    payload,
    priority: values.priority ?? 0,
    labels: values.labels ?? {},
    limitKey: values.limitKey ?? null,
    operation: null,
    parameters: null,
    dryRun: false,
  };
}

/** What is there of the change, without what was left out. */
export function given(change: z.infer<typeof changedSchedule>): Partial<ScheduleSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value != null));
}
