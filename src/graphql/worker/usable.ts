/** Which workers a caller may act through: its own; an ADMIN any. Others do not exist for it. */
import { LRUCache } from 'lru-cache';
import { canUseWorker } from '../../domain/access.ts';
import { WorkerNotFound } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { Store } from '../../store/store.ts';
import { type Context, viewerOf } from '../context.ts';

// The owner of a worker never changes and ids are never used again, so an answer stays right; a worker that was
// removed since is noticed by the statement that uses it.
const owners = new WeakMap<Store, LRUCache<string, string>>();
const OWNERS_KEPT = 10_000;

/**
 * The worker, as far as its use needs it.
 * @throws WorkerNotFound when there is none, or it belongs to somebody else
 */
export async function findUsableWorker(context: Context, workerId: string): Promise<{ id: string; owner: string }> {
  const id = fromTypeId('worker', workerId);
  const owner = id === null ? undefined : await ownerOf(context.services.store, id);
  if (id === null || owner === undefined || !canUseWorker(viewerOf(context), { owner })) {
    throw new WorkerNotFound(workerId);
  }
  return { id, owner };
}

async function ownerOf(store: Store, id: string): Promise<string | undefined> {
  let cache = owners.get(store);
  if (!cache) owners.set(store, (cache = new LRUCache({ max: OWNERS_KEPT })));
  const known = cache.get(id);
  if (known !== undefined) return known;
  const [worker] = await store.findWorkers([id]);
  if (worker) cache.set(id, worker.owner);
  return worker?.owner;
}
