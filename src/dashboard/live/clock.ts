/**
 * The one clock of the page: ages and countdowns follow it. The only module that may use setInterval: nothing that asks
 * the server hangs on time.
 *
 * The browser's clock may be wrong by minutes, so ages are counted by the server's: see {@link noteServerTime}.
 */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(Date.now() / 1000);
/** Milliseconds that the server's clock is ahead of ours. */
let ahead = 0;

/**
 * Notes the time by the server's clock, which has arrived just now. Clocks that differ by less than five
 * seconds are taken for equal: that is what travelling takes.
 */
export function noteServerTime(at: string): void {
  const difference = Date.parse(at) - Date.now();
  ahead = Math.abs(difference) < 5_000 ? 0 : difference;
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + ahead;
}

function tick(): void {
  second = Math.floor(Date.now() / 1000);
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time by the server's clock, once a second. */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => second);
  return serverNow();
}

/** Calls `run` once a second; returns what ends it. */
export function everySecond(run: () => void): () => void {
  return subscribe(run);
}
