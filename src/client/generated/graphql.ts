/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What the attempt has produced, and where it is: a URL, a storage path, or both. */
export type AttachAssetInput = {
  /** Number of the attempt, from 1; the fencing token of the worker that holds it. */
  attempt: number;
  /** A JSON object of 16,384 bytes at most; left out: {}. */
  metadata?: unknown;
  /** In bytes. */
  size?: number | null | undefined;
  /** A path in a storage that the applications share, kept as it is and never opened or resolved here; 2,048 bytes at most. */
  storagePath?: string | null | undefined;
  /** ID of the task. */
  taskId: string;
  /** In the words of the application: report, image/png, … 128 characters at most. */
  type: string;
  /** Absolute, of a scheme that the server allows; 2,048 bytes at most. */
  url?: string | null | undefined;
  /** ID of the worker. */
  workerId: string;
};

/** The attempt that a worker reports on. Only the worker that holds it may. */
export type AttemptInput = {
  /** Number of the attempt, from 1; the fencing token of the worker that holds it. */
  attempt: number;
  /** ID of the task. */
  taskId: string;
  /** ID of the worker. */
  workerId: string;
};

export type CancelTaskInput = {
  /** For the history and the worker: 1,000 characters at most. */
  reason?: string | null | undefined;
  /** ID of the task. */
  taskId: string;
};

export type ClaimTasksInput = {
  /** 1 to 500. */
  limit?: number;
  /** Also start them: PENDING → CLAIMED → RUNNING in one step, both transitions recorded. */
  start?: boolean;
  /** Seconds to wait for work while there is none: 0 to 30. The answer comes with the first task, or without one when the time is over or the server stops. A caller that has disconnected gets no task. */
  waitSeconds?: number;
  /** ID of the worker. */
  workerId: string;
};

export type CompleteTaskInput = {
  /** Number of the attempt, from 1; the fencing token of the worker that holds it. */
  attempt: number;
  /** COMPLETED, or PARTIAL when only some of the work was done. */
  outcome?: TaskOutcome;
  /** Checked against the job's result schema where there is one. */
  result?: unknown;
  /** ID of the task. */
  taskId: string;
  /** ID of the worker. */
  workerId: string;
};

export type CreateScheduleInput = {
  /** Seconds by which a tick may be run late if no server was running: 60 to 604,800. */
  catchUpSeconds?: number;
  /** Five fields, minute, hour, day of month, month, day of week, or @hourly, @daily, @weekly, @monthly, @yearly. A minute is the shortest interval. L, W and # are understood. */
  cron: string;
  /** 1 to 128 characters; no other schedule of the room has it. */
  name: string;
  /** What is run; this or a task. */
  operation?: ScheduledOperationInput | null | undefined;
  /** What happens to a tick while an earlier run has not finished. */
  overlap?: ScheduleOverlap;
  /** Whether its ticks are left out. */
  paused?: boolean;
  /** What is submitted; this or an operation. */
  task?: ScheduledTaskInput | null | undefined;
  /** IANA name, such as Europe/Berlin. */
  timeZone?: string;
};

/** The task, and what its token may do. */
export type CreateTaskTokenInput = {
  /** Whether the token may cancel the task; only for callers who may cancel it. */
  cancel?: boolean;
  /** Seconds for which the token is valid: 60 to 86,400. It ends earlier if the credential that made it expires, is revoked or is changed. */
  seconds?: number;
  /** A task that the caller may see. */
  taskId: string;
};

/** Why something of an estimate is not known. Where several hold, it is the first of them. */
export type EstimateUnknown =
  /** It waits for other tasks. */
  | 'DEPENDENCY'
  /** More than 10,000 tasks of its job come before it. */
  | 'FAR_BACK'
  /** Fewer than 10 attempts of its job have ended in the last 30 days: how long one takes is not known. */
  | 'NO_HISTORY'
  /** No living worker serves its job, or all of them are drained. */
  | 'NO_WORKER'
  /** Tasks of a higher priority come as fast as they are worked off: it may never be its turn. */
  | 'OVERTAKEN'
  /** Its job is paused, in all rooms or in its own. */
  | 'PAUSED';

export type FailTaskInput = {
  /** Number of the attempt, from 1; the fencing token of the worker that holds it. */
  attempt: number;
  /** What went wrong; it decides whether the attempt is repeated. */
  error: TaskErrorInput;
  /** ID of the task. */
  taskId: string;
  /** ID of the worker. */
  workerId: string;
};

/** By what tasks of equal priority take turns. */
export type Fairness =
  /** Keys take turns: the limitKey of the submission, or what fairnessKeyPointer finds in the payload. Tasks without a key share one turn. */
  | 'KEY'
  /** They take no turns: the oldest is next. */
  | 'NONE'
  /** Rooms take turns: each has one task claimed, then the next one. */
  | 'ROOM';

export type HeldAttemptInput = {
  /** Number of the attempt, from 1; the fencing token of the worker that holds it. */
  attempt: number;
  /** ID of the task. */
  taskId: string;
};

/** Either maxRunning or a rate. */
export type JobLimitInput = {
  /** For scope KEY: a JSON Pointer into the payload, such as /customer/id, to the string, number or boolean that is the key. Left out: the limitKey of the submission. */
  keyPointer?: string | null | undefined;
  /** Tasks that may be CLAIMED or RUNNING at the same time, 1 to 100000. */
  maxRunning?: number | null | undefined;
  /** Unique among the limits of the job: 1 to 64 letters, digits, ".", "_" and "-", the first one a letter or digit. A limit that keeps its name, scope and pointer keeps what it has counted. */
  name: string;
  /** How many tasks may start in a period. */
  rate?: LimitRateInput | null | undefined;
  /** Which tasks it counts together. */
  scope?: LimitScope;
};

/** Condition on one value of a JSON document. Give exactly one of `equals`, `contains` and `exists`. */
export type JsonCondition = {
  /** The value is a string that contains this one, ignoring case: 3 to 256 characters. */
  contains?: string | null | undefined;
  /** The value equals this one, which may be null. */
  equals?: unknown;
  /** Whether there is a value at the path. */
  exists?: boolean | null | undefined;
  /** JSON Pointer: /user/id. 256 characters at most. */
  path: string;
};

/** How long a task holds the idempotency key that it was submitted with. */
export type KeyHold =
  /** For as long as the task is kept. */
  | 'FOREVER'
  /** Until the task has ended, in whatever status: at most one unfinished task has the key. */
  | 'UNTIL_FINISHED';

/** At most `count` starts in any period of `perSeconds` seconds. A start counts from its claim until the period has passed, however the attempt ends. */
export type LimitRateInput = {
  /** 1 to 100000. */
  count: number;
  /** 1 to 31536000: a year. */
  perSeconds: number;
};

/** What a limit counts together. */
export type LimitScope =
  /** Those that one identity has submitted. */
  | 'CREATOR'
  /** All tasks of the job. */
  | 'JOB'
  /** Those of one key: the limitKey of the submission, or what keyPointer finds in the payload. Tasks without a key are not limited. */
  | 'KEY'
  /** Those of one room. */
  | 'ROOM';

/** What happens to a task if one that it depends on ends FAILED or CANCELLED. */
export type OnDependencyFailure =
  /** It is cancelled, and so is what depends on it. */
  | 'CANCEL'
  /** It runs all the same, as soon as all others have ended. */
  | 'RUN';

export type RegisterJobInput = {
  /** One of the categories that the server allows; where it allows any, 1 to 128 characters without "@", ":" and white space. */
  category: string;
  /** Text for people. */
  description?: string | null | undefined;
  /** By what its tasks of equal priority take turns, so that none who submits many keeps others waiting. It holds for what waits already, too. Left out: as the job has it, NONE for a new one. */
  fairness?: Fairness | null | undefined;
  /** Of fairness KEY: a JSON Pointer into the payload, as /customer/id, where a text, a number or a boolean is the key. Left out: the limitKey of the submission. */
  fairnessKeyPointer?: string | null | undefined;
  /** Up to 4 limits, all of which hold: how many of its tasks may run at the same time, or start in a period. They count over all servers and workers. What runs when they are given is counted, and goes on. Left out: those that the job has; empty: none. */
  limits?: Array<JobLimitInput> | null | undefined;
  /** 1 to 128 characters without "@", ":" and white space. */
  name: string;
  /** JSON Schema 2020-12, 64 KiB and 32 levels at most. Left out: any payload for a new job, the existing schema otherwise. */
  payloadSchema?: unknown;
  /** JSON Schema 2020-12 of results, with the same bounds. Left out: any result for a new job, the existing schema otherwise. */
  resultSchema?: unknown;
  /** How often and when a failed attempt is repeated. */
  retryPolicy?: RetryPolicyInput | null | undefined;
  /** Name of the room, 1 to 128 characters. */
  room?: string;
  /** What to do when the job has other schemas. Those of an earlier version are always served as that. */
  schemaChange?: SchemaChange;
  /** Seconds that one attempt may run; left out for no limit. */
  timeoutSeconds?: number | null | undefined;
  /** The worker that will serve it. Without one the job is only defined. */
  workerId?: string | null | undefined;
};

