/**
 * How long an idempotency key is taken by the task that was submitted under it: where nothing is said, for as long as
 * the task is kept. A key that is free again leads to a new task; the old one keeps its name in lists.
 */
export type KeyHold =
  /** Until the task has ended, however it ended. */
  | { until: 'finished' }
  /** For so many seconds since the submission, whatever becomes of the task. */
  | { until: 'time'; seconds: number }
  /** Until the task is claimed. It runs so many seconds after the last submission under the key, with its payload. */
  | { until: 'claimed'; debounceSeconds: number };

/** A year. */
export const MAX_HOLD_SECONDS = 31_536_000;

/** A week. */
export const MAX_DEBOUNCE_SECONDS = 604_800;
