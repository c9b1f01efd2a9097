/**
 * Runs what is due by its schedule. It sleeps until the next tick, by the database's clock, and is woken when a
 * schedule was changed or what a schedule has started has ended; a slow beat finds what nobody was notified of.
 */
import type { TaskChange } from '../domain/task.ts';
import { isTerminal } from '../domain/transitions.ts';
import type { IdPrefix } from '../domain/typeid.ts';
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

export const RUN_SCHEDULES = 'run_schedules';

/** Schedules, or runs, in one transaction at most. */
const BATCH = 100;
const BEAT_MS = 10_000;
const TRIM_INTERVAL_MS = 600_000;
// What is due and locked, by whoever edits it or by another server, is looked at again a little later.
const SHORTEST_SLEEP_MS = 100;

export function runSchedulesRoutine(store: Store): Routine {
  let sleepMs = 0;
  return {
    name: RUN_SCHEDULES,
    intervalMs: BEAT_MS,
    nextInMs: () => sleepMs,
    async runOnce() {
      // Also after an error: not at once again.
      sleepMs = BEAT_MS;
      const settled = await repeated((limit) => store.settleScheduleRuns(limit));
      const due = await repeated((limit) => store.runDueSchedules(limit));
      const queued = await repeated((limit) => store.startQueuedRuns(limit));
      const nextMs = await store.findNextDue();
      if (nextMs !== null) sleepMs = Math.min(Math.max(nextMs, SHORTEST_SLEEP_MS), BEAT_MS);
      return { due, queued, settled };
    },
  };
}

/** Whether the change ends a task that a schedule has submitted. */
export function isEndOfScheduledTask({ kind, task }: TaskChange): boolean {
  return kind === 'transition' && isTerminal(task.status) && task.createdBy.startsWith(SCHEDULE_ID);
}

// Who a schedule's tasks are created by: its TypeID.
const SCHEDULE_ID = `${'schedule' satisfies IdPrefix}_`;

/** Removes the record of runs that nobody will ask for. */
export function trimScheduleRunsRoutine(store: Store): Routine {
  return {
    name: 'trim_schedule_runs',
    intervalMs: TRIM_INTERVAL_MS,
    runOnce: async () => ({ removed: await repeated((limit) => store.trimScheduleRuns(limit)) }),
  };
}

/** Until there is no more to do; a batch that is not full is the last one. */
async function repeated(run: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await run(BATCH);
    total += count;
    if (count < BATCH) return total;
  }
}
