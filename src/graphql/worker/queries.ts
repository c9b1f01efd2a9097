/** The queries worker and workers. */
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { pageComplexity, resolveKeyset, toIdPage } from '../paging.ts';
import { parseWorkerFilter, WorkerFilterInput } from './filter.ts';
import { asWorker, WorkerType } from './type.ts';
import { loadVisibleWorker } from './visible.ts';

builder.queryField('worker', (t) =>
  t.field({
    type: WorkerType,
    nullable: true,
    description: 'The worker with this id; null when there is none that the caller may see.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const worker = await loadVisibleWorker(context, fromTypeId('worker', id));
      return worker && asWorker(worker);
    },
  }),
);

builder.queryField('workers', (t) =>
  t.connection(
    {
      type: WorkerType,
      description:
        'Workers, newest first, those that were lost within the last hour included. An ADMIN sees all, a WORKER its own and those that serve its rooms, a MEMBER those that serve its rooms; not for a USER.',
      args: { filter: t.arg({ type: WorkerFilterInput }) },
      complexity: pageComplexity,
      resolve: (_root, { filter, ...page }, context) => {
        const condition = parseWorkerFilter(context, filter);
        return resolveKeyset('worker', 'desc', page, async (keyset) =>
          (await context.services.store.listWorkers(condition, toIdPage(keyset))).map(asWorker),
        );
      },
    },
    { name: 'WorkerConnection' },
    { name: 'WorkerEdge' },
  ),
);
