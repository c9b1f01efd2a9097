/** workerSignals: what a worker must hear at once, instead of polling for it. */
import { WorkerNotFound } from '../../domain/problems.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { WorkerSignal } from '../../events/workers/signals.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { findUsableWorker } from './usable.ts';

type Kind<K extends WorkerSignal['kind']> = Extract<WorkerSignal, { kind: K }>;

const TasksAvailable = builder.objectRef<Kind<'available'>>('TasksAvailable').implement({
  description: 'There may be work for this job: claim until a claim returns fewer tasks than it asked for.',
  fields: (t) => ({
    job: t.string({
      description: 'Full name of the job.',
      resolve: async ({ jobId }, _args, context) => {
        const job = await context.services.jobs.findById(jobId);
        if (!job) throw notFoundError('The job');
        return job.fullName;
      },
    }),
  }),
});

const StopTask = builder.objectRef<Kind<'stop'>>('StopTask').implement({
  description: 'The worker does not hold this attempt any more: stop working on it.',
  fields: (t) => ({
    taskId: t.id({ resolve: ({ taskId }) => toTypeId('task', taskId) }),
    attempt: t.exposeInt('attempt'),
    reason: t.exposeString('reason'),
  }),
});

const WorkerSignalType = builder.unionType('WorkerSignal', {
  description: 'What a worker must know at once.',
  types: [TasksAvailable, StopTask],
  resolveType: (signal) => ((signal as WorkerSignal).kind === 'stop' ? StopTask : TasksAvailable),
});

builder.subscriptionField('workerSignals', (t) =>
  t.field({
    type: WorkerSignalType,
    description: 'First what holds now (work that waits, tasks to stop), then what changes.',
    args: { workerId: t.arg.id({ required: true }) },
    subscribe: (_root, { workerId }, context) => subscribe(context, workerId),
    resolve: (signal) => signal,
  }),
);

async function subscribe(context: Context, workerId: string) {
  const { store, signals } = context.services;
  const id = await findUsableWorker(context, workerId).then(
    (worker) => worker.id,
    (problem: unknown) => {
      throw problem instanceof WorkerNotFound ? notFoundError('The worker') : problem;
    },
  );
  if ((await store.findWorkers([id])).length === 0) throw notFoundError('The worker');
  let jobIds: readonly string[] = [];
  return signals.watchWorker({
    workerId: id,
    // Read when news of further jobs is heard already: none that is registered in between is missed.
    async jobIds() {
      jobIds = (await store.findServedJobs([id])).get(id) ?? [];
      return jobIds;
    },
    async current() {
      const [available, stops] = await Promise.all([
        store.findJobsWithWork(jobIds),
        store.findPendingStops(id),
      ]);
      return [
        ...stops.map((stop): WorkerSignal => ({ kind: 'stop', ...stop })),
        ...available.map((jobId): WorkerSignal => ({ kind: 'available', jobId })),
      ];
    },
  });
}
