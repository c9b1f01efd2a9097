/** Progress of one attempt: at most one report under way, and while it is, only the latest waits. */

import type { Holder } from './running.ts';

export interface Progress {
  report(percent: number, message?: string): void;
  /** The attempt is over: what waits is dropped, and nothing is sent any more. */
  close(): void;
}

/** The type name of the server's answer. */
type Send = (input: Holder & { percent: number; message?: string }) => Promise<string>;

/** Refusals that say that the attempt is no longer this worker's. */
const OVER = new Set(['StaleAttempt', 'InvalidTransition', 'TaskNotFound']);

/** `onOver` is called when an answer tells that the attempt is over. A report that gets no answer is dropped. */
export function createProgress(holder: Holder, send: Send, onOver: (refusal: string) => void): Progress {
  let latest: { percent: number; message?: string } | undefined;
  let sending = false;
  let closed = false;

  async function drain(): Promise<void> {
    sending = true;
    while (latest && !closed) {
      const next = latest;
      latest = undefined;
      const answer = await send({ ...holder, ...next }).catch(() => undefined);
      if (answer !== undefined && OVER.has(answer) && !closed) {
        closed = true;
        onOver(answer);
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
    close() {
      closed = true;
    },
  };
}
