/** jobEvents: the jobs as they are, then how they come, change and go. */
import { z } from 'zod';
import { canSeeJobsOf } from '../../domain/access.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { WatchedListItem } from '../../events/streams/watched-list.ts';
import type { JobView } from '../../store/jobs/job-views.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseInput, text } from '../input.ts';
import { roomsWanted } from './queries.ts';
import { asJob, JobType } from './type.ts';

type Item = WatchedListItem<JobView>;
type Kind<K extends Item['kind']> = Extract<Item, { kind: K }>;

const JobsSnapshot = builder.objectRef<Kind<'snapshot'>>('JobsSnapshot').implement({
  description: 'The jobs as they are at the beginning of the stream.',
  fields: (t) => ({
    jobs: t.field({
      type: [JobType],
      description: 'Oldest first, 2,000 at most.',
      resolve: async ({ rows }, _args, context) => {
        const jobs = await Promise.all(rows.map(({ id }) => context.loaders.job.load(id)));
        return jobs.flatMap((job) => (job ? [asJob(job)] : []));
      },
    }),
  }),
});

const JobChanged = builder.objectRef<Kind<'changed'>>('JobChanged').implement({
  description:
    'The job is new in the stream or has changed: its settings, the version of its schemas, the number of its workers. Of changes within a second only the last comes.',
  fields: (t) => ({
    job: t.field({
      type: JobType,
      resolve: async ({ row }, _args, context) => {
        const job = await context.loaders.job.load(row.id);
        if (!job) throw notFoundError('The job');
        return asJob(job);
      },
    }),
  }),
});

const JobGone = builder.objectRef<Kind<'gone'>>('JobGone').implement({
  description: 'The job was retired, or removed with its room.',
  fields: (t) => ({
    jobId: t.id({ description: 'ID of the job.', resolve: ({ row }) => toTypeId('job', row.id) }),
  }),
});

const TYPES = { snapshot: JobsSnapshot, changed: JobChanged, gone: JobGone };

const JobEventType = builder.unionType('JobEvent', {
  description: 'First the jobs as they are, then every change.',
  types: [JobsSnapshot, JobChanged, JobGone],
  resolveType: (item) => TYPES[(item as Item).kind],
});

const conditions = z.object({ category: text(0, 128).nullish(), fullName: text(0, 400).nullish() });

builder.subscriptionField('jobEvents', (t) =>
  t.field({
    type: JobEventType,
    description:
      'The jobs that are not retired, as in `jobs`: first as they are, then as they come, change and go, each once a second at most.',
    args: {
      room: t.arg.string({ description: 'As in `jobs`; left out: all rooms of the caller.' }),
      category: t.arg.string(),
      fullName: t.arg.string({ description: 'Only the job of this name.' }),
    },
    subscribe: (_root, args, context) => subscribe(context, args),
    resolve: (item) => item,
  }),
);

function subscribe(
  context: Context,
  args: {
    room?: string | null | undefined;
    category?: string | null | undefined;
    fullName?: string | null | undefined;
  },
) {
  const viewer = viewerOf(context);
  const { category, fullName } = parseInput(conditions, args);
  const rooms = roomsWanted(context, args.room);
  return context.services.watchedLists.jobs.watch(
    (job) =>
      canSeeJobsOf(viewer, job.room) &&
      (rooms === null || rooms.includes(job.room)) &&
      (category == null || job.category === category) &&
      (fullName == null || job.fullName === fullName),
  );
}
