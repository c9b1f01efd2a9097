/** Takes note of submissions by SQL of which no word has arrived: where one does, they are taken at once. */
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

export const TAKE_SQL_SUBMISSIONS = 'take_sql_submissions';

const INTERVAL_MS = 5_000;

export function takeSqlSubmissionsRoutine(store: Store): Routine {
  return {
    name: TAKE_SQL_SUBMISSIONS,
    intervalMs: INTERVAL_MS,
    async runOnce() {
      let submitted = 0;
      for (;;) {
        const count = await store.takeSqlSubmissions();
        if (count === null) return { submitted };
        submitted += count;
      }
    },
  };
}
