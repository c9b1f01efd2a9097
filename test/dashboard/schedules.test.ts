/** Schedules that were read, with what their stream has reported since. */
import { describe, expect, it } from 'vitest';
import type { ScheduleRow, ScheduleRunRow } from '../../src/dashboard/api/schedules.ts';
import { NO_CHANGES, withEvent, withRuns } from '../../src/dashboard/views/schedules/changes.ts';

const run = (id: string, status = 'RUNNING') => ({ id, status }) as ScheduleRunRow;
const schedule = (id: string) => ({ id }) as ScheduleRow;
const changed = (id: string, of: ScheduleRunRow) =>
  ({ __typename: 'ScheduleRunChanged', schedule: { id }, run: of }) as const;

describe('changes of schedules', () => {
  it('put runs in their places, and new ones in front', () => {
    let changes = withEvent(NO_CHANGES, changed('a', run('run_2', 'SUCCEEDED')));
    changes = withEvent(changes, changed('a', run('run_3')));
    const runs = withRuns([run('run_2'), run('run_1', 'FAILED')], changes.runs.get('a'), 10);
    expect(runs).toEqual([run('run_3'), run('run_2', 'SUCCEEDED'), run('run_1', 'FAILED')]);
  });

  it('keep runs of each schedule apart, and no more than asked for', () => {
    let changes = withEvent(NO_CHANGES, changed('a', run('run_3')));
    changes = withEvent(changes, changed('b', run('run_9')));
    expect(withRuns([run('run_2'), run('run_1')], changes.runs.get('a'), 2)).toEqual([
      run('run_3'),
      run('run_2'),
    ]);
  });

  it('note what is gone, and begin anew with a snapshot', () => {
    let changes = withEvent(NO_CHANGES, { __typename: 'ScheduleGone', scheduleId: 'a' });
    changes = withEvent(changes, { __typename: 'ScheduleChanged', schedule: schedule('b') });
    expect([...changes.gone]).toEqual(['a']);
    expect([...changes.rows.keys()]).toEqual(['b']);
    expect(withEvent(changes, { __typename: 'SchedulesSnapshot' } as never)).toBe(NO_CHANGES);
  });

  it('bring a schedule back that was gone', () => {
    const gone = withEvent(NO_CHANGES, { __typename: 'ScheduleGone', scheduleId: 'a' });
    const back = withEvent(gone, { __typename: 'ScheduleChanged', schedule: schedule('a') });
    expect(back.gone.has('a')).toBe(false);
  });
});
