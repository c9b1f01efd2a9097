/** When a task will run: estimate of a task. */
import {
  type Bounds,
  ESTIMATE_UNKNOWN,
  type EstimateNow,
  type EstimateUnknown,
  estimateDetail,
  type TaskEstimate,
} from '../../domain/estimates/estimate.ts';
import { isTerminal } from '../../domain/transitions.ts';
import { MOST_AHEAD } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { describeValues } from '../enums.ts';
import { TaskType, taskOf } from './type.ts';

const EstimateUnknownEnum = builder.enumType('EstimateUnknown', {
  description: 'Why something of an estimate is not known. Where several hold, it is the first of them.',
  values: describeValues(Object.keys(ESTIMATE_UNKNOWN) as EstimateUnknown[], ESTIMATE_UNKNOWN),
});

/** An estimate as the schema shows it. */
interface EstimatedTask extends TaskEstimate {
  taskId: string;
  at: Date;
}

const EstimatedTimeType = builder.objectRef<Bounds & { from: Date }>('EstimatedTime').implement({
  description: 'When something will happen, with bounds.',
  fields: (t) => ({
    p50: t.exposeFloat('p50', {
      description:
        'Seconds from `at` of the estimate, to the millisecond: in half of all cases it is no later.',
    }),
    p90: t.exposeFloat('p90', {
      description: 'Seconds from `at` of the estimate, at least p50: in nine of ten cases it is no later.',
    }),
    p50At: t.field({
      type: 'DateTime',
      description: 'The same as p50, by the clock of the server.',
      resolve: ({ from, p50 }) => later(from, p50),
    }),
    p90At: t.field({
      type: 'DateTime',
      description: 'The same as p90, by the clock of the server.',
      resolve: ({ from, p90 }) => later(from, p90),
    }),
  }),
});

const later = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1_000);

export const TaskEstimateType = builder.objectRef<EstimatedTask>('TaskEstimate').implement({
  description:
    'When a task will run, from how long its job took of late, what comes before it, the slots of the living workers, and the limits of its job.',
  fields: (t) => ({
    at: t.expose('at', {
      type: 'DateTime',
      description: 'When it was estimated, by the clock of the server.',
    }),
    start: t.field({
      type: EstimatedTimeType,
      nullable: true,
      description:
        'When a worker claims it. Null when one has it, and when it is not known: see `unknown`. It counts on the workers that there are, and on as many tasks of a higher priority as came in the last hour.',
      resolve: ({ start, at }) => start && { ...start, from: at },
    }),
    end: t.field({
      type: EstimatedTimeType,
      nullable: true,
      description:
        'When its present or next attempt ends, however it ends: one that fails may be tried again. Null when it is not known: see `unknown`.',
      resolve: ({ end, at }) => end && { ...end, from: at },
    }),
    unknown: t.expose('unknown', {
      type: EstimateUnknownEnum,
      nullable: true,
      description: 'Why `end`, and of a task that waits perhaps `start`, are null. Null when both are known.',
    }),
    detail: t.string({
      description: 'A sentence for people, such as: Starts in about 40 s, at most 3 min.',
      resolve: estimateDetail,
    }),
    ahead: t.int({
      nullable: true,
      description: `Its position in the queue: tasks of the job that would be claimed before it; ${MOST_AHEAD} means at least so many. The same as in BlockedReason, a figure of load: those of others count, too, and for a job of @global those of all rooms. Null where it has no place among them.`,
      resolve: ({ taskId }, _args, context) => context.loaders.ahead.load(taskId),
    }),
    slots: t.exposeInt('slots', {
      description:
        'Tasks that the living workers of its job, without drained ones, can hold at the same time.',
    }),
    historySeconds: t.exposeInt('historySeconds', {
      description:
        'How far back attempts of its job were looked at, in whatever room: 3,600 (an hour), 86,400 (a day) or 2,592,000 (30 days), the shortest of these that saw a hundred.',
    }),
  }),
});

export function asEstimate(taskId: string, { estimate, at }: EstimateNow): EstimatedTask | null {
  return estimate && { ...estimate, taskId, at };
}

builder.objectField(TaskType, 'estimate', (t) =>
  t.field({
    type: TaskEstimateType,
    nullable: true,
    complexity: { field: 10 },
    description:
      'When it will run and its attempt ends, as it looks at this moment. Null when it has ended. It is read anew each time, and only where it is selected; on taskEvents, TaskEstimated comes when it has become noticeably different.',
    resolve: async (task, _args, context) => {
      const { id, status } = taskOf(task);
      if (isTerminal(status)) return null;
      const found = await context.loaders.estimate.load(id);
      return asEstimate(id, { estimate: found, at: new Date() });
    },
  }),
);
