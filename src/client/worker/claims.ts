/**
 * Fetching work: one claim at a time, for as many tasks as there are free slots, until fewer come than were asked
 * for. Then nothing is asked until there is a reason: a signal, a reconnect, the slow poll.
 */

export interface ClaimsOptions<T> {
  /** How many more tasks may be started now. */
  free(): number;
  /** Claims and starts up to `limit` tasks. */
  claim(limit: number): Promise<T[]>;
  start(task: T): void;
  /** A claim failed. Resolves when it makes sense to claim again: at once, after a pause, … */
  onError(error: unknown): Promise<void>;
}

export interface Claims {
  /** There may be work. */
  wake(): void;
  /** A slot became free: claims again if there was more work than slots. */
  slotFreed(): void;
  /** Claims no more; resolves when the claim under way is answered. What it brings is still started. */
  stop(): Promise<void>;
}

/** One request asks for no more than this. */
const MAX_LIMIT = 100;

export function createClaims<T>({ free, claim, start, onError }: ClaimsOptions<T>): Claims {
  /** Counts the reasons to claim, so that one that comes during a claim is not taken for answered by it. */
  let reasons = 0;
  let answered = 0;
  let stopped = false;
  let current: Promise<void> | undefined;

  async function run(): Promise<void> {
    // Slots that become free in the same turn are asked for together.
    await Promise.resolve();
    while (!stopped && answered < reasons && free() > 0) {
      const reason = reasons;
      const limit = Math.min(free(), MAX_LIMIT);
      try {
        const tasks = await claim(limit);
        if (tasks.length < limit) answered = reason;
        for (const task of tasks) start(task);
      } catch (error) {
        await onError(error);
      }
    }
  }

  function go(): void {
    if (stopped || current) return;
    current = run().finally(() => {
      current = undefined;
      // A slot that became free, or a reason that came, while the last claim was ending.
      if (answered < reasons && free() > 0) go();
    });
  }

  return {
    wake() {
      reasons++;
      go();
    },
    slotFreed: go,
    async stop() {
      stopped = true;
      await current;
    },
  };
}
