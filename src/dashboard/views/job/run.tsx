/** Running a job: a form made from its schema, the options of a submission, and the same as programs write it. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { ResubmitDocument, SubmitDocument } from '../../api/jobs.ts';
import { useRead } from '../../api/read.ts';
import { TaskPayloadDocument } from '../../api/task.ts';
import { Button } from '../../design/button.tsx';
import { ErrorNote, Loading } from '../../design/note.tsx';
import { PayloadForm } from '../../form/payload-form.tsx';
import { announce } from '../../frame/announce.tsx';
import { useRoom, useSearchText } from '../../frame/search.ts';
import { useDraft } from '../../live/drafts.ts';
import { useViewer } from '../../session/session.ts';
import { AsCode } from './as-code.tsx';
import type { JobDetails } from './job.ts';
import { Options, type OptionValues, optionsInput } from './options.tsx';
import styles from './run.module.css';

export function Run({ job }: { job: JobDetails }) {
  const { like } = useSearchText();
  const { data, error, loading, again } = useRead(
    'payload',
    TaskPayloadDocument,
    { id: like ?? '' },
    { enabled: !!like },
  );
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the payload to begin with" />;
  const task = data?.task;
  // Of a task of another job only the payload is taken.
  const repeated =
    task && like && task.job.fullName === job.fullName ? { id: like, room: task.room } : undefined;
  return <RunForm key={like ?? ''} job={job} initial={task?.payload} like={repeated} />;
}

/** The task that is run again. */
interface Repeated {
  id: string;
  room: string;
}

interface RunFormProps {
  job: JobDetails;
  initial: unknown;
  like: Repeated | undefined;
}

function RunForm({ job, initial, like }: RunFormProps) {
  const shown = useRoom();
  const viewer = useViewer();
  const navigate = useNavigate();
  const own = job.room === '@global' ? undefined : job.room;
  const draft = `run ${job.fullName} ${like?.id ?? ''}`;
  const [payload, setPayload] = useDraft<unknown>(`${draft} sent`, () => initial);
  const [options, setOptions] = useDraft<OptionValues>(`${draft} options`, () => ({
    room: own ?? like?.room ?? shown ?? viewer.rooms.find((room) => room !== '*') ?? '',
    priority: '',
    runAt: '',
    key: '',
    hold: 'FOREVER',
    holdSeconds: '60',
    limitKey: '',
    correlation: '',
  }));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const input = inputOf(job.fullName, payload, options);
  const set = (name: keyof OptionValues) => (event: { target: { value: string } }) =>
    setOptions({ ...options, [name]: event.target.value });
  async function submit(given: unknown) {
    setBusy(true);
    setError(undefined);
    try {
      const { task, duplicate } = await send(inputOf(job.fullName, given, options), like);
      const when = task.estimate ? ` ${task.estimate.detail}` : '';
      announce(duplicate ? 'The key was used before: this is its task.' : `Submitted.${when}`);
      void navigate({ to: `/tasks/${task.id}`, search: { room: shown } as never });
    } catch (refused) {
      setError(refused);
    }
    // Also where it went well: whoever goes back at once finds the form as it was.
    setBusy(false);
  }
  return (
    <div className={styles.run}>
      <PayloadForm
        schema={job.payloadSchema}
        initial={initial}
        onChange={setPayload}
        onSubmit={(given) => void submit(given)}
        error={error}
        draft={draft}
      >
        <Options job={job} values={options} set={set} isRoomFixed={own !== undefined} />
        {error !== undefined && <ErrorNote error={error} />}
        <div className={styles.actions}>
          <Button kind="primary" type="submit" because={busy ? 'It is being submitted' : undefined}>
            <bdi className={styles.submit}>{busy ? 'Submitting…' : `Run ${job.name}`}</bdi>
          </Button>
        </div>
      </PayloadForm>
      <AsCode input={input} />
    </div>
  );
}

/** Submits it; in the room of the task that it repeats it is a copy of that one, with its labels. */
async function send(input: ReturnType<typeof inputOf>, like: Repeated | undefined) {
  const { room, job: _, payload, priority, runAt, idempotencyKey, ...others } = input;
  if (like && room === like.room && Object.keys(others).length === 0) {
    const copy = { taskId: like.id, payload, priority, runAt, idempotencyKey };
    const { resubmitTask } = await request(ResubmitDocument, { input: copy });
    return successOf(resubmitTask, 'SubmitTaskSuccess');
  }
  const { submitTask } = await request(SubmitDocument, { input });
  return successOf(submitTask, 'SubmitTaskSuccess');
}

function inputOf(job: string, payload: unknown, options: OptionValues) {
  return { room: options.room, job, payload: payload ?? {}, ...optionsInput(options) };
}
