/** pauseJob and resumeJob, and what a job says of its pauses. */
import { z } from 'zod';
import { canPauseJob, canSeeJobsOf, isInRoom, type Viewer } from '../../domain/access.ts';
import { Forbidden, InvalidInput, InvalidRoomId, JobNotFound } from '../../domain/problems.ts';
import type { JobRow } from '../../store/jobs/jobs.ts';
import type { PauseRow } from '../../store/jobs/pauses.ts';
import { MOST_PAUSED_ROOMS } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { asJob, JobType } from './type.ts';

const JobPauseType = builder.objectRef<PauseRow>('JobPause').implement({
  description: 'A job that is paused: nothing of it starts, and what is submitted waits.',
  fields: (t) => ({
    room: t.exposeString('room', {
      nullable: true,
      description: 'The room in which it is paused; null where it is in all rooms.',
    }),
    pausedAt: t.expose('pausedAt', { type: 'DateTime', description: 'Since when.' }),
    pausedBy: t.exposeString('pausedBy', { description: 'The identity that paused it.' }),
    reason: t.exposeString('reason', { nullable: true, description: "Why, in that caller's words." }),
  }),
});

builder.objectFields(JobType, (t) => ({
  pauses: t.field({
    type: [JobPauseType],
    complexity: { field: 1, multiplier: 1 },
    description:
      'Where the job is paused, as far as the caller may see it: first the pause of all rooms, then those of its rooms. Empty: nowhere.',
    extensions: { differsByCaller: true },
    resolve: async (job, _args, context) => {
      const viewer = viewerOf(context);
      const pauses = await context.loaders.pauses.load(job.id);
      return pauses.filter(({ room }) => room === null || isInRoom(viewer, room));
    },
  }),
  viewerCanPause: t.boolean({
    description: 'Whether the caller can pause and resume the job in all rooms.',
    extensions: { differsByCaller: true },
    resolve: (job, _args, context) => canPauseJob(viewerOf(context), job.room, null),
  }),
}));

const ROOM_DESCRIPTION = 'In this room alone; left out: in all rooms.';

const PauseJobInput = builder.inputType('PauseJobInput', {
  description: 'What to pause.',
  fields: (t) => ({
    fullName: t.string({ required: true }),
    room: t.string({ description: ROOM_DESCRIPTION }),
    reason: t.string({ description: 'Why, for whoever finds it paused: 1,000 characters at most.' }),
  }),
});

const ResumeJobInput = builder.inputType('ResumeJobInput', {
  description: 'What to resume.',
  fields: (t) => ({
    fullName: t.string({ required: true }),
    room: t.string({
      description: 'Ends the pause of this room; left out: the pause of all rooms. Other pauses stay.',
    }),
  }),
});

const PauseJobSuccess = builder.objectRef<{ job: JobRow; pause: PauseRow }>('PauseJobSuccess').implement({
  description: 'From now on nothing of it starts there.',
  fields: (t) => ({
    job: t.field({ type: JobType, resolve: ({ job }) => asJob(job) }),
    pause: t.field({
      type: JobPauseType,
      description: 'The pause, which may be older and from somebody else.',
      resolve: ({ pause }) => pause,
    }),
  }),
});

const ResumeJobSuccess = builder.objectRef<{ job: JobRow; resumed: boolean }>('ResumeJobSuccess').implement({
  description: 'The pause is over.',
  fields: (t) => ({
    job: t.field({ type: JobType, resolve: ({ job }) => asJob(job) }),
    resumed: t.exposeBoolean('resumed', { description: 'False when it was not paused there.' }),
  }),
});

const PauseJobResult = builder.errorUnion('PauseJobResult', {
  types: [PauseJobSuccess, JobNotFound, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => PauseJobSuccess,
});

const ResumeJobResult = builder.errorUnion('ResumeJobResult', {
  types: [ResumeJobSuccess, JobNotFound, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => ResumeJobSuccess,
});

builder.mutationField('pauseJob', (t) =>
  t.field({
    type: PauseJobResult,
    description:
      'Pauses a job, in all rooms or in one: from the moment of the answer on nothing of it starts there. What runs goes on; what is submitted, delayed or tried again waits in its place. For an ADMIN, and for a WORKER of the room of the job, or of the room that is named.',
    args: { input: t.arg({ type: PauseJobInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { job, room } = await findTarget(context, input);
      const { reason } = parseInput(pauseInput, input);
      const actor = viewerOf(context).id;
      const pause = await context.services.store.pauseJob({ jobId: job.id, room, actor }, reason ?? null);
      if (pause === 'full') {
        const message = `is one too many: the job is paused in ${MOST_PAUSED_ROOMS} rooms already; pause it in all, or resume it in some`;
        throw new InvalidInput([{ path: ['room'], message }]);
      }
      context.services.announceJobs();
      return { job, pause };
    },
  }),
);

builder.mutationField('resumeJob', (t) =>
  t.field({
    type: ResumeJobResult,
    description:
      'Takes a pause back: what waits is claimed by priority, then runAt, then submission, as if there had been no pause. For whoever may pause it.',
    args: { input: t.arg({ type: ResumeJobInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { job, room } = await findTarget(context, input);
      const { store, announceJob, announceJobs } = context.services;
      const resumed = await store.resumeJob({ jobId: job.id, room, actor: viewerOf(context).id });
      if (resumed) {
        announceJob(job.id);
        announceJobs();
      }
      return { job, resumed };
    },
  }),
);

const pauseInput = z.object({ reason: text(0, 1_000).nullish() });

interface Target {
  fullName: string;
  room?: string | null | undefined;
}

/** The job and the room, where the caller may pause it. */
async function findTarget(context: Context, { fullName, room }: Target) {
  const viewer = viewerOf(context);
  const inRoom = room == null ? null : parseRoom(room);
  const job = await context.services.store.findJobByName(fullName);
  if (!job || !canSeeJobsOf(viewer, job.room)) throw new JobNotFound(fullName);
  if (!canPauseJob(viewer, job.room, inRoom)) throw new Forbidden(whyNot(viewer, inRoom ?? job.room));
  return { job, room: inRoom };
}

function whyNot({ role }: Viewer, room: string): string {
  return role === 'WORKER'
    ? `You cannot pause it in ${room}: that is not among the rooms of your token. Name one of them in room.`
    : `The role ${role} cannot pause jobs; an ADMIN can, and a WORKER in its rooms.`;
}
