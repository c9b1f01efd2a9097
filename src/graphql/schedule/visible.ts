/** Which schedules a caller may see: an ADMIN all, anybody else none. */
import { canManageSchedules } from '../../domain/access.ts';
import { type Context, viewerOf } from '../context.ts';

/** The schedule, or null when there is none that the caller may see. */
export async function loadVisibleSchedule(context: Context, id: string | null) {
  if (id === null || !canManageSchedules(viewerOf(context))) return null;
  return (await context.services.store.findSchedules([id]))[0] ?? null;
}

/** Likewise for a run of a schedule. */
export async function loadVisibleRun(context: Context, id: string) {
  if (!canManageSchedules(viewerOf(context))) return null;
  return (await context.services.store.findScheduleRuns([id]))[0] ?? null;
}
