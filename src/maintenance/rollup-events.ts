/** Rolls the transitions and events of whole hours up, per room, job and type. */
import { z } from 'zod';
import type { Database } from '../store/database/database.ts';
import {
  countHour,
  findHoursOf,
  findMissingHours,
  markLog,
  rollUpHour,
} from '../store/statistics/roll-up.ts';
import { defineOperation, type OperationContext, OperationSkipped } from './operation.ts';

const INTERVAL_MS = 300_000;

const parameters = z.object({
  day: z.iso.date().optional().describe('The day in UTC, as 2026-11-22; left out: yesterday.'),
  missing: z
    .boolean()
    .default(false)
    .describe('Instead of a day: every hour that has ended since the last one that was rolled up.'),
});

const metrics = z.object({
  hours: z.int().describe('Hours that were rolled up.'),
  hours_kept: z.int().describe('Hours of which transitions were deleted since: what was rolled up stands.'),
  transitions: z.int(),
  events: z.int(),
});

type Context = Pick<
  OperationContext<unknown, z.output<typeof metrics>>,
  'room' | 'dryRun' | 'progress' | 'signal'
>;

export function rollUpEvents(database: Database) {
  return defineOperation({
    name: 'rollup_events',
    description:
      'Rolls up a day of transitions and events, hour by hour, per room, job and type. Run again it gives the same.',
    parameters,
    metrics,
    automatic: { intervalMs: INTERVAL_MS, parameters: { missing: true } },
    async runOnce({ parameters: { day, missing }, ...context }) {
      if (missing) return rollUpMissingHours(database, context);
      if (!context.dryRun) await markLog(database);
      const counts = await rollUp(database, await findHoursOf(database, day ?? null), context);
      if (counts.hours === 0 && counts.hours_kept > 0) {
        throw new OperationSkipped(
          'Transitions of all of its hours have been deleted: what was rolled up stands.',
        );
      }
      return counts;
    },
  });
}

/** Every hour that has ended since the last one that was rolled up. */
export async function rollUpMissingHours(database: Database, context: Context) {
  if (!context.dryRun) await markLog(database);
  return rollUp(database, await findMissingHours(database), context);
}

async function rollUp(
  database: Database,
  hours: readonly Date[],
  { room, dryRun, progress, signal }: Context,
) {
  const counts = { hours: 0, hours_kept: 0, transitions: 0, events: 0 };
  for (const hour of hours) {
    signal.throwIfAborted();
    const rolledUp = await (dryRun ? countHour(database, hour, room) : rollUpHour(database, hour, room));
    if (rolledUp) {
      counts.hours++;
      counts.transitions += rolledUp.transitions;
      counts.events += rolledUp.events;
    } else counts.hours_kept++;
    await progress(counts);
  }
  return counts;
}