export type RegisterWorkerInput = {
  /** Tasks that it works on at the same time: 1 to 10,000. */
  capacity?: number | null | undefined;
  /** Where it runs, for people: 1 to 200 characters. */
  host?: string | null | undefined;
  /** For people: 1 to 200 characters, not unique. */
  name: string;
  /** The version of its program, for people: 1 to 200 characters. */
  version?: string | null | undefined;
};

export type ReportProgressInput = {
  /** Number of the attempt, from 1; the fencing token of the worker that holds it. */
  attempt: number;
  /** 1,000 characters at most. */
  message?: string | null | undefined;
  /** 0 to 100; kept to two decimals. */
  percent: number;
  /** ID of the task. */
  taskId: string;
  /** ID of the worker. */
  workerId: string;
};

/** Defaults for what is left out: 5 attempts; 60, 300, 900, 3600 seconds. */
export type RetryPolicyInput = {
  /** 1 to 100 delays of 0 seconds to a year. */
  backoffSeconds?: Array<number> | null | undefined;
  /** 1 to 100; 1 for no retry. */
  maxAttempts?: number | null | undefined;
};

export type RetryTaskInput = {
  /** Its new priority, higher first; left out: as before. */
  priority?: number | null | undefined;
  /** ID of the task. */
  taskId: string;
};

/** What a caller may do; see also its rooms. */
export type Role =
  /** May do and see everything, in every room. */
  | 'ADMIN'
  /** Submits to its rooms and sees all their tasks. */
  | 'MEMBER'
  /** Submits to its rooms and sees only the tasks that it created. */
  | 'USER'
  /** Registers jobs and works their tasks in its rooms; sees what a member sees. */
  | 'WORKER';

/** What to do when a tick comes while the run of an earlier one has not finished. */
export type ScheduleOverlap =
  /** The tick is run beside the earlier run. */
  | 'ALLOW'
  /** The tick is run after the earlier run has finished. One tick waits at most; further ones are skipped. */
  | 'QUEUE'
  /** The tick is not run. */
  | 'SKIP';

/** The operation that is run at each tick. */
export type ScheduledOperationInput = {
  /** Must be true where the room is left out, so that nothing is done to all of them by mistake; not for a dry run. */
  allRooms?: boolean | null | undefined;
  /** Count what would be done, and change nothing. */
  dryRun?: boolean;
  /** Its name, as the query operations lists it. */
  operation: string;
  /** Checked against their schema now and at each tick; left out: {}. */
  parameters?: unknown;
  /** Only what belongs to this room; left out, with `allRooms`: all rooms. */
  room?: string | null | undefined;
};

/** The task that is submitted at each tick. */
export type ScheduledTaskInput = {
  /** Full name: room:category:name. */
  job: string;
  /** Flat string map, 64 entries at most. */
  labels?: unknown;
  /** The key by which limits of scope KEY of the job count it, where they do not look into the payload: 1 to 256 characters. */
  limitKey?: string | null | undefined;
  /** Checked against the job's schema now and at each tick; left out: {}. */
  payload?: unknown;
  /** Higher first; default 0. */
  priority?: number | null | undefined;
  /** Name of the room, 1 to 128 characters. */
  room: string;
};

/** What to do with schemas that differ from those of the job. */
export type SchemaChange =
  /** They become the next version if every payload that was accepted still is, and results still fit: new optional properties, wider types, fewer required ones. What cannot be shown to be compatible is refused. */
  | 'COMPATIBLE'
  /** They are refused with SchemaConflict. */
  | 'REFUSE'
  /** They become the next version, compatible or not; in @global only for ADMIN. Schemas of an earlier version make that version the present one again. */
  | 'REPLACE';

/** Which of the two schemas of a job. */
export type SchemaKind =
  /** Schema of payloads. */
  | 'PAYLOAD'
  /** Schema of results. Compared the other way round, since readers rely on what results contain. */
  | 'RESULT';

export type SubmitTaskInput = {
  /** The caller's own id of what belongs together, 1 to 256 characters. */
  correlationId?: string | null | undefined;
  /** Seconds from the last submission with its `idempotencyKey` until the task runs, 1 to 604,800. Until it is claimed, each further submission with `debounceSeconds` moves `runAt` and replaces the payload; all else stays as it was. A later submission makes a new task. In place of `holdKey`, `runAt` and `dependsOn`. */
  debounceSeconds?: number | null | undefined;
  /** Tasks that must end well before this one runs; until then it is WAITING. 10,000 in a request at most. */
  dependsOn?: Array<TaskDependencyInput> | null | undefined;
  /** ID of the caller's object that the task is about. */
  entityId?: string | null | undefined;
  /** Kind of the caller's object that the task is about, such as `picture`. */
  entityType?: string | null | undefined;
  /** How long the task holds its `idempotencyKey`. Left out: FOREVER. */
  holdKey?: KeyHold | null | undefined;
  /** Seconds from the submission for which the task holds its `idempotencyKey`, 1 to 31,536,000, whatever becomes of it. In place of `holdKey`. */
  holdKeySeconds?: number | null | undefined;
  /** A second submission with the same key for the same job and room returns the first one's task, for as long as that holds the key: see `holdKey`. 256 characters at most. A USER shares no keys with others; all others share those of the room. */
  idempotencyKey?: string | null | undefined;
  /** Full name: room:category:name. */
  job: string;
  /** Flat string map, 64 entries at most. */
  labels?: unknown;
  /** The key by which limits of scope KEY of the job count it, where they do not look into the payload: 1 to 256 characters. Without one they do not count it. */
  limitKey?: string | null | undefined;
  /** 1 to 100; left out: as the retry policy of the job says. */
  maxAttempts?: number | null | undefined;
  /** Checked against the job's schema; left out: {}. */
  payload?: unknown;
  /** Higher first; default 0. */
  priority?: number | null | undefined;
  /** In a list: a name of this item, by which others can depend on it. It is not stored. */
  ref?: string | null | undefined;
  /** Name of the room, 1 to 128 characters. */
  room: string;
  /** It is not claimed before this time; default now. */
  runAt?: string | null | undefined;
};

/** A task that must end first: by its id or, in a list, by the `ref` of its item. */
export type TaskDependencyInput = {
  /** What happens to the submitted task if that one ends FAILED or CANCELLED. */
  onFailure?: OnDependencyFailure;
  /** `ref` of another item of the same list, wherever it stands. */
  ref?: string | null | undefined;
  /** A task that the caller may see. Either this or `ref`. */
  taskId?: string | null | undefined;
};

export type TaskErrorInput = {
  /** 256 characters at most. */
  code?: string | null | undefined;
  /** Further facts, as a JSON object. */
  context?: unknown;
  /** 10,000 characters at most. */
  message: string;
  /** Seconds until another attempt makes sense, 0 to 2,592,000, for example by the Retry-After header of a service. It replaces the back-off of the policy, not its number of attempts. Without `retryable` it makes the error retryable. */
  retryAfterSeconds?: number | null | undefined;
  /** Left out: classified from the code and the message. */
  retryable?: boolean | null | undefined;
};

