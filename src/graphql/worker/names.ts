/** What workers are called. A name never changes, so that streams show it without a read for each event. */
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Store } from '../../store/store.ts';

export interface WorkerNames {
  /** The name of the worker, also when it is gone; null where nobody knows it any more. At once where it is known here. */
  nameOf(id: string): string | null | Promise<string | null>;
}

const NAMES_KEPT = 20_000;

export function createWorkerNames(store: Pick<Store, 'findWorkerNames'>): WorkerNames {
  const known = new LRUCache<string, { name: string | null }>({ max: NAMES_KEPT });
  const loader = new DataLoader<string, string | null>(
    async (ids) => {
      const names = await store.findWorkerNames([...new Set(ids)]);
      return ids.map((id) => {
        // A worker is named before it is given its first task: what is not there now will never be.
        const name = names.get(id) ?? null;
        known.set(id, { name });
        return name;
      });
    },
    { cache: false },
  );
  return {
    nameOf(id) {
      const found = known.get(id);
      return found ? found.name : loader.load(id);
    },
  };
}
