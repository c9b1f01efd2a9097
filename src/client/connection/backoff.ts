/** Waiting between attempts to reach the server. */

import { RequestError } from '../errors.ts';

const FIRST_MS = 250;
// Whoever waits is back within five seconds of the server's return.
const LONGEST_MS = 4_000;
/** However long a server asks to wait: it may take requests sooner than it thought. */
const LONGEST_ASKED_MS = 60_000;

/** Milliseconds to wait before attempt `failures + 1`: doubling up to 4 s, the upper half of it by chance. */
export function backoffMs(failures: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return full / 2 + (Math.random() * full) / 2;
}

/** The same after an error that may say itself when to try again; a minute at most. */
export function backoffAfter(error: unknown, failures: number): number {
  const asked = error instanceof RequestError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
  return Math.max(backoffMs(failures), Math.min(asked, LONGEST_ASKED_MS));
}

/** Resolves after `ms`, or at once when the signal is aborted: the caller looks at the signal afterwards. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      forget?.();
      resolve();
    };
    const timer = setTimeout(finish, ms);
    const forget = signal && onAbort(signal, finish);
  });
}

/** What waits, by the signal that ends it. Many calls wait with the same one, and Node warns of many listeners. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Returns the function that takes it back. */
function onAbort(signal: AbortSignal, finish: () => void): () => void {
  const all = waiting.get(signal) ?? new Set();
  if (!waiting.has(signal)) {
    waiting.set(signal, all);
    const finishAll = () => {
      for (const one of [...all]) one();
    };
    signal.addEventListener('abort', finishAll, { once: true });
  }
  all.add(finish);
  return () => all.delete(finish);
}