/** All given conditions must hold. What has no index (entityType without entityId, labelKeys, priorities, run and finish times, payload, several statuses of which one is COMPLETED) is checked on 10,000 tasks at a time, `payload` on 2,000: see `searchedTo` of the list. */
export type TaskFilter = {
  /** Correlation id that they have. */
  correlationId?: string | null | undefined;
  /** Submitted at this time or later. */
  createdAfter?: string | null | undefined;
  /** Submitted before this time. */
  createdBefore?: string | null | undefined;
  /** Identity of the caller that submitted them. */
  createdBy?: string | null | undefined;
  /** true: only dead letters that were discarded; false: none of them. */
  discarded?: boolean | null | undefined;
  /** ID of the object that they are about. */
  entityId?: string | null | undefined;
  /** Kind of the object that they are about. */
  entityType?: string | null | undefined;
  /** The `code` of its last error, such as NOT_FOUND. */
  errorCode?: string | null | undefined;
  /** Fingerprint of its last error: `fingerprint` of ErrorGroup, `errorFingerprint` of Task. */
  errorFingerprint?: string | null | undefined;
  /** `finishedAt` is after this time. */
  finishedAfter?: string | null | undefined;
  /** `finishedAt` is before this time. */
  finishedBefore?: string | null | undefined;
  /** Idempotency key that they have. */
  idempotencyKey?: string | null | undefined;
  /** 1,000 at most; an empty list matches no task. */
  ids?: Array<string> | null | undefined;
  /** Full name: room:category:name. */
  job?: string | null | undefined;
  /** Full names: tasks of any of these jobs. 50 at most; an empty list matches no task. */
  jobs?: Array<string> | null | undefined;
  /** Labels that it must have, whatever their values. 16 at most. */
  labelKeys?: Array<string> | null | undefined;
  /** Labels that the task must have, with their values. */
  labels?: unknown;
  /** This priority or a lower one. */
  maxPriority?: number | null | undefined;
  /** This priority or a higher one. */
  minPriority?: number | null | undefined;
  /** What values in the payload must be. 8 at most. */
  payload?: Array<JsonCondition> | null | undefined;
  /** `runAt` is after this time. */
  runAfter?: string | null | undefined;
  /** `runAt` is before this time. */
  runBefore?: string | null | undefined;
  /** Statuses that match; left out: all. An empty list matches no task. */
  statuses?: Array<TaskStatus> | null | undefined;
  /** The beginning of an id (task_01m8…), or whole words that all occur in the first 500 characters of the error message, ignoring case. 200 characters at most. */
  text?: string | null | undefined;
  /** The worker that holds it now. */
  workerId?: string | null | undefined;
};

/** How a task came to a good end. */
export type TaskOutcome =
  /** All of the work was done. */
  | 'COMPLETED'
  /** Some of the work was done. */
  | 'PARTIAL';

/** Status of a task. COMPLETED, PARTIAL, FAILED and CANCELLED are terminal. */
export type TaskStatus =
  /** Terminal: it was cancelled, or a task that it depended on failed or was cancelled. */
  | 'CANCELLED'
  /** A worker has claimed it and has not started it. */
  | 'CLAIMED'
  /** Terminal: all of the work was done. */
  | 'COMPLETED'
  /** Terminal: a dead letter until it is retried. */
  | 'FAILED'
  /** Terminal: some of the work was done. */
  | 'PARTIAL'
  /** May be claimed once runAt has passed. */
  | 'PENDING'
  /** A worker works on it. */
  | 'RUNNING'
  /** Waits for the tasks that it depends on. */
  | 'WAITING';

/** Why a transition happened: two transitions to one status can have different reasons. */
export type TransitionReason =
  /** Somebody cancelled it. */
  | 'CANCELLED'
  /** A worker claimed it. */
  | 'CLAIMED'
  /** The worker reported a result. */
  | 'COMPLETED'
  /** A task that it waited for did not end well. */
  | 'DEPENDENCY_FAILED'
  /** Somebody discarded the dead letter. */
  | 'DISCARDED'
  /** The attempt failed, and no further one follows. */
  | 'FAILED'
  /** The worker gave it back; the attempt does not count as a failure. */
  | 'RELEASED'
  /** Somebody brought the discarded dead letter back. */
  | 'RESTORED'
  /** A person retried the dead letter. */
  | 'RETRY_REQUESTED'
  /** The attempt failed, and the policy grants another after the back-off. */
  | 'RETRY_SCHEDULED'
  /** The worker started the attempt. */
  | 'STARTED'
  /** The task was submitted. */
  | 'SUBMITTED'
  /** The attempt ran longer than its job allows. */
  | 'TIMED_OUT'
  /** All tasks that it waited for have ended. */
  | 'UNBLOCKED'
  /** Somebody changed its time, priority or labels. */
  | 'UPDATED'
  /** Its worker sent no heartbeat for too long. */
  | 'WORKER_LOST';

/** What is left out stays as it is. */
export type UpdateScheduleInput = {
  /** 60 to 604,800. */
  catchUpSeconds?: number | null | undefined;
  /** Counts from now on: ticks that the former line had are not run. */
  cron?: string | null | undefined;
  /** The version that the caller has seen. If the schedule has another one by now, the answer is StaleVersion. */
  expectedVersion?: number | null | undefined;
  /** Name for people and tools. */
  name?: string | null | undefined;
  /** What is run, as a whole; in place of a task. */
  operation?: ScheduledOperationInput | null | undefined;
  /** What happens to a tick while an earlier run has not finished. */
  overlap?: ScheduleOverlap | null | undefined;
  /** True drops a run that waits. False goes on from now: ticks of before are not run. */
  paused?: boolean | null | undefined;
  /** ID of the schedule. */
  scheduleId: string;
  /** What is submitted, as a whole; in place of an operation. */
  task?: ScheduledTaskInput | null | undefined;
  /** Counts from now on, as `cron` does. Name of the IANA database, such as Europe/Berlin. */
  timeZone?: string | null | undefined;
};

export type TaskSummaryFragment = { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null };

export type AssetDetailsFragment = { id: string, attempt: number, type: string, url: string | null, storagePath: string | null, size: number | null, metadata: unknown, createdBy: string, createdAt: string };

export type JobDetailsFragment = { id: string, fullName: string, room: string, category: string, name: string, description: string | null, payloadSchema: unknown, resultSchema: unknown, timeoutSeconds: number | null, workerCount: number, createdAt: string, retryPolicy: { maxAttempts: number, backoffSeconds: Array<number> } };

type ProblemDetails_AlreadyRunning_Fragment = { __typename: 'AlreadyRunning', type: string, title: string, status: number, detail: string };

