/** Worker: a process that serves jobs, known by its heartbeats. */
import { canSeeJobsOf, canSeeWorkers, canUseWorker } from '../../domain/access.ts';
import type { Worker as PrismaWorker } from '../../generated/prisma/client.ts';
import type { WorkerView } from '../../store/workers/worker-views.ts';
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
        const ids = shown(worker).jobIds ?? (await context.loaders.servedJobIds.load(worker.id));
        const jobs = await Promise.all(ids.map((id) => context.loaders.job.load(id)));
        return jobs.flatMap((job) => (job !== null && canSeeJobsOf(viewer, job.room) ? [asJob(job)] : []));
      },
    }),
    capacity: t.exposeInt('capacity', {
      description: 'Tasks that it works on at the same time, as it was registered.',
    }),
    lastHeartbeatAt: t.expose('lastHeartbeatAt', { type: 'DateTime' }),
    alive: t.boolean({
      description: 'Whether it has sent a heartbeat within the worker timeout, by the clock of the database.',
      resolve: (worker, _args, context) =>
        shown(worker).alive ?? context.loaders.workerIsAlive.load(worker.id),
    }),
    running: t.int({
      description: 'Tasks that it holds now, claimed or running: the slots of its capacity that are taken.',
      resolve: async (worker, _args, context) =>
        shown(worker).running ?? (await context.loaders.workerView.load(worker.id))?.running ?? 0,
    }),
    owner: t.exposeString('owner', { description: 'The identity that registered it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
    lostAt: t.expose('lostAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the server noticed that it was silent for longer than the worker timeout; null while it beats.',
    }),
    drainingSince: t.expose('drainingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it gets no more tasks, see drainWorker; null otherwise.',
    }),
    host: t.string({
      nullable: true,
      description: 'Where it runs, as it was registered; null if that was left out, and for a USER.',
      resolve: (worker, _args, context) => (canSeeWorkers(viewerOf(context)) ? worker.host : null),
    }),
    version: t.string({
      nullable: true,
      description:
        'The version of its program, as it was registered; null if that was left out, and for a USER.',
      resolve: (worker, _args, context) => (canSeeWorkers(viewerOf(context)) ? worker.version : null),
    }),
    viewerCanUse: t.boolean({
      description: 'Whether the caller may act through it: claim, report, drain, deregister.',
      extensions: { differsByCaller: true },
      resolve: (worker, _args, context) => canUseWorker(viewerOf(context), worker),
    }),
  }),
});

/** What lists and streams have read with the row. */
function shown(worker: PrismaWorker): Partial<Pick<WorkerView, 'alive' | 'running' | 'jobIds'>> {
  return worker as Partial<WorkerView>;
}

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asWorker(row: WorkerRow): PrismaWorker {
  return row as PrismaWorker;
}
