/**
 * What several components of a page watch is one stream. It is opened when the first of them is mounted, or suspends, and
 * closed a moment after the last is gone: StrictMode unmounts and mounts everything once, and pages change.
 */

import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Client } from '../client.ts';
import { useSignalbox } from './provider.ts';

/** A stream whose present state can be read. */
export interface LiveState<State> {
  getState(): State;
  /** Calls `listener` after each change of the state. */
  onChange(listener: () => void): () => void;
  close(): void;
}

/** What keeps a shared stream, see {@link useShared}. */
interface Shared<State> {
  live: LiveState<State>;
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

/** Between the end of the last component and that of the stream. */
const LINGER_MS = 1_000;
/** What suspends without ever being mounted is given up after so long. */
const SUSPENDED_MS = 10_000;

const byClient = new WeakMap<Client, Map<string, Shared<unknown>>>();

/** How a hook opens and shows what it watches. */
export interface SharedOptions<State> {
  /** What distinguishes it from others; undefined: nothing is watched. */
  key: string | undefined;
  open(client: Client): LiveState<State>;
  /** Before anything is known, and on a server. */
  initial: State;
  /** Whether the component waits, in a Suspense boundary, until `isLoading` is over. */
  suspense?: boolean;
  isLoading(state: State): boolean;
}

/** The state of a stream that is shared by all components of the same key. */
export function useShared<State>({ key, open, initial, suspense, isLoading }: SharedOptions<State>): State {
  const client = useSignalbox();
  const opening = useRef(open);
  opening.current = open;
  const subscribe = useCallback(
    (listener: () => void) => {
      if (key === undefined) return () => {};
      const shared = acquire(client, key, () => opening.current(client));
      const end = shared.live.onChange(listener);
      return () => {
        end();
        release(client, key, shared, LINGER_MS);
      };
    },
    [client, key],
  );
  const read = () => (key === undefined ? undefined : find<State>(client, key)?.live.getState()) ?? initial;
  const state = useSyncExternalStore(subscribe, read, () => initial);
  if (suspense && key !== undefined && isLoading(state)) {
    if (typeof window === 'undefined')
      throw new Error('What suspends on Signalbox is rendered in the browser.');
    throw changeOf(client, key, () => opening.current(client));
  }
  return state;
}

function find<State>(client: Client, key: string): Shared<State> | undefined {
  return byClient.get(client)?.get(key) as Shared<State> | undefined;
}

function acquire<State>(client: Client, key: string, open: () => LiveState<State>): Shared<State> {
  const all = byClient.get(client) ?? new Map<string, Shared<unknown>>();
  byClient.set(client, all);
  const shared = find<State>(client, key) ?? { live: open(), users: 0 };
  all.set(key, shared);
  clearTimeout(shared.closing);
  shared.users++;
  return shared;
}

function release<State>(client: Client, key: string, shared: Shared<State>, afterMs: number): void {
  if (--shared.users > 0) return;
  shared.closing = setTimeout(() => {
    byClient.get(client)?.delete(key);
    shared.live.close();
  }, afterMs);
}

/** Resolves with the next change; holds the stream open for a component that is not mounted yet. */
function changeOf<State>(client: Client, key: string, open: () => LiveState<State>): Promise<void> {
  const shared = acquire(client, key, open);
  return new Promise((resolve) => {
    const end = shared.live.onChange(() => {
      end();
      release(client, key, shared, SUSPENDED_MS);
      resolve();
    });
  });
}

/** A state that is replaced, and its listeners. */
export function createState<State>(first: State) {
  const listeners = new Set<() => void>();
  let state = first;
  return {
    getState: () => state,
    onChange(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(next: State) {
      state = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
