/** The part of the store that is about schedules. */
import type { TransitionChange } from '../domain/task.ts';
import type { Database } from './database.ts';
import { runDueSchedules, runScheduleNow, startQueuedRuns } from './verbs/run-schedules.ts';
import {
  findLastRuns,
  findNextDue,
  findScheduleRuns,
  settleScheduleRuns,
  trimScheduleRuns,
} from './verbs/schedule-runs.ts';
import {
  createSchedule,
  deleteSchedule,
  findSchedules,
  readNow,
  type ScheduleSettings,
  updateSchedule,
} from './verbs/schedules.ts';

/** @param publish hands the tasks on that were submitted, after the commit */
export function scheduleVerbs(database: Database, publish: (changes: readonly TransitionChange[]) => void) {
  return {
    createSchedule: (settings: ScheduleSettings, createdBy: string) =>
      createSchedule(database, settings, createdBy),
    updateSchedule: (id: string, change: Partial<ScheduleSettings>, expectedVersion: number | null) =>
      updateSchedule(database, id, change, expectedVersion),
    deleteSchedule: (id: string) => deleteSchedule(database, id),
    findSchedules: (ids: readonly string[]) => findSchedules(database, ids),
    findScheduleRuns: (ids: readonly string[]) => findScheduleRuns(database, ids),
    findLastRuns: (scheduleIds: readonly string[]) => findLastRuns(database, scheduleIds),
    findNextDue: () => findNextDue(database),
    readNow: () => readNow(database),
    /** Runs at most `limit` schedules that are due by the database's clock, or by `now`. @returns how many were due */
    async runDueSchedules(limit: number, now?: Date): Promise<number> {
      const { handled, changes } = await runDueSchedules(database, limit, now);
      publish(changes);
      return handled;
    },
    /** Starts at most `limit` runs whose turn it is. @returns how many */
    async startQueuedRuns(limit: number): Promise<number> {
      const { handled, changes } = await startQueuedRuns(database, limit);
      publish(changes);
      return handled;
    },
    /** Runs the schedule at once. @returns the id of the run; null when there is no such schedule */
    async runScheduleNow(scheduleId: string, actor: string): Promise<string | null> {
      const outcome = await runScheduleNow(database, scheduleId, actor);
      publish(outcome?.changes ?? []);
      return outcome?.runId ?? null;
    },
    settleScheduleRuns: (limit: number) => settleScheduleRuns(database, limit),
    trimScheduleRuns: (limit: number) => trimScheduleRuns(database, limit),
  };
}
