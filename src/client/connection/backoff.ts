/** Waiting between attempts to reach the server. */

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** Milliseconds to wait before attempt `failures + 1`: doubling up to 30 s, the upper half of it by chance. */
export function backoffMs(failures: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return full / 2 + (Math.random() * full) / 2;
}

/** Resolves after `ms`, or at once when the signal is aborted: the caller looks at the signal afterwards. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish);
  });
}
