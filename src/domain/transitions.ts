/**
 * The state machine. This table is the only place that spells the legal edges out: SQL receives the
 * `from` states as parameters, refusals get their `allowed` list from it, and the tests walk it.
 *
 *            submit                    submit with dependencies
 *              │                              │
 *              ▼         unblock              ▼
 *   ┌──────▶ PENDING ◀───────────────────  WAITING ──┐
 *   │          │ claim                        │      │ dependency failed / cancel
 *   │          ▼                              │      │
 *   ├─ release CLAIMED ──────────────┐        │      │
 *   │  lost    │ start               │ cancel │      │
 *   │          ▼                     ▼        ▼      ▼
 *   ├─ retry  RUNNING ──────────▶ CANCELLED ◀────────┘
 *   │          │
 *   │          ├─ complete ─▶ COMPLETED | PARTIAL
 *   │          └─ fail, no attempt left or not retryable ─▶ FAILED
 *   └────────────────── retry (by a person) ─────────────────┘
 *
 * An update, a discard and a restore leave the status as it is. They are versions of the task and rows of the log like
 * the others, so that whoever follows a task hears of them.
 */
import { TASK_STATUSES, type TaskStatus, type TransitionReason } from './task.ts';

/** Who may ask for an action: the holder of the attempt, a caller with rights on the task, or the server. */
export type ActionBy = 'submitter' | 'worker' | 'holder' | 'caller' | 'system';

export type TaskAction =
  | 'submit'
  | 'submitWaiting'
  | 'unblock'
  | 'dependencyFailed'
  | 'claim'
  | 'start'
  | 'complete'
  | 'completePartly'
  | 'fail'
  | 'scheduleRetry'
  | 'release'
  | 'loseClaimed'
  | 'loseRunning'
  | 'loseRunningForGood'
  | 'timeOut'
  | 'timeOutForGood'
  | 'cancel'
  | 'retry'
  | 'discard'
  | 'restore'
  | 'relabel'
  | 'reschedule';

/** A set of edges that share an action: every `from` leads to `to`, or stays where it is, for `reason`. */
export interface Transition {
  /** Empty: the transition creates the task. */
  from: readonly TaskStatus[];
  /** Null: the status stays. */
  to: TaskStatus | null;
  reason: TransitionReason;
  by: ActionBy;
}

export const TRANSITIONS = {
  submit: { from: [], to: 'PENDING', reason: 'SUBMITTED', by: 'submitter' },
  submitWaiting: { from: [], to: 'WAITING', reason: 'SUBMITTED', by: 'submitter' },
  unblock: { from: ['WAITING'], to: 'PENDING', reason: 'UNBLOCKED', by: 'system' },
  dependencyFailed: { from: ['WAITING'], to: 'CANCELLED', reason: 'DEPENDENCY_FAILED', by: 'system' },
  claim: { from: ['PENDING'], to: 'CLAIMED', reason: 'CLAIMED', by: 'worker' },
  start: { from: ['CLAIMED'], to: 'RUNNING', reason: 'STARTED', by: 'holder' },
  complete: { from: ['RUNNING'], to: 'COMPLETED', reason: 'COMPLETED', by: 'holder' },
  completePartly: { from: ['RUNNING'], to: 'PARTIAL', reason: 'COMPLETED', by: 'holder' },
  fail: { from: ['RUNNING'], to: 'FAILED', reason: 'FAILED', by: 'holder' },
  scheduleRetry: { from: ['RUNNING'], to: 'PENDING', reason: 'RETRY_SCHEDULED', by: 'holder' },
  release: { from: ['CLAIMED', 'RUNNING'], to: 'PENDING', reason: 'RELEASED', by: 'holder' },
  loseClaimed: { from: ['CLAIMED'], to: 'PENDING', reason: 'WORKER_LOST', by: 'system' },
  loseRunning: { from: ['RUNNING'], to: 'PENDING', reason: 'WORKER_LOST', by: 'system' },
  loseRunningForGood: { from: ['RUNNING'], to: 'FAILED', reason: 'WORKER_LOST', by: 'system' },
  timeOut: { from: ['RUNNING'], to: 'PENDING', reason: 'TIMED_OUT', by: 'system' },
  timeOutForGood: { from: ['RUNNING'], to: 'FAILED', reason: 'TIMED_OUT', by: 'system' },
  cancel: {
    from: ['WAITING', 'PENDING', 'CLAIMED', 'RUNNING'],
    to: 'CANCELLED',
    reason: 'CANCELLED',
    by: 'caller',
  },
  retry: { from: ['FAILED'], to: 'PENDING', reason: 'RETRY_REQUESTED', by: 'caller' },
  discard: { from: ['FAILED'], to: null, reason: 'DISCARDED', by: 'caller' },
  restore: { from: ['FAILED'], to: null, reason: 'RESTORED', by: 'caller' },
  relabel: { from: TASK_STATUSES, to: null, reason: 'UPDATED', by: 'caller' },
  reschedule: { from: ['WAITING', 'PENDING'], to: null, reason: 'UPDATED', by: 'caller' },
} as const satisfies Record<TaskAction, Transition>;

/** No transition leaves them, but `retry` from FAILED. */
export const TERMINAL_STATUSES = [
  'COMPLETED',
  'PARTIAL',
  'FAILED',
  'CANCELLED',
] as const satisfies readonly TaskStatus[];

/** The ends that a task waits for which depends on another. */
export const GOOD_ENDS = [
  TRANSITIONS.complete.to,
  TRANSITIONS.completePartly.to,
] as const satisfies readonly TaskStatus[];

/** The statuses in which a worker holds the task. */
export const HELD_STATUSES = ['CLAIMED', 'RUNNING'] as const satisfies readonly TaskStatus[];

/** Whether a worker holds the task. */
export function isHeld(status: TaskStatus): boolean {
  return (HELD_STATUSES as readonly TaskStatus[]).includes(status);
}

/** Whether the task has come to an end (which `retry` can still undo for FAILED). */
export function isTerminal(status: TaskStatus): boolean {
  return (TERMINAL_STATUSES as readonly TaskStatus[]).includes(status);
}

/** The reason that a worker gets with a request to stop, where neither a note nor an error says more. */
export const STOPPED_BECAUSE = 'The task was cancelled.';

/** The statuses that a task in `from` can go to, in the order of the table, for refusals. */
export function allowedFrom(from: TaskStatus): TaskStatus[] {
  const allowed = new Set<TaskStatus>();
  for (const transition of Object.values(TRANSITIONS) as Transition[]) {
    if (transition.to !== null && transition.from.includes(from)) allowed.add(transition.to);
  }
  return [...allowed];
}

/** Whether the table has an edge for this change; for checkers of the log. @internal */
export function isLegal(from: TaskStatus | null, to: TaskStatus, reason: TransitionReason): boolean {
  return (Object.values(TRANSITIONS) as Transition[]).some(
    (edge) =>
      (edge.to ?? from) === to &&
      edge.reason === reason &&
      (from === null ? edge.from.length === 0 : edge.from.includes(from)),
  );
}

/** Whether the action is one for a task in this status. */
export function isAllowedIn(action: TaskAction, status: TaskStatus): boolean {
  return (TRANSITIONS[action].from as readonly TaskStatus[]).includes(status);
}