type ProblemDetails_ApiKeyNotFound_Fragment = { __typename: 'ApiKeyNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_BulkNotFound_Fragment = { __typename: 'BulkNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_DeliveryNotFound_Fragment = { __typename: 'DeliveryNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_Forbidden_Fragment = { __typename: 'Forbidden', type: string, title: string, status: number, detail: string };

type ProblemDetails_InvalidCategory_Fragment = { __typename: 'InvalidCategory', allowed: Array<string>, type: string, title: string, status: number, detail: string };

type ProblemDetails_InvalidInput_Fragment = { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> };

type ProblemDetails_InvalidRoomId_Fragment = { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string };

type ProblemDetails_InvalidTransition_Fragment = { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> };

type ProblemDetails_JobInUse_Fragment = { __typename: 'JobInUse', type: string, title: string, status: number, detail: string };

type ProblemDetails_JobNotFound_Fragment = { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_ScheduleNotFound_Fragment = { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_SchemaConflict_Fragment = { __typename: 'SchemaConflict', type: string, title: string, status: number, detail: string, existing: { id: string, fullName: string, room: string, category: string, name: string, description: string | null, payloadSchema: unknown, resultSchema: unknown, timeoutSeconds: number | null, workerCount: number, createdAt: string, retryPolicy: { maxAttempts: number, backoffSeconds: Array<number> } } };

type ProblemDetails_StaleAttempt_Fragment = { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string };

type ProblemDetails_StaleVersion_Fragment = { __typename: 'StaleVersion', type: string, title: string, status: number, detail: string };

type ProblemDetails_TaskNotFound_Fragment = { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_ViewNotFound_Fragment = { __typename: 'ViewNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_WebhookNotFound_Fragment = { __typename: 'WebhookNotFound', type: string, title: string, status: number, detail: string };

type ProblemDetails_WorkerNotFound_Fragment = { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string };

export type ProblemDetailsFragment =
  | ProblemDetails_AlreadyRunning_Fragment
  | ProblemDetails_ApiKeyNotFound_Fragment
  | ProblemDetails_BulkNotFound_Fragment
  | ProblemDetails_DeliveryNotFound_Fragment
  | ProblemDetails_Forbidden_Fragment
  | ProblemDetails_InvalidCategory_Fragment
  | ProblemDetails_InvalidInput_Fragment
  | ProblemDetails_InvalidRoomId_Fragment
  | ProblemDetails_InvalidTransition_Fragment
  | ProblemDetails_JobInUse_Fragment
  | ProblemDetails_JobNotFound_Fragment
  | ProblemDetails_ScheduleNotFound_Fragment
  | ProblemDetails_SchemaConflict_Fragment
  | ProblemDetails_StaleAttempt_Fragment
  | ProblemDetails_StaleVersion_Fragment
  | ProblemDetails_TaskNotFound_Fragment
  | ProblemDetails_ViewNotFound_Fragment
  | ProblemDetails_WebhookNotFound_Fragment
  | ProblemDetails_WorkerNotFound_Fragment
;

export type SubmissionFragment = { duplicate: boolean, payloadDiffers: boolean, cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, priority: number, runAt: string, createdAt: string } };

type RefusedSubmission_AlreadyRunning_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_ApiKeyNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_BulkNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_DeliveryNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_Forbidden_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_InvalidCategory_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_InvalidInput_Fragment = { type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> };

type RefusedSubmission_InvalidRoomId_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_InvalidTransition_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_JobInUse_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_JobNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_ScheduleNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_SchemaConflict_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_StaleAttempt_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_StaleVersion_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_TaskNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_ViewNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_WebhookNotFound_Fragment = { type: string, title: string, status: number, detail: string };

type RefusedSubmission_WorkerNotFound_Fragment = { type: string, title: string, status: number, detail: string };

export type RefusedSubmissionFragment =
  | RefusedSubmission_AlreadyRunning_Fragment
  | RefusedSubmission_ApiKeyNotFound_Fragment
  | RefusedSubmission_BulkNotFound_Fragment
  | RefusedSubmission_DeliveryNotFound_Fragment
  | RefusedSubmission_Forbidden_Fragment
  | RefusedSubmission_InvalidCategory_Fragment
  | RefusedSubmission_InvalidInput_Fragment
  | RefusedSubmission_InvalidRoomId_Fragment
  | RefusedSubmission_InvalidTransition_Fragment
  | RefusedSubmission_JobInUse_Fragment
  | RefusedSubmission_JobNotFound_Fragment
  | RefusedSubmission_ScheduleNotFound_Fragment
  | RefusedSubmission_SchemaConflict_Fragment
  | RefusedSubmission_StaleAttempt_Fragment
  | RefusedSubmission_StaleVersion_Fragment
  | RefusedSubmission_TaskNotFound_Fragment
  | RefusedSubmission_ViewNotFound_Fragment
  | RefusedSubmission_WebhookNotFound_Fragment
  | RefusedSubmission_WorkerNotFound_Fragment
;

export type SubmitTaskMutationVariables = Exact<{
  input: SubmitTaskInput;
}>;


export type SubmitTaskMutation = { submitTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'SubmitTaskSuccess', duplicate: boolean, payloadDiffers: boolean, cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, priority: number, runAt: string, createdAt: string } }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
   };

export type SubmitTaskForPageMutationVariables = Exact<{
  input: SubmitTaskInput;
  cancel: boolean;
  seconds: number;
}>;


export type SubmitTaskForPageMutation = { submitTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'SubmitTaskSuccess', duplicate: boolean, payloadDiffers: boolean, cursor: string, taskToken: { token: string, expiresAt: string, canCancel: boolean }, task: { id: string, room: string, status: TaskStatus, version: number, priority: number, runAt: string, createdAt: string } }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
   };

export type TaskTokenDetailsFragment = { token: string, expiresAt: string, canCancel: boolean };

export type CreateTaskTokenMutationVariables = Exact<{
  input: CreateTaskTokenInput;
}>;


export type CreateTaskTokenMutation = { createTaskToken:
    | { __typename: 'CreateTaskTokenSuccess', taskToken: { token: string, expiresAt: string, canCancel: boolean } }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
   };

export type SubmitTasksMutationVariables = Exact<{
  inputs: Array<SubmitTaskInput> | SubmitTaskInput;
}>;


export type SubmitTasksMutation = { submitTasks:
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'SubmitTasksSuccess', results: Array<
        | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
        | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
        | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
        | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
        | { __typename: 'SubmitTaskSuccess', duplicate: boolean, payloadDiffers: boolean, cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, priority: number, runAt: string, createdAt: string } }
        | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
      > }
   };

export type CancelTaskMutationVariables = Exact<{
  input: CancelTaskInput;
}>;


export type CancelTaskMutation = { cancelTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
   };

export type RetryTaskMutationVariables = Exact<{
  input: RetryTaskInput;
}>;


export type RetryTaskMutation = { retryTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
   };

export type OneTaskQueryVariables = Exact<{
  id: string;
}>;


export type OneTaskQuery = { task: { payload: unknown, result: unknown, id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, worker: { id: string, name: string } | null, assets: { nodes: Array<{ id: string, attempt: number, type: string, url: string | null, storagePath: string | null, size: number | null, metadata: unknown, createdBy: string, createdAt: string }> }, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } | null };

export type EstimateDetailsFragment = { at: string, unknown: EstimateUnknown | null, detail: string, ahead: number | null, slots: number, historySeconds: number, start: { p50: number, p90: number, p50At: string, p90At: string } | null, end: { p50: number, p90: number, p50At: string, p90At: string } | null };

export type EstimateOfTaskQueryVariables = Exact<{
  id: string;
}>;


export type EstimateOfTaskQuery = { task: { estimate: { at: string, unknown: EstimateUnknown | null, detail: string, ahead: number | null, slots: number, historySeconds: number, start: { p50: number, p90: number, p50At: string, p90At: string } | null, end: { p50: number, p90: number, p50At: string, p90At: string } | null } | null } | null };

export type TaskEstimatesSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type TaskEstimatesSubscription = { taskEvents:
    | { cursor: string, estimate: { at: string, unknown: EstimateUnknown | null, detail: string, ahead: number | null, slots: number, historySeconds: number, start: { p50: number, p90: number, p50At: string, p90At: string } | null, end: { p50: number, p90: number, p50At: string, p90At: string } | null } | null }
    | { cursor: string, task: { estimate: { at: string, unknown: EstimateUnknown | null, detail: string, ahead: number | null, slots: number, historySeconds: number, start: { p50: number, p90: number, p50At: string, p90At: string } | null, end: { p50: number, p90: number, p50At: string, p90At: string } | null } | null } }
    | { cursor: string, task: { estimate: { at: string, unknown: EstimateUnknown | null, detail: string, ahead: number | null, slots: number, historySeconds: number, start: { p50: number, p90: number, p50At: string, p90At: string } | null, end: { p50: number, p90: number, p50At: string, p90At: string } | null } | null } }
    | Record<PropertyKey, never>
   };

export type TaskOutcomeQueryVariables = Exact<{
  id: string;
}>;


export type TaskOutcomeQuery = { task: { status: TaskStatus, result: unknown } | null };

export type TaskEndQueryVariables = Exact<{
  id: string;
}>;


export type TaskEndQuery = { task: { transitions: { nodes: Array<{ to: TaskStatus, note: string | null }> } } | null };

