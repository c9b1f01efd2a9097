/** errorGroups: attempts that have failed alike. */
import DataLoader from 'dataloader';
import { writeErrorKind } from '../../domain/error-fingerprint.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { countsOf, ERRORS_KEPT_DAYS, type Series } from '../../domain/statistics.ts';
import type { ErrorGroupRow } from '../../store/statistics/error-groups.ts';
import { MOST_DEAD_LETTERS } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { JobType } from '../job/type.ts';
import { visibleJob } from '../job/visible-job.ts';
import { parseScope } from './scope.ts';
import { parseWindow, StatisticsWindowInput } from './window.ts';

const MAX_GROUPS = 100;

interface Group extends ErrorGroupRow {
  series: Series;
  now: Date;
  /** One read for all groups of an answer. */
  deadLetters: DataLoader<ErrorGroupRow, number>;
}

const ErrorGroupType = builder.objectRef<Group>('ErrorGroup').implement({
  description:
    'Attempts of a job that have failed alike: with the same code, and with messages that differ only in numbers and ids. Errors from before there were fingerprints are in no group.',
  fields: (t) => ({
    fingerprint: t.string({
      description: 'As `errorFingerprint` of a TaskFilter it finds the tasks that have this error now.',
      resolve: (group) => writeErrorKind(group),
    }),
    job: t.field({
      type: JobType,
      resolve: ({ jobId }, _args, context, info) => visibleJob(context, jobId, info),
    }),
    code: t.exposeString('code', { nullable: true }),
    message: t.exposeString('message', {
      description:
        'Message of the last such error that the caller may see, with its numbers and ids; 500 characters at most.',
    }),
    count: t.field({
      type: 'Long',
      description: 'Attempts within the window.',
      resolve: ({ count }) => count,
    }),
    deadLetters: t.int({
      description: `Dead letters with this error that nobody has retried or discarded; counted up to ${MOST_DEAD_LETTERS.toLocaleString('en')}, so that many are at least as many.`,
      resolve: (group) => group.deadLetters.load(group),
    }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      description: `When an attempt first failed so, also before the window. If the error came back after ${ERRORS_KEPT_DAYS} days, when it came back.`,
    }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When an attempt last failed so.' }),
    series: t.intList({
      description: 'Attempts of each interval of the window, oldest first; the last one is not over yet.',
      resolve: ({ series, now, points }) => countsOf(series, now, new Map(points)),
    }),
  }),
});

builder.queryField('errorGroups', (t) =>
  t.field({
    type: [ErrorGroupType],
    description:
      'What has gone wrong lately, the most frequent first: of a room, of a job, or of all rooms that the caller belongs to. None for a USER.',
    args: {
      room: t.arg.string(),
      job: t.arg.string({ description: 'Full name: room:category:name.' }),
      window: t.arg({
        type: StatisticsWindowInput,
        required: true,
        defaultValue: { last: 24, interval: 'HOUR' },
        description: `What counts as lately; ${ERRORS_KEPT_DAYS} days at most.`,
      }),
      first: t.arg.int({ required: true, defaultValue: 20, description: `Groups, ${MAX_GROUPS} at most.` }),
    },
    complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, Math.min(first ?? 20, MAX_GROUPS)) }),
    resolve: async (_root, { room, job, window, first }, context): Promise<Group[]> => {
      const { store } = context.services;
      const scope = await parseScope(context, { room, job });
      const series = parseWindow(window);
      checkSize(first, series);
      const [groups, now] = await Promise.all([store.findErrorGroups(scope, series, first), store.readNow()]);
      const deadLetters = new DataLoader((kinds: readonly ErrorGroupRow[]) =>
        store.countOpenDeadLetters(scope.rooms, kinds),
      );
      return groups.map((group) => ({ ...group, series, now, deadLetters }));
    },
  }),
);

function checkSize(first: number, { grain, points }: Series): void {
  if (first < 1 || first > MAX_GROUPS) {
    throw new InvalidInput([{ path: ['first'], message: `must be 1 to ${MAX_GROUPS}` }]);
  }
  if (grain === 'DAY' && points > ERRORS_KEPT_DAYS) {
    const message = `must be 1 to ${ERRORS_KEPT_DAYS} for DAY: errors are counted for so long`;
    throw new InvalidInput([{ path: ['window', 'last'], message }]);
  }
}
