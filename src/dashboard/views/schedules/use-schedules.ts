/**
 * Schedules with their last runs, live. The stream does not say of the runs that it begins with whose they are, so
 * everything is read once it stands, and what it reports from then on is put over that.
 */
import { useEffect, useMemo, useState } from 'react';
import { reread, useRead } from '../../api/read.ts';
import { ScheduleDocument, ScheduleStreamDocument, SchedulesDocument } from '../../api/schedules.ts';
import { followSubscription } from '../../live/follow.ts';
import { SCHEDULE_KEYS } from './actions.tsx';
import { NO_CHANGES, type ScheduleChanges, withEvent, withRuns } from './changes.ts';

const IN_LIST = 10;
const ON_PAGE = 50;

/** The first fifty of those of the room, or of all that the caller sees. */
export function useSchedules(room: string | undefined) {
  const [stands, changes] = useChanges({ room });
  const { data, ...read } = useRead(
    'schedules',
    SchedulesDocument,
    { room },
    { enabled: stands, keep: true },
  );
  const schedules = useMemo(() => {
    const known = data?.schedules.nodes;
    if (!known) return undefined;
    const ids = new Set(known.map(({ id }) => id));
    const added = [...changes.rows.values()].filter(({ id }) => !ids.has(id));
    return [...known, ...added.map((row) => ({ ...row, runs: { nodes: [] } }))]
      .filter(({ id }) => !changes.gone.has(id))
      .map((row) => ({
        ...row,
        ...changes.rows.get(row.id),
        runs: { nodes: withRuns(row.runs.nodes, changes.runs.get(row.id), IN_LIST) },
      }));
  }, [data, changes]);
  return { ...read, schedules, hasMore: data?.schedules.pageInfo.hasNextPage ?? false };
}

/** One of them with what is only of interest there; null where there is none. */
export function useSchedule(id: string) {
  const [stands, changes] = useChanges({ scheduleId: id });
  const { data, ...read } = useRead('schedule', ScheduleDocument, { id }, { enabled: stands, keep: true });
  // When it is due next, and what it starts, no stream carries.
  const changed = changes.rows.get(id);
  useEffect(() => {
    if (changed) reread('schedule');
  }, [changed]);
  const schedule = data?.schedule && !changes.gone.has(id) ? data.schedule : undefined;
  return {
    ...read,
    schedule: schedule && {
      ...schedule,
      runs: { nodes: withRuns(schedule.runs.nodes, changes.runs.get(id), ON_PAGE) },
    },
    isRead: data !== undefined,
  };
}

interface Which {
  scheduleId?: string | undefined;
  room?: string | undefined;
}

/** Whether the stream stands, and what it has reported since. */
function useChanges({ scheduleId, room }: Which): [boolean, ScheduleChanges] {
  const [stands, setStands] = useState(false);
  const [changes, setChanges] = useState(NO_CHANGES);
  useEffect(() => {
    let first = true;
    setStands(false);
    setChanges(NO_CHANGES);
    return followSubscription({
      document: ScheduleStreamDocument,
      variables: { scheduleId, room },
      take({ scheduleEvents: event }) {
        setChanges((now) => withEvent(now, event));
        if (event.__typename !== 'SchedulesSnapshot') return;
        // Again: the connection was lost, and runs in between are not in the snapshot.
        if (!first) for (const key of SCHEDULE_KEYS) reread(key);
        first = false;
        setStands(true);
      },
      // A schedule that is not there: the read says so.
      fail: () => setStands(true),
    });
  }, [scheduleId, room]);
  return [stands, changes];
}
