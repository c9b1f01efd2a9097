/** Progress of one attempt: at most one report under way, and while it is, only the latest waits. */

import { backoffAfter, pause } from '../connection/backoff.ts';
import { isTemporary } from '../connection/temporary.ts';

import type { Holder } from './running.ts';

export interface Progress {
  report(percent: number, message?: string): void;
  /** The attempt is over: what waits is dropped, and nothing is sent any more. */
  close(): void;
}

/** The type name of the server's answer. */
type Send = (input: Holder & { percent: number; message?: string | undefined }) => Promise<string>;

/** Refusals that say that the attempt is no longer this worker's. */
const OVER = new Set(['StaleAttempt', 'InvalidTransition', 'TaskNotFound']);

/**
 * `onOver` is called when an answer says that the attempt is over. A report that gets no answer is sent again, unless
 * there is a newer one by then.
 */
export function createProgress(holder: Holder, send: Send, onOver: (refusal: string) => void): Progress {
  let latest: { percent: number; message: string | undefined } | undefined;
  let sending = false;
  let closed = false;
  /** Ends the pause before a further try. Most handlers report nothing, and a controller costs more than the attempt. */
  let pausing: AbortController | undefined;

  function close(): void {
    closed = true;
    pausing?.abort();
  }

  async function drain(): Promise<void> {
    sending = true;
    let failures = 0;
    while (latest && !closed) {
      const next = latest;
      latest = undefined;
      try {
        const answer = await send({ ...holder, ...next });
        failures = 0;
        if (OVER.has(answer) && !closed) {
          close();
          onOver(answer);
        }
      } catch (error) {
        if (!isTemporary(error)) continue;
        latest ??= next;
        pausing = new AbortController();
        if (!closed) await pause(backoffAfter(error, failures++), pausing.signal);
      }
    }
    sending = false;
  }

  return {
    report(percent, message) {
      if (closed) return;
      latest = { percent: Math.min(100, Math.max(0, percent || 0)), message };
      if (!sending) void drain();
    },
    close,
  };
}
