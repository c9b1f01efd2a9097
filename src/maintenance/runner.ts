/**
 * Runs maintenance routines again and again: each on its own timer with jitter, so that servers that started together
 * do not meet; one run at a time for each routine and server; an error is logged and counted, and never ends anything.
 * That several servers run the same routine at once is the routine's concern.
 */
import type { ServerLogger } from '../events/logger.ts';

/** A piece of maintenance. */
export interface Routine {
  name: string;
  /** From the end of one run to the start of the next, varied by up to 10 %. */
  intervalMs: number;
  /** Asked before each run for the exact time until then, in place of the interval. */
  nextInMs?(): number;
  /** Does what is due now and returns how much; many small statements rather than a long one. */
  runOnce(): Promise<Record<string, number>>;
}

/** Figures of a routine's runs on this server. */
export interface RoutineStats {
  runs: number;
  failures: number;
  /** What the last successful run returned. */
  last: Record<string, number> | null;
  /** What all of them have returned together. */
  total: Record<string, number>;
}

export interface Runner {
  /** Takes further routines; before the start. */
  add(routines: readonly Routine[]): void;
  start(): void;
  /** Runs the routine now; when it is just running, once more after that. */
  wake(name: string): void;
  /** Waits for runs under way; none begins afterwards. */
  close(): Promise<void>;
  stats(): Record<string, RoutineStats>;
}

const JITTER = 0.1;

export function createRunner(logger: ServerLogger): Runner {
  const routines: Routine[] = [];
  const stats = new Map<string, RoutineStats>();
  const timers = new Map<string, NodeJS.Timeout>();
  const underWay = new Map<string, Promise<void>>();
  const again = new Set<string>();
  let closed = false;

  function schedule(routine: Routine): void {
    if (closed) return;
    const delay = again.delete(routine.name) ? 0 : timeUntilNext(routine);
    const timer = setTimeout(() => begin(routine), delay);
    timers.set(routine.name, timer.unref());
  }

  function begin(routine: Routine): void {
    const run = runRoutine(routine).finally(() => {
      underWay.delete(routine.name);
      schedule(routine);
    });
    underWay.set(routine.name, run);
  }

  async function runRoutine({ name, runOnce }: Routine): Promise<void> {
    const stat = stats.get(name) ?? { runs: 0, failures: 0, last: null, total: {} };
    stats.set(name, stat);
    stat.runs++;
    try {
      stat.last = await runOnce();
      for (const [name, count] of Object.entries(stat.last))
        stat.total[name] = (stat.total[name] ?? 0) + count;
      const didSomething = Object.values(stat.last).some((count) => count > 0);
      if (didSomething) logger.info({ routine: name, ...stat.last }, 'Maintenance');
    } catch (error) {
      stat.failures++;
      logger.error({ err: error, routine: name }, 'Maintenance failed; it is tried again at its next time');
    }
  }

  return {
    add: (more) => void routines.push(...more),
    start() {
      for (const routine of routines) schedule(routine);
    },
    wake(name) {
      const routine = routines.find((one) => one.name === name);
      // Before its start, and after its end, nothing runs.
      if (!routine || closed || !timers.has(name)) return;
      if (underWay.has(name)) again.add(name);
      else {
        clearTimeout(timers.get(name));
        begin(routine);
      }
    },
    async close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(underWay.values());
    },
    stats: () => Object.fromEntries(stats),
  };
}

function timeUntilNext({ intervalMs, nextInMs }: Routine): number {
  return nextInMs?.() ?? intervalMs * (1 + JITTER * (2 * Math.random() - 1));
}
