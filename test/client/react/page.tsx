/** What the tests of the hooks render, in a page and on a server. */
import { Component, type ReactNode, StrictMode, Suspense, useState } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { type Client, createClient, type TaskSummary } from '../../../src/client/index.ts';
import {
  SignalboxProvider,
  useConnectionStatus,
  useCounts,
  useSubmit,
  useTask,
  useTasks,
} from '../../../src/client/react/index.ts';

export interface PageProps {
  room: string;
  job: string;
  id: string;
  /** A task that the page came with. */
  initial?: TaskSummary;
}

/** Two components of the same task, a list, counts and a form; all but the form and a light can be closed. */
export function Page({ client, ...props }: PageProps & { client: Client }) {
  const [isOpen, setOpen] = useState(true);
  return (
    <StrictMode>
      <SignalboxProvider client={client}>
        <Light />
        <Form room={props.room} job={props.job} />
        <button type="button" onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Close' : 'Open'}
        </button>
        {isOpen && (
          <>
            <Shown name="first" {...props} />
            <Shown name="second" {...props} />
            <Lists room={props.room} />
          </>
        )}
      </SignalboxProvider>
    </StrictMode>
  );
}

function Light() {
  return <p id="light">{useConnectionStatus().state}</p>;
}

function Form({ room, job }: { room: string; job: string }) {
  const { submit, state, handle } = useSubmit();
  return (
    <>
      <button type="button" onClick={() => void submit({ room, job })}>
        Submit
      </button>
      <p id="submitted">
        {state} {handle?.id}
      </p>
    </>
  );
}

function Shown({ name, id, initial }: PageProps & { name: string }) {
  const { task, state } = useTask(id, initial ? { initial } : {});
  return <p id={name}>{task ? task.status : state}</p>;
}

function Lists({ room }: { room: string }) {
  const { tasks, state } = useTasks(room);
  const { total } = useCounts(room);
  return (
    <p id="lists">
      {state} {tasks.length} {total}
    </p>
  );
}

/** A page whose components suspend. */
export function SuspendingPage({ client, room, id }: PageProps & { client: Client }) {
  return (
    <StrictMode>
      <SignalboxProvider client={client}>
        <Light />
        <Boundary>
          <Suspense fallback={<p id="task">waiting</p>}>
            <SuspendingTask id={id} />
          </Suspense>
        </Boundary>
        <Suspense fallback={<p id="list">waiting</p>}>
          <SuspendingList room={room} />
        </Suspense>
      </SignalboxProvider>
    </StrictMode>
  );
}

function SuspendingTask({ id }: { id: string }) {
  // There from the first rendering on.
  const { task } = useTask(id, { suspense: true });
  return <p id="task">{(task as TaskSummary).status}</p>;
}

function SuspendingList({ room }: { room: string }) {
  const { tasks } = useTasks(room, { suspense: true });
  const { total } = useCounts(room, { suspense: true });
  return (
    <p id="list">
      {tasks.length} of {total}
    </p>
  );
}

class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <p id="task">{this.state.error.name}</p> : this.props.children;
  }
}

/** How a page begins: anew, or with what a server has rendered. */
export function begin(kind: 'render' | 'suspend' | 'hydrate', props: PageProps, token: string): void {
  const client = createClient({ url: location.origin, token });
  const root = document.getElementById('root') as HTMLElement;
  const Content = kind === 'suspend' ? SuspendingPage : Page;
  const content = <Content client={client} {...props} />;
  if (kind === 'hydrate') hydrateRoot(root, content);
  else createRoot(root).render(content);
}
