/** Job: a registered, typed definition of work. */
import { canSeeJobsOf } from '../../domain/access.ts';
import { InvalidInput } from '../../domain/problems.ts';
import type { Job as PrismaJob } from '../../generated/prisma/client.ts';
import type { JobSchemaRow } from '../../store/jobs/job-views.ts';
import type { JobRow } from '../../store/jobs/jobs.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';

const RetryPolicyType = builder
  .objectRef<Pick<PrismaJob, 'maxAttempts' | 'backoffSeconds'>>('RetryPolicy')
  .implement({
    description: 'How often and after which delays a failed task is tried again.',
    fields: (t) => ({
      maxAttempts: t.exposeInt('maxAttempts', { description: 'Attempts in all, the first one included.' }),
      backoffSeconds: t.exposeFloatList('backoffSeconds', {
        description: 'Delay before attempts 2, 3, …; the last repeats. Each is varied by up to 10 %.',
      }),
    }),
  });

const JobSchemaType = builder.objectRef<JobSchemaRow>('JobSchema').implement({
  description:
    "A version of a job's schemas: tasks that were submitted by it are checked against it to their end.",
  fields: (t) => ({
    version: t.exposeInt('version'),
    payloadSchema: t.expose('payloadSchema', { type: 'JSON', description: 'JSON Schema 2020-12.' }),
    resultSchema: t.field({
      type: 'JSON',
      nullable: true,
      description: 'JSON Schema 2020-12 of results; null if there was none.',
      resolve: ({ resultSchema }) => resultSchema,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    createdBy: t.exposeString('createdBy', {
      description:
        'The identity that first registered it; "@system" for schemas from before there were versions.',
    }),
  }),
});

export const JobType = builder.prismaNode('Job', {
  description:
    'A registered, typed definition of work, addressed by room:category:name. Room @global is visible from every room.',
  id: { field: 'id' },
  authScopes: (job, context) => canSeeJobsOf(viewerOf(context), job.room) || context.granted.has(job.id),
  fields: (t) => ({
    fullName: t.exposeString('fullName', { description: 'room:category:name' }),
    room: t.exposeString('room'),
    category: t.exposeString('category'),
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    payloadSchema: t.expose('payloadSchema', {
      type: 'JSON',
      description: 'JSON Schema 2020-12 that every payload is checked against at submission.',
    }),
    resultSchema: t.expose('resultSchema', {
      type: 'JSON',
      nullable: true,
      description: 'JSON Schema 2020-12 that results are checked against; null when they are not described.',
    }),
    schemaVersion: t.exposeInt('schemaVersion', {
      description: 'The version of both schemas, from 1. A task keeps the version that it was submitted by.',
    }),
    schemaVersions: t.field({
      type: [JobSchemaType],
      description: 'The versions that its schemas have had, the newest first.',
      args: {
        first: t.arg.int({ required: true, defaultValue: 20, description: '1 to 100.' }),
        before: t.arg.int({ description: 'Only versions before this one.' }),
      },
      complexity: ({ first }: { first?: number }) => ({
        field: 1,
        multiplier: Math.max(1, Math.min(first ?? 20, 100)),
      }),
      resolve: ({ id }, { first, before }, context) => {
        if (first < 1 || first > 100)
          throw new InvalidInput([{ path: ['first'], message: 'must be 1 to 100' }]);
        return context.services.store.findJobSchemas(id, before ?? null, first);
      },
    }),
    retryPolicy: t.field({ type: RetryPolicyType, resolve: (job) => job }),
    timeoutSeconds: t.exposeInt('timeoutSeconds', {
      nullable: true,
      description: 'Seconds that one attempt may run; null for no limit.',
    }),
    workerCount: t.int({
      description: 'Living workers that serve the job now.',
      resolve: (job, _args, context) => context.loaders.workerCount.load(job.id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    retiredAt: t.expose('retiredAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it was hidden from lists, by a person or because it had neither workers nor work. Registering it again or submitting to it brings it back.',
    }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asJob(row: JobRow): PrismaJob {
  return row as unknown as PrismaJob;
}

/** The job of something that the caller sees: with it, the job may be seen. */
export async function loadGrantedJob(context: Context, jobId: string): Promise<PrismaJob> {
  const job = await context.loaders.job.load(jobId);
  if (!job) throw notFoundError('The job');
  context.granted.add(job.id);
  return asJob(job);
}
