/** The frame of every page: rail, header, what the page shows, and what lies above it. */
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Empty, Loading } from '../design/note.tsx';
import { wordOf } from '../design/text.ts';
import { LapsedDialog } from '../session/lapsed.tsx';
import { useSession, useViewer } from '../session/session.ts';
import { AnnouncementRegion } from './announce.tsx';
import { Header } from './header.tsx';
import styles from './layout.module.css';
import { Link } from './link.tsx';
import { usePalette } from './palette-state.ts';
import { Rail } from './rail.tsx';
import { closedSection } from './sections.ts';
import { ShortcutsDialog, useShortcuts } from './shortcuts.tsx';

const Palette = lazy(() => import('./palette.tsx').then(({ Palette }) => ({ default: Palette })));

export function Layout() {
  const { state } = useSession();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const palette = usePalette();
  useShortcuts();
  useTitle(path);
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Rail />
      <Header />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Suspense fallback={<Loading what="the page" />}>
          <Content path={path} />
        </Suspense>
      </main>
      <AnnouncementRegion />
      <ShortcutsDialog />
      {palette && (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      )}
      {state === 'lapsed' && <LapsedDialog />}
    </div>
  );
}

/** The page, or why it is not there: an address may come from somebody with other rights. */
function Content({ path }: { path: string }) {
  const { id, role } = useViewer();
  const closed = closedSection(role, path);
  if (!closed) return <Outlet />;
  return (
    <Empty title={`${closed.label}: for ${closed.roles.map(wordOf).join(', ')}`}>
      <p>
        You are signed in as <bdi>{id}</bdi>, with the role {wordOf(role)}. Somebody with the rights can give
        you a token that has them; sign out to use it.
      </p>
      <p>
        <Link to="/">To the overview</Link>
      </p>
    </Empty>
  );
}

function useTitle(path: string) {
  useEffect(() => {
    const name = path.split('/')[1]?.replaceAll('-', ' ') || 'overview';
    document.title = `${name.charAt(0).toUpperCase()}${name.slice(1)} · Signalbox`;
  }, [path]);
}
