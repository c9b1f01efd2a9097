/** Job.tasks and Job.workers: what belongs to a job, as far as the caller may see it. */
import { canRegisterJobIn, canSeeWorkers } from '../../domain/access.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { pageComplexity, resolveKeyset, toIdPage } from '../paging.ts';
import { parseFilter, TaskFilterInput } from '../task/filter.ts';
import { listTasks, TaskConnection, TaskEdge } from '../task/queries.ts';
import { TaskType } from '../task/type.ts';
import { parseWorkerFilter } from '../worker/filter.ts';
import { asWorker, WorkerType } from '../worker/type.ts';
import { JobType } from './type.ts';

builder.objectField(JobType, 'tasks', (t) =>
  t.connection(
    {
      type: TaskType,
      description: 'Its tasks that the caller may see, newest first. Without a room: of all rooms.',
      args: {
        room: t.arg.string(),
        filter: t.arg({ type: TaskFilterInput, description: 'Its `job` and `jobs` are ignored here.' }),
      },
      complexity: pageComplexity,
      extensions: { differsByCaller: true },
      resolve: async ({ id }, { room, filter, ...page }, context) => {
        const parsed = await parseFilter(context, filter && { ...filter, job: null, jobs: null });
        return listTasks(context, page, room, { ...parsed.filter, jobIds: [id] });
      },
    },
    TaskConnection,
    TaskEdge,
  ),
);

builder.objectField(JobType, 'workers', (t) =>
  t.connection(
    {
      type: WorkerType,
      description:
        'Workers that serve it and that the caller may see, newest first, as in the query workers; none for a USER.',
      complexity: pageComplexity,
      extensions: { differsByCaller: true },
      resolve: ({ fullName }, page, context) => {
        const isSeen = canSeeWorkers(viewerOf(context));
        const condition = isSeen ? parseWorkerFilter(context, { job: fullName }) : null;
        return resolveKeyset('worker', 'desc', page, async (keyset) =>
          condition
            ? (await context.services.store.listWorkers(condition, toIdPage(keyset))).map(asWorker)
            : [],
        );
      },
    },
    { name: 'JobWorkerConnection' },
    { name: 'JobWorkerEdge' },
  ),
);

builder.objectField(JobType, 'viewerCanUpdate', (t) =>
  t.boolean({
    description: 'Whether the caller may register, update, retire and restore it.',
    extensions: { differsByCaller: true },
    resolve: ({ room }, _args, context) => canRegisterJobIn(viewerOf(context), room),
  }),
);
