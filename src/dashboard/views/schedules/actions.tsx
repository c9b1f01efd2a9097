/** What can be done to a schedule beside editing it. */
import { type ReactNode, useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { reread } from '../../api/read.ts';
import {
  DeleteScheduleDocument,
  RunScheduleDocument,
  type ScheduleRow,
  UpdateScheduleDocument,
} from '../../api/schedules.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { announceOutcome } from '../../frame/announce.tsx';
import { isReadOnly } from '../../session/read-only.ts';

/** What lists and pages of schedules read. */
export const SCHEDULE_KEYS = ['schedules', 'schedule'] as const;

async function attempt(act: () => Promise<string>): Promise<void> {
  await announceOutcome(act);
  for (const key of SCHEDULE_KEYS) reread(key);
}

function runNow({ id, name }: ScheduleRow): Promise<void> {
  return attempt(async () => {
    const { runScheduleNow } = await request(RunScheduleDocument, { id });
    const { run } = successOf(runScheduleNow, 'RunScheduleNowSuccess');
    return run.status === 'SKIPPED' ? `${name} was skipped: ${run.detail ?? ''}` : `${name} runs now.`;
  });
}

function setPaused({ id, name, version }: ScheduleRow, paused: boolean): Promise<void> {
  return attempt(async () => {
    const { updateSchedule } = await request(UpdateScheduleDocument, {
      input: { scheduleId: id, expectedVersion: version, paused },
    });
    successOf(updateSchedule, 'ScheduleSuccess');
    return paused ? `Paused ${name}.` : `${name} goes on.`;
  });
}

function remove({ id, name }: ScheduleRow): Promise<void> {
  return attempt(async () => {
    const { deleteSchedule } = await request(DeleteScheduleDocument, { id });
    successOf(deleteSchedule, 'DeleteScheduleSuccess');
    return `Deleted ${name}.`;
  });
}

export function useScheduleDeletion(done: () => void): {
  ask(schedule: ScheduleRow): void;
  dialog: ReactNode;
} {
  const [asked, setAsked] = useState<ScheduleRow>();
  const close = () => setAsked(undefined);
  const dialog = asked && (
    <Dialog title={`Delete ${asked.name}?`} onClose={close}>
      <p>It runs no more. What it has started stays. To stop it for a while, pause it instead.</p>
      <DialogActions>
        <Button onClick={close}>Leave it</Button>
        <Button
          kind="danger"
          onClick={() => {
            close();
            void remove(asked).then(done);
          }}
        >
          Delete
        </Button>
      </DialogActions>
    </Dialog>
  );
  return { ask: setAsked, dialog };
}

export function ScheduleButtons({ schedule, children }: { schedule: ScheduleRow; children?: ReactNode }) {
  if (isReadOnly) return null;
  const { name, pausedAt } = schedule;
  return (
    <>
      <Button kind="quiet" aria-label={`Run now: ${name}`} onClick={() => void runNow(schedule)}>
        Run now
      </Button>
      <Button
        kind="quiet"
        aria-label={`${pausedAt ? 'Resume' : 'Pause'} ${name}`}
        onClick={() => void setPaused(schedule, !pausedAt)}
      >
        {pausedAt ? 'Resume' : 'Pause'}
      </Button>
      {children}
    </>
  );
}
