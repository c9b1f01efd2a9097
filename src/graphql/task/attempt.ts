/** Which attempt a worker of the caller speaks of. */
import { Forbidden, TaskNotFound } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { HeldAttempt } from '../../store/tasks/compare-and-set.ts';
import { type Context, viewerOf } from '../context.ts';
import { findOwnWorker } from '../worker/usable.ts';
import { loadVisibleTask } from './visible.ts';

/**
 * The attempt that a worker of the caller speaks of; whether it holds it, the store finds out.
 * @throws Forbidden when the worker is not the caller's, TaskNotFound when the caller may not even see the task
 */
export async function attemptOf(
  context: Context,
  { taskId, workerId, attempt }: { taskId: string; workerId: string; attempt: number },
): Promise<HeldAttempt> {
  const id = fromTypeId('task', taskId);
  if (id === null) throw new TaskNotFound(taskId);
  const worker = await findOwnWorker(context, workerId);
  if (worker === null) return refuseStranger(context, taskId, id);
  return { taskId: id, workerId: worker, attempt, actor: viewerOf(context).id };
}

/** Why somebody may not report on the task through a worker that is not its own. */
export async function refuseStranger(context: Context, taskId: string, id: string): Promise<never> {
  if (!(await loadVisibleTask(context, id))) throw new TaskNotFound(taskId);
  throw new Forbidden(
    'Only the worker that holds the attempt may report on it, and this worker is not yours.',
  );
}
