/** A server on which nothing has happened yet: what to do next. */
import { useState } from 'react';
import { Snippet } from '../../design/copy.tsx';
import { Tabs } from '../../frame/tabs.tsx';
import styles from './first-steps.module.css';
import { snippetsOf } from './snippets.ts';

const TABS = [
  { id: 'typescript', label: 'TypeScript' },
  { id: 'curl', label: 'curl' },
  { id: 'python', label: 'Python' },
] as const;

export function FirstSteps({ room }: { room: string | undefined }) {
  return (
    <section className={styles.steps}>
      <h2>Nothing has run here yet</h2>
      <p>
        A worker registers a job and serves it; anybody with a token submits tasks of it. This does both, and
        the panel above shows it as it happens. Put your token into <code>SIGNALBOX_TOKEN</code>.
      </p>
      <WorkerSnippets room={room} />
      <p>
        Or see it at work: <code>npm run demo</code> indexes a directory while you watch,{' '}
        <code>npm run sample</code> puts a few hundred tasks in every status into this server.
      </p>
    </section>
  );
}

/** A program that registers a job and serves it, in three languages. */
export function WorkerSnippets({ room }: { room: string | undefined }) {
  const [language, setLanguage] = useState<(typeof TABS)[number]['id']>('typescript');
  const snippets = snippetsOf(location.origin, room ?? 'demo');
  return (
    <div className={styles.snippets}>
      <Tabs kind="looks" label="Language" tabs={TABS} now={language} choose={setLanguage} />
      <Snippet code={snippets[language]} what="the program" />
    </div>
  );
}
