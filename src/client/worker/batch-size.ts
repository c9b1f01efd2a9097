/** How many tasks one claim asks for: the more, the less each costs, but an answer should stay below a size. */
import { present } from '../present.ts';

export interface BatchSize {
  /** Tasks to ask for at most. */
  readonly limit: number;
  /** Learns from an answer how large its tasks are. */
  observe(tasks: readonly { payload: unknown }[]): void;
  /** A server has refused so many as too large an operation: further claims ask for half of it. */
  refused(limit: number): void;
}

/** What servers give at most. */
const MOST = 500;
const FEWEST = 10;
const MAX_BYTES = 1_000_000;
/** Of a task besides its payload. */
const BYTES_OF_TASK = 400;

export function createBatchSize(): BatchSize {
  let bytesOfTask = MAX_BYTES / 100;
  let most = MOST;
  return {
    get limit() {
      return Math.min(most, Math.max(FEWEST, Math.floor(MAX_BYTES / bytesOfTask)));
    },
    observe(tasks) {
      if (tasks.length === 0) return;
      // One of them stands for all: counting each would cost as much as reading it.
      const { payload } = present(tasks[Math.floor(Math.random() * tasks.length)]);
      const bytes = BYTES_OF_TASK + (JSON.stringify(payload) ?? '').length;
      // Larger ones count at once, smaller ones little by little.
      bytesOfTask = bytes > bytesOfTask ? bytes : (bytesOfTask + bytes) / 2;
    },
    refused(limit) {
      most = Math.max(1, Math.floor(limit / 2));
    },
  };
}
