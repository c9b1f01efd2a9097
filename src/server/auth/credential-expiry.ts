/** How long a connection may live: until its credential expires or is revoked. */
import type { Viewer } from '../../domain/access.ts';

/** Why a connection must end; sent to its client. */
export type EndReason = 'The token has expired' | 'The API key was revoked';

export interface CredentialExpiry {
  /**
   * Calls `end`, once, when the viewer's credential ends. A credential that has ended already ends it at once.
   * @returns how to stop watching, when the connection has ended by itself
   */
  watch(viewer: Viewer, end: (reason: EndReason) => void): () => void;
  /** Ends whatever this API key has opened here, now and from now on. */
  endKey(keyId: string): void;
  /** Whether the key is known to be revoked. */
  isEnded(keyId: string): boolean;
  /** API keys that have something open here. */
  openKeys(): Iterable<string>;
}

// The longest delay that a timer takes; a token that lives longer is looked at again then.
const MAX_TIMER_MS = 2 ** 31 - 1;
// Revoked keys that are remembered for connections that are on their way in: they take moments.
const MAX_ENDED = 10_000;

export function createCredentialExpiry(): CredentialExpiry {
  const open = new Map<string, Set<(reason: EndReason) => void>>();
  const ended = new Set<string>();

  function watchKey(keyId: string, end: (reason: EndReason) => void): () => void {
    const ends = open.get(keyId) ?? new Set();
    open.set(keyId, ends.add(end));
    return () => {
      ends.delete(end);
      if (ends.size === 0 && open.get(keyId) === ends) open.delete(keyId);
    };
  }

  return {
    watch({ expiresAt, keyId }, end) {
      let stop = () => {};
      const endOnce = (reason: EndReason) => {
        stop();
        end(reason);
      };
      const stopTimer = expiresAt ? callAt(expiresAt, () => endOnce('The token has expired')) : () => {};
      // A function of its own for each connection: two may share an `end`.
      const stopKey = keyId === undefined ? () => {} : watchKey(keyId, (reason) => endOnce(reason));
      stop = () => {
        stopTimer();
        stopKey();
      };
      // Revoked between its sign-in and now.
      if (keyId !== undefined && ended.has(keyId)) endOnce('The API key was revoked');
      return stop;
    },
    endKey(keyId) {
      ended.delete(keyId);
      ended.add(keyId);
      const [oldest] = ended;
      if (ended.size > MAX_ENDED && oldest !== undefined) ended.delete(oldest);
      for (const end of [...(open.get(keyId) ?? [])]) end('The API key was revoked');
    },
    isEnded: (keyId) => ended.has(keyId),
    openKeys: () => open.keys(),
  };
}

function callAt(time: Date, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = time.getTime() - Date.now();
    timer = setTimeout(
      () => (left > MAX_TIMER_MS ? wait() : call()),
      Math.min(Math.max(left, 0), MAX_TIMER_MS),
    ).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
