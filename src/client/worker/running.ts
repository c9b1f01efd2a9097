/** The attempts under way in this process. */
import { present } from '../present.ts';

/** What a worker proves with that an attempt is its own: the fencing token. */
export interface Holder {
  taskId: string;
  workerId: string;
  attempt: number;
}

/** One attempt. */
export interface RunningAttempt {
  readonly holder: Holder;
  /** Full name of its job. */
  readonly job: string;
  readonly controller: AbortController;
  /** The server no longer waits for a report of it. */
  abandoned: boolean;
  /** The handler is through; what remains is the report. */
  handled: boolean;
  /** Resolves when it is over and reported. */
  done: Promise<void>;
}

/** An attempt that has just been claimed. */
export function newAttempt(holder: Holder, job: string): RunningAttempt {
  return {
    ...{ holder, job, controller: new AbortController() },
    ...{ abandoned: false, handled: false, done: Promise.resolve() },
  };
}

export interface RunningAttempts {
  readonly size: number;
  add(attempt: RunningAttempt): void;
  delete(attempt: RunningAttempt): void;
  all(): RunningAttempt[];
  /** Aborts the handlers of a task (of one attempt of it, where given); nothing is reported of them. */
  stop(taskId: string, attempt: number | undefined, reason: string): void;
  /** Resolves when every attempt (of one worker id, where given) is over, or once the signal is aborted. */
  settled(signal: AbortSignal, workerId?: string): Promise<void>;
}

/** How many stops are remembered for attempts whose claim has not been answered yet. */
const EARLY_STOPS = 100;

export function createRunningAttempts(): RunningAttempts {
  // Not by task: an attempt that was lost may still wind down when this worker has claimed the task again.
  const attempts = new Set<RunningAttempt>();
  // A stop can overtake the answer of the claim that it is about.
  const early = new Map<string, string>();

  function abandon(attempt: RunningAttempt, reason: string): void {
    attempt.abandoned = true;
    attempt.controller.abort(new DOMException(reason, 'AbortError'));
  }

  return {
    get size() {
      return attempts.size;
    },
    add(attempt) {
      attempts.add(attempt);
      const { taskId, attempt: number } = attempt.holder;
      const reason = early.get(`${taskId} ${number}`);
      if (reason !== undefined) abandon(attempt, reason);
    },
    delete: (attempt) => void attempts.delete(attempt),
    all: () => [...attempts],
    stop(taskId, number, reason) {
      const matching = [...attempts].filter(
        ({ holder }) => holder.taskId === taskId && (number === undefined || holder.attempt === number),
      );
      for (const attempt of matching) abandon(attempt, reason);
      if (matching.length > 0 || number === undefined) return;
      early.set(`${taskId} ${number}`, reason);
      if (early.size > EARLY_STOPS) early.delete(present(early.keys().next().value));
    },
    async settled(signal, workerId) {
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      while (!signal.aborted) {
        const left = [...attempts].filter(
          ({ holder }) => workerId === undefined || holder.workerId === workerId,
        );
        if (left.length === 0) return;
        await Promise.race([Promise.all(left.map(({ done }) => done)), aborted]);
      }
    },
  };
}
