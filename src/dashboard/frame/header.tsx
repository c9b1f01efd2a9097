import { ChevronsUpDown, LogOut, Search as SearchIcon, UserRound } from 'lucide-react';
import { Popover, PopoverItem } from '../design/popover.tsx';
import { countText, spanText, wordOf } from '../design/text.ts';
import { useNow } from '../live/clock.ts';
import { useViewer } from '../session/session.ts';
import { signOut } from '../session/sign-in-actions.ts';
import { ConnectionDot } from './connection-dot.tsx';
import styles from './header.module.css';
import { openPalette } from './palette-state.ts';
import { useRoom } from './search.ts';

export function Header() {
  const room = useRoom();
  return (
    <header className={styles.header}>
      <button type="button" className={styles.room} onClick={() => openPalette('rooms')}>
        <span className={styles.roomLabel}>Room</span>
        <span className={styles.roomName}>{room ?? 'All rooms'}</span>
        <ChevronsUpDown size={14} aria-hidden />
      </button>
      <button type="button" className={styles.search} onClick={() => openPalette('all')}>
        <SearchIcon size={14} aria-hidden />
        <span className={styles.searchText}>Search, jump or paste an id</span> <kbd>Ctrl K</kbd>
      </button>
      <ConnectionDot />
      <ViewerMenu />
    </header>
  );
}

function ViewerMenu() {
  const viewer = useViewer();
  return (
    <Popover
      className={styles.viewer}
      label={`Account ${viewer.id}`}
      button={
        <>
          <UserRound size={15} aria-hidden />
          <span className={styles.viewerId}>{viewer.id}</span>
        </>
      }
    >
      {(close) => (
        <div className={styles.menu}>
          <dl className={styles.facts}>
            <dt>Signed in as</dt>
            <dd>{viewer.id}</dd>
            <dt>Role</dt>
            <dd>{wordOf(viewer.role)}</dd>
            <dt>Rooms</dt>
            <dd>{viewer.rooms.includes('*') ? 'All' : viewer.rooms.join(', ') || 'None'}</dd>
            {viewer.tier && (
              <>
                <dt>Rate limit</dt>
                <dd>{wordOf(viewer.tier)}</dd>
              </>
            )}
            {viewer.rateLimit && (
              <>
                <dt>Points</dt>
                <dd>
                  {countText(viewer.rateLimit.remaining)} of {countText(viewer.rateLimit.limit)} an hour were
                  left at sign-in
                </dd>
              </>
            )}
            <Expiry />
          </dl>
          <PopoverItem
            onClick={() => {
              close();
              signOut();
            }}
          >
            <LogOut size={15} aria-hidden /> Sign out
          </PopoverItem>
        </div>
      )}
    </Popover>
  );
}

function Expiry() {
  const { expiresAt } = useViewer();
  if (!expiresAt) return null;
  return (
    <>
      <dt>Expires in</dt>
      <dd>
        <Left until={expiresAt} />
      </dd>
    </>
  );
}

function Left({ until }: { until: string }) {
  const ms = Date.parse(until) - useNow();
  return spanText(Math.max(0, Math.floor(ms / 1000) * 1000));
}
