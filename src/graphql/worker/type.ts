/** Worker: a process that serves jobs, known by its heartbeats. */
import { canSeeJobsOf } from '../../domain/access.ts';
import type { Worker as PrismaWorker } from '../../generated/prisma/client.ts';
import type { WorkerRow } from '../../store/workers/workers.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { asJob, JobType } from '../job/type.ts';

export const WorkerType = builder.prismaNode('Worker', {
  description: 'A process that serves jobs, known by its heartbeats.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    name: t.exposeString('name'),
    jobs: t.field({
      type: [JobType],
      description: 'The jobs that it serves, of those that the caller may see.',
      extensions: { differsByCaller: true },
      resolve: async (worker, _args, context) => {
        const viewer = viewerOf(context);
        const ids = await context.loaders.servedJobIds.load(worker.id);
        const jobs = await Promise.all(ids.map((id) => context.loaders.job.load(id)));
        return jobs
          .filter((job) => job !== null && canSeeJobsOf(viewer, job.room))
          .map((job) => asJob(job as never));
      },
    }),
    capacity: t.exposeInt('capacity', {
      description: 'Tasks that it works on at the same time, as it has said.',
    }),
    lastHeartbeatAt: t.expose('lastHeartbeatAt', { type: 'DateTime' }),
    alive: t.boolean({
      description: 'Whether it has beaten within the worker timeout, by the clock of the database.',
      resolve: (worker, _args, context) => context.loaders.workerIsAlive.load(worker.id),
    }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asWorker(row: WorkerRow): PrismaWorker {
  return row as PrismaWorker;
}
