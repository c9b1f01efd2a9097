/** updateJob, retireJob and restoreJob: what people change of a job by hand. */
import { z } from 'zod';
import { canRegisterJobIn, canSeeJobsOf } from '../../domain/access.ts';
import { Forbidden, InvalidInput, JobInUse, JobNotFound } from '../../domain/problems.ts';
import type { JobRow } from '../../store/jobs/jobs.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput } from '../input.ts';
import { FAIRNESS_DESCRIPTION, FAIRNESS_POINTER_DESCRIPTION, FairnessEnum, fairnessOf } from './fairness.ts';
import { jobSettings, RetryPolicyInput } from './input.ts';
import { JobLimitInput, LIMITS_DESCRIPTION } from './limits.ts';
import { asJob, JobType } from './type.ts';

const JobSuccess = builder.objectRef<{ job: JobRow }>('JobSuccess').implement({
  description: 'The job was changed, or was so already.',
  fields: (t) => ({
    job: t.field({ type: JobType, description: 'The job as it is now.', resolve: ({ job }) => asJob(job) }),
  }),
});

const UpdateJobInput = builder.inputType('UpdateJobInput', {
  description: 'What to change of a job. What is left out stays as it is; something must be given.',
  fields: (t) => ({
    fullName: t.string({ required: true }),
    description: t.string({ description: '2,000 characters at most; null takes it away.' }),
    retryPolicy: t.field({
      type: RetryPolicyInput,
      description:
        'Parts that are left out stay as they are. The number of attempts holds for tasks that are submitted from now on.',
    }),
    timeoutSeconds: t.int({
      description:
        'Seconds that one attempt may run, 1 to 31,536,000; null for no limit. Running attempts are included.',
    }),
    limits: t.field({ type: [JobLimitInput], description: `${LIMITS_DESCRIPTION} Empty: none.` }),
    fairness: t.field({ type: FairnessEnum, description: FAIRNESS_DESCRIPTION }),
    fairnessKeyPointer: t.string({ description: FAIRNESS_POINTER_DESCRIPTION }),
  }),
});

const JobInput = builder.inputType('JobInput', {
  description: 'A job, by its full name.',
  fields: (t) => ({ fullName: t.string({ required: true }) }),
});

const UpdateJobResult = builder.errorUnion('UpdateJobResult', {
  types: [JobSuccess, JobNotFound, InvalidInput, Forbidden],
  resolveType: () => JobSuccess,
});
const RetireJobResult = builder.errorUnion('RetireJobResult', {
  types: [JobSuccess, JobNotFound, JobInUse, Forbidden],
  resolveType: () => JobSuccess,
});
const RestoreJobResult = builder.errorUnion('RestoreJobResult', {
  types: [JobSuccess, JobNotFound, Forbidden],
  resolveType: () => JobSuccess,
});

const change = jobSettings.pick({
  ...{ description: true, retryPolicy: true, timeoutSeconds: true },
  ...{ limits: true, fairness: true, fairnessKeyPointer: true },
});

builder.mutationField('updateJob', (t) =>
  t.field({
    type: UpdateJobResult,
    description:
      'Changes description, retry policy, timeout, limits or fairness of a job, and nothing where it has them already; a worker that registers the job with settings of its own changes them again. For ADMIN, and WORKER in rooms of its own.',
    args: { input: t.arg({ type: UpdateJobInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { id, actor } = await changeableJob(context, input.fullName);
      const parsed = parseInput(z.object(change.shape), input);
      const { description, retryPolicy, timeoutSeconds, limits } = parsed;
      const changes = {
        ...{ description, timeoutSeconds },
        maxAttempts: retryPolicy?.maxAttempts ?? undefined,
        backoffSeconds: retryPolicy?.backoffSeconds ?? undefined,
        limits: limits ?? undefined,
        fairness: fairnessOf(parsed),
      };
      if (Object.values(changes).every((value) => value === undefined)) {
        const message =
          'has nothing to change: give description, retryPolicy, timeoutSeconds, limits or fairness';
        throw new InvalidInput([{ path: [], message }]);
      }
      const job = await context.services.store.updateJob(id, changes, actor);
      // Without a limit, or with a higher one, more may start; by other turns something else.
      if (limits || changes.fairness) context.services.announceJob(id);
      return changed(context, job, input.fullName);
    },
  }),
);

builder.mutationField('retireJob', (t) =>
  t.field({
    type: RetireJobResult,
    description:
      'Hides a job that no living worker serves and that has no unfinished task from lists; its history stays. It comes back when it is restored, registered again or submitted to. For ADMIN, and WORKER in rooms of its own.',
    args: { input: t.arg({ type: JobInput, required: true }) },
    resolve: async (_root, { input: { fullName } }, context) => {
      const { id, actor } = await changeableJob(context, fullName);
      const result = await context.services.store.retireJob(id, actor);
      if (result.kind === 'in-use') throw new JobInUse(fullName, result.workers, result.tasks);
      return changed(context, result.kind === 'retired' ? result.job : null, fullName);
    },
  }),
);

builder.mutationField('restoreJob', (t) =>
  t.field({
    type: RestoreJobResult,
    description:
      'Brings a retired job back into lists; one that is there stays so. For ADMIN, and WORKER in rooms of its own.',
    args: { input: t.arg({ type: JobInput, required: true }) },
    resolve: async (_root, { input: { fullName } }, context) => {
      const { id, actor } = await changeableJob(context, fullName);
      return changed(context, await context.services.store.restoreJob(id, actor), fullName);
    },
  }),
);

/** @throws JobNotFound for what the caller may not see, Forbidden for what it may not change */
async function changeableJob(context: Context, fullName: string): Promise<{ id: string; actor: string }> {
  const viewer = viewerOf(context);
  const job = await context.services.jobs.find(fullName);
  if (!job || !canSeeJobsOf(viewer, job.room)) throw new JobNotFound(fullName);
  if (!canRegisterJobIn(viewer, job.room)) {
    throw new Forbidden('An ADMIN, or a WORKER whose token names the room of the job, can change it.');
  }
  return { id: job.id, actor: viewer.id };
}

function changed(context: Context, job: JobRow | null, fullName: string): { job: JobRow } {
  if (!job) throw new JobNotFound(fullName);
  context.services.announceJobs();
  return { job };
}
