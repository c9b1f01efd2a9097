/**
 * Rolls the transition log up into statistics, and answers with what happened in a day.
 *
 * The routine of roll-up-statistics.ts does the same every few seconds and leaves no run: this is its name for whoever
 * wants it done now, or a day's counts in the list of runs.
 */
import { z } from 'zod';
import type { DayCounts } from '../domain/statistics.ts';
import type { Store } from '../store/store.ts';
import { defineMaintenanceOperation } from './operation.ts';
import { rollUpAll } from './roll-up-statistics.ts';

const parameters = z.object({
  day: z.iso.date().optional().describe('The day in UTC, as 2026-11-22; left out: yesterday.'),
});

const metrics = z.object({
  rolled_up: z
    .int()
    .describe('Transitions of all rooms, of whatever day, that were added to the statistics.'),
  day: z.int().describe('The day in UTC that the other counts are of, as 20261122.'),
  submitted: z.int(),
  completed: z.int(),
  partial: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  attempts_failed: z.int().describe('Attempts that failed, whether the task was tried again or not.'),
});

export function rollUpStatisticsOperation(store: Store) {
  return defineMaintenanceOperation({
    name: 'rollup_events',
    description:
      'Adds what the transition log has to the statistics by minute, hour and day, and counts what happened in a day. The server also does so by itself every few seconds, without a run.',
    parameters,
    metrics,
    async runOnce({ room, dryRun, parameters: { day = null }, progress, signal }) {
      const counts = countsOf(await store.countDay({ room, day }));
      counts.rolled_up = dryRun
        ? await store.countNotRolledUp()
        : await rollUpAll(store, signal, (rolled_up) => progress({ ...counts, rolled_up }));
      return counts;
    },
  });
}

function countsOf({ day, counts }: DayCounts): z.output<typeof metrics> {
  return {
    rolled_up: 0,
    day: Number(day.replaceAll('-', '')),
    submitted: counts.SUBMITTED ?? 0,
    completed: counts.COMPLETED ?? 0,
    partial: counts.PARTIAL ?? 0,
    failed: counts.FAILED ?? 0,
    cancelled: counts.CANCELLED ?? 0,
    attempts_failed: counts.ATTEMPT_FAILED ?? 0,
  };
}
