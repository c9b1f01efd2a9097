/**
 * Schedules: when a cron line is due, and what becomes of a tick. Pure rules; croner knows the calendar.
 *
 * A tick is an instant of the cron line in its time zone. Where the clocks change, a line with fixed hours and minutes
 * runs once a day: at the first valid instant after a gap, at the first of two equal times. A line with `*` or a step
 * in its time is an interval: it skips what a gap leaves out and runs at both of two equal times.
 */

import { Cron } from 'croner';
import { errorMessage } from './thrown.ts';

/** What to do when a tick comes while the run of an earlier one has not finished. */
export const SCHEDULE_OVERLAPS = ['SKIP', 'QUEUE', 'ALLOW'] as const;
export type ScheduleOverlap = (typeof SCHEDULE_OVERLAPS)[number];

/**
 * Where a run of a schedule stands: QUEUED waits for an earlier run, RUNNING has been started and has not been seen to
 * end; the others are ends.
 */
export const SCHEDULE_RUN_STATUSES = [
  'QUEUED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'SKIPPED',
] as const;
export type ScheduleRunStatus = (typeof SCHEDULE_RUN_STATUSES)[number];

/** When a schedule is due. */
export interface Timing {
  /** Five fields, or a nickname such as @daily. */
  cron: string;
  /** IANA name. */
  timeZone: string;
}

const NICKNAME = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/i;
const FIELD_COUNT = 5;

/** The line with single spaces between its fields, as it is kept. */
export function normalizeCron(cron: string): string {
  return cron.trim().replace(/\s+/g, ' ');
}

/** What is wrong with a time zone, in a few words; null when it is one. */
export function timeZoneIssue(timeZone: string): string | null {
  try {
    // Engines differ in whether they take offsets: only names, so that a schedule means the same everywhere.
    if (/^[A-Za-z]/.test(timeZone) && new Intl.DateTimeFormat('en', { timeZone })) return null;
  } catch {}
  return 'must be the IANA name of a time zone, such as Europe/Berlin or UTC';
}

/** What is wrong with a cron line, in a few words; null when it comes true after the instant. */
export function cronIssue({ cron, timeZone }: Timing, after: Date): string | null {
  if (!NICKNAME.test(cron)) {
    if (cron.split(' ').length !== FIELD_COUNT) {
      return 'must have five fields (minute, hour, day of month, month, day of week) or be one of @hourly, @daily, @weekly, @monthly, @yearly; a minute is the shortest interval';
    }
    // croner puts the present time in its place, which would make the line mean something else at every start.
    if (cron.includes('?')) return 'must not contain "?"';
  }
  try {
    if (nextTick({ cron, timeZone }, after)) return null;
  } catch (error) {
    return `is no cron line: ${errorMessage(error).replace(/^CronPattern: /, '')}`;
  }
  return 'never comes true: there is no such day';
}

/** The first tick after the instant; null when there is none. */
export function nextTick(timing: Timing, after: Date): Date | null {
  return cronOf(timing).nextRun(after);
}

/** The first ticks after the instant. */
export function nextTicks(timing: Timing, after: Date, count: number): Date[] {
  return cronOf(timing).nextRuns(count, after);
}

/** What is to be done for a schedule that is due. */
export interface DueTick {
  /** The tick that a run is for: the latest that has come. */
  tick: Date;
  /** Whether ticks before it have not been run: the run stands for them, too. */
  missedEarlier: boolean;
  /** It lies further back than the catch-up window: it is not run. */
  isTooLate: boolean;
  /** The first tick that is yet to come. */
  next: Date | null;
}

/**
 * Decides for a schedule whose next tick has come. However many ticks have passed, there is one run at most.
 * @param dueAt the earliest tick that was not run
 * @param now not before dueAt
 */
export function decideDue(timing: Timing, dueAt: Date, now: Date, catchUpSeconds: number): DueTick {
  const cron = cronOf(timing);
  // Ticks are whole seconds, and a tick of this instant has come.
  const [latest] = cron.previousRuns(1, new Date(now.getTime() + 1));
  // Rules of time zones change: what was due by older ones is still due.
  const tick = latest && latest > dueAt ? latest : dueAt;
  return {
    tick,
    missedEarlier: tick > dueAt,
    isTooLate: now.getTime() - tick.getTime() > catchUpSeconds * 1_000,
    next: cron.nextRun(now),
  };
}

function cronOf({ cron, timeZone }: Timing): Cron {
  return new Cron(cron, {
    paused: true,
    timezone: timeZone,
    mode: '5-part',
    // As in Vixie cron: several fixed hours are fixed times, not an interval.
    fixedTimeRule: 'no-wildcard',
  });
}
