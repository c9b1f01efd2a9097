/** Statistics: how many tasks there are, and what has happened to them lately. */
import {
  failureRateOf,
  type MeasureTotals,
  type Percentiles,
  type Series,
  type Span,
  STATISTIC_GRAINS,
  type StatisticScope,
  type StatusCounts,
  spansOf,
  wholeOf,
} from '../../domain/statistics.ts';
import { TASK_STATUSES, type TaskStatus } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { builder } from '../builder.ts';
import { describeValues, TaskStatusEnum } from '../enums.ts';

export const StatisticIntervalEnum = builder.enumType('StatisticInterval', {
  description: 'Length of one point of a series.',
  values: describeValues(STATISTIC_GRAINS, {
    MINUTE: 'A minute.',
    HOUR: 'An hour of UTC.',
    DAY: 'A day of UTC.',
  }),
});

export const StatusCountType = builder
  .objectRef<{ status: TaskStatus; count: number }>('StatusCount')
  .implement({
    description: 'How many tasks there are in a status.',
    fields: (t) => ({
      status: t.expose('status', { type: TaskStatusEnum }),
      count: t.field({
        type: 'Long',
        description: 'How many tasks are in the status.',
        resolve: ({ count }) => count,
      }),
    }),
  });

/** How many tasks there are now. */
export const TaskCountsType = builder.objectRef<StatusCounts>('TaskCounts').implement({
  description: 'How many tasks there are now, finished ones while they are kept.',
  fields: (t) => ({
    byStatus: t.field({
      type: [StatusCountType],
      description: 'Every status, in the order of the enum.',
      complexity: { field: 1, multiplier: TASK_STATUSES.length },
      resolve: (counts) => TASK_STATUSES.map((status) => ({ status, count: counts[status] })),
    }),
    total: t.field({
      type: 'Long',
      description: 'Of all statuses.',
      resolve: (counts) => TASK_STATUSES.reduce((sum, status) => sum + counts[status], 0),
    }),
    queueDepth: t.field({
      type: 'Long',
      description: 'Tasks that no worker holds, including those that are not due yet.',
      resolve: (counts) => counts[TRANSITIONS.submit.to],
    }),
  }),
});

const PercentilesType = builder.objectRef<Percentiles>('DurationPercentiles').implement({
  description: 'Percentiles of a duration in seconds, from a histogram: up to 19 % too high.',
  fields: (t) => ({
    p50: t.exposeFloat('p50'),
    p95: t.exposeFloat('p95'),
    p99: t.exposeFloat('p99'),
  }),
});

/** What happened in a span of time. */
export const ActivityType = builder.objectRef<Span>('TaskActivity').implement({
  description: 'What happened in a span of time.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the span began.' }),
    submitted: t.field({ type: 'Long', resolve: ({ activity }) => activity.submitted }),
    completed: t.field({ type: 'Long', resolve: ({ activity }) => activity.completed }),
    partial: t.field({ type: 'Long', resolve: ({ activity }) => activity.partial }),
    failed: t.field({
      type: 'Long',
      description: 'Tasks that became dead letters.',
      resolve: ({ activity }) => activity.failed,
    }),
    cancelled: t.field({ type: 'Long', resolve: ({ activity }) => activity.cancelled }),
    attemptsFailed: t.field({
      type: 'Long',
      description: 'Attempts that count as a failure, whether the task was tried again or not.',
      resolve: ({ activity }) => activity.attemptsFailed,
    }),
    failureRate: t.float({
      nullable: true,
      description:
        'Share of failed tasks among those that were completed, at least partly, or failed: 0 to 1.',
      resolve: ({ activity }) => failureRateOf(activity),
    }),
    throughput: t.float({
      description: 'Tasks per second that were completed, at least partly, or failed.',
      resolve: ({ activity, seconds }) =>
        seconds > 0 ? (activity.completed + activity.partial + activity.failed) / seconds : 0,
    }),
    wait: t.field({
      type: PercentilesType,
      nullable: true,
      description: 'From the moment when a task could be claimed to its claim.',
      resolve: ({ activity }) => activity.wait,
    }),
    run: t.field({
      type: PercentilesType,
      nullable: true,
      description: 'From the start of an attempt to its end, whatever the end was.',
      resolve: ({ activity }) => activity.run,
    }),
  }),
});

/** What was asked for; read when the field is. */
export interface Asked {
  scope: StatisticScope;
  series: Series;
  now: Date;
  /** The counters of the window, read once for all fields that need them. */
  tallies: () => Promise<({ at: Date } & MeasureTotals)[]>;
}

export const StatisticsType = builder.objectRef<Asked>('Statistics').implement({
  description: 'How many tasks there are, and what has happened to them lately.',
  fields: (t) => ({
    counts: t.field({
      type: TaskCountsType,
      resolve: async ({ scope }, _args, context) => (await context.services.store.countTasks(scope)).counts,
    }),
    oldestPendingSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when the task could be claimed that has waited longest; null when none waits. Where thousands of delayed tasks stand before it, a later one.',
      resolve: ({ scope }, _args, context) => context.services.store.findOldestPending(scope),
    }),
    window: t.field({
      type: ActivityType,
      description: 'All points of the series together.',
      resolve: async ({ series, now, tallies }) => wholeOf(series, now, await tallies()),
    }),
    series: t.field({
      type: [ActivityType],
      description: 'One point for each interval of the window, oldest first; the last one is not over yet.',
      // Read by one statement, however many there are.
      complexity: { field: 1, multiplier: 10 },
      resolve: async ({ series, now, tallies }) => spansOf(series, now, await tallies()),
    }),
  }),
});
