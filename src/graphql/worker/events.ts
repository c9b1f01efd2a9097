/** workerEvents: the workers as they are, then how they come, change and go. */
import { toTypeId } from '../../domain/typeid.ts';
import type { WatchedListItem } from '../../events/streams/watched-list.ts';
import type { WorkerView } from '../../store/workers/worker-views.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { matchesWorker, parseWorkerFilter, WorkerFilterInput } from './filter.ts';
import { asWorker, WorkerType } from './type.ts';

type Item = WatchedListItem<WorkerView>;
type Kind<K extends Item['kind']> = Extract<Item, { kind: K }>;

const WorkersSnapshot = builder.objectRef<Kind<'snapshot'>>('WorkersSnapshot').implement({
  description: 'The workers as they are at the beginning of the stream.',
  fields: (t) => ({
    workers: t.field({
      type: [WorkerType],
      description: 'Oldest first, 2,000 at most.',
      resolve: ({ rows }) => rows.map(asWorker),
    }),
  }),
});

const WorkerChanged = builder.objectRef<Kind<'changed'>>('WorkerChanged').implement({
  description:
    'The worker is new in the stream or has changed. Of changes within a second only the last comes.',
  fields: (t) => ({
    worker: t.field({ type: WorkerType, resolve: ({ row }) => asWorker(row) }),
  }),
});

const WorkerGone = builder.objectRef<Kind<'gone'>>('WorkerGone').implement({
  description: 'The worker was deregistered, is lost for an hour, or does not match the filter any more.',
  fields: (t) => ({
    workerId: t.id({ resolve: ({ row }) => toTypeId('worker', row.id) }),
  }),
});

const TYPES = { snapshot: WorkersSnapshot, changed: WorkerChanged, gone: WorkerGone };

const WorkerEventType = builder.unionType('WorkerEvent', {
  description: 'First the workers as they are, then every change.',
  types: [WorkersSnapshot, WorkerChanged, WorkerGone],
  resolveType: (item) => TYPES[(item as Item).kind],
});

builder.subscriptionField('workerEvents', (t) =>
  t.field({
    type: WorkerEventType,
    description:
      'The workers that the caller may see, as in `workers`: first as they are, then as they come, change (heartbeats, tasks that they hold, jobs) and go, each once a second at most. Not for a USER.',
    args: { filter: t.arg({ type: WorkerFilterInput }) },
    subscribe: (_root, { filter }, context) => subscribe(context, filter),
    resolve: (item) => item,
  }),
);

async function subscribe(context: Context, filter: typeof WorkerFilterInput.$inferInput | null | undefined) {
  const condition = parseWorkerFilter(context, filter);
  const { jobs, watchedLists } = context.services;
  let jobId: string | null = null;
  if (condition.job !== null) jobId = (await jobs.find(condition.job))?.id ?? null;
  return watchedLists.workers.watch((worker) => {
    // The job that is wanted may be registered only now.
    if (condition.job !== null) jobId ??= jobs.knownByName(condition.job)?.id ?? null;
    return matchesWorker(context, condition, worker, jobId);
  });
}
