/** Search, jump and command: rooms, pages, jobs, and any id that is pasted. */
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Bookmark, Layers } from 'lucide-react';
import { useState } from 'react';
import { JobsDocument } from '../api/jobs.ts';
import { useRead } from '../api/read.ts';
import { RoomsDocument } from '../api/viewer.ts';
import { Dialog } from '../design/dialog.tsx';
import { jobName, jobPlace, many } from '../design/text.ts';
import { changeSettings, nextTheme, settings } from '../live/settings.ts';
import { useLater } from '../live/use-later.ts';
import { useViewer } from '../session/session.ts';
import { signOut } from '../session/sign-in-actions.ts';
import { linkOfView, useSavedViews } from '../views/saved/views.ts';
import styles from './palette.module.css';
import { closePalette, usePalette } from './palette-state.ts';
import { useChangeSearch, useRoom } from './search.ts';
import { sectionsOf } from './sections.ts';
import { openHelp } from './shortcuts.tsx';

export function Palette() {
  const kind = usePalette();
  const [text, setText] = useState('');
  const later = useLater(text.trim());
  return (
    <Dialog title={kind === 'rooms' ? 'Room' : 'Search, jump, command'} onClose={closePalette}>
      <Command label="Commands" className={styles.palette} loop>
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          className={styles.input}
          placeholder={kind === 'rooms' ? 'A room' : 'A page, a job, a room, or an id'}
        />
        <Command.List className={styles.list}>
          {(kind === 'rooms' || text.trim().length < IDS_FROM) && (
            <Command.Empty className={styles.empty}>Nothing is called that.</Command.Empty>
          )}
          {kind === 'all' && <Id text={text.trim()} />}
          {kind === 'all' && <Pages />}
          {kind === 'all' && <Views />}
          {kind === 'all' && <Jobs text={later} />}
          <Rooms text={later} />
          {kind === 'all' && <Ids text={text.trim()} />}
          {kind === 'all' && <Commands />}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Item({ children, value, run }: { children: React.ReactNode; value?: string; run(): void }) {
  return (
    <Command.Item
      {...(value !== undefined && { value })}
      className={styles.item}
      onSelect={() => {
        closePalette();
        run();
      }}
    >
      {children}
    </Command.Item>
  );
}

const PATHS: [prefix: string, path: (id: string) => string][] = [
  ['task_', (id) => `/tasks/${id}`],
  ['worker_', (id) => `/workers/${id}`],
  ['schedule_', (id) => `/schedules/${id}`],
  ['webhook_', (id) => `/webhooks/${id}`],
  ['run_', (id) => `/operations/runs/${id}`],
  ['bulk_', (id) => `/bulk/${id}`],
];

/** An id by how it begins: where its page is. */
function Id({ text }: { text: string }) {
  const navigate = useNavigate();
  const path = PATHS.find(([prefix]) => text.startsWith(prefix))?.[1](text);
  if (path === undefined) return null;
  return (
    <Command.Group heading="Go to" forceMount>
      <Item value={`go to ${text}`} run={() => void navigate({ to: path })}>
        <bdi>{text}</bdi>
      </Item>
    </Command.Group>
  );
}

/** From so many signs on a text may be an id of somebody's own. */
const IDS_FROM = 3;

/** Tasks that any text may lead to. */
function Ids({ text }: { text: string }) {
  const navigate = useNavigate();
  if (text.length < IDS_FROM) return null;
  const tasksWith = (name: string) => () =>
    void navigate({ to: '/tasks', search: { [name]: text } as never });
  return (
    <Command.Group heading="Tasks" forceMount>
      <Item value={`words ${text}`} run={tasksWith('q')}>
        with “{text}” in their error
      </Item>
      <Item value={`correlation ${text}`} run={tasksWith('correlation')}>
        with correlation {text}
      </Item>
      <Item value={`created by ${text}`} run={tasksWith('by')}>
        created by {text}
      </Item>
    </Command.Group>
  );
}

function Pages() {
  const navigate = useNavigate();
  const room = useRoom();
  const { role } = useViewer();
  return (
    <Command.Group heading="Pages">
      {sectionsOf(role).map(({ path, label, icon: Icon }) => (
        <Item key={path} value={label} run={() => void navigate({ to: path, search: { room } as never })}>
          <Icon size={15} aria-hidden /> {label}
        </Item>
      ))}
    </Command.Group>
  );
}

/** Those of every page. */
function Views() {
  const navigate = useNavigate();
  const { views = [] } = useSavedViews();
  if (views.length === 0) return null;
  return (
    <Command.Group heading="Saved views">
      {views.map((view) => {
        const { to, search } = linkOfView(view);
        return (
          <Item
            key={view.id}
            value={`view ${view.name} ${view.id}`}
            run={() => void navigate({ to, search: search as never })}
          >
            <Bookmark size={15} aria-hidden /> <bdi>{view.name}</bdi>
          </Item>
        );
      })}
    </Command.Group>
  );
}

/** Shown of what the server has found. */
const FOUND = 8;

function Jobs({ text }: { text: string }) {
  const navigate = useNavigate();
  const room = useRoom();
  const asked = text.length >= 2;
  const { data } = useRead(
    'jobs by name',
    JobsDocument,
    { room, search: text },
    { enabled: asked, keep: true },
  );
  if (!asked || !data) return null;
  return (
    <Command.Group heading="Jobs">
      {data.jobs.nodes.slice(0, FOUND).map(({ fullName, description }) => (
        <Item
          key={fullName}
          value={`job ${fullName} ${description ?? ''}`}
          run={() =>
            void navigate({ to: `/jobs/${encodeURIComponent(fullName)}`, search: { room } as never })
          }
        >
          <Layers size={15} aria-hidden />
          <bdi>
            {jobName(fullName)} <span className={styles.more}>{jobPlace(fullName)}</span>
          </bdi>
        </Item>
      ))}
    </Command.Group>
  );
}

function Rooms({ text }: { text: string }) {
  const change = useChangeSearch();
  const { data } = useRead('rooms', RoomsDocument, { prefix: text || undefined }, { keep: true });
  const rooms = data?.rooms.nodes ?? [];
  const go = (room: string | undefined) => () => change({ room, task: undefined });
  return (
    <Command.Group heading="Rooms">
      <Item value="all rooms" run={go(undefined)}>
        All rooms
      </Item>
      {rooms.map(({ name, counts }) => (
        <Item key={name} value={`room ${name}`} run={go(name)}>
          <bdi>{name}</bdi>
          {counts && <span className={styles.more}>{many(counts.total, 'task')}</span>}
        </Item>
      ))}
    </Command.Group>
  );
}

function Commands() {
  return (
    <Command.Group heading="Commands">
      <Item value="theme" run={() => changeSettings({ theme: nextTheme(settings.get().theme) })}>
        Change the theme
      </Item>
      <Item value="keys shortcuts help" run={openHelp}>
        Show the keys
      </Item>
      <Item value="sign out" run={signOut}>
        Sign out
      </Item>
    </Command.Group>
  );
}
