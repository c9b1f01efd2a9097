/** Which schedules a caller may see: those that it may manage. */
import { canManageSchedule } from '../../domain/access.ts';
import { type Context, viewerOf } from '../context.ts';

/** The schedule, or null when there is none that the caller may see. */
export async function loadVisibleSchedule(context: Context, id: string | null) {
  const [schedule] = id === null ? [] : await context.services.store.findSchedules([id]);
  return schedule && canManageSchedule(viewerOf(context), schedule) ? schedule : null;
}

/** Likewise for a run of a schedule. */
export async function loadVisibleRun(context: Context, id: string) {
  const [run] = await context.services.store.findScheduleRuns([id]);
  if (!run || !(await loadVisibleSchedule(context, run.scheduleId))) return null;
  context.granted.add(run.id);
  return run;
}
