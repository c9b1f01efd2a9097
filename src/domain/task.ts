/** The shapes of a task and of its transitions, as every layer passes them on. */

/** Every status that a task can have; see transitions.ts for the legal ways between them. */
export const TASK_STATUSES = [
  'WAITING',
  'PENDING',
  'CLAIMED',
  'RUNNING',
  'COMPLETED',
  'PARTIAL',
  'FAILED',
  'CANCELLED',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Why a transition happened: two transitions to one status can have different reasons; the last three stay in one. */
export const TRANSITION_REASONS = [
  'SUBMITTED',
  'UNBLOCKED',
  'CLAIMED',
  'STARTED',
  'COMPLETED',
  'FAILED',
  'RETRY_SCHEDULED',
  'RETRY_REQUESTED',
  'RELEASED',
  'WORKER_LOST',
  'TIMED_OUT',
  'CANCELLED',
  'DEPENDENCY_FAILED',
  'UPDATED',
  'DISCARDED',
  'RESTORED',
] as const;
export type TransitionReason = (typeof TRANSITION_REASONS)[number];

/** What went wrong in an attempt, as its worker or the server reported it. */
export interface TaskErrorValue {
  message: string;
  code: string | null;
  /** Whether another attempt may help; decided when the error was recorded. */
  retryable: boolean;
  /** Anything that helps to understand it: JSON. */
  context: unknown;
  /** After how many seconds another attempt makes sense, where the worker has said so. */
  retryAfterSeconds?: number | undefined;
  /** What in code or message decided that, where nobody said so, as `"invalid" in the message`. */
  classifiedBy?: string | null | undefined;
  /** Of code and message without numbers and ids, see error-fingerprint.ts; set when it is recorded. */
  fingerprint?: string | null | undefined;
}

/**
 * One task as it is in the database.
 * `payload` and `result` are absent in the snapshots that travel with events: they can be large.
 */
export interface TaskRow {
  /** UUIDv7. */
  id: string;
  jobId: string;
  room: string;
  status: TaskStatus;
  version: number;
  attempt: number;
  failures: number;
  maxAttempts: number;
  priority: number;
  runAt: Date;
  /** The worker that holds the task now; set exactly while it is CLAIMED or RUNNING. */
  workerId: string | null;
  /** The worker of the present or last attempt; null before the first. */
  lastWorkerId: string | null;
  /** 0 to 100. */
  progress: number;
  progressMessage: string | null;
  createdBy: string;
  correlationId: string | null;
  entityType: string | null;
  entityId: string | null;
  labels: Record<string, string>;
  idempotencyKey: string | null;
  error: TaskErrorValue | null;
  createdAt: Date;
  startedAt: Date | null;
  /** Set exactly while the status is terminal. */
  finishedAt: Date | null;
  /** Of a dead letter that nobody needs to look at any more. */
  discardedAt: Date | null;
  discardedBy: string | null;
  /** Time of the newest transition; progress does not count. */
  updatedAt: Date;
  /** How many tasks it waits for, or has waited for. */
  dependencyCount: number;
  payload?: unknown;
  result?: unknown;
  /** The trace that the submission belongs to, as in W3C Trace Context; absent in the snapshots, too. */
  traceparent?: string | null | undefined;
  /** The task that it repeats; absent in the snapshots, too. */
  copyOf?: string | null | undefined;
  /** What limits by key count it under, where they do not look into its payload. */
  limitKey?: string | null | undefined;
  /** The version of the job's schemas that it was submitted by; absent in the snapshots, too. */
  schemaVersion?: number | undefined;
}

/** What an update can change; the payload only a debounced submission. */
export const UPDATED_FIELDS = ['runAt', 'priority', 'labels', 'payload'] as const;
export type UpdatedField = (typeof UPDATED_FIELDS)[number];

/** What an update has changed: for each field its value before and after, as JSON; null for a payload, which is not kept. */
export type TaskUpdates = Partial<Record<UpdatedField, [before: unknown, after: unknown]>>;

/** One row of the transition log. */
export interface TransitionRow {
  /** Position within the log, with `xid`; a bigint as decimal text. */
  id: string;
  /** The transaction that wrote it; an xid8 as decimal text. */
  xid: string;
  /** Everything below this transaction was finished when the row was written; an xid8 as decimal text. */
  horizon: string;
  taskId: string;
  version: number;
  room: string;
  jobId: string;
  from: TaskStatus | null;
  to: TaskStatus;
  reason: TransitionReason;
  attempt: number;
  /** The worker that held the task before or holds it after the transition. */
  workerId: string | null;
  /** Who did it: an identity, or `@system`. */
  actor: string;
  /** What the actor gave as its reason, as for a cancellation. */
  note: string | null;
  error: TaskErrorValue | null;
  /** What an update has changed; null for other reasons. */
  updates: TaskUpdates | null;
  at: Date;
}

/** A committed transition with the task as it was right after it. */
export interface TransitionChange {
  kind: 'transition';
  task: TaskRow;
  transition: TransitionRow;
  /** In the process that has made it: a limit lets another task of the job start now. */
  frees?: true;
}

/** A committed report of progress; it has no version of its own and no place in the log. */
export interface ProgressChange {
  kind: 'progress';
  task: TaskRow;
  percent: number;
  message: string | null;
  at: Date;
}

/** One committed change of a task, as it travels to the subscribers. */
export type TaskChange = TransitionChange | ProgressChange;
