/** Worker.tasks: what a worker holds now, as far as the caller may see it. */
import { canUseWorker } from '../../domain/access.ts';
import { wholeRoomsOf } from '../../domain/access-scopes.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { pageComplexity, resolveKeyset, toIdPage } from '../paging.ts';
import { asTask, TaskType } from '../task/type.ts';
import { WorkerType } from './type.ts';

builder.objectField(WorkerType, 'tasks', (t) =>
  t.connection(
    {
      type: TaskType,
      description:
        'The tasks that it holds now, claimed or running, that the caller may see; newest first. None for a USER.',
      complexity: pageComplexity,
      extensions: { differsByCaller: true },
      resolve: (worker, args, context) => {
        const viewer = viewerOf(context);
        const rooms = canUseWorker(viewer, worker) ? null : wholeRoomsOf(viewer);
        return resolveKeyset('task', 'desc', args, async (keyset) => {
          const ids = await context.services.store.findHeldTaskIds(worker.id, rooms, toIdPage(keyset));
          const tasks = await Promise.all(ids.map((id) => context.loaders.task.load(id)));
          return tasks.flatMap((task) => {
            // What has been deleted meanwhile is no longer held.
            if (!task) return [];
            context.granted.add(task.id);
            return [asTask(task)];
          });
        });
      },
    },
    { name: 'WorkerTaskConnection' },
    { name: 'WorkerTaskEdge' },
  ),
);
