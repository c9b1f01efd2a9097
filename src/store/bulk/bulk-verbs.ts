/** The part of the store that is about runs over many tasks. */
import type { NewPlan } from '../../domain/bulk.ts';
import type { TaskChange } from '../../domain/task.ts';
import type { Database } from '../database/database.ts';
import { findForBulk, type TaskSearch } from '../tasks/read/find-by-filter.ts';
import { beginRun, createPlan, findBulk, stepRun, stopRun, trimBulk } from './bulk.ts';

export function bulkVerbs(
  database: Database,
  { publish, onEvents }: { publish: (changes: readonly TaskChange[]) => void; onEvents: () => void },
) {
  return {
    findForBulk: (search: TaskSearch, limit: number) => findForBulk(database, search, limit),
    createPlan: (plan: NewPlan) => createPlan(database, plan),
    findBulk: (id: string) => findBulk(database, id),
    beginRun: (id: string) => beginRun(database, id),
    stopRun: (id: string) => stopRun(database, id),
    trimBulk: () => trimBulk(database),
    /** Takes the next part of a run over many tasks; null when there is none. */
    async stepRun() {
      const step = await stepRun(database);
      if (step) publish(step.changes);
      if (step?.run.action === 'DISCARD') onEvents();
      return step;
    },
  };
}
