/** Which workers a caller may act through: its own; an ADMIN any. */
import { canUseWorker } from '../../domain/access.ts';
import { Forbidden, WorkerNotFound } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { type Context, type Services, viewerOf } from '../context.ts';
import { loadVisibleWorker } from './visible.ts';

/**
 * The worker, as far as its use needs it.
 * @throws Forbidden where the caller sees the worker and may not act through it, WorkerNotFound where it does not
 */
export async function findUsableWorker(context: Context, workerId: string): Promise<{ id: string }> {
  const id = await findOwnWorker(context, workerId);
  if (id !== null) return { id };
  if (!(await loadVisibleWorker(context, fromTypeId('worker', workerId)))) throw new WorkerNotFound(workerId);
  throw new Forbidden('The worker belongs to somebody else: only its owner and an ADMIN may act through it.');
}

/** Id of a worker that the caller may act through; null where there is none, whether or not it may see one. */
export async function findOwnWorker(context: Context, workerId: string): Promise<string | null> {
  const id = fromTypeId('worker', workerId);
  const owner = id === null ? undefined : await ownerOf(context.services, id);
  return owner !== undefined && canUseWorker(viewerOf(context), { owner }) ? id : null;
}

async function ownerOf({ store, workerOwners }: Services, id: string): Promise<string | undefined> {
  const known = workerOwners.get(id);
  if (known !== undefined) return known;
  const [worker] = await store.findWorkers([id]);
  if (worker) workerOwners.set(id, worker.owner);
  return worker?.owner;
}
