/** How current the page is, in a word and a lamp. */
import { useEffect, useRef } from 'react';
import { messageOf } from '../../client/errors.ts';
import { useNow } from '../live/clock.ts';
import { type Connectedness, connectedness } from '../live/status.ts';
import { useStore } from '../live/store.ts';
import { useSession } from '../session/session.ts';
import { announce } from './announce.tsx';
import styles from './connection-dot.module.css';

export function ConnectionDot() {
  const now = useStore(connectedness);
  const { state } = useSession();
  useAnnouncedLoss(now);
  if (state === 'lapsed') return <Dot kind="lost" text="Signed out" />;
  switch (now.state) {
    case 'idle':
      return null;
    case 'live':
      return <Dot kind="live" text="Live" />;
    case 'connecting':
      return <Dot kind="waiting" text="Connecting" />;
    case 'catching up':
      return <Dot kind="waiting" text="Catching up" />;
    case 'signed out':
      return <Dot kind="lost" text="Signed out" />;
    case 'waiting':
      return (
        <Dot kind="lost" title={messageOf(now.error)}>
          <Countdown until={now.since + now.retryInMs} />
        </Dot>
      );
  }
}

function Dot({
  kind,
  text,
  title,
  children,
}: {
  kind: string;
  text?: string;
  title?: string;
  children?: React.ReactNode;
}) {
  return (
    <span className={styles.connection} data-kind={kind} title={title} data-testid="connection">
      <span className={styles.lamp} aria-hidden="true" />
      <span>{text ?? children}</span>
    </span>
  );
}

function Countdown({ until }: { until: number }) {
  useNow();
  return `Reconnecting in ${Math.max(0, Math.ceil((until - Date.now()) / 1000))} s`;
}

/** Announces a loss once, and once that it is over: not for a stream that is opened anew within a moment. */
function useAnnouncedLoss(now: Connectedness): void {
  const lost = useRef(false);
  useEffect(() => {
    if (now.state === 'waiting' && !lost.current) {
      const timer = setTimeout(() => {
        lost.current = true;
        announce('The connection is lost. What you see is older than it looks.', 'danger');
      }, 3_000);
      return () => clearTimeout(timer);
    }
    if (now.state === 'live' && lost.current) {
      lost.current = false;
      announce('Connected again: everything is up to date.');
    }
    return undefined;
  }, [now]);
}
