/**
 * Fetching work: for as many tasks as there are free slots. A claim waits at the server while there is no work, and is
 * followed by the next. Only when the server did not let it wait, as one that stops does not, nothing is asked until
 * there is a reason: a signal, a reconnect, the slow poll.
 *
 * One claim is under way at a time. While claims bring all that they ask for, and there are slots for a whole further
 * batch, there is a second one beside it: then the server claims the next tasks while this process works on the last
 * ones.
 */

export interface ClaimsOptions<T> {
  /** How many more tasks may be started now. */
  free(): number;
  /** Claims and starts up to `limit` tasks; waits for so many seconds while there are none. */
  claim(limit: number, waitSeconds: number): Promise<T[]>;
  start(task: T): void;
  /** A claim failed. Resolves when it makes sense to claim again: at once, after a pause, … */
  onError(error: unknown): Promise<void>;
  /** Tasks that one claim asks for at most; asked anew for each. */
  maxLimit?(): number;
}

export interface Claims {
  /** There may be work. */
  wake(): void;
  /** A slot became free: claims again if there was more work than slots. */
  slotFreed(): void;
  /** Claims no more; resolves when the claims under way are answered or abandoned. What they bring is still started. */
  stop(): Promise<void>;
}

/** One request asks for no more than this, where nobody says otherwise. */
const MAX_LIMIT = 100;
const CLAIMS_AT_ONCE = 2;
/** Below what proxies usually take for a dead connection. */
const WAIT_SECONDS = 25;

export function createClaims<T>(options: ClaimsOptions<T>): Claims {
  const { free, claim, start, onError, maxLimit = () => MAX_LIMIT } = options;
  /** Counts the reasons to claim, so that one that comes during a claim is not taken for answered by it. */
  let reasons = 0;
  let answered = 0;
  let stopped = false;
  /** Slots that claims under way may fill. */
  let asked = 0;
  let planned = false;
  /** The last answer brought all that was asked for: there is likely more. */
  let busy = false;
  /** The last answer came empty and too soon. */
  let idle = true;
  const underWay = new Set<Promise<void>>();

  function go(): void {
    if (planned || stopped) return;
    planned = true;
    // Slots that become free in the same turn are asked for together.
    queueMicrotask(() => {
      planned = false;
      while (next());
    });
  }

  /** Sends the next claim, if it is time for one. */
  function next(): boolean {
    if (stopped || underWay.size >= (busy ? CLAIMS_AT_ONCE : 1)) return false;
    if (idle && answered >= reasons) return false;
    const most = maxLimit();
    const limit = Math.min(free() - asked, most);
    if (limit < (underWay.size === 0 ? 1 : most)) return false;
    const claiming = run(limit, underWay.size === 0 ? WAIT_SECONDS : 0).finally(() => {
      underWay.delete(claiming);
      go();
    });
    underWay.add(claiming);
    return true;
  }

  async function run(limit: number, waitSeconds: number): Promise<void> {
    const reason = reasons;
    const sent = performance.now();
    asked += limit;
    let tasks: T[];
    try {
      tasks = await claim(limit, waitSeconds);
    } catch (error) {
      asked -= limit;
      await onError(error);
      return;
    }
    // In one turn with the starts: nobody may take these slots for free.
    asked -= limit;
    busy = tasks.length >= limit;
    // One beside another did not ask to wait.
    if (waitSeconds > 0) idle = tasks.length === 0 && performance.now() - sent < waitSeconds * 500;
    if (!busy) answered = Math.max(answered, reason);
    for (const task of tasks) start(task);
  }

  return {
    wake() {
      reasons++;
      go();
    },
    slotFreed: go,
    async stop() {
      stopped = true;
      await Promise.all(underWay);
    },
  };
}
