/** Deletes what retention has passed: finished tasks by how they ended, events, runs and daily statistics. */
import { z } from 'zod';
import { CLEANED_TABLES, FIRST_ID, type Store } from '../store/store.ts';
import type { CleanedTasks, CleanUpScope, RetentionCutoffs } from '../store/tasks/clean-up/clean-up.ts';
import { defineMaintenanceOperation } from './operation.ts';
import { rollUpAll } from './roll-up-statistics.ts';

/** Days that things are kept. */
export interface KeptDays {
  completed: number;
  failed: number;
  deadLetter: number;
  event: number;
  statistics: number;
}

const INTERVAL_MS = 3_600_000;
const DAY_MS = 86_400_000;
const TASKS_A_BATCH = 1_000;
const ROWS_A_BATCH = 5_000;
// Counting locks nothing: it may look at more at a time.
const COUNTED_A_BATCH = 50_000;

const days = (standard: number, what: string) =>
  z.int().min(1).max(36_500).default(standard).describe(`Days that ${what} are kept.`);

const metrics = z.object({
  completed: z.int().describe('COMPLETED and PARTIAL tasks.'),
  failed: z.int().describe('CANCELLED tasks and discarded dead letters.'),
  dead_letters: z.int().describe('Dead letters that nobody has retried or discarded.'),
  transitions: z.int().describe('Rows of the log that went with their tasks.'),
  events: z.int(),
  operation_runs: z.int(),
  deliveries: z.int().describe('Records of deliveries to webhooks.'),
  statistics: z.int().describe('Counters of days.'),
});

export function cleanUpEventsOperation(store: Store, retained: KeptDays) {
  const { cleanUp } = store;
  return defineMaintenanceOperation({
    name: 'cleanup_events',
    description:
      'Deletes finished tasks with their transitions, events, operation runs and daily statistics that retention has passed. What has not been rolled up yet is rolled up before.',
    parameters: z.object({
      completedDays: days(retained.completed, 'COMPLETED and PARTIAL tasks'),
      failedDays: days(retained.failed, 'CANCELLED tasks and discarded dead letters'),
      deadLetterDays: days(retained.deadLetter, 'dead letters'),
      eventDays: days(retained.event, 'events, operation runs and deliveries'),
      statisticsDays: days(retained.statistics, 'daily statistics'),
    }),
    metrics,
    automatic: { intervalMs: INTERVAL_MS },
    async runOnce({ room, dryRun, parameters, progress, signal }) {
      // What is deleted must have been counted, or it never is.
      if (!dryRun) await rollUpAll(store, signal);
      const now = (await cleanUp.readClock()).getTime();
      const before = (kept: number) => new Date(now - kept * DAY_MS);
      const retention: RetentionCutoffs = {
        completed: before(parameters.completedDays),
        failed: before(parameters.failedDays),
        deadLetters: before(parameters.deadLetterDays),
        events: before(parameters.eventDays),
        statistics: before(parameters.statisticsDays),
      };
      const scope: CleanUpScope = { retention, room };
      const counts = {
        completed: 0,
        failed: 0,
        dead_letters: 0,
        transitions: 0,
        events: 0,
        operation_runs: 0,
        deliveries: 0,
        statistics: 0,
      };

      for (let after: string | null = FIRST_ID; after !== null; ) {
        signal.throwIfAborted();
        const batch: CleanedTasks = dryRun
          ? await cleanUp.countTasks(scope, after, COUNTED_A_BATCH)
          : await cleanUp.deleteTasks(scope, after, TASKS_A_BATCH);
        counts.completed += batch.completed;
        counts.failed += batch.failed;
        counts.dead_letters += batch.deadLetters;
        counts.transitions += batch.transitions;
        await progress(counts);
        after = batch.next;
      }
      if (!dryRun) await cleanUp.forgetRemovals(retention.completed);
      for (const table of CLEANED_TABLES) {
        if (dryRun) {
          counts[table] = await cleanUp.countRows(table, scope);
          continue;
        }
        for (let deleted = ROWS_A_BATCH; deleted === ROWS_A_BATCH; ) {
          signal.throwIfAborted();
          deleted = await cleanUp.deleteRows(table, scope, ROWS_A_BATCH);
          counts[table] += deleted;
          await progress(counts);
        }
      }
      return counts;
    },
  });
}
