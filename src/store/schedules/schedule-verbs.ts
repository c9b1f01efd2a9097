/** The part of the store that is about schedules. */
import type { Database } from '../database/database.ts';
import { runDueSchedules, runScheduleNow, type StartedRuns, startQueuedRuns } from './run-schedules.ts';
import {
  endScheduleRun,
  findLastRuns,
  findNextDue,
  findScheduleRuns,
  noteOperationRun,
  settleScheduleRuns,
  trimScheduleRuns,
} from './schedule-runs.ts';
import { findScheduleViews } from './schedule-views.ts';
import {
  createSchedule,
  deleteSchedule,
  findSchedules,
  readNow,
  type ScheduleChange,
  type ScheduleSettings,
  updateSchedule,
} from './schedules.ts';

interface Surroundings {
  /** Hands on what was started, after the commit. */
  onStarted: (started: StartedRuns) => void;
  /** Says that there are new events, when there are. */
  announcing: <T>(work: Promise<T>, hasEvents: (result: T) => boolean) => Promise<T>;
}

export function scheduleVerbs(database: Database, { onStarted, announcing }: Surroundings) {
  const isSaved = ({ kind }: ScheduleChange) => kind === 'saved';
  return {
    createSchedule: (settings: ScheduleSettings, createdBy: string) =>
      announcing(createSchedule(database, settings, createdBy), isSaved),
    updateSchedule: (
      id: string,
      change: Partial<ScheduleSettings>,
      by: { expectedVersion: number | null; actor: string },
    ) => announcing(updateSchedule(database, id, change, by), isSaved),
    deleteSchedule: (id: string, actor: string) =>
      announcing(deleteSchedule(database, id, actor), (found) => found),
    findSchedules: (ids: readonly string[]) => findSchedules(database, ids),
    findScheduleRuns: (ids: readonly string[]) => findScheduleRuns(database, ids),
    /** So many at most, with their latest runs, for those who watch. */
    findScheduleViews: (limit: number) => findScheduleViews(database, limit),
    findLastRuns: (scheduleIds: readonly string[]) => findLastRuns(database, scheduleIds),
    findNextDue: () => findNextDue(database),
    readNow: () => readNow(database),
    /** Runs at most `limit` schedules that are due by the database's clock, or by `now`. @returns how many were due */
    async runDueSchedules(limit: number, now?: Date): Promise<number> {
      const outcome = await runDueSchedules(database, limit, now);
      onStarted(outcome);
      return outcome.handled;
    },
    /** Starts at most `limit` runs whose turn it is. @returns how many */
    async startQueuedRuns(limit: number): Promise<number> {
      const outcome = await startQueuedRuns(database, limit);
      onStarted(outcome);
      return outcome.handled;
    },
    /** Runs the schedule at once. @returns the id of the run; null when there is no such schedule */
    async runScheduleNow(scheduleId: string, actor: string): Promise<string | null> {
      const outcome = await runScheduleNow(database, scheduleId, actor);
      if (outcome) onStarted(outcome);
      return outcome?.runId ?? null;
    },
    noteOperationRun: (runId: string, operationRunId: string) =>
      noteOperationRun(database, runId, operationRunId),
    endScheduleRun: (runId: string, end: Parameters<typeof endScheduleRun>[2]) =>
      endScheduleRun(database, runId, end),
    settleScheduleRuns: (limit: number) => settleScheduleRuns(database, limit),
    trimScheduleRuns: (limit: number) => trimScheduleRuns(database, limit),
  };
}
