/**
 * Shares the event loop between callers that give it long work in many small pieces: checks of lists, compiled schemas.
 * Pieces run at once until they have taken a slice of time; the rest waits until the loop has turned, one caller after
 * the other, and for as long as the last slice took, so that half of the time is left for everybody else.
 */

export interface EventLoopShare {
  /** Undefined when the caller may go on at once; otherwise resolves when it is its turn. */
  next(caller: string): Promise<void> | undefined;
  /** Runs a piece of work, and counts the time that it takes. */
  run<T>(work: () => T): T;
}

/** Milliseconds that pieces may take before others get their turn. */
const SLICE_MS = 8;

export function createEventLoopShare(sliceMs = SLICE_MS): EventLoopShare {
  const waiting = new Map<string, (() => void)[]>();
  /** Milliseconds used since the event loop has turned. */
  let used = 0;
  /** Whose turn it is, as long as others wait. */
  let current: string | undefined;
  let scheduled = false;
  let running = false;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    if (used < sliceMs || waiting.size === 0) setImmediate(turn);
    else setTimeout(turn, used);
  }

  function turn(): void {
    scheduled = false;
    used = 0;
    const [first] = waiting;
    current = first?.[0];
    if (!first) return;
    const [caller, resumes] = first;
    // Behind all others, for what else it waits for.
    waiting.delete(caller);
    const resume = resumes.shift();
    if (resumes.length > 0) waiting.set(caller, resumes);
    resume?.();
    schedule();
  }

  return {
    next(caller) {
      if (used < sliceMs && (waiting.size === 0 || caller === current)) return undefined;
      return new Promise((resume) => {
        const resumes = waiting.get(caller);
        if (resumes) resumes.push(resume);
        else waiting.set(caller, [resume]);
        schedule();
      });
    },
    run(work) {
      // A piece of a piece is counted with it.
      if (running) return work();
      running = true;
      const began = performance.now();
      try {
        return work();
      } finally {
        running = false;
        used += performance.now() - began;
        // Forgotten when the loop has turned.
        schedule();
      }
    },
  };
}
