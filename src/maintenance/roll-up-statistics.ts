/** Keeps statistics near to the end of the transition log, so that little of it has to be read for an answer. */
import type { Store } from '../store/store.ts';
import type { Routine } from './runner.ts';

const INTERVAL_MS = 5_000;
/** Rows of the log in one statement at most: about a second of work. */
const BATCH = 20_000;
/** After an import or a long standstill other routines of the server must not wait for all of it. */
const BATCHES = 50;
const TRIM_INTERVAL_MS = 600_000;
const TRIMMED_AT_ONCE = 5_000;

/**
 * Rolls up everything below the horizon, waiting for other servers that are at it.
 * @param onBatch called with how many transitions have been rolled up so far
 * @returns how many transitions
 */
export async function rollUpAll(
  store: Pick<Store, 'rollUpStatistics'>,
  signal: AbortSignal,
  onBatch: (rolledUp: number) => Promise<void> = async () => {},
): Promise<number> {
  let rolledUp = 0;
  for (let batch = BATCH; batch === BATCH; ) {
    signal.throwIfAborted();
    batch = await store.rollUpStatistics(BATCH, { wait: true });
    rolledUp += batch;
    await onBatch(rolledUp);
  }
  return rolledUp;
}

export function rollUpStatisticsRoutine(store: Store): Routine {
  let isBehind = false;
  return {
    name: 'roll_up_statistics',
    intervalMs: INTERVAL_MS,
    nextInMs: () => (isBehind ? 0 : INTERVAL_MS),
    async runOnce() {
      isBehind = false;
      for (let batch = 0; batch < BATCHES; batch++) {
        if ((await store.rollUpStatistics(BATCH)) < BATCH) return {};
      }
      isBehind = true;
      return {};
    },
  };
}

export function trimStatisticsRoutine(store: Store): Routine {
  return {
    name: 'trim_statistics',
    intervalMs: TRIM_INTERVAL_MS,
    async runOnce() {
      while ((await store.trimStatistics(TRIMMED_AT_ONCE)) === TRIMMED_AT_ONCE);
      return {};
    },
  };
}
