/** Which workers a caller may see by themselves. */
import { canSeeWorker } from '../../domain/access.ts';
import type { WorkerView } from '../../store/workers/worker-views.ts';
import { type Context, viewerOf } from '../context.ts';

/** The worker, or null when there is none that the caller may see. */
export async function loadVisibleWorker(context: Context, id: string | null): Promise<WorkerView | null> {
  const worker = id === null ? null : await context.loaders.workerView.load(id);
  return worker && canSeeWorker(viewerOf(context), worker) ? worker : null;
}
