/** The frame of every page: rail, header, what the page shows, and what lies above it. */
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Loading } from '../design/note.tsx';
import { LapsedDialog } from '../session/lapsed.tsx';
import { useSession } from '../session/session.ts';
import { Announcements } from './announce.tsx';
import { Header } from './header.tsx';
import styles from './layout.module.css';
import { usePalette } from './palette-state.ts';
import { Rail } from './rail.tsx';
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
          <Outlet />
        </Suspense>
      </main>
      <Announcements />
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

function useTitle(path: string) {
  useEffect(() => {
    const name = path.split('/')[1]?.replaceAll('-', ' ') || 'overview';
    document.title = `${name.charAt(0).toUpperCase()}${name.slice(1)} · Signalbox`;
  }, [path]);
}
