/** A value outside React that components can follow. */
import { useSyncExternalStore } from 'react';

export interface ObservedValue<T> {
  get(): T;
  set(next: T): void;
  subscribe(listener: () => void): () => void;
}

export function createObservedValue<T>(initial: T): ObservedValue<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: ObservedValue<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
