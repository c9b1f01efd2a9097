/** Changes of schedules since they were read, as events of their stream add up. */
import type { ScheduleRow, ScheduleRunRow } from '../../api/schedules.ts';
import type { ScheduleStreamSubscription } from '../../generated/graphql.ts';

/** What the stream has reported since the last read, by schedule. */
export interface ScheduleChanges {
  rows: ReadonlyMap<string, ScheduleRow>;
  runs: ReadonlyMap<string, ReadonlyMap<string, ScheduleRunRow>>;
  gone: ReadonlySet<string>;
}

type ScheduleEvent = ScheduleStreamSubscription['scheduleEvents'];

export const NO_CHANGES: ScheduleChanges = { rows: new Map(), runs: new Map(), gone: new Set() };

/** With one event more; a snapshot begins anew. */
export function withEvent(changes: ScheduleChanges, event: ScheduleEvent): ScheduleChanges {
  switch (event.__typename) {
    case 'SchedulesSnapshot':
      return NO_CHANGES;
    case 'ScheduleChanged': {
      const gone = new Set(changes.gone);
      gone.delete(event.schedule.id);
      return { ...changes, rows: new Map(changes.rows).set(event.schedule.id, event.schedule), gone };
    }
    case 'ScheduleRunChanged': {
      const { schedule, run } = event;
      const of = new Map(changes.runs.get(schedule.id)).set(run.id, run);
      return { ...changes, runs: new Map(changes.runs).set(schedule.id, of) };
    }
    case 'ScheduleGone':
      return { ...changes, gone: new Set(changes.gone).add(event.scheduleId) };
  }
}

/** The runs with those that have changed or are new, newest first, as many as `most`. */
export function withRuns(
  runs: readonly ScheduleRunRow[],
  changed: ReadonlyMap<string, ScheduleRunRow> | undefined,
  most: number,
): ScheduleRunRow[] {
  const all = new Map([...runs.map((run) => [run.id, run] as const), ...(changed ?? [])]);
  // Ids begin with their time.
  return [...all.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
}
