/** All tasks of the room, live, and a form that submits. */
import { type FormEvent, Suspense, useState } from 'react';
import type { TaskSummary } from '../../src/client/index.ts';
import {
  useConnectionStatus,
  useCounts,
  useSignalbox,
  useSubmit,
  useTasks,
} from '../../src/client/react/index.ts';
import { indexPart, ROOM } from './job.ts';

export function Overview() {
  const { state } = useConnectionStatus();
  const { counts, total } = useCounts(ROOM);
  return (
    <>
      <header>
        <h1>Source index</h1>
        <span>
          {counts.COMPLETED ?? 0} of {total} done · {state}
        </span>
      </header>
      <SubmitPart />
      <Suspense fallback={<p>Reading the list …</p>}>
        <Tasks />
      </Suspense>
    </>
  );
}

function SubmitPart() {
  const [part, setPart] = useState('.');
  const { submit, state, error } = useSubmit(indexPart);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    // What is refused is shown below.
    submit({ room: ROOM, payload: { part } }).catch(() => {});
  };
  return (
    <form onSubmit={onSubmit}>
      <label>
        Directory <input value={part} onChange={({ target }) => setPart(target.value)} />
      </label>{' '}
      <button type="submit" disabled={state === 'submitting'}>
        Index it
      </button>
      {state === 'failed' && <p role="alert">{String((error as Error).message)}</p>}
    </form>
  );
}

function Tasks() {
  const { tasks } = useTasks(ROOM, { limit: 50, suspense: true });
  if (tasks.length === 0) return <p>Nothing was indexed yet.</p>;
  return (
    <ul>
      {tasks.map((task) => (
        <Row key={task.id} task={task} />
      ))}
    </ul>
  );
}

function Row({ task }: { task: TaskSummary }) {
  const client = useSignalbox();
  const [link, setLink] = useState('');
  const share = async () => {
    const { token } = await client.taskToken(task.id, { cancel: true });
    setLink(`${location.pathname}#task=${task.id}&token=${token}`);
  };
  return (
    <li>
      <strong>{task.status}</strong>
      <progress max={100} value={task.progress} />
      {link ? (
        <a href={link} target="_blank" rel="noreferrer">
          Page of this task
        </a>
      ) : (
        <button type="button" onClick={share}>
          Share
        </button>
      )}
      <small>{task.error?.message ?? task.progressMessage ?? task.id}</small>
    </li>
  );
}
