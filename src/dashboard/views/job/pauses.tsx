/** Where a job is paused, by whom and why, as it changes; pausing and resuming it. */
import { type ReactNode, useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { type JobRow, PauseJobDocument, ResumeJobDocument } from '../../api/jobs.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Input, Select } from '../../design/field.tsx';
import { Banner } from '../../design/note.tsx';
import { Time } from '../../design/time.tsx';
import { announceOutcome } from '../../frame/announce.tsx';
import { useRoom } from '../../frame/search.ts';
import { isReadOnly } from '../../session/read-only.ts';
import { useViewer } from '../../session/session.ts';
import { useJobs } from '../jobs/use-jobs.ts';

type Pause = JobRow['pauses'][number];

const placeOf = (room: string | null | undefined) => (room == null ? 'in all rooms' : `in ${room}`);

function resume(fullName: string, room: string | null): Promise<boolean> {
  return announceOutcome(async () => {
    const { resumeJob } = await request(ResumeJobDocument, { input: { fullName, room } });
    const { resumed } = successOf(resumeJob, 'ResumeJobSuccess');
    return resumed ? `Resumed ${placeOf(room)}.` : `It was not paused ${placeOf(room)}.`;
  });
}

/** A banner for each pause. Nothing while the job is not paused. */
export function JobPauses({ job }: { job: JobRow }) {
  const { rooms, role } = useViewer();
  const mayResume = ({ room }: Pause) =>
    job.viewerCanPause || (role === 'WORKER' && room !== null && rooms.includes(room));
  return job.pauses.map((pause) => (
    <Banner key={pause.room ?? ''}>
      Paused {placeOf(pause.room)} <Time at={pause.pausedAt} /> by <bdi>{pause.pausedBy}</bdi>
      {pause.reason ? (
        <>
          : <q>{pause.reason}</q>
        </>
      ) : (
        ', without a reason'
      )}
      . Nothing starts there; what waits keeps its place.{' '}
      {!isReadOnly && mayResume(pause) && (
        <Button kind="quiet" onClick={() => void resume(job.fullName, pause.room)}>
          Resume
        </Button>
      )}
    </Banner>
  ));
}

/** The button that pauses, and its dialog; nothing for those who may not. */
export function PauseButton({ job }: { job: JobRow }) {
  const [isOpen, setOpen] = useState(false);
  const room = useRoom();
  const { role } = useViewer();
  const mayPauseRoom = room !== undefined && (job.viewerCanPause || role === 'WORKER');
  if (isReadOnly || (!job.viewerCanPause && !mayPauseRoom)) return null;
  const places = [...(job.viewerCanPause ? [''] : []), ...(mayPauseRoom ? [room] : [])];
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        Pause
      </Button>
      {isOpen && <PauseDialog job={job} places={places} close={() => setOpen(false)} />}
    </>
  );
}

interface PauseDialogProps {
  job: JobRow;
  /** Rooms to choose from; empty: all. */
  places: readonly string[];
  close(): void;
}

function PauseDialog({ job: { fullName, name }, places, close }: PauseDialogProps): ReactNode {
  const [place, setPlace] = useState(places[0] ?? '');
  const [reason, setReason] = useState('');
  const pause = () =>
    announceOutcome(async () => {
      const input = { fullName, room: place || null, reason: reason.trim() || null };
      const { pauseJob } = await request(PauseJobDocument, { input });
      successOf(pauseJob, 'PauseJobSuccess');
      return `Paused ${placeOf(place || null)}.`;
    });
  return (
    <Dialog title={`Pause ${name}?`} onClose={close}>
      <p>Nothing of it starts from now on. What runs goes on; what waits or comes keeps its place.</p>
      {places.length > 1 && (
        <Field label="Where">
          {(ids) => (
            <Select {...ids} value={place} onChange={({ target }) => setPlace(target.value)}>
              {places.map((one) => (
                <option key={one} value={one}>
                  {one === '' ? 'In all rooms' : `In ${one}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field label="Why" hint="For whoever finds it paused.">
        {(ids) => (
          <Input
            {...ids}
            maxLength={1_000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
      <DialogActions>
        <Button onClick={close}>Leave it</Button>
        <Button
          kind="primary"
          onClick={() => {
            close();
            void pause();
          }}
        >
          Pause
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** The job as its stream shows it; undefined until the stream has begun, and where it is retired. */
export function useLiveJob(fullName: string): JobRow | undefined {
  return useJobs({ fullName }).rows?.[0];
}
