import { backoffAfter, pause } from './backoff.ts';
import { isTemporary } from './temporary.ts';

/** How long, and after what, something is sent again. */
export interface Persistence {
  /** Once it is aborted, the last error is thrown. */
  until?: AbortSignal | undefined;
  /** Milliseconds from the first try in which another may begin; left out: no limit. */
  forMs?: number | undefined;
  /** Whether to try again after this error; left out: after those that pass by themselves. */
  repeats?(error: unknown): boolean;
  /** Called before each pause. */
  onFailure?(error: unknown): void;
}

/** Sends until there is an answer, over reconnects. Rejects with the last error when that is given up. */
export async function retryUntilAnswered<T>(
  send: () => Promise<T>,
  { until, forMs = Number.POSITIVE_INFINITY, repeats = isTemporary, onFailure }: Persistence = {},
): Promise<T> {
  const started = performance.now();
  for (let failures = 0; ; failures++) {
    try {
      return await send();
    } catch (error) {
      const wait = backoffAfter(error, failures);
      if (!repeats(error) || performance.now() + wait - started > forMs) throw error;
      onFailure?.(error);
      await pause(wait, until);
      if (until?.aborted) throw error;
    }
  }
}
