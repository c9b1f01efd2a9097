/** jobStatistics: the jobs that matter most, each with its statistics, in one answer. */
import DataLoader from 'dataloader';
import { InvalidInput } from '../../domain/problems.ts';
import {
  JOB_STATISTICS_ORDERS,
  type JobStatisticsOrder,
  type Series,
  spansOf,
  wholeOf,
} from '../../domain/statistics.ts';
import type { JobCounts } from '../../store/statistics/job-statistics.ts';
import type { JobsInWindow } from '../../store/statistics/statistic-verbs.ts';
import type { Store } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { describeValues } from '../enums.ts';
import { JobType } from '../job/type.ts';
import { visibleJob } from '../job/visible-job.ts';
import { parseScope } from './scope.ts';
import { ActivityType, TaskCountsType } from './type.ts';
import { parseWindow, StatisticsWindowInput } from './window.ts';

const MAX_JOBS = 100;
/** Points of all series together: what one answer may read. */
const MAX_POINTS_IN_ALL = 6_000;

const OrderEnum = builder.enumType('JobStatisticsOrder', {
  description: 'What jobs are ordered by, the highest first.',
  values: describeValues(JOB_STATISTICS_ORDERS, {
    BACKLOG: 'Tasks that wait for a worker now.',
    FAILURES: 'Tasks that became dead letters within the window.',
    THROUGHPUT: 'Tasks that were completed, at least partly, or failed within the window.',
    RUN_P95: '95th percentile of how long attempts within the window ran.',
  }),
});

interface JobOfAnswer extends JobCounts {
  answer: Answer;
}

/** What the jobs of one answer share: each read is one statement for all of them. */
interface Answer {
  series: Series;
  now: Date;
  oldest: DataLoader<string, Date | null>;
  window: DataLoader<string, Awaited<ReturnType<Store['readJobActivity']>>>;
  points: DataLoader<string, Awaited<ReturnType<Store['readJobSeries']>>>;
}

const JobStatisticsType = builder.objectRef<JobOfAnswer>('JobStatistics').implement({
  description: 'A job, how many tasks of it there are, and what has happened to them lately.',
  fields: (t) => ({
    job: t.field({
      type: JobType,
      resolve: ({ jobId }, _args, context, info) => visibleJob(context, jobId, info),
    }),
    counts: t.field({ type: TaskCountsType, resolve: ({ counts }) => counts }),
    oldestPendingSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when the task could be claimed that has waited longest; null when none waits. Where thousands of delayed tasks stand before it, a later one.',
      resolve: ({ jobId, answer }) => answer.oldest.load(jobId),
    }),
    window: t.field({
      type: ActivityType,
      description: 'All points of the series together.',
      resolve: async ({ jobId, answer: { series, now, window } }) =>
        wholeOf(series, now, await window.load(jobId)),
    }),
    series: t.field({
      type: [ActivityType],
      description: 'One point for each interval of the window, oldest first; the last one is not over yet.',
      // Read by one statement, however many there are.
      complexity: { field: 1, multiplier: 10 },
      resolve: async ({ jobId, answer: { series, now, points } }) =>
        spansOf(series, now, await points.load(jobId)),
    }),
  }),
});

builder.queryField('jobStatistics', (t) =>
  t.field({
    type: [JobStatisticsType],
    description:
      'Every job that has had tasks in the room, or in all rooms that the caller belongs to, with its statistics there; those that come first in the order. None for a USER.',
    args: {
      room: t.arg.string(),
      window: t.arg({
        type: StatisticsWindowInput,
        required: true,
        defaultValue: { last: 60, interval: 'MINUTE' },
        description: 'What counts as lately.',
      }),
      order: t.arg({
        type: OrderEnum,
        required: true,
        defaultValue: 'BACKLOG',
        description: 'Which jobs come first.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: 20,
        description: `Jobs, ${MAX_JOBS} at most; times the points of the window, ${MAX_POINTS_IN_ALL.toLocaleString('en')} at most.`,
      }),
    },
    complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, Math.min(first ?? 20, MAX_JOBS)) }),
    resolve: async (_root, { room, window, order, first }, context) => {
      const { store } = context.services;
      const { rooms } = await parseScope(context, { room });
      const series = parseWindow(window);
      checkSize(first, series);
      const [jobs, now] = await Promise.all([
        store.rankJobs(rooms, { series, order: order as JobStatisticsOrder, limit: first }),
        store.readNow(),
      ]);
      const answer = answerOf(store, rooms, series, now);
      return jobs.map((job) => ({ ...job, answer }));
    },
  }),
);

function checkSize(first: number, { points }: Series): void {
  const issue = (message: string) => new InvalidInput([{ path: ['first'], message }]);
  if (first < 1 || first > MAX_JOBS) throw issue(`must be 1 to ${MAX_JOBS}`);
  if (first * points > MAX_POINTS_IN_ALL) {
    throw issue(
      `may be ${Math.floor(MAX_POINTS_IN_ALL / points)} at most for a window of ${points} points: ask for fewer jobs or points`,
    );
  }
}

function answerOf(store: Store, rooms: JobsInWindow['rooms'], series: Series, now: Date): Answer {
  const grouped = <Row extends { jobId: string }>(read: (jobs: JobsInWindow) => Promise<Row[]>) =>
    new DataLoader<string, Row[]>(
      async (jobIds) => {
        const byJob = new Map(jobIds.map((id) => [id, [] as Row[]]));
        for (const row of await read({ rooms, jobIds, series })) byJob.get(row.jobId)?.push(row);
        return [...byJob.values()];
      },
      { maxBatchSize: MAX_JOBS },
    );
  return {
    ...{ series, now },
    oldest: new DataLoader(async (jobIds) => {
      const since = await store.findOldestPendingOfJobs(rooms, jobIds);
      return jobIds.map((id) => since.get(id) ?? null);
    }),
    window: grouped(store.readJobActivity),
    points: grouped(store.readJobSeries),
  };
}
