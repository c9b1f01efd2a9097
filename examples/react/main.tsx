/** The page: everything for who is signed in, and one task for whoever was given its link. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../../src/client/index.ts';
import { SignalboxProvider } from '../../src/client/react/index.ts';
import { Overview } from './overview.tsx';
import { SharedTask } from './shared-task.tsx';

const url = '/signalbox';
const link = new URLSearchParams(location.hash.slice(1));
const task = link.get('task');
const token = link.get('token');

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    {task && token ? (
      // The token for this task is all that its page has.
      <SignalboxProvider client={createClient({ url, token })}>
        <SharedTask id={task} />
      </SignalboxProvider>
    ) : (
      // The cookie of the session signs in.
      <SignalboxProvider client={createClient({ url })}>
        <Overview />
      </SignalboxProvider>
    )}
  </StrictMode>,
);
