/** Works through the runs over many tasks, part by part, until none is left that no other server is at. */
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

export const RUN_BULK = 'run_bulk';

/** Of a run that another server has left, at most this late. */
const INTERVAL_MS = 5_000;

/** @param onProgress called with each part that was done */
export function runBulkRoutine(store: Store, onProgress: (id: string) => void): Routine {
  return {
    name: RUN_BULK,
    intervalMs: INTERVAL_MS,
    async runOnce() {
      let parts = 0;
      for (let step = await store.stepRun(); step; step = await store.stepRun()) {
        parts++;
        onProgress(step.run.id);
      }
      return { parts, removed: await store.trimBulk() };
    },
  };
}