export type ListTasksQueryVariables = Exact<{
  room?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ListTasksQuery = { tasks: { streamCursor: string, nodes: Array<{ id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type RoomPositionQueryVariables = Exact<{
  room: string;
}>;


export type RoomPositionQuery = { tasks: { streamCursor: string } };

export type ListJobsQueryVariables = Exact<{
  room: string;
  category?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ListJobsQuery = { jobs: { nodes: Array<{ id: string, fullName: string, room: string, category: string, name: string, description: string | null, payloadSchema: unknown, resultSchema: unknown, timeoutSeconds: number | null, workerCount: number, createdAt: string, retryPolicy: { maxAttempts: number, backoffSeconds: Array<number> } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type TransitionDetailsFragment = { version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null };

type TaskEventDetails_ResyncRequired_Fragment = { __typename: 'ResyncRequired', reason: string };

type TaskEventDetails_TaskBlocked_Fragment = { __typename: 'TaskBlocked' };

type TaskEventDetails_TaskEstimated_Fragment = { __typename: 'TaskEstimated' };

type TaskEventDetails_TaskProgressed_Fragment = { __typename: 'TaskProgressed', cursor: string, percent: number, message: string | null, at: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } };

type TaskEventDetails_TaskSnapshot_Fragment = { __typename: 'TaskSnapshot', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } };

type TaskEventDetails_TaskTransitioned_Fragment = { __typename: 'TaskTransitioned', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null }, transition: { version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } };

export type TaskEventDetailsFragment =
  | TaskEventDetails_ResyncRequired_Fragment
  | TaskEventDetails_TaskBlocked_Fragment
  | TaskEventDetails_TaskEstimated_Fragment
  | TaskEventDetails_TaskProgressed_Fragment
  | TaskEventDetails_TaskSnapshot_Fragment
  | TaskEventDetails_TaskTransitioned_Fragment
;

export type TaskEventsSubscriptionVariables = Exact<{
  taskId: string;
  after?: string | null | undefined;
  follow: boolean;
}>;


export type TaskEventsSubscription = { taskEvents:
    | { __typename: 'ResyncRequired', reason: string }
    | { __typename: 'TaskBlocked' }
    | { __typename: 'TaskEstimated' }
    | { __typename: 'TaskProgressed', cursor: string, percent: number, message: string | null, at: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
    | { __typename: 'TaskSnapshot', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
    | { __typename: 'TaskTransitioned', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null }, transition: { version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
   };

export type RoomEventsSubscriptionVariables = Exact<{
  room: string;
  filter?: TaskFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type RoomEventsSubscription = { roomEvents:
    | { __typename: 'ResyncRequired', reason: string }
    | { __typename: 'TaskBlocked' }
    | { __typename: 'TaskEstimated' }
    | { __typename: 'TaskProgressed', cursor: string, percent: number, message: string | null, at: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
    | { __typename: 'TaskSnapshot', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
    | { __typename: 'TaskTransitioned', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string, fullName: string }, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null }, transition: { version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, context: unknown, classifiedBy: string | null } | null } }
   };

export type TaskCountsSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
}>;


export type TaskCountsSubscription = { taskCountEvents: { total: number, atLeast: boolean, byStatus: Array<{ status: TaskStatus, count: number }> } };

export type RegisterWorkerMutationVariables = Exact<{
  input: RegisterWorkerInput;
}>;


export type RegisterWorkerMutation = { registerWorker:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'RegisterWorkerSuccess', worker: { id: string } }
   };

export type RegisterJobMutationVariables = Exact<{
  input: RegisterJobInput;
}>;


export type RegisterJobMutation = { registerJob:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidCategory', allowed: Array<string>, type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'RegisterJobSuccess', created: boolean, schemaVersion: number, job: { fullName: string } }
    | { __typename: 'SchemaConflict', type: string, title: string, status: number, detail: string, narrowings: Array<{ schema: SchemaKind, path: string, reason: string }>, existing: { id: string, fullName: string, room: string, category: string, name: string, description: string | null, payloadSchema: unknown, resultSchema: unknown, timeoutSeconds: number | null, workerCount: number, createdAt: string, retryPolicy: { maxAttempts: number, backoffSeconds: Array<number> } } }
    | { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string }
   };

export type DeregisterWorkerMutationVariables = Exact<{
  workerId: string;
}>;


export type DeregisterWorkerMutation = { deregisterWorker:
    | { __typename: 'DeregisterWorkerSuccess', released: number }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string }
   };

export type HeartbeatMutationVariables = Exact<{
  workerId: string;
  holding: Array<HeldAttemptInput> | HeldAttemptInput;
}>;


export type HeartbeatMutation = { heartbeat:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'HeartbeatSuccess', stop: Array<string>, worker: { drainingSince: string | null } }
    | { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string }
   };

export type ClaimedTaskFragment = { id: string, attempt: number, room: string, schemaVersion: number, payload: unknown, priority: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, traceparent: string | null, createdAt: string, dependencyCount: number, job: { fullName: string }, dependencies: Array<{ task: { id: string, status: TaskStatus, result: unknown } | null }> };

export type MoreDependenciesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type MoreDependenciesQuery = { task: { dependencies: Array<{ task: { id: string, status: TaskStatus, result: unknown } | null }> } | null };

export type ClaimTasksMutationVariables = Exact<{
  input: ClaimTasksInput;
}>;


export type ClaimTasksMutation = { claimTasks:
    | { __typename: 'ClaimTasksSuccess', tasks: Array<{ id: string, attempt: number, room: string, schemaVersion: number, payload: unknown, priority: number, failures: number, maxAttempts: number, runAt: string, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, traceparent: string | null, createdAt: string, dependencyCount: number, job: { fullName: string }, dependencies: Array<{ task: { id: string, status: TaskStatus, result: unknown } | null }> }> }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string }
   };

export type ReportProgressMutationVariables = Exact<{
  input: ReportProgressInput;
}>;


export type ReportProgressMutation = { reportProgress:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess' }
   };

export type AttachAssetMutationVariables = Exact<{
  input: AttachAssetInput;
}>;


export type AttachAssetMutation = { attachAsset:
    | { __typename: 'AttachAssetSuccess', asset: { id: string } }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
   };

export type CompleteTaskMutationVariables = Exact<{
  input: CompleteTaskInput;
}>;


export type CompleteTaskMutation = { completeTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess' }
   };

export type CompleteTasksMutationVariables = Exact<{
  inputs: Array<CompleteTaskInput> | CompleteTaskInput;
}>;


export type CompleteTasksMutation = { completeTasks: Array<
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess' }
  > };

export type FailTaskMutationVariables = Exact<{
  input: FailTaskInput;
}>;


export type FailTaskMutation = { failTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', from: TaskStatus, type: string, title: string, status: number, detail: string, allowedStatuses: Array<TaskStatus> }
    | { __typename: 'StaleAttempt', currentAttempt: number, type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { error: { retryable: boolean, classifiedBy: string | null } | null } }
   };

export type WorkerSignalsSubscriptionVariables = Exact<{
  workerId: string;
}>;


export type WorkerSignalsSubscription = { workerSignals:
    | { __typename: 'StopTask', taskId: string, attempt: number, reason: string }
    | { __typename: 'TasksAvailable', job: string }
   };

export type ReleaseTaskMutationVariables = Exact<{
  input: AttemptInput;
  delaySeconds?: number | null | undefined;
}>;


export type ReleaseTaskMutation = { releaseTask:
    | { __typename: 'Forbidden' }
    | { __typename: 'InvalidInput' }
    | { __typename: 'InvalidTransition' }
    | { __typename: 'StaleAttempt' }
    | { __typename: 'TaskNotFound' }
    | { __typename: 'TaskSuccess' }
   };

export type DeclaredScheduleFragment = { id: string, version: number, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, catchUpSeconds: number, task: { room: string, payload: unknown, priority: number, labels: unknown, limitKey: string | null, job: { fullName: string } } | null };

export type ListSchedulesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ListSchedulesQuery = { schedules: { nodes: Array<{ id: string, version: number, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, catchUpSeconds: number, task: { room: string, payload: unknown, priority: number, labels: unknown, limitKey: string | null, job: { fullName: string } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DeclareScheduleMutationVariables = Exact<{
  input: CreateScheduleInput;
}>;


export type DeclareScheduleMutation = { createSchedule:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleSuccess' }
   };

export type ChangeDeclaredScheduleMutationVariables = Exact<{
  input: UpdateScheduleInput;
}>;


export type ChangeDeclaredScheduleMutation = { updateSchedule:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleSuccess' }
    | { __typename: 'StaleVersion', type: string, title: string, status: number, detail: string }
   };

export type RemoveDeclaredScheduleMutationVariables = Exact<{
  scheduleId: string;
}>;


export type RemoveDeclaredScheduleMutation = { deleteSchedule:
    | { __typename: 'DeleteScheduleSuccess' }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string }
   };

export type DefineTestJobMutationVariables = Exact<{
  input: RegisterJobInput;
}>;


export type DefineTestJobMutation = { registerJob:
    | { __typename: 'Forbidden' }
    | { __typename: 'InvalidCategory' }
    | { __typename: 'InvalidInput' }
    | { __typename: 'InvalidRoomId' }
    | { __typename: 'RegisterJobSuccess', job: { fullName: string } }
    | { __typename: 'SchemaConflict' }
    | { __typename: 'WorkerNotFound' }
   };

export type TestViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type TestViewerQuery = { viewer: { id: string, role: Role } };

export type TestNodeQueryVariables = Exact<{
  id: string;
}>;


export type TestNodeQuery = { node:
    | { __typename: 'ApiKey', id: string }
    | { __typename: 'Asset', id: string }
    | { __typename: 'BulkPlan', id: string }
    | { __typename: 'BulkRun', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'Job', id: string }
    | { __typename: 'OperationRun', id: string }
    | { __typename: 'SavedView', id: string }
    | { __typename: 'Schedule', id: string }
    | { __typename: 'ScheduleRun', id: string }
    | { __typename: 'Task', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
    | { __typename: 'Worker', id: string }
   | null };

export type DefineCrowdJobMutationVariables = Exact<{ [key: string]: never; }>;


export type DefineCrowdJobMutation = { registerJob:
    | { __typename: 'Forbidden' }
    | { __typename: 'InvalidCategory' }
    | { __typename: 'InvalidInput' }
    | { __typename: 'InvalidRoomId' }
    | { __typename: 'RegisterJobSuccess' }
    | { __typename: 'SchemaConflict' }
    | { __typename: 'WorkerNotFound' }
   };

export type RoomVersionsSubscriptionVariables = Exact<{
  room: string;
  after?: string | null | undefined;
}>;


export type RoomVersionsSubscription = { roomEvents:
    | { __typename: 'ResyncRequired' }
    | { __typename: 'TaskBlocked' }
    | { __typename: 'TaskEstimated' }
    | { __typename: 'TaskProgressed' }
    | { __typename: 'TaskSnapshot' }
    | { __typename: 'TaskTransitioned', cursor: string, task: { id: string, version: number } }
   };

export type StoppedAtQueryVariables = Exact<{
  id: string;
}>;


export type StoppedAtQuery = { task: { stoppedAt: string | null } | null };

export type TestDeregisterMutationVariables = Exact<{
  id: string;
}>;


export type TestDeregisterMutation = { deregisterWorker:
    | { __typename: 'DeregisterWorkerSuccess' }
    | { __typename: 'Forbidden' }
    | { __typename: 'WorkerNotFound' }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AssetDetailsFragmentDoc = new TypedDocumentString(`
    fragment AssetDetails on Asset {
  id
  attempt
  type
  url
  storagePath
  size
  metadata
  createdBy
  createdAt
}
    `, {"fragmentName":"AssetDetails"}) as unknown as TypedDocumentString<AssetDetailsFragment, unknown>;
export const JobDetailsFragmentDoc = new TypedDocumentString(`
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
    `, {"fragmentName":"JobDetails"}) as unknown as TypedDocumentString<JobDetailsFragment, unknown>;
export const ProblemDetailsFragmentDoc = new TypedDocumentString(`
    fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}`, {"fragmentName":"ProblemDetails"}) as unknown as TypedDocumentString<ProblemDetailsFragment, unknown>;
export const SubmissionFragmentDoc = new TypedDocumentString(`
    fragment Submission on SubmitTaskSuccess {
  task {
    id
    room
    status
    version
    priority
    runAt
    createdAt
  }
  duplicate
  payloadDiffers
  cursor
}
    `, {"fragmentName":"Submission"}) as unknown as TypedDocumentString<SubmissionFragment, unknown>;
export const RefusedSubmissionFragmentDoc = new TypedDocumentString(`
    fragment RefusedSubmission on Problem {
  type
  title
  status
  detail
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
}
    `, {"fragmentName":"RefusedSubmission"}) as unknown as TypedDocumentString<RefusedSubmissionFragment, unknown>;
export const TaskTokenDetailsFragmentDoc = new TypedDocumentString(`
    fragment TaskTokenDetails on TaskToken {
  token
  expiresAt
  canCancel
}
    `, {"fragmentName":"TaskTokenDetails"}) as unknown as TypedDocumentString<TaskTokenDetailsFragment, unknown>;
export const EstimateDetailsFragmentDoc = new TypedDocumentString(`
    fragment EstimateDetails on TaskEstimate {
  at
  start {
    p50
    p90
    p50At
    p90At
  }
  end {
    p50
    p90
    p50At
    p90At
  }
  unknown
  detail
  ahead
  slots
  historySeconds
}
    `, {"fragmentName":"EstimateDetails"}) as unknown as TypedDocumentString<EstimateDetailsFragment, unknown>;
export const TaskSummaryFragmentDoc = new TypedDocumentString(`
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
    `, {"fragmentName":"TaskSummary"}) as unknown as TypedDocumentString<TaskSummaryFragment, unknown>;
export const TransitionDetailsFragmentDoc = new TypedDocumentString(`
    fragment TransitionDetails on TaskTransition {
  version
  from
  to
  reason
  attempt
  actor
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  note
  at
}
    `, {"fragmentName":"TransitionDetails"}) as unknown as TypedDocumentString<TransitionDetailsFragment, unknown>;
export const TaskEventDetailsFragmentDoc = new TypedDocumentString(`
    fragment TaskEventDetails on TaskEvent {
  __typename
  ... on TaskSnapshot {
    cursor
    task {
      ...TaskSummary
    }
  }
  ... on TaskTransitioned {
    cursor
    task {
      ...TaskSummary
    }
    transition {
      ...TransitionDetails
    }
  }
  ... on TaskProgressed {
    cursor
    task {
      ...TaskSummary
    }
    percent
    message
    at
  }
  ... on ResyncRequired {
    reason
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
fragment TransitionDetails on TaskTransition {
  version
  from
  to
  reason
  attempt
  actor
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  note
  at
}`, {"fragmentName":"TaskEventDetails"}) as unknown as TypedDocumentString<TaskEventDetailsFragment, unknown>;
export const ClaimedTaskFragmentDoc = new TypedDocumentString(`
    fragment ClaimedTask on Task {
  id
  attempt
  room
  job {
    fullName
  }
  schemaVersion
  payload
  priority
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  traceparent
  createdAt
  dependencyCount
  dependencies(first: 25) {
    task {
      id
      status
      result
    }
  }
}
    `, {"fragmentName":"ClaimedTask"}) as unknown as TypedDocumentString<ClaimedTaskFragment, unknown>;
export const DeclaredScheduleFragmentDoc = new TypedDocumentString(`
    fragment DeclaredSchedule on Schedule {
  id
  version
  name
  cron
  timeZone
  overlap
  catchUpSeconds
  task {
    job {
      fullName
    }
    room
    payload
    priority
    labels
    limitKey
  }
}
    `, {"fragmentName":"DeclaredSchedule"}) as unknown as TypedDocumentString<DeclaredScheduleFragment, unknown>;
export const SubmitTaskDocument = new TypedDocumentString(`
    mutation SubmitTask($input: SubmitTaskInput!) {
  submitTask(input: $input) {
    __typename
    ...Submission
    ...RefusedSubmission
  }
}
    fragment Submission on SubmitTaskSuccess {
  task {
    id
    room
    status
    version
    priority
    runAt
    createdAt
  }
  duplicate
  payloadDiffers
  cursor
}
fragment RefusedSubmission on Problem {
  type
  title
  status
  detail
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
}`) as unknown as TypedDocumentString<SubmitTaskMutation, SubmitTaskMutationVariables>;
export const SubmitTaskForPageDocument = new TypedDocumentString(`
    mutation SubmitTaskForPage($input: SubmitTaskInput!, $cancel: Boolean!, $seconds: Int!) {
  submitTask(input: $input) {
    __typename
    ...Submission
    ... on SubmitTaskSuccess {
      taskToken(cancel: $cancel, seconds: $seconds) {
        ...TaskTokenDetails
      }
    }
    ...RefusedSubmission
  }
}
    fragment Submission on SubmitTaskSuccess {
  task {
    id
    room
    status
    version
    priority
    runAt
    createdAt
  }
  duplicate
  payloadDiffers
  cursor
}
fragment RefusedSubmission on Problem {
  type
  title
  status
  detail
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
}
fragment TaskTokenDetails on TaskToken {
  token
  expiresAt
  canCancel
}`) as unknown as TypedDocumentString<SubmitTaskForPageMutation, SubmitTaskForPageMutationVariables>;
export const CreateTaskTokenDocument = new TypedDocumentString(`
    mutation CreateTaskToken($input: CreateTaskTokenInput!) {
  createTaskToken(input: $input) {
    __typename
    ... on CreateTaskTokenSuccess {
      taskToken {
        ...TaskTokenDetails
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}
fragment TaskTokenDetails on TaskToken {
  token
  expiresAt
  canCancel
}`) as unknown as TypedDocumentString<CreateTaskTokenMutation, CreateTaskTokenMutationVariables>;
export const SubmitTasksDocument = new TypedDocumentString(`
    mutation SubmitTasks($inputs: [SubmitTaskInput!]!) {
  submitTasks(inputs: $inputs) {
    __typename
    ... on SubmitTasksSuccess {
      results {
        __typename
        ...Submission
        ...RefusedSubmission
      }
    }
    ...RefusedSubmission
  }
}
    fragment Submission on SubmitTaskSuccess {
  task {
    id
    room
    status
    version
    priority
    runAt
    createdAt
  }
  duplicate
  payloadDiffers
  cursor
}
fragment RefusedSubmission on Problem {
  type
  title
  status
  detail
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
}`) as unknown as TypedDocumentString<SubmitTasksMutation, SubmitTasksMutationVariables>;
export const CancelTaskDocument = new TypedDocumentString(`
    mutation CancelTask($input: CancelTaskInput!) {
  cancelTask(input: $input) {
    __typename
    ... on TaskSuccess {
      task {
        ...TaskSummary
      }
    }
    ...ProblemDetails
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<CancelTaskMutation, CancelTaskMutationVariables>;
export const RetryTaskDocument = new TypedDocumentString(`
    mutation RetryTask($input: RetryTaskInput!) {
  retryTask(input: $input) {
    __typename
    ... on TaskSuccess {
      task {
        ...TaskSummary
      }
    }
    ...ProblemDetails
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<RetryTaskMutation, RetryTaskMutationVariables>;
export const OneTaskDocument = new TypedDocumentString(`
    query OneTask($id: ID!) {
  task(id: $id) {
    ...TaskSummary
    payload
    result
    worker {
      id
      name
    }
    assets(first: 100) {
      nodes {
        ...AssetDetails
      }
    }
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
fragment AssetDetails on Asset {
  id
  attempt
  type
  url
  storagePath
  size
  metadata
  createdBy
  createdAt
}`) as unknown as TypedDocumentString<OneTaskQuery, OneTaskQueryVariables>;
export const EstimateOfTaskDocument = new TypedDocumentString(`
    query EstimateOfTask($id: ID!) {
  task(id: $id) {
    estimate {
      ...EstimateDetails
    }
  }
}
    fragment EstimateDetails on TaskEstimate {
  at
  start {
    p50
    p90
    p50At
    p90At
  }
  end {
    p50
    p90
    p50At
    p90At
  }
  unknown
  detail
  ahead
  slots
  historySeconds
}`) as unknown as TypedDocumentString<EstimateOfTaskQuery, EstimateOfTaskQueryVariables>;
export const TaskEstimatesDocument = new TypedDocumentString(`
    subscription TaskEstimates($id: ID!, $after: Cursor) {
  taskEvents(taskId: $id, after: $after, follow: true) {
    ... on TaskSnapshot {
      cursor
      task {
        estimate {
          ...EstimateDetails
        }
      }
    }
    ... on TaskTransitioned {
      cursor
      task {
        estimate {
          ...EstimateDetails
        }
      }
    }
    ... on TaskEstimated {
      cursor
      estimate {
        ...EstimateDetails
      }
    }
  }
}
    fragment EstimateDetails on TaskEstimate {
  at
  start {
    p50
    p90
    p50At
    p90At
  }
  end {
    p50
    p90
    p50At
    p90At
  }
  unknown
  detail
  ahead
  slots
  historySeconds
}`) as unknown as TypedDocumentString<TaskEstimatesSubscription, TaskEstimatesSubscriptionVariables>;
export const TaskOutcomeDocument = new TypedDocumentString(`
    query TaskOutcome($id: ID!) {
  task(id: $id) {
    status
    result
  }
}
    `) as unknown as TypedDocumentString<TaskOutcomeQuery, TaskOutcomeQueryVariables>;
export const TaskEndDocument = new TypedDocumentString(`
    query TaskEnd($id: ID!) {
  task(id: $id) {
    transitions(first: 100) {
      nodes {
        to
        note
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TaskEndQuery, TaskEndQueryVariables>;
export const ListTasksDocument = new TypedDocumentString(`
    query ListTasks($room: String, $filter: TaskFilter, $first: Int, $after: String, $last: Int, $before: String) {
  tasks(
    room: $room
    filter: $filter
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    nodes {
      ...TaskSummary
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    streamCursor
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}`) as unknown as TypedDocumentString<ListTasksQuery, ListTasksQueryVariables>;
export const RoomPositionDocument = new TypedDocumentString(`
    query RoomPosition($room: String!) {
  tasks(room: $room, first: 1) {
    streamCursor
  }
}
    `) as unknown as TypedDocumentString<RoomPositionQuery, RoomPositionQueryVariables>;
export const ListJobsDocument = new TypedDocumentString(`
    query ListJobs($room: String!, $category: String, $first: Int, $after: String, $last: Int, $before: String) {
  jobs(
    room: $room
    category: $category
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    nodes {
      ...JobDetails
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}`) as unknown as TypedDocumentString<ListJobsQuery, ListJobsQueryVariables>;
export const TaskEventsDocument = new TypedDocumentString(`
    subscription TaskEvents($taskId: ID!, $after: Cursor, $follow: Boolean!) {
  taskEvents(taskId: $taskId, after: $after, follow: $follow) {
    ...TaskEventDetails
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
fragment TransitionDetails on TaskTransition {
  version
  from
  to
  reason
  attempt
  actor
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  note
  at
}
fragment TaskEventDetails on TaskEvent {
  __typename
  ... on TaskSnapshot {
    cursor
    task {
      ...TaskSummary
    }
  }
  ... on TaskTransitioned {
    cursor
    task {
      ...TaskSummary
    }
    transition {
      ...TransitionDetails
    }
  }
  ... on TaskProgressed {
    cursor
    task {
      ...TaskSummary
    }
    percent
    message
    at
  }
  ... on ResyncRequired {
    reason
  }
}`) as unknown as TypedDocumentString<TaskEventsSubscription, TaskEventsSubscriptionVariables>;
export const RoomEventsDocument = new TypedDocumentString(`
    subscription RoomEvents($room: String!, $filter: TaskFilter, $after: Cursor) {
  roomEvents(room: $room, filter: $filter, after: $after) {
    ...TaskEventDetails
  }
}
    fragment TaskSummary on Task {
  id
  room
  status
  version
  job {
    id
    fullName
  }
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
}
fragment TransitionDetails on TaskTransition {
  version
  from
  to
  reason
  attempt
  actor
  error {
    message
    code
    retryable
    context
    classifiedBy
  }
  note
  at
}
fragment TaskEventDetails on TaskEvent {
  __typename
  ... on TaskSnapshot {
    cursor
    task {
      ...TaskSummary
    }
  }
  ... on TaskTransitioned {
    cursor
    task {
      ...TaskSummary
    }
    transition {
      ...TransitionDetails
    }
  }
  ... on TaskProgressed {
    cursor
    task {
      ...TaskSummary
    }
    percent
    message
    at
  }
  ... on ResyncRequired {
    reason
  }
}`) as unknown as TypedDocumentString<RoomEventsSubscription, RoomEventsSubscriptionVariables>;
export const TaskCountsDocument = new TypedDocumentString(`
    subscription TaskCounts($room: String, $filter: TaskFilter) {
  taskCountEvents(room: $room, filter: $filter) {
    byStatus {
      status
      count
    }
    total
    atLeast
  }
}
    `) as unknown as TypedDocumentString<TaskCountsSubscription, TaskCountsSubscriptionVariables>;
export const RegisterWorkerDocument = new TypedDocumentString(`
    mutation RegisterWorker($input: RegisterWorkerInput!) {
  registerWorker(input: $input) {
    __typename
    ... on RegisterWorkerSuccess {
      worker {
        id
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<RegisterWorkerMutation, RegisterWorkerMutationVariables>;
export const RegisterJobDocument = new TypedDocumentString(`
    mutation RegisterJob($input: RegisterJobInput!) {
  registerJob(input: $input) {
    __typename
    ... on RegisterJobSuccess {
      job {
        fullName
      }
      created
      schemaVersion
    }
    ... on SchemaConflict {
      narrowings {
        schema
        path
        reason
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<RegisterJobMutation, RegisterJobMutationVariables>;
export const DeregisterWorkerDocument = new TypedDocumentString(`
    mutation DeregisterWorker($workerId: ID!) {
  deregisterWorker(workerId: $workerId) {
    __typename
    ... on DeregisterWorkerSuccess {
      released
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<DeregisterWorkerMutation, DeregisterWorkerMutationVariables>;
export const HeartbeatDocument = new TypedDocumentString(`
    mutation Heartbeat($workerId: ID!, $holding: [HeldAttemptInput!]!) {
  heartbeat(workerId: $workerId, holding: $holding) {
    __typename
    ... on HeartbeatSuccess {
      stop
      worker {
        drainingSince
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<HeartbeatMutation, HeartbeatMutationVariables>;
export const MoreDependenciesDocument = new TypedDocumentString(`
    query MoreDependencies($id: ID!, $after: ID) {
  task(id: $id) {
    dependencies(first: 1000, after: $after) {
      task {
        id
        status
        result
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MoreDependenciesQuery, MoreDependenciesQueryVariables>;
export const ClaimTasksDocument = new TypedDocumentString(`
    mutation ClaimTasks($input: ClaimTasksInput!) {
  claimTasks(input: $input) {
    __typename
    ... on ClaimTasksSuccess {
      tasks {
        ...ClaimedTask
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}
fragment ClaimedTask on Task {
  id
  attempt
  room
  job {
    fullName
  }
  schemaVersion
  payload
  priority
  failures
  maxAttempts
  runAt
  createdBy
  correlationId
  entityType
  entityId
  labels
  traceparent
  createdAt
  dependencyCount
  dependencies(first: 25) {
    task {
      id
      status
      result
    }
  }
}`) as unknown as TypedDocumentString<ClaimTasksMutation, ClaimTasksMutationVariables>;
export const ReportProgressDocument = new TypedDocumentString(`
    mutation ReportProgress($input: ReportProgressInput!) {
  reportProgress(input: $input) {
    __typename
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<ReportProgressMutation, ReportProgressMutationVariables>;
export const AttachAssetDocument = new TypedDocumentString(`
    mutation AttachAsset($input: AttachAssetInput!) {
  attachAsset(input: $input) {
    __typename
    ... on AttachAssetSuccess {
      asset {
        id
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<AttachAssetMutation, AttachAssetMutationVariables>;
export const CompleteTaskDocument = new TypedDocumentString(`
    mutation CompleteTask($input: CompleteTaskInput!) {
  completeTask(input: $input) {
    __typename
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<CompleteTaskMutation, CompleteTaskMutationVariables>;
export const CompleteTasksDocument = new TypedDocumentString(`
    mutation CompleteTasks($inputs: [CompleteTaskInput!]!) {
  completeTasks(inputs: $inputs) {
    __typename
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<CompleteTasksMutation, CompleteTasksMutationVariables>;
export const FailTaskDocument = new TypedDocumentString(`
    mutation FailTask($input: FailTaskInput!) {
  failTask(input: $input) {
    __typename
    ... on TaskSuccess {
      task {
        error {
          retryable
          classifiedBy
        }
      }
    }
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<FailTaskMutation, FailTaskMutationVariables>;
export const WorkerSignalsDocument = new TypedDocumentString(`
    subscription WorkerSignals($workerId: ID!) {
  workerSignals(workerId: $workerId) {
    __typename
    ... on TasksAvailable {
      job
    }
    ... on StopTask {
      taskId
      attempt
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<WorkerSignalsSubscription, WorkerSignalsSubscriptionVariables>;
export const ReleaseTaskDocument = new TypedDocumentString(`
    mutation ReleaseTask($input: AttemptInput!, $delaySeconds: Float) {
  releaseTask(input: $input, delaySeconds: $delaySeconds) {
    __typename
  }
}
    `) as unknown as TypedDocumentString<ReleaseTaskMutation, ReleaseTaskMutationVariables>;
export const ListSchedulesDocument = new TypedDocumentString(`
    query ListSchedules($after: String) {
  schedules(first: 100, after: $after) {
    nodes {
      ...DeclaredSchedule
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment DeclaredSchedule on Schedule {
  id
  version
  name
  cron
  timeZone
  overlap
  catchUpSeconds
  task {
    job {
      fullName
    }
    room
    payload
    priority
    labels
    limitKey
  }
}`) as unknown as TypedDocumentString<ListSchedulesQuery, ListSchedulesQueryVariables>;
export const DeclareScheduleDocument = new TypedDocumentString(`
    mutation DeclareSchedule($input: CreateScheduleInput!) {
  createSchedule(input: $input) {
    __typename
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<DeclareScheduleMutation, DeclareScheduleMutationVariables>;
export const ChangeDeclaredScheduleDocument = new TypedDocumentString(`
    mutation ChangeDeclaredSchedule($input: UpdateScheduleInput!) {
  updateSchedule(input: $input) {
    __typename
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<ChangeDeclaredScheduleMutation, ChangeDeclaredScheduleMutationVariables>;
export const RemoveDeclaredScheduleDocument = new TypedDocumentString(`
    mutation RemoveDeclaredSchedule($scheduleId: ID!) {
  deleteSchedule(scheduleId: $scheduleId) {
    __typename
    ...ProblemDetails
  }
}
    fragment JobDetails on Job {
  id
  fullName
  room
  category
  name
  description
  payloadSchema
  resultSchema
  retryPolicy {
    maxAttempts
    backoffSeconds
  }
  timeoutSeconds
  workerCount
  createdAt
}
fragment ProblemDetails on Problem {
  __typename
  type
  title
  status
  detail
  ... on InvalidCategory {
    allowed
  }
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on SchemaConflict {
    existing {
      ...JobDetails
    }
  }
  ... on InvalidTransition {
    from
    allowedStatuses: allowed
  }
  ... on StaleAttempt {
    currentAttempt
  }
}`) as unknown as TypedDocumentString<RemoveDeclaredScheduleMutation, RemoveDeclaredScheduleMutationVariables>;
export const DefineTestJobDocument = new TypedDocumentString(`
    mutation DefineTestJob($input: RegisterJobInput!) {
  registerJob(input: $input) {
    __typename
    ... on RegisterJobSuccess {
      job {
        fullName
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DefineTestJobMutation, DefineTestJobMutationVariables>;
export const TestViewerDocument = new TypedDocumentString(`
    query TestViewer {
  viewer {
    id
    role
  }
}
    `) as unknown as TypedDocumentString<TestViewerQuery, TestViewerQueryVariables>;
export const TestNodeDocument = new TypedDocumentString(`
    query TestNode($id: ID!) {
  node(id: $id) {
    __typename
    id
  }
}
    `) as unknown as TypedDocumentString<TestNodeQuery, TestNodeQueryVariables>;
export const DefineCrowdJobDocument = new TypedDocumentString(`
    mutation DefineCrowdJob {
  registerJob(input: {category: "general", name: "crowd"}) {
    __typename
  }
}
    `) as unknown as TypedDocumentString<DefineCrowdJobMutation, DefineCrowdJobMutationVariables>;
export const RoomVersionsDocument = new TypedDocumentString(`
    subscription RoomVersions($room: String!, $after: Cursor) {
  roomEvents(room: $room, after: $after) {
    __typename
    ... on TaskTransitioned {
      cursor
      task {
        id
        version
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RoomVersionsSubscription, RoomVersionsSubscriptionVariables>;
export const StoppedAtDocument = new TypedDocumentString(`
    query StoppedAt($id: ID!) {
  task(id: $id) {
    stoppedAt
  }
}
    `) as unknown as TypedDocumentString<StoppedAtQuery, StoppedAtQueryVariables>;
export const TestDeregisterDocument = new TypedDocumentString(`
    mutation TestDeregister($id: ID!) {
  deregisterWorker(workerId: $id) {
    __typename
  }
}
    `) as unknown as TypedDocumentString<TestDeregisterMutation, TestDeregisterMutationVariables>;