/** Outcomes of a person's own actions, and changes of the connection: seen for a while, and read out. Never stream traffic. */
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { messageOf } from '../../client/errors.ts';
import { IconButton } from '../design/button.tsx';
import { createObservedValue, useStore } from '../live/store.ts';
import styles from './announce.module.css';

interface Announcement {
  id: number;
  text: string;
  kind: 'good' | 'danger';
}

const announcements = createObservedValue<readonly Announcement[]>([]);
let last = 0;
const SHOWN_MS = 6_000;
const SHOWN_AT_A_TIME = 3;

export function announce(text: string, kind: Announcement['kind'] = 'good'): void {
  last++;
  announcements.set([...announcements.get().slice(1 - SHOWN_AT_A_TIME), { id: last, text, kind }]);
}

/** Runs an action, and announces the sentence that it resolves to, or why it failed. @returns whether it went well */
export async function announceOutcome(act: () => Promise<string>): Promise<boolean> {
  try {
    announce(await act());
    return true;
  } catch (error) {
    announce(messageOf(error), 'danger');
    return false;
  }
}

function dismiss(id: number): void {
  announcements.set(announcements.get().filter((item) => item.id !== id));
}

export function AnnouncementRegion() {
  const items = useStore(announcements);
  return (
    <div className={styles.region} role="status" aria-live="polite">
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </div>
  );
}

function Item({ item: { id, text, kind } }: { item: Announcement }) {
  useEffect(() => {
    // What went wrong stays until it was read.
    if (kind === 'danger') return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, kind]);
  return (
    <div className={`${styles.item} ${styles[kind]}`}>
      <span>{text}</span>
      <IconButton label="Dismiss" onClick={() => dismiss(id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}
