/** Which workers a caller may act through: its own; an ADMIN any. Others do not exist for it. */
import { canUseWorker } from '../../domain/access.ts';
import { WorkerNotFound } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { type Context, type Services, viewerOf } from '../context.ts';

/**
 * The worker, as far as its use needs it.
 * @throws WorkerNotFound when there is none, or it belongs to somebody else
 */
export async function findUsableWorker(context: Context, workerId: string): Promise<{ id: string }> {
  const id = fromTypeId('worker', workerId);
  const owner = id === null ? undefined : await ownerOf(context.services, id);
  if (id === null || owner === undefined || !canUseWorker(viewerOf(context), { owner })) {
    throw new WorkerNotFound(workerId);
  }
  return { id };
}

async function ownerOf({ store, workerOwners }: Services, id: string): Promise<string | undefined> {
  const known = workerOwners.get(id);
  if (known !== undefined) return known;
  const [worker] = await store.findWorkers([id]);
  if (worker) workerOwners.set(id, worker.owner);
  return worker?.owner;
}
