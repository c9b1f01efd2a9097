/**
 * Shows how the streams of a client do, for whoever looks at what they bring. A client has the state of the stream that
 * is worst off.
 *
 *     connecting ──▶ catching up ──quiet for a moment──▶ live
 *         ▲               │ lost                          │ lost
 *         └── waiting ◀───┴───────────────────────────────┘         refused token: signed out
 */

/** State of a client's streams. */
export type ConnectionStatus =
  /** No stream is open. */
  | { state: 'idle' }
  /** Opening streams, for the first time or again. */
  | { state: 'connecting' }
  /** The server sends what was missed. */
  | { state: 'catching up' }
  /** What is shown is what is. */
  | { state: 'live' }
  /** The server is away: `retryInMs` milliseconds after this status the next attempt begins. */
  | { state: 'waiting'; retryInMs: number; error: unknown }
  /** The token was refused, and the streams have ended. Until one opens with another token. */
  | { state: 'signed out'; error: unknown };

/** Called with each new status. */
export type StatusListener = (status: ConnectionStatus) => void;

/** One stream reports its state here. */
export interface StatusReporter {
  /** The server has the subscription. */
  opened(): void;
  received(): void;
  waiting(retryInMs: number, error: unknown): void;
  signedOut(error: unknown): void;
  end(): void;
}

export interface Statuses {
  readonly current: ConnectionStatus;
  /** Returns the function that ends it. */
  listen(listener: StatusListener): () => void;
  track(): StatusReporter;
}

/** Silence after which a subscription that was opened has nothing left to send of what was missed. */
const QUIET_MS = 300;
/** Under steady traffic there is no silence: by then what was missed has come. */
const CAUGHT_UP_MS = 3_000;

const WORST_FIRST = ['waiting', 'connecting', 'catching up', 'live'] as const;

interface Tracked {
  status: Exclude<ConnectionStatus, { state: 'idle' | 'signed out' }>;
}

export function createStatuses(): Statuses {
  const tracked = new Set<Tracked>();
  const listeners = new Set<StatusListener>();
  let signedOut: ConnectionStatus | undefined;
  let current: ConnectionStatus = { state: 'idle' };

  function worst(): ConnectionStatus {
    if (signedOut) return signedOut;
    const all = [...tracked].map(({ status }) => status);
    for (const state of WORST_FIRST) {
      const found = all.find((status) => status.state === state);
      if (found) return found;
    }
    return { state: 'idle' };
  }

  function update(): void {
    const next = worst();
    if (next === current || (next.state === current.state && next.state !== 'waiting')) return;
    current = next;
    for (const listener of [...listeners]) listener(current);
  }

  return {
    get current() {
      return current;
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    track: () =>
      trackStream(tracked, update, (status) => {
        signedOut = status;
        update();
      }),
  };
}

function trackStream(
  tracked: Set<Tracked>,
  update: () => void,
  signOut: (status: ConnectionStatus | undefined) => void,
): StatusReporter {
  const own: Tracked = { status: { state: 'connecting' } };
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let openedAt = 0;

  function become(status: Tracked['status']): void {
    clearTimeout(quiet);
    own.status = status;
    update();
  }

  function untilQuiet(): void {
    clearTimeout(quiet);
    const left = CAUGHT_UP_MS - (performance.now() - openedAt);
    quiet = setTimeout(() => become({ state: 'live' }), Math.max(0, Math.min(QUIET_MS, left)));
  }

  tracked.add(own);
  update();
  return {
    opened() {
      openedAt = performance.now();
      become({ state: 'catching up' });
      signOut(undefined);
      untilQuiet();
    },
    received() {
      if (own.status.state === 'catching up') untilQuiet();
    },
    waiting: (retryInMs, error) => become({ state: 'waiting', retryInMs, error }),
    signedOut: (error) => signOut({ state: 'signed out', error }),
    end() {
      clearTimeout(quiet);
      tracked.delete(own);
      update();
    },
  };
}
