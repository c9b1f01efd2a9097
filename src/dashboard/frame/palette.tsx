/** Search, jump and command: rooms, pages, jobs, and any id that is pasted. */
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useState } from 'react';
import { Dialog } from '../design/dialog.tsx';
import { changeSettings, nextTheme, settings } from '../live/settings.ts';
import { useViewer } from '../session/session.ts';
import { signOut } from '../session/sign-in-actions.ts';
import styles from './palette.module.css';
import { closePalette, usePalette } from './palette-state.ts';
import { useChangeSearch, useRoom } from './search.ts';
import { sectionsOf } from './sections.ts';
import { openHelp } from './shortcuts.tsx';

export function Palette() {
  const kind = usePalette();
  const [text, setText] = useState('');
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
          <Command.Empty className={styles.empty}>Nothing is called that.</Command.Empty>
          {kind === 'all' && <Ids text={text.trim()} />}
          {kind === 'all' && <Pages />}
          <Rooms text={text.trim()} />
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

/** What an id leads to by how it begins; any other text may be a correlation id. */
function Ids({ text }: { text: string }) {
  const navigate = useNavigate();
  if (text.length < 3) return null;
  const path = PATHS.find(([prefix]) => text.startsWith(prefix))?.[1](text);
  return (
    <Command.Group heading="Find" forceMount>
      {path !== undefined && (
        <Item value={`go to ${text}`} run={() => void navigate({ to: path })}>
          Go to {text}
        </Item>
      )}
      <Item
        value={`correlation ${text}`}
        run={() => void navigate({ to: '/tasks', search: { correlation: text } as never })}
      >
        Tasks with correlation {text}
      </Item>
      <Item
        value={`created by ${text}`}
        run={() => void navigate({ to: '/tasks', search: { by: text } as never })}
      >
        Tasks created by {text}
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

function Rooms({ text }: { text: string }) {
  const change = useChangeSearch();
  const viewer = useViewer();
  const rooms = viewer.rooms.filter((room) => room !== '*');
  const other = text !== '' && !rooms.includes(text) && viewer.rooms.includes('*') ? [text] : [];
  const go = (room: string | undefined) => () => change({ room, task: undefined });
  return (
    <Command.Group heading="Rooms">
      <Item value="all rooms" run={go(undefined)}>
        All rooms
      </Item>
      {[...rooms, ...other].map((room) => (
        <Item key={room} value={`room ${room}`} run={go(room)}>
          {room}
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
