/**
 * Who uses the page. The token lives in sessionStorage, or in localStorage where a person wants to stay signed in: never
 * in a cookie, and in the address only for the moment that the link of `npm start` is opened.
 *
 *     signed out ──token──▶ signed in ──expired or revoked──▶ lapsed ──token──▶ signed in
 *
 * Lapsed, the page stays as it is: streams wait for a new token and go on from their position.
 */

import type { ViewerQuery } from '../generated/graphql.ts';
import { createObservedValue, useStore } from '../live/store.ts';

export type Viewer = ViewerQuery['viewer'];

export type Session =
  | { state: 'checking'; token: string }
  | { state: 'signed out'; message?: string | undefined }
  | { state: 'signed in'; token: string; viewer: Viewer }
  | { state: 'lapsed'; token: string; viewer: Viewer; message: string };

const KEY = 'signalbox.token';

export const session = createObservedValue<Session>(begin());

export function useSession(): Session {
  return useStore(session);
}

/** Who is signed in; only below the sign-in page. */
export function useViewer(): Viewer {
  const now = useSession();
  if (!('viewer' in now)) throw new Error('Nobody is signed in.');
  return now.viewer;
}

/** The present token; none where the server has refused it, so that nothing is asked with it again. */
export function tokenNow(): string | undefined {
  const now = session.get();
  if (now.state === 'lapsed') throw new Error('Nobody is signed in.');
  return 'token' in now ? now.token : undefined;
}

export function isLapsed(): boolean {
  return session.get().state === 'lapsed';
}

export function enter(token: string, viewer: Viewer, stay: boolean): void {
  write(stay ? localStorage : sessionStorage, token);
  session.set({ state: 'signed in', token, viewer });
}

/** The server refuses the token that was good before. */
export function lapse(message: string): void {
  const now = session.get();
  if (now.state === 'signed in') session.set({ ...now, state: 'lapsed', message });
}

export function leave(message?: string): void {
  for (const storage of [sessionStorage, localStorage]) write(storage, undefined);
  session.set({ state: 'signed out', message });
}

/** Whether the token outlives this tab. */
export function staysSignedIn(): boolean {
  return read(localStorage) !== undefined;
}

/** The same for viewers that see and may do the same. */
export function rightsOf({ id, role, rooms }: Viewer): string {
  return JSON.stringify([id, role, [...rooms].sort()]);
}

/** Resolves when somebody is signed in; rejects with the signal's reason. */
export function signedIn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (session.get().state !== 'signed in') return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = session.subscribe(look);
    signal.addEventListener('abort', () => {
      unsubscribe();
      reject(signal.reason);
    });
    look();
  });
}

function begin(): Session {
  const token = takeFromAddress() ?? read(sessionStorage) ?? read(localStorage);
  return token === undefined ? { state: 'signed out' } : { state: 'checking', token };
}

/** The link of `npm start` is /#token=…: it leaves the address, and the history, before anything else happens. */
function takeFromAddress(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  write(sessionStorage, token);
  return token;
}

function read(storage: Storage): string | undefined {
  try {
    return storage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(storage: Storage, token: string | undefined): void {
  try {
    if (token === undefined) storage.removeItem(KEY);
    else storage.setItem(KEY, token);
  } catch {
    // A browser that keeps nothing: the token lives as long as the page.
  }
}
