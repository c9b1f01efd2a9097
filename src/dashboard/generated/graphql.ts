/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether an API key can be used. */
export type ApiKeyStatus =
  /** It can be used. */
  | 'ACTIVE'
  /** Its `expiresAt` has passed. */
  | 'EXPIRED'
  /** It was revoked. */
  | 'REVOKED';

/** The plan to apply. */
export type ApplyBulkInput = {
  /** A plan of the caller, made within the last hour. */
  planId: string;
};

/** Why an unfinished task is not running. If several reasons apply, it is the first of them. */
export type BlockedBy =
  /** It waits for the tasks that it depends on. */
  | 'DEPENDENCY'
  /** Somebody has paused its job, in all rooms or in its own. */
  | 'JOB_PAUSED'
  /** A limit of its job lets no more run, or start, for now. */
  | 'LIMIT'
  /** Its `runAt` has not come: it was submitted for later, or waits for the back-off of a retry. */
  | 'NOT_DUE'
  /** All living workers that serve its job hold as many tasks as they can. */
  | 'NO_FREE_SLOT'
  /** No living worker serves its job, or all of them are drained. */
  | 'NO_WORKER';

/** What a run does to each task. */
export type BulkAction =
  /** As cancelTask does. */
  | 'CANCEL'
  /** As discardTask does. */
  | 'DISCARD'
  /** As retryTask does. */
  | 'RETRY';

/** Status of a run. */
export type BulkRunStatus =
  /** All of the plan was worked through. */
  | 'COMPLETED'
  /** A part of the plan is still to be worked through. */
  | 'RUNNING'
  /** It was stopped by stopBulk; tasks that it had changed stay changed. */
  | 'STOPPED';

export type CancelTaskInput = {
  /** For the history and the worker: 1,000 characters at most. */
  reason?: string | null | undefined;
  /** ID of the task. */
  taskId: string;
};

/** What a new API key may do, and for how long. */
export type CreateApiKeyInput = {
  /** When it expires: a time to come. Left out: never. */
  expiresAt?: string | null | undefined;
  /** For people: 1 to 200 characters, not unique. */
  name: string;
  /** What its holder may do. */
  role: Role;
  /** Its rooms, 1,000 at most; "*" for all. An ADMIN belongs to all rooms, others need at least one. */
  rooms?: Array<string>;
  /** Its rate limit, one of those that the server has, or "unlimited". Left out: none for ADMIN and WORKER, the default tier for others. */
  tier?: string | null | undefined;
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

export type CreateWebhookInput = {
  /** Text for people. */
  description?: string | null | undefined;
  /** Least severe events that count. */
  minSeverity?: EventSeverity;
  /** Only what concerns this room. */
  room?: string | null | undefined;
  /** Empty means every type. */
  types?: Array<EventType>;
  /** http or https; addresses of private networks are refused when it is called. */
  url: string;
};

/** The dead letters to act on, of those that the caller may retry. */
export type DeadLettersInput = {
  /** Left out: all. */
  filter?: TaskFilter | null | undefined;
  /** 1 to 10,000, the oldest first. */
  limit?: number;
  /** Left out: every room. */
  room?: string | null | undefined;
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

/** All that is given must hold. */
export type EventFilter = {
  /** Only what this identity has brought about; "@system" is the server itself. */
  actor?: string | null | undefined;
  /** The caller's own id of what belongs together, 1 to 256 characters. */
  correlationId?: string | null | undefined;
  /** Only events at or after this time. */
  from?: string | null | undefined;
  /** Least severe events that count. */
  minSeverity?: EventSeverity | null | undefined;
  /** Name of the room, 1 to 128 characters. */
  room?: string | null | undefined;
  /** Only what is about the task, job, worker, run … of this id. */
  subject?: string | null | undefined;
  /** Types of events; empty means every type. */
  types?: Array<EventType> | null | undefined;
  /** Only events before this time. */
  until?: string | null | undefined;
};

/** From least to most severe. */
export type EventSeverity =
  /** Something failed. */
  | 'ERROR'
  /** Something was done. */
  | 'INFO'
  /** Something needs a look. */
  | 'WARNING';

/** The types of events of the audit log. */
export type EventType =
  /** An API key was created. */
  | 'API_KEY_CREATED'
  /** An API key was revoked. */
  | 'API_KEY_REVOKED'
  /** Somebody has paused a job, or a job in one room. */
  | 'JOB_PAUSED'
  /** A job was defined, or has come back by a registration. */
  | 'JOB_REGISTERED'
  /** A retired job has come back by hand, or by a submission. */
  | 'JOB_RESTORED'
  /** Somebody has resumed a job, or a job in one room. */
  | 'JOB_RESUMED'
  /** A job was hidden: nobody serves it, and it has no work. */
  | 'JOB_RETIRED'
  /** The schemas of a job have another version. */
  | 'JOB_SCHEMA_CHANGED'
  /** Description, retry policy or timeout of a job were changed. */
  | 'JOB_UPDATED'
  /** An operation has ended well. */
  | 'OPERATION_COMPLETED'
  /** An operation has ended with an error. */
  | 'OPERATION_FAILED'
  /** An operation found a reason not to run. */
  | 'OPERATION_SKIPPED'
  /** Somebody, or a schedule, has started an operation. */
  | 'OPERATION_STARTED'
  /** A schedule was created. */
  | 'SCHEDULE_CREATED'
  /** A schedule was deleted. */
  | 'SCHEDULE_DELETED'
  /** A schedule was changed, paused or resumed. */
  | 'SCHEDULE_UPDATED'
  /** Somebody has discarded a dead letter. */
  | 'TASK_DISCARDED'
  /** A task has become a dead letter. */
  | 'TASK_FAILED'
  /** A webhook was created. */
  | 'WEBHOOK_CREATED'
  /** A webhook was deleted. */
  | 'WEBHOOK_DELETED'
  /** A webhook was switched off: its receiver has failed for too long. */
  | 'WEBHOOK_DISABLED'
  /** A webhook was changed. */
  | 'WEBHOOK_UPDATED'
  /** A worker was deregistered. */
  | 'WORKER_DEREGISTERED'
  /** A worker was drained: it claims no more tasks, and ends when those that it holds have. */
  | 'WORKER_DRAINED'
  /** A worker sent no heartbeat for longer than the worker timeout. */
  | 'WORKER_LOST'
  /** A worker was registered. */
  | 'WORKER_REGISTERED';

/** By what tasks of equal priority take turns. */
export type Fairness =
  /** Keys take turns: the limitKey of the submission, or what fairnessKeyPointer finds in the payload. Tasks without a key share one turn. */
  | 'KEY'
  /** They take no turns: the oldest is next. */
  | 'NONE'
  /** Rooms take turns: each has one task claimed, then the next one. */
  | 'ROOM';

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

/** What jobs are ordered by, the highest first. */
export type JobStatisticsOrder =
  /** Tasks that wait for a worker now. */
  | 'BACKLOG'
  /** Tasks that became dead letters within the window. */
  | 'FAILURES'
  /** 95th percentile of how long attempts within the window ran. */
  | 'RUN_P95'
  /** Tasks that were completed, at least partly, or failed within the window. */
  | 'THROUGHPUT';

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

/** All given conditions must hold. */
export type OperationRunFilter = {
  /** Name of the operation. */
  operation?: string | null | undefined;
  /** Runs for this room alone. */
  room?: string | null | undefined;
  /** Its status. */
  status?: OperationRunStatus | null | undefined;
};

/** Status of a run. */
export type OperationRunStatus =
  /** It ended well. */
  | 'COMPLETED'
  /** It ended with an error. */
  | 'FAILED'
  /** It is under way. */
  | 'RUNNING'
  /** It found a reason not to run, which `error` names. */
  | 'SKIPPED';

/** What to pause. */
export type PauseJobInput = {
  /** Full name of the job: `room:category:name`. */
  fullName: string;
  /** Why, for whoever finds it paused: 1,000 characters at most. */
  reason?: string | null | undefined;
  /** In this room alone; left out: in all rooms. */
  room?: string | null | undefined;
};

/** An action, and the tasks to plan it for. */
export type PlanBulkInput = {
  /** What is to be done to each task. */
  action: BulkAction;
  /** Empty: all. */
  filter: TaskFilter;
  /** For the history of each task: 1,000 characters at most. */
  reason?: string | null | undefined;
  /** Left out: all that the caller may see. */
  room?: string | null | undefined;
};

/** The task to submit again, and what to change. */
export type ResubmitTaskInput = {
  /** As in submitTask: a second submission with the same key returns the task of the first. */
  idempotencyKey?: string | null | undefined;
  /** 64 at most; left out: the same. */
  labels?: Record<string, string> | null | undefined;
  /** 1 to 100; left out: as the retry policy of the job says. */
  maxAttempts?: number | null | undefined;
  /** Checked against the job's schema; left out: the same. */
  payload?: unknown;
  /** Higher first; left out: the same. */
  priority?: number | null | undefined;
  /** It is not claimed before this time; default now. */
  runAt?: string | null | undefined;
  /** ID of the task, in any status. */
  taskId: string;
};

/** What to resume. */
export type ResumeJobInput = {
  /** Full name of the job: `room:category:name`. */
  fullName: string;
  /** Ends the pause of this room; left out: the pause of all rooms. Other pauses stay. */
  room?: string | null | undefined;
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

export type RunOperationInput = {
  /** Must be true where the room is left out, so that nothing is done to all of them by mistake; not for a dry run. */
  allRooms?: boolean | null | undefined;
  /** 1 to 200 characters; left out: the id of the run. */
  correlationId?: string | null | undefined;
  /** Count what would be done, and change nothing. */
  dryRun?: boolean;
  /** Its name, as the query operations lists it. */
  operation: string;
  /** See the schema in the query operations. */
  parameters?: unknown;
  /** Only what belongs to this room; left out, with `allRooms`: all rooms. */
  room?: string | null | undefined;
  /** How long to wait for its end before answering: 0 to 30 seconds. */
  waitSeconds?: number;
};

/** A view to save; with an id, the new state of a saved view. */
export type SaveViewInput = {
  /** ID of the view to change; left out: a new view. */
  id?: string | null | undefined;
  /** 1 to 100 characters. */
  name: string;
  /** Path of the page, such as /tasks. 200 characters at most. */
  path: string;
  /** The room that it is about; left out: none, or all. */
  room?: string | null | undefined;
  /** Its filters, as the query of a URL, without the question mark. 4,000 characters at most. */
  search: string;
  /** Whether others see it: those who belong to its room. An ADMIN may share one without a room with everybody; a USER shares none. */
  shared?: boolean;
};

/** What to do when a tick comes while the run of an earlier one has not finished. */
export type ScheduleOverlap =
  /** The tick is run beside the earlier run. */
  | 'ALLOW'
  /** The tick is run after the earlier run has finished. One tick waits at most; further ones are skipped. */
  | 'QUEUE'
  /** The tick is not run. */
  | 'SKIP';

/** Status of a run of a schedule. */
export type ScheduleRunStatus =
  /** The task that it started was cancelled. */
  | 'CANCELLED'
  /** Nothing could be started, or the task or operation has failed. */
  | 'FAILED'
  /** Waits for an earlier run to finish. */
  | 'QUEUED'
  /** The task or operation that it started has not ended. */
  | 'RUNNING'
  /** Nothing was started: `detail` says why. */
  | 'SKIPPED'
  /** The task or operation that it started has completed, at least partly. */
  | 'SUCCEEDED';

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

/** Length of one point of a series. */
export type StatisticInterval =
  /** A day of UTC. */
  | 'DAY'
  /** An hour of UTC. */
  | 'HOUR'
  /** A minute. */
  | 'MINUTE';

/** The last so many intervals, the present one included. */
export type StatisticsWindow = {
  /** Length of one point. */
  interval?: StatisticInterval;
  /** 1 to 360 minutes, 744 hours or 366 days. */
  last?: number;
};

/** The run to stop. */
export type StopBulkInput = {
  /** A run of the caller. */
  runId: string;
};

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

/** Kind of the values to suggest. */
export type SuggestField =
  /** Identities that have submitted tasks. */
  | 'CREATED_BY'
  /** Types of entities. */
  | 'ENTITY_TYPE'
  /** Codes of errors. */
  | 'ERROR_CODE'
  /** Full names of jobs, by any part of them. */
  | 'JOB'
  /** Names of labels. */
  | 'LABEL_KEY'
  /** Values of the label that `key` names. */
  | 'LABEL_VALUE'
  /** JSON Pointers to values in payloads. */
  | 'PAYLOAD_PATH';

/** A task that must end first: by its id or, in a list, by the `ref` of its item. */
export type TaskDependencyInput = {
  /** What happens to the submitted task if that one ends FAILED or CANCELLED. */
  onFailure?: OnDependencyFailure;
  /** `ref` of another item of the same list, wherever it stands. */
  ref?: string | null | undefined;
  /** A task that the caller may see. Either this or `ref`. */
  taskId?: string | null | undefined;
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

/** What to change of a job. What is left out stays as it is; something must be given. */
export type UpdateJobInput = {
  /** 2,000 characters at most; null takes it away. */
  description?: string | null | undefined;
  /** By what its tasks of equal priority take turns, so that none who submits many keeps others waiting. It holds for what waits already, too. */
  fairness?: Fairness | null | undefined;
  /** Of fairness KEY: a JSON Pointer into the payload, as /customer/id, where a text, a number or a boolean is the key. Left out: the limitKey of the submission. */
  fairnessKeyPointer?: string | null | undefined;
  /** Full name of the job: `room:category:name`. */
  fullName: string;
  /** Up to 4 limits, all of which hold: how many of its tasks may run at the same time, or start in a period. They count over all servers and workers. What runs when they are given is counted, and goes on. Empty: none. */
  limits?: Array<JobLimitInput> | null | undefined;
  /** Parts that are left out stay as they are. The number of attempts holds for tasks that are submitted from now on. */
  retryPolicy?: RetryPolicyInput | null | undefined;
  /** Seconds that one attempt may run, 1 to 31,536,000; null for no limit. Running attempts are included. */
  timeoutSeconds?: number | null | undefined;
};

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

/** What is left out stays as it is. */
export type UpdateWebhookInput = {
  /** Text for people. */
  description?: string | null | undefined;
  /** Whether events are queued and sent. */
  enabled?: boolean | null | undefined;
  /** ID of the webhook. */
  id: string;
  /** Least severe events that count. */
  minSeverity?: EventSeverity | null | undefined;
  /** Only what concerns this room; null for every room. */
  room?: string | null | undefined;
  /** Give it a new secret; the old one is not used from then on. */
  rotateSecret?: boolean;
  /** Types of events; empty means every type. */
  types?: Array<EventType> | null | undefined;
  /** Address, http or https. */
  url?: string | null | undefined;
};

/** Status of a delivery. */
export type WebhookDeliveryStatus =
  /** The receiver accepted it. */
  | 'DELIVERED'
  /** The last attempt failed, and no further one is made. */
  | 'FAILED'
  /** To be sent, for the first time or again. */
  | 'PENDING';

/** All conditions that are given must hold. */
export type WorkerFilter = {
  /** true: has sent a heartbeat within the worker timeout; false: has not. */
  alive?: boolean | null | undefined;
  /** Serves the job of this full name. */
  job?: string | null | undefined;
  /** Was registered by this identity. */
  owner?: string | null | undefined;
  /** Serves a job that can be run from this room: of its own or of @global. */
  room?: string | null | undefined;
};

export type BulkPlanRowFragment = { id: string, action: BulkAction, matching: number, atLeast: boolean, permitted: number, expiresAt: string, byStatus: Array<{ status: TaskStatus, count: number }>, sample: Array<{ id: string, status: TaskStatus, job: { fullName: string }, error: { code: string | null, message: string } | null }> };

export type BulkRunRowFragment = { id: string, status: BulkRunStatus, done: number, refused: number, startedBy: string, startedAt: string, finishedAt: string | null, plan: { action: BulkAction, matching: number, permitted: number } };

export type DashboardPlanBulkMutationVariables = Exact<{
  input: PlanBulkInput;
}>;


export type DashboardPlanBulkMutation = { planBulk:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'PlanBulkSuccess', plan: { id: string, action: BulkAction, matching: number, atLeast: boolean, permitted: number, expiresAt: string, byStatus: Array<{ status: TaskStatus, count: number }>, sample: Array<{ id: string, status: TaskStatus, job: { fullName: string }, error: { code: string | null, message: string } | null }> } }
   };

export type DashboardApplyBulkMutationVariables = Exact<{
  input: ApplyBulkInput;
}>;


export type DashboardApplyBulkMutation = { applyBulk:
    | { __typename: 'BulkNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'BulkRunSuccess', run: { id: string, status: BulkRunStatus, done: number, refused: number, startedBy: string, startedAt: string, finishedAt: string | null, plan: { action: BulkAction, matching: number, permitted: number } } }
   };

export type DashboardStopBulkMutationVariables = Exact<{
  input: StopBulkInput;
}>;


export type DashboardStopBulkMutation = { stopBulk:
    | { __typename: 'BulkNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'BulkRunSuccess' }
   };

export type BulkRunStreamSubscriptionVariables = Exact<{
  runId: string;
}>;


export type BulkRunStreamSubscription = { bulkRunEvents: { id: string, status: BulkRunStatus, done: number, refused: number, startedBy: string, startedAt: string, finishedAt: string | null, plan: { action: BulkAction, matching: number, permitted: number } } };

export type ErrorGroupsQueryVariables = Exact<{
  room?: string | null | undefined;
  job?: string | null | undefined;
  first?: number;
}>;


export type ErrorGroupsQuery = { errorGroups: Array<{ fingerprint: string, code: string | null, message: string, count: number, deadLetters: number, firstAt: string, lastAt: string, series: Array<number>, job: { fullName: string } }> };

export type ProbeCandidatesQueryVariables = Exact<{
  room?: string | null | undefined;
  filter: TaskFilter;
}>;


export type ProbeCandidatesQuery = { deadLetters: { nodes: Array<{ id: string, viewerCanRetry: boolean }> } };

export type EventRowFragment = { id: string, type: EventType, severity: EventSeverity, room: string | null, actor: string, correlationId: string | null, subject: string | null, payload: unknown, at: string };

export type EventPageQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type EventPageQuery = { events: { streamCursor: string, nodes: Array<{ id: string, type: EventType, severity: EventSeverity, room: string | null, actor: string, correlationId: string | null, subject: string | null, payload: unknown, at: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DashboardEventStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  minSeverity: EventSeverity;
  types?: Array<EventType> | EventType | null | undefined;
  actor?: string | null | undefined;
  subject?: string | null | undefined;
  correlationId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type DashboardEventStreamSubscription = { eventStream:
    | { __typename: 'EventRecorded', cursor: string, event: { id: string, type: EventType, severity: EventSeverity, room: string | null, actor: string, correlationId: string | null, subject: string | null, payload: unknown, at: string } }
    | { __typename: 'ResyncRequired' }
   };

export type AuditStreamSubscriptionVariables = Exact<{
  types: Array<EventType> | EventType;
  after?: string | null | undefined;
}>;


export type AuditStreamSubscription = { eventStream:
    | { __typename: 'EventRecorded', cursor: string }
    | { __typename: 'ResyncRequired' }
   };

export type AuditPositionQueryVariables = Exact<{ [key: string]: never; }>;


export type AuditPositionQuery = { events: { streamCursor: string } };

export type JobRowFragment = { id: string, fullName: string, room: string, category: string, name: string, description: string | null, workerCount: number, schemaVersion: number, timeoutSeconds: number | null, viewerCanPause: boolean, retryPolicy: { maxAttempts: number }, pauses: Array<{ room: string | null, pausedAt: string, pausedBy: string, reason: string | null }> };

export type JobStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  category?: string | null | undefined;
  fullName?: string | null | undefined;
}>;


export type JobStreamSubscription = { jobEvents:
    | { __typename: 'JobChanged', job: { id: string, fullName: string, room: string, category: string, name: string, description: string | null, workerCount: number, schemaVersion: number, timeoutSeconds: number | null, viewerCanPause: boolean, retryPolicy: { maxAttempts: number }, pauses: Array<{ room: string | null, pausedAt: string, pausedBy: string, reason: string | null }> } }
    | { __typename: 'JobGone', jobId: string }
    | { __typename: 'JobsSnapshot', jobs: Array<{ id: string, fullName: string, room: string, category: string, name: string, description: string | null, workerCount: number, schemaVersion: number, timeoutSeconds: number | null, viewerCanPause: boolean, retryPolicy: { maxAttempts: number }, pauses: Array<{ room: string | null, pausedAt: string, pausedBy: string, reason: string | null }> }> }
   };

export type DashboardJobsQueryVariables = Exact<{
  room?: string | null | undefined;
  search?: string | null | undefined;
  retired?: boolean;
}>;


export type DashboardJobsQuery = { jobs: { nodes: Array<{ id: string, fullName: string, room: string, category: string, name: string, description: string | null, workerCount: number, schemaVersion: number, timeoutSeconds: number | null, viewerCanPause: boolean, retryPolicy: { maxAttempts: number }, pauses: Array<{ room: string | null, pausedAt: string, pausedBy: string, reason: string | null }> }>, pageInfo: { hasNextPage: boolean } } };

export type DashboardJobStatisticsQueryVariables = Exact<{
  room?: string | null | undefined;
  window: StatisticsWindow;
  order?: JobStatisticsOrder;
  first?: number;
}>;


export type DashboardJobStatisticsQuery = { jobStatistics: Array<{ oldestPendingSince: string | null, job: { fullName: string, workerCount: number }, counts: { byStatus: Array<{ status: TaskStatus, count: number }> }, window: { failed: number, failureRate: number | null, run: { p95: number } | null }, series: Array<{ completed: number, partial: number, failed: number }> }> };

export type DashboardJobQueryVariables = Exact<{
  fullName: string;
}>;


export type DashboardJobQuery = { job: { id: string, fullName: string, room: string, category: string, name: string, description: string | null, payloadSchema: unknown, resultSchema: unknown, schemaVersion: number, timeoutSeconds: number | null, fairness: Fairness, fairnessKeyPointer: string | null, workerCount: number, createdAt: string, retiredAt: string | null, viewerCanUpdate: boolean, retryPolicy: { maxAttempts: number, backoffSeconds: Array<number> }, limits: Array<{ name: string, scope: LimitScope, keyPointer: string | null, maxRunning: number | null, rate: { count: number, perSeconds: number } | null, use: Array<{ key: string | null, running: number | null, tokensLeft: number | null }> }> } | null };

export type DashboardUpdateJobMutationVariables = Exact<{
  input: UpdateJobInput;
}>;


export type DashboardUpdateJobMutation = { updateJob:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobSuccess' }
   };

export type DashboardPauseJobMutationVariables = Exact<{
  input: PauseJobInput;
}>;


export type DashboardPauseJobMutation = { pauseJob:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'PauseJobSuccess' }
   };

export type DashboardResumeJobMutationVariables = Exact<{
  input: ResumeJobInput;
}>;


export type DashboardResumeJobMutation = { resumeJob:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ResumeJobSuccess', resumed: boolean }
   };

export type DashboardJobSchemasQueryVariables = Exact<{
  fullName: string;
  before?: number | null | undefined;
}>;


export type DashboardJobSchemasQuery = { job: { id: string, schemaVersions: Array<{ version: number, payloadSchema: unknown, resultSchema: unknown, createdAt: string, createdBy: string }> } | null };

export type DashboardResubmitMutationVariables = Exact<{
  input: ResubmitTaskInput;
}>;


export type DashboardResubmitMutation = { resubmitTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'SubmitTaskSuccess', duplicate: boolean, task: { id: string, estimate: { detail: string } | null } }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardSubmitMutationVariables = Exact<{
  input: SubmitTaskInput;
}>;


export type DashboardSubmitMutation = { submitTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'SubmitTaskSuccess', duplicate: boolean, task: { id: string, estimate: { detail: string } | null } }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardKeysQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type DashboardKeysQuery = { apiKeys: { nodes: Array<{ id: string, name: string, prefix: string, role: Role, rooms: Array<string>, status: ApiKeyStatus, createdBy: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null }> } };

export type DashboardCreateKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type DashboardCreateKeyMutation = { createApiKey:
    | { __typename: 'CreateApiKeySuccess', secret: string }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
   };

export type DashboardRevokeKeyMutationVariables = Exact<{
  id: string;
}>;


export type DashboardRevokeKeyMutation = { revokeApiKey:
    | { __typename: 'ApiKeyNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'RevokeApiKeySuccess' }
   };

export type OperationRunRowFragment = { id: string, operation: string, room: string | null, status: OperationRunStatus, stale: boolean, dryRun: boolean, parameters: unknown, metrics: unknown, error: string | null, warnings: Array<string>, triggeredBy: string, correlationId: string, startedAt: string, updatedAt: string, finishedAt: string | null };

export type OperationsQueryVariables = Exact<{ [key: string]: never; }>;


export type OperationsQuery = { operations: Array<{ name: string, description: string, parameters: unknown, metrics: unknown, automaticEverySeconds: number | null }> };

export type OperationRunsQueryVariables = Exact<{
  filter?: OperationRunFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type OperationRunsQuery = { operationRuns: { nodes: Array<{ id: string, operation: string, room: string | null, status: OperationRunStatus, stale: boolean, dryRun: boolean, parameters: unknown, metrics: unknown, error: string | null, warnings: Array<string>, triggeredBy: string, correlationId: string, startedAt: string, updatedAt: string, finishedAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DashboardOperationRunQueryVariables = Exact<{
  id: string;
}>;


export type DashboardOperationRunQuery = { operationRun: { id: string, operation: string, room: string | null, status: OperationRunStatus, stale: boolean, dryRun: boolean, parameters: unknown, metrics: unknown, error: string | null, warnings: Array<string>, triggeredBy: string, correlationId: string, startedAt: string, updatedAt: string, finishedAt: string | null } | null };

export type OperationRunStreamSubscriptionVariables = Exact<{
  operation?: string | null | undefined;
  room?: string | null | undefined;
}>;


export type OperationRunStreamSubscription = { operationRunEvents:
    | { __typename: 'OperationRunChanged', run: { id: string, operation: string, room: string | null, status: OperationRunStatus, stale: boolean, dryRun: boolean, parameters: unknown, metrics: unknown, error: string | null, warnings: Array<string>, triggeredBy: string, correlationId: string, startedAt: string, updatedAt: string, finishedAt: string | null } }
    | { __typename: 'OperationRunsSnapshot', runs: Array<{ id: string, operation: string, room: string | null, status: OperationRunStatus, stale: boolean, dryRun: boolean, parameters: unknown, metrics: unknown, error: string | null, warnings: Array<string>, triggeredBy: string, correlationId: string, startedAt: string, updatedAt: string, finishedAt: string | null }> }
   };

export type DashboardRunOperationMutationVariables = Exact<{
  input: RunOperationInput;
}>;


export type DashboardRunOperationMutation = { runOperation:
    | { __typename: 'AlreadyRunning', type: string, title: string, status: number, detail: string }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'OperationRunSuccess', run: { id: string, operation: string, room: string | null, status: OperationRunStatus, stale: boolean, dryRun: boolean, parameters: unknown, metrics: unknown, error: string | null, warnings: Array<string>, triggeredBy: string, correlationId: string, startedAt: string, updatedAt: string, finishedAt: string | null } }
   };

export type TransitionStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type TransitionStreamSubscription = { roomEvents:
    | { __typename: 'ResyncRequired' }
    | { __typename: 'TaskBlocked' }
    | { __typename: 'TaskEstimated' }
    | { __typename: 'TaskProgressed' }
    | { __typename: 'TaskSnapshot' }
    | { __typename: 'TaskTransitioned', cursor: string, transition: { from: TaskStatus | null, to: TaskStatus, reason: TransitionReason } }
   };

export type DashboardBlockedCountsQueryVariables = Exact<{
  room?: string | null | undefined;
  seesPace: boolean;
}>;


export type DashboardBlockedCountsQuery = { blockedCounts: { unblocked: number, atLeast: boolean, byReason: Array<{ by: BlockedBy, count: number }> }, statistics?: { window: { throughput: number } } };

export type ScheduleRunRowFragment = { id: string, tick: string | null, status: ScheduleRunStatus, detail: string | null, triggeredBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, task: { id: string } | null, operationRun: { id: string } | null };

export type ScheduleRowFragment = { id: string, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, pausedAt: string | null, nextRunAt: string | null, version: number, task: { room: string, job: { fullName: string } } | null, operation: { operation: string, room: string | null, dryRun: boolean } | null };

export type ScheduleDetailFragment = { catchUpSeconds: number, createdBy: string, createdAt: string, updatedAt: string, nextRuns: Array<string>, id: string, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, pausedAt: string | null, nextRunAt: string | null, version: number, task: { payload: unknown, priority: number, labels: unknown, limitKey: string | null, room: string, job: { fullName: string } } | null, operation: { parameters: unknown, operation: string, room: string | null, dryRun: boolean } | null };

export type SchedulesQueryVariables = Exact<{
  room?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type SchedulesQuery = { schedules: { nodes: Array<{ id: string, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, pausedAt: string | null, nextRunAt: string | null, version: number, runs: { nodes: Array<{ id: string, tick: string | null, status: ScheduleRunStatus, detail: string | null, triggeredBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, task: { id: string } | null, operationRun: { id: string } | null }> }, task: { room: string, job: { fullName: string } } | null, operation: { operation: string, room: string | null, dryRun: boolean } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DashboardScheduleQueryVariables = Exact<{
  id: string;
}>;


export type DashboardScheduleQuery = { schedule: { catchUpSeconds: number, createdBy: string, createdAt: string, updatedAt: string, nextRuns: Array<string>, id: string, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, pausedAt: string | null, nextRunAt: string | null, version: number, runs: { nodes: Array<{ id: string, tick: string | null, status: ScheduleRunStatus, detail: string | null, triggeredBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, task: { id: string } | null, operationRun: { id: string } | null }> }, task: { payload: unknown, priority: number, labels: unknown, limitKey: string | null, room: string, job: { fullName: string } } | null, operation: { parameters: unknown, operation: string, room: string | null, dryRun: boolean } | null } | null };

export type ScheduleStreamSubscriptionVariables = Exact<{
  scheduleId?: string | null | undefined;
  room?: string | null | undefined;
}>;


export type ScheduleStreamSubscription = { scheduleEvents:
    | { __typename: 'ScheduleChanged', schedule: { id: string, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, pausedAt: string | null, nextRunAt: string | null, version: number, task: { room: string, job: { fullName: string } } | null, operation: { operation: string, room: string | null, dryRun: boolean } | null } }
    | { __typename: 'ScheduleGone', scheduleId: string }
    | { __typename: 'ScheduleRunChanged', schedule: { id: string }, run: { id: string, tick: string | null, status: ScheduleRunStatus, detail: string | null, triggeredBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, task: { id: string } | null, operationRun: { id: string } | null } }
    | { __typename: 'SchedulesSnapshot', schedules: Array<{ id: string, name: string, cron: string, timeZone: string, overlap: ScheduleOverlap, pausedAt: string | null, nextRunAt: string | null, version: number, task: { room: string, job: { fullName: string } } | null, operation: { operation: string, room: string | null, dryRun: boolean } | null }>, runs: Array<{ id: string }> }
   };

export type DashboardCreateScheduleMutationVariables = Exact<{
  input: CreateScheduleInput;
}>;


export type DashboardCreateScheduleMutation = { createSchedule:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleSuccess', schedule: { id: string, name: string } }
   };

export type DashboardUpdateScheduleMutationVariables = Exact<{
  input: UpdateScheduleInput;
}>;


export type DashboardUpdateScheduleMutation = { updateSchedule:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleSuccess', schedule: { id: string, name: string } }
    | { __typename: 'StaleVersion', type: string, title: string, status: number, detail: string }
   };

export type DashboardRunScheduleMutationVariables = Exact<{
  id: string;
}>;


export type DashboardRunScheduleMutation = { runScheduleNow:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'RunScheduleNowSuccess', run: { id: string, status: ScheduleRunStatus, detail: string | null } }
    | { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardDeleteScheduleMutationVariables = Exact<{
  id: string;
}>;


export type DashboardDeleteScheduleMutation = { deleteSchedule:
    | { __typename: 'DeleteScheduleSuccess' }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string }
   };

export type ActivityFragment = { at: string, submitted: number, completed: number, partial: number, failed: number, cancelled: number, attemptsFailed: number, failureRate: number | null, throughput: number, wait: { p50: number, p95: number, p99: number } | null, run: { p50: number, p95: number, p99: number } | null };

export type CountsStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  job?: string | null | undefined;
}>;


export type CountsStreamSubscription = { statisticsEvents: { counts: { total: number, queueDepth: number, byStatus: Array<{ status: TaskStatus, count: number }> } } };

export type PointsStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  job?: string | null | undefined;
  interval: StatisticInterval;
}>;


export type PointsStreamSubscription = { statisticsEvents: { points: Array<{ at: string, submitted: number, completed: number, partial: number, failed: number, cancelled: number, attemptsFailed: number, failureRate: number | null, throughput: number, wait: { p50: number, p95: number, p99: number } | null, run: { p50: number, p95: number, p99: number } | null }> } };

export type FilteredCountsStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
}>;


export type FilteredCountsStreamSubscription = { taskCountEvents: { total: number, atLeast: boolean, byStatus: Array<{ status: TaskStatus, count: number }> } };

export type DashboardStatisticsQueryVariables = Exact<{
  room?: string | null | undefined;
  job?: string | null | undefined;
  window: StatisticsWindow;
}>;


export type DashboardStatisticsQuery = { statistics: { oldestPendingSince: string | null, window: { at: string, submitted: number, completed: number, partial: number, failed: number, cancelled: number, attemptsFailed: number, failureRate: number | null, throughput: number, wait: { p50: number, p95: number, p99: number } | null, run: { p50: number, p95: number, p99: number } | null }, series: Array<{ at: string, submitted: number, completed: number, partial: number, failed: number, cancelled: number, attemptsFailed: number, failureRate: number | null, throughput: number, wait: { p50: number, p95: number, p99: number } | null, run: { p50: number, p95: number, p99: number } | null }> } };

export type DashboardTaskGraphQueryVariables = Exact<{
  id: string;
}>;


export type DashboardTaskGraphQuery = { taskGraph: { truncated: boolean, streamCursor: string, nodes: Array<{ id: string, status: TaskStatus, version: number, dependencyCount: number, job: { fullName: string } }>, edges: Array<{ from: string, to: string, onFailure: OnDependencyFailure, settled: boolean }> } | null };

export type DashboardTaskGraphEventsSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type DashboardTaskGraphEventsSubscription = { taskGraphEvents:
    | { __typename: 'ResyncRequired' }
    | { __typename: 'TaskBlocked' }
    | { __typename: 'TaskEstimated' }
    | { __typename: 'TaskProgressed' }
    | { __typename: 'TaskSnapshot' }
    | { __typename: 'TaskTransitioned', cursor: string, task: { id: string, status: TaskStatus, version: number } }
   };

export type TaskRightsFragment = { viewerCanCancel: boolean, viewerCanRetry: boolean, viewerCanDiscard: boolean, viewerCanRestore: boolean, viewerCanReschedule: boolean };

export type TaskChangeFragment = { cursor: string, version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null };

export type BlockedFragment = { by: BlockedBy, detail: string, until: string | null, ahead: number | null };

export type EstimateFragment = { unknown: EstimateUnknown | null, detail: string, start: { p50At: string, p90At: string } | null, end: { p50At: string, p90At: string } | null };

export type TaskDetailQueryVariables = Exact<{
  id: string;
  before?: string | null | undefined;
}>;


export type TaskDetailQuery = { task: { discardedBy: string | null, copyOf: string | null, traceparent: string | null, stoppedAt: string | null, id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, viewerCanCancel: boolean, viewerCanRetry: boolean, viewerCanDiscard: boolean, viewerCanRestore: boolean, viewerCanReschedule: boolean, blockedReason: { by: BlockedBy, detail: string, until: string | null, ahead: number | null } | null, estimate: { unknown: EstimateUnknown | null, detail: string, start: { p50At: string, p90At: string } | null, end: { p50At: string, p90At: string } | null } | null, job: { id: string, fullName: string, workerCount: number, timeoutSeconds: number | null, retiredAt: string | null }, transitions: { nodes: Array<{ cursor: string, version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null }>, pageInfo: { hasPreviousPage: boolean, startCursor: string | null } }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } | null };

export type TaskGlanceQueryVariables = Exact<{
  id: string;
}>;


export type TaskGlanceQuery = { task: { id: string, job: { fullName: string }, blockedReason: { by: BlockedBy, detail: string, until: string | null, ahead: number | null } | null, transitions: { nodes: Array<{ cursor: string, version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null }> } } | null };

export type DashboardTaskEventsSubscriptionVariables = Exact<{
  taskId: string;
  after?: string | null | undefined;
}>;


export type DashboardTaskEventsSubscription = { taskEvents:
    | { __typename: 'ResyncRequired' }
    | { __typename: 'TaskBlocked', cursor: string, blockedReason: { by: BlockedBy, detail: string, until: string | null, ahead: number | null } | null }
    | { __typename: 'TaskEstimated', cursor: string, estimate: { unknown: EstimateUnknown | null, detail: string, start: { p50At: string, p90At: string } | null, end: { p50At: string, p90At: string } | null } | null }
    | { __typename: 'TaskProgressed', cursor: string, percent: number, message: string | null, task: { version: number } }
    | { __typename: 'TaskSnapshot', cursor: string }
    | { __typename: 'TaskTransitioned', cursor: string, task: { discardedBy: string | null, id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, viewerCanCancel: boolean, viewerCanRetry: boolean, viewerCanDiscard: boolean, viewerCanRestore: boolean, viewerCanReschedule: boolean, estimate: { unknown: EstimateUnknown | null, detail: string, start: { p50At: string, p90At: string } | null, end: { p50At: string, p90At: string } | null } | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null }, transition: { cursor: string, version: number, from: TaskStatus | null, to: TaskStatus, reason: TransitionReason, attempt: number, actor: string, note: string | null, at: string, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
   };

export type TaskPayloadQueryVariables = Exact<{
  id: string;
}>;


export type TaskPayloadQuery = { task: { payload: unknown, room: string, job: { fullName: string } } | null };

export type DashboardTaskResultQueryVariables = Exact<{
  id: string;
}>;


export type DashboardTaskResultQuery = { task: { result: unknown, error: { context: unknown } | null } | null };

export type TaskAssetsQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type TaskAssetsQuery = { task: { assets: { nodes: Array<{ id: string, attempt: number, type: string, url: string | null, storagePath: string | null, size: number | null, metadata: unknown, createdBy: string, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type TaskRowFragment = { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null };

export type SuggestionsQueryVariables = Exact<{
  room?: string | null | undefined;
  field: SuggestField;
  key?: string | null | undefined;
  prefix: string;
}>;


export type SuggestionsQuery = { suggest: Array<string> };

export type TaskPageQueryVariables = Exact<{
  room?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type TaskPageQuery = { tasks: { streamCursor: string, nodes: Array<{ id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DeadLetterPageQueryVariables = Exact<{
  room?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type DeadLetterPageQuery = { tasks: { streamCursor: string, nodes: Array<{ id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TaskStreamSubscriptionVariables = Exact<{
  room?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type TaskStreamSubscription = { roomEvents:
    | { __typename: 'ResyncRequired' }
    | { __typename: 'TaskBlocked' }
    | { __typename: 'TaskEstimated' }
    | { __typename: 'TaskProgressed', cursor: string, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
    | { __typename: 'TaskSnapshot' }
    | { __typename: 'TaskTransitioned', cursor: string, matches: boolean, task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
   };

export type DashboardCancelTaskMutationVariables = Exact<{
  input: CancelTaskInput;
}>;


export type DashboardCancelTaskMutation = { cancelTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', type: string, title: string, status: number, detail: string }
    | { __typename: 'StaleAttempt', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
   };

export type DashboardRetryTaskMutationVariables = Exact<{
  input: RetryTaskInput;
}>;


export type DashboardRetryTaskMutation = { retryTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', type: string, title: string, status: number, detail: string }
    | { __typename: 'StaleAttempt', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
   };

export type DashboardRunTaskNowMutationVariables = Exact<{
  taskId: string;
}>;


export type DashboardRunTaskNowMutation = { updateTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', type: string, title: string, status: number, detail: string }
    | { __typename: 'StaleVersion', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
   };

export type DashboardRestoreTaskMutationVariables = Exact<{
  taskId: string;
}>;


export type DashboardRestoreTaskMutation = { restoreTask:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidTransition', type: string, title: string, status: number, detail: string }
    | { __typename: 'StaleAttempt', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'TaskSuccess', task: { id: string, room: string, status: TaskStatus, version: number, progress: number, progressMessage: string | null, priority: number, attempt: number, failures: number, maxAttempts: number, runAt: string, workerId: string | null, workerName: string | null, createdBy: string, correlationId: string | null, entityType: string | null, entityId: string | null, labels: unknown, createdAt: string, startedAt: string | null, finishedAt: string | null, discardedAt: string | null, job: { fullName: string }, error: { message: string, code: string | null, retryable: boolean, classifiedBy: string | null } | null } }
   };

export type DashboardRetryTasksMutationVariables = Exact<{
  input: DeadLettersInput;
}>;


export type DashboardRetryTasksMutation = { retryTasks:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'RetryTasksSuccess', retried: number, more: boolean }
   };

export type DashboardDiscardTasksMutationVariables = Exact<{
  input: DeadLettersInput;
}>;


export type DashboardDiscardTasksMutation = { discardTasks:
    | { __typename: 'DiscardTasksSuccess', discarded: number, more: boolean }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
   };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { server: { now: string }, viewer: { id: string, role: Role, rooms: Array<string>, tier: string | null, expiresAt: string | null, rateLimit: { limit: number, remaining: number, resetAt: string } | null } };

export type DashboardRoomsQueryVariables = Exact<{
  prefix?: string | null | undefined;
}>;


export type DashboardRoomsQuery = { rooms: { nodes: Array<{ name: string, counts: { total: number } | null }> } };

type Refusal_AlreadyRunning_Fragment = { __typename: 'AlreadyRunning', type: string, title: string, status: number, detail: string };

type Refusal_ApiKeyNotFound_Fragment = { __typename: 'ApiKeyNotFound', type: string, title: string, status: number, detail: string };

type Refusal_BulkNotFound_Fragment = { __typename: 'BulkNotFound', type: string, title: string, status: number, detail: string };

type Refusal_DeliveryNotFound_Fragment = { __typename: 'DeliveryNotFound', type: string, title: string, status: number, detail: string };

type Refusal_Forbidden_Fragment = { __typename: 'Forbidden', type: string, title: string, status: number, detail: string };

type Refusal_InvalidCategory_Fragment = { __typename: 'InvalidCategory', type: string, title: string, status: number, detail: string };

type Refusal_InvalidInput_Fragment = { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> };

type Refusal_InvalidRoomId_Fragment = { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string };

type Refusal_InvalidTransition_Fragment = { __typename: 'InvalidTransition', type: string, title: string, status: number, detail: string };

type Refusal_JobInUse_Fragment = { __typename: 'JobInUse', type: string, title: string, status: number, detail: string };

type Refusal_JobNotFound_Fragment = { __typename: 'JobNotFound', type: string, title: string, status: number, detail: string };

type Refusal_ScheduleNotFound_Fragment = { __typename: 'ScheduleNotFound', type: string, title: string, status: number, detail: string };

type Refusal_SchemaConflict_Fragment = { __typename: 'SchemaConflict', type: string, title: string, status: number, detail: string };

type Refusal_StaleAttempt_Fragment = { __typename: 'StaleAttempt', type: string, title: string, status: number, detail: string };

type Refusal_StaleVersion_Fragment = { __typename: 'StaleVersion', type: string, title: string, status: number, detail: string };

type Refusal_TaskNotFound_Fragment = { __typename: 'TaskNotFound', type: string, title: string, status: number, detail: string };

type Refusal_ViewNotFound_Fragment = { __typename: 'ViewNotFound', type: string, title: string, status: number, detail: string };

type Refusal_WebhookNotFound_Fragment = { __typename: 'WebhookNotFound', type: string, title: string, status: number, detail: string };

type Refusal_WorkerNotFound_Fragment = { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string };

export type RefusalFragment =
  | Refusal_AlreadyRunning_Fragment
  | Refusal_ApiKeyNotFound_Fragment
  | Refusal_BulkNotFound_Fragment
  | Refusal_DeliveryNotFound_Fragment
  | Refusal_Forbidden_Fragment
  | Refusal_InvalidCategory_Fragment
  | Refusal_InvalidInput_Fragment
  | Refusal_InvalidRoomId_Fragment
  | Refusal_InvalidTransition_Fragment
  | Refusal_JobInUse_Fragment
  | Refusal_JobNotFound_Fragment
  | Refusal_ScheduleNotFound_Fragment
  | Refusal_SchemaConflict_Fragment
  | Refusal_StaleAttempt_Fragment
  | Refusal_StaleVersion_Fragment
  | Refusal_TaskNotFound_Fragment
  | Refusal_ViewNotFound_Fragment
  | Refusal_WebhookNotFound_Fragment
  | Refusal_WorkerNotFound_Fragment
;

export type SavedViewRowFragment = { id: string, name: string, path: string, search: string, shared: boolean, owner: string, room: string | null, viewerCanEdit: boolean };

export type DashboardSavedViewsQueryVariables = Exact<{ [key: string]: never; }>;


export type DashboardSavedViewsQuery = { savedViews: Array<{ id: string, name: string, path: string, search: string, shared: boolean, owner: string, room: string | null, viewerCanEdit: boolean }> };

export type DashboardSaveViewMutationVariables = Exact<{
  input: SaveViewInput;
}>;


export type DashboardSaveViewMutation = { saveView:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'SaveViewSuccess', view: { id: string, name: string, path: string, search: string, shared: boolean, owner: string, room: string | null, viewerCanEdit: boolean } }
    | { __typename: 'ViewNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardDeleteViewMutationVariables = Exact<{
  id: string;
}>;


export type DashboardDeleteViewMutation = { deleteView:
    | { __typename: 'DeleteViewSuccess' }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'ViewNotFound', type: string, title: string, status: number, detail: string }
   };

export type WebhookRowFragment = { id: string, url: string, description: string | null, types: Array<EventType>, minSeverity: EventSeverity, room: string | null, enabled: boolean, failuresInRow: number, restingUntil: string | null, createdBy: string, createdAt: string, updatedAt: string };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhooks: { nodes: Array<{ id: string, url: string, description: string | null, types: Array<EventType>, minSeverity: EventSeverity, room: string | null, enabled: boolean, failuresInRow: number, restingUntil: string | null, createdBy: string, createdAt: string, updatedAt: string }> } };

export type DeliveryRowFragment = { id: string, type: string, eventId: string | null, status: WebhookDeliveryStatus, attempts: number, responseCode: number | null, response: string | null, error: string | null, durationMs: number | null, createdAt: string, lastAttemptAt: string | null };

export type DeliveryStreamSubscriptionVariables = Exact<{
  webhookId: string;
}>;


export type DeliveryStreamSubscription = { webhookDeliveryEvents:
    | { __typename: 'WebhookDeliveriesSnapshot', deliveries: Array<{ id: string, type: string, eventId: string | null, status: WebhookDeliveryStatus, attempts: number, responseCode: number | null, response: string | null, error: string | null, durationMs: number | null, createdAt: string, lastAttemptAt: string | null }> }
    | { __typename: 'WebhookDeliveryChanged', delivery: { id: string, type: string, eventId: string | null, status: WebhookDeliveryStatus, attempts: number, responseCode: number | null, response: string | null, error: string | null, durationMs: number | null, createdAt: string, lastAttemptAt: string | null } }
    | { __typename: 'WebhookDeliveryGone', deliveryId: string }
   };

export type DashboardRedeliverMutationVariables = Exact<{
  deliveryId: string;
}>;


export type DashboardRedeliverMutation = { redeliverWebhook:
    | { __typename: 'DeliveryNotFound', type: string, title: string, status: number, detail: string }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'RedeliverWebhookSuccess' }
   };

export type DashboardCreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type DashboardCreateWebhookMutation = { createWebhook:
    | { __typename: 'CreateWebhookSuccess', secret: string, webhook: { id: string } }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
   };

export type DashboardUpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookInput;
}>;


export type DashboardUpdateWebhookMutation = { updateWebhook:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'InvalidInput', type: string, title: string, status: number, detail: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'InvalidRoomId', type: string, title: string, status: number, detail: string }
    | { __typename: 'UpdateWebhookSuccess', secret: string | null, webhook: { id: string } }
    | { __typename: 'WebhookNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardTestWebhookMutationVariables = Exact<{
  id: string;
}>;


export type DashboardTestWebhookMutation = { testWebhook:
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'TestWebhookSuccess', deliveryId: string }
    | { __typename: 'WebhookNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardDeleteWebhookMutationVariables = Exact<{
  id: string;
}>;


export type DashboardDeleteWebhookMutation = { deleteWebhook:
    | { __typename: 'DeleteWebhookSuccess' }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'WebhookNotFound', type: string, title: string, status: number, detail: string }
   };

export type WorkerRowFragment = { id: string, name: string, owner: string, host: string | null, version: string | null, capacity: number, running: number, alive: boolean, lastHeartbeatAt: string, createdAt: string, lostAt: string | null, drainingSince: string | null, viewerCanUse: boolean, jobs: Array<{ fullName: string }> };

export type WorkerStreamSubscriptionVariables = Exact<{
  filter?: WorkerFilter | null | undefined;
}>;


export type WorkerStreamSubscription = { workerEvents:
    | { __typename: 'WorkerChanged', worker: { id: string, name: string, owner: string, host: string | null, version: string | null, capacity: number, running: number, alive: boolean, lastHeartbeatAt: string, createdAt: string, lostAt: string | null, drainingSince: string | null, viewerCanUse: boolean, jobs: Array<{ fullName: string }> } }
    | { __typename: 'WorkerGone', workerId: string }
    | { __typename: 'WorkersSnapshot', workers: Array<{ id: string, name: string, owner: string, host: string | null, version: string | null, capacity: number, running: number, alive: boolean, lastHeartbeatAt: string, createdAt: string, lostAt: string | null, drainingSince: string | null, viewerCanUse: boolean, jobs: Array<{ fullName: string }> }> }
   };

export type LatelyRunQueryVariables = Exact<{
  room?: string | null | undefined;
}>;


export type LatelyRunQuery = { tasks: { nodes: Array<{ workerId: string | null, startedAt: string | null, finishedAt: string | null, job: { fullName: string } }> } };

export type DashboardDrainWorkerMutationVariables = Exact<{
  workerId: string;
}>;


export type DashboardDrainWorkerMutation = { drainWorker:
    | { __typename: 'DrainWorkerSuccess', worker: { running: number } }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string }
   };

export type DashboardDeregisterWorkerMutationVariables = Exact<{
  workerId: string;
}>;


export type DashboardDeregisterWorkerMutation = { deregisterWorker:
    | { __typename: 'DeregisterWorkerSuccess', released: number }
    | { __typename: 'Forbidden', type: string, title: string, status: number, detail: string }
    | { __typename: 'WorkerNotFound', type: string, title: string, status: number, detail: string }
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
export const BulkPlanRowFragmentDoc = new TypedDocumentString(`
    fragment BulkPlanRow on BulkPlan {
  id
  action
  matching
  atLeast
  permitted
  byStatus {
    status
    count
  }
  sample {
    id
    status
    job {
      fullName
    }
    error {
      code
      message
    }
  }
  expiresAt
}
    `, {"fragmentName":"BulkPlanRow"}) as unknown as TypedDocumentString<BulkPlanRowFragment, unknown>;
export const BulkRunRowFragmentDoc = new TypedDocumentString(`
    fragment BulkRunRow on BulkRun {
  id
  status
  done
  refused
  startedBy
  startedAt
  finishedAt
  plan {
    action
    matching
    permitted
  }
}
    `, {"fragmentName":"BulkRunRow"}) as unknown as TypedDocumentString<BulkRunRowFragment, unknown>;
export const EventRowFragmentDoc = new TypedDocumentString(`
    fragment EventRow on Event {
  id
  type
  severity
  room
  actor
  correlationId
  subject
  payload
  at
}
    `, {"fragmentName":"EventRow"}) as unknown as TypedDocumentString<EventRowFragment, unknown>;
export const JobRowFragmentDoc = new TypedDocumentString(`
    fragment JobRow on Job {
  id
  fullName
  room
  category
  name
  description
  workerCount
  schemaVersion
  timeoutSeconds
  retryPolicy {
    maxAttempts
  }
  pauses {
    room
    pausedAt
    pausedBy
    reason
  }
  viewerCanPause
}
    `, {"fragmentName":"JobRow"}) as unknown as TypedDocumentString<JobRowFragment, unknown>;
export const OperationRunRowFragmentDoc = new TypedDocumentString(`
    fragment OperationRunRow on OperationRun {
  id
  operation
  room
  status
  stale
  dryRun
  parameters
  metrics
  error
  warnings
  triggeredBy
  correlationId
  startedAt
  updatedAt
  finishedAt
}
    `, {"fragmentName":"OperationRunRow"}) as unknown as TypedDocumentString<OperationRunRowFragment, unknown>;
export const ScheduleRunRowFragmentDoc = new TypedDocumentString(`
    fragment ScheduleRunRow on ScheduleRun {
  id
  tick
  status
  detail
  triggeredBy
  createdAt
  startedAt
  finishedAt
  task {
    id
  }
  operationRun {
    id
  }
}
    `, {"fragmentName":"ScheduleRunRow"}) as unknown as TypedDocumentString<ScheduleRunRowFragment, unknown>;
export const ScheduleRowFragmentDoc = new TypedDocumentString(`
    fragment ScheduleRow on Schedule {
  id
  name
  cron
  timeZone
  overlap
  pausedAt
  nextRunAt
  version
  task {
    room
    job {
      fullName
    }
  }
  operation {
    operation
    room
    dryRun
  }
}
    `, {"fragmentName":"ScheduleRow"}) as unknown as TypedDocumentString<ScheduleRowFragment, unknown>;
export const ScheduleDetailFragmentDoc = new TypedDocumentString(`
    fragment ScheduleDetail on Schedule {
  ...ScheduleRow
  catchUpSeconds
  createdBy
  createdAt
  updatedAt
  nextRuns(count: 5)
  task {
    payload
    priority
    labels
    limitKey
  }
  operation {
    parameters
  }
}
    fragment ScheduleRow on Schedule {
  id
  name
  cron
  timeZone
  overlap
  pausedAt
  nextRunAt
  version
  task {
    room
    job {
      fullName
    }
  }
  operation {
    operation
    room
    dryRun
  }
}`, {"fragmentName":"ScheduleDetail"}) as unknown as TypedDocumentString<ScheduleDetailFragment, unknown>;
export const ActivityFragmentDoc = new TypedDocumentString(`
    fragment Activity on TaskActivity {
  at
  submitted
  completed
  partial
  failed
  cancelled
  attemptsFailed
  failureRate
  throughput
  wait {
    p50
    p95
    p99
  }
  run {
    p50
    p95
    p99
  }
}
    `, {"fragmentName":"Activity"}) as unknown as TypedDocumentString<ActivityFragment, unknown>;
export const TaskRightsFragmentDoc = new TypedDocumentString(`
    fragment TaskRights on Task {
  viewerCanCancel
  viewerCanRetry
  viewerCanDiscard
  viewerCanRestore
  viewerCanReschedule
}
    `, {"fragmentName":"TaskRights"}) as unknown as TypedDocumentString<TaskRightsFragment, unknown>;
export const TaskChangeFragmentDoc = new TypedDocumentString(`
    fragment TaskChange on TaskTransition {
  cursor
  version
  from
  to
  reason
  attempt
  actor
  note
  at
  error {
    message
    code
    retryable
    classifiedBy
  }
}
    `, {"fragmentName":"TaskChange"}) as unknown as TypedDocumentString<TaskChangeFragment, unknown>;
export const BlockedFragmentDoc = new TypedDocumentString(`
    fragment Blocked on BlockedReason {
  by
  detail
  until
  ahead
}
    `, {"fragmentName":"Blocked"}) as unknown as TypedDocumentString<BlockedFragment, unknown>;
export const EstimateFragmentDoc = new TypedDocumentString(`
    fragment Estimate on TaskEstimate {
  start {
    p50At
    p90At
  }
  end {
    p50At
    p90At
  }
  unknown
  detail
}
    `, {"fragmentName":"Estimate"}) as unknown as TypedDocumentString<EstimateFragment, unknown>;
export const TaskRowFragmentDoc = new TypedDocumentString(`
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}
    `, {"fragmentName":"TaskRow"}) as unknown as TypedDocumentString<TaskRowFragment, unknown>;
export const RefusalFragmentDoc = new TypedDocumentString(`
    fragment Refusal on Problem {
  __typename
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
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const SavedViewRowFragmentDoc = new TypedDocumentString(`
    fragment SavedViewRow on SavedView {
  id
  name
  path
  search
  shared
  owner
  room
  viewerCanEdit
}
    `, {"fragmentName":"SavedViewRow"}) as unknown as TypedDocumentString<SavedViewRowFragment, unknown>;
export const WebhookRowFragmentDoc = new TypedDocumentString(`
    fragment WebhookRow on Webhook {
  id
  url
  description
  types
  minSeverity
  room
  enabled
  failuresInRow
  restingUntil
  createdBy
  createdAt
  updatedAt
}
    `, {"fragmentName":"WebhookRow"}) as unknown as TypedDocumentString<WebhookRowFragment, unknown>;
export const DeliveryRowFragmentDoc = new TypedDocumentString(`
    fragment DeliveryRow on WebhookDelivery {
  id
  type
  eventId
  status
  attempts
  responseCode
  response
  error
  durationMs
  createdAt
  lastAttemptAt
}
    `, {"fragmentName":"DeliveryRow"}) as unknown as TypedDocumentString<DeliveryRowFragment, unknown>;
export const WorkerRowFragmentDoc = new TypedDocumentString(`
    fragment WorkerRow on Worker {
  id
  name
  owner
  host
  version
  capacity
  running
  alive
  lastHeartbeatAt
  createdAt
  lostAt
  drainingSince
  viewerCanUse
  jobs {
    fullName
  }
}
    `, {"fragmentName":"WorkerRow"}) as unknown as TypedDocumentString<WorkerRowFragment, unknown>;
export const DashboardPlanBulkDocument = new TypedDocumentString(`
    mutation DashboardPlanBulk($input: PlanBulkInput!) {
  planBulk(input: $input) {
    __typename
    ... on PlanBulkSuccess {
      plan {
        ...BulkPlanRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment BulkPlanRow on BulkPlan {
  id
  action
  matching
  atLeast
  permitted
  byStatus {
    status
    count
  }
  sample {
    id
    status
    job {
      fullName
    }
    error {
      code
      message
    }
  }
  expiresAt
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardPlanBulkMutation, DashboardPlanBulkMutationVariables>;
export const DashboardApplyBulkDocument = new TypedDocumentString(`
    mutation DashboardApplyBulk($input: ApplyBulkInput!) {
  applyBulk(input: $input) {
    __typename
    ... on BulkRunSuccess {
      run {
        ...BulkRunRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment BulkRunRow on BulkRun {
  id
  status
  done
  refused
  startedBy
  startedAt
  finishedAt
  plan {
    action
    matching
    permitted
  }
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardApplyBulkMutation, DashboardApplyBulkMutationVariables>;
export const DashboardStopBulkDocument = new TypedDocumentString(`
    mutation DashboardStopBulk($input: StopBulkInput!) {
  stopBulk(input: $input) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardStopBulkMutation, DashboardStopBulkMutationVariables>;
export const BulkRunStreamDocument = new TypedDocumentString(`
    subscription BulkRunStream($runId: ID!) {
  bulkRunEvents(runId: $runId) {
    ...BulkRunRow
  }
}
    fragment BulkRunRow on BulkRun {
  id
  status
  done
  refused
  startedBy
  startedAt
  finishedAt
  plan {
    action
    matching
    permitted
  }
}`) as unknown as TypedDocumentString<BulkRunStreamSubscription, BulkRunStreamSubscriptionVariables>;
export const ErrorGroupsDocument = new TypedDocumentString(`
    query ErrorGroups($room: String, $job: String, $first: Int! = 50) {
  errorGroups(room: $room, job: $job, first: $first) {
    fingerprint
    code
    message
    count
    deadLetters
    firstAt
    lastAt
    series
    job {
      fullName
    }
  }
}
    `) as unknown as TypedDocumentString<ErrorGroupsQuery, ErrorGroupsQueryVariables>;
export const ProbeCandidatesDocument = new TypedDocumentString(`
    query ProbeCandidates($room: String, $filter: TaskFilter!) {
  deadLetters(room: $room, filter: $filter, first: 50) {
    nodes {
      id
      viewerCanRetry
    }
  }
}
    `) as unknown as TypedDocumentString<ProbeCandidatesQuery, ProbeCandidatesQueryVariables>;
export const EventPageDocument = new TypedDocumentString(`
    query EventPage($filter: EventFilter, $first: Int!, $after: String) {
  events(filter: $filter, first: $first, after: $after) {
    nodes {
      ...EventRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    streamCursor
  }
}
    fragment EventRow on Event {
  id
  type
  severity
  room
  actor
  correlationId
  subject
  payload
  at
}`) as unknown as TypedDocumentString<EventPageQuery, EventPageQueryVariables>;
export const DashboardEventStreamDocument = new TypedDocumentString(`
    subscription DashboardEventStream($room: String, $minSeverity: EventSeverity!, $types: [EventType!], $actor: String, $subject: ID, $correlationId: String, $after: Cursor) {
  eventStream(
    room: $room
    minSeverity: $minSeverity
    types: $types
    actor: $actor
    subject: $subject
    correlationId: $correlationId
    after: $after
  ) {
    __typename
    ... on EventRecorded {
      cursor
      event {
        ...EventRow
      }
    }
  }
}
    fragment EventRow on Event {
  id
  type
  severity
  room
  actor
  correlationId
  subject
  payload
  at
}`) as unknown as TypedDocumentString<DashboardEventStreamSubscription, DashboardEventStreamSubscriptionVariables>;
export const AuditStreamDocument = new TypedDocumentString(`
    subscription AuditStream($types: [EventType!]!, $after: Cursor) {
  eventStream(types: $types, after: $after) {
    __typename
    ... on EventRecorded {
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditStreamSubscription, AuditStreamSubscriptionVariables>;
export const AuditPositionDocument = new TypedDocumentString(`
    query AuditPosition {
  events(first: 1) {
    streamCursor
  }
}
    `) as unknown as TypedDocumentString<AuditPositionQuery, AuditPositionQueryVariables>;
export const JobStreamDocument = new TypedDocumentString(`
    subscription JobStream($room: String, $category: String, $fullName: String) {
  jobEvents(room: $room, category: $category, fullName: $fullName) {
    __typename
    ... on JobsSnapshot {
      jobs {
        ...JobRow
      }
    }
    ... on JobChanged {
      job {
        ...JobRow
      }
    }
    ... on JobGone {
      jobId
    }
  }
}
    fragment JobRow on Job {
  id
  fullName
  room
  category
  name
  description
  workerCount
  schemaVersion
  timeoutSeconds
  retryPolicy {
    maxAttempts
  }
  pauses {
    room
    pausedAt
    pausedBy
    reason
  }
  viewerCanPause
}`) as unknown as TypedDocumentString<JobStreamSubscription, JobStreamSubscriptionVariables>;
export const DashboardJobsDocument = new TypedDocumentString(`
    query DashboardJobs($room: String, $search: String, $retired: Boolean! = false) {
  jobs(room: $room, search: $search, retired: $retired, first: 100) {
    nodes {
      ...JobRow
    }
    pageInfo {
      hasNextPage
    }
  }
}
    fragment JobRow on Job {
  id
  fullName
  room
  category
  name
  description
  workerCount
  schemaVersion
  timeoutSeconds
  retryPolicy {
    maxAttempts
  }
  pauses {
    room
    pausedAt
    pausedBy
    reason
  }
  viewerCanPause
}`) as unknown as TypedDocumentString<DashboardJobsQuery, DashboardJobsQueryVariables>;
export const DashboardJobStatisticsDocument = new TypedDocumentString(`
    query DashboardJobStatistics($room: String, $window: StatisticsWindow!, $order: JobStatisticsOrder! = BACKLOG, $first: Int! = 100) {
  jobStatistics(room: $room, window: $window, order: $order, first: $first) {
    job {
      fullName
      workerCount
    }
    oldestPendingSince
    counts {
      byStatus {
        status
        count
      }
    }
    window {
      failed
      failureRate
      run {
        p95
      }
    }
    series {
      completed
      partial
      failed
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardJobStatisticsQuery, DashboardJobStatisticsQueryVariables>;
export const DashboardJobDocument = new TypedDocumentString(`
    query DashboardJob($fullName: String!) {
  job(fullName: $fullName) {
    id
    fullName
    room
    category
    name
    description
    payloadSchema
    resultSchema
    schemaVersion
    retryPolicy {
      maxAttempts
      backoffSeconds
    }
    timeoutSeconds
    fairness
    fairnessKeyPointer
    limits {
      name
      scope
      keyPointer
      maxRunning
      rate {
        count
        perSeconds
      }
      use(first: 3) {
        key
        running
        tokensLeft
      }
    }
    workerCount
    createdAt
    retiredAt
    viewerCanUpdate
  }
}
    `) as unknown as TypedDocumentString<DashboardJobQuery, DashboardJobQueryVariables>;
export const DashboardUpdateJobDocument = new TypedDocumentString(`
    mutation DashboardUpdateJob($input: UpdateJobInput!) {
  updateJob(input: $input) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardUpdateJobMutation, DashboardUpdateJobMutationVariables>;
export const DashboardPauseJobDocument = new TypedDocumentString(`
    mutation DashboardPauseJob($input: PauseJobInput!) {
  pauseJob(input: $input) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardPauseJobMutation, DashboardPauseJobMutationVariables>;
export const DashboardResumeJobDocument = new TypedDocumentString(`
    mutation DashboardResumeJob($input: ResumeJobInput!) {
  resumeJob(input: $input) {
    __typename
    ... on ResumeJobSuccess {
      resumed
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardResumeJobMutation, DashboardResumeJobMutationVariables>;
export const DashboardJobSchemasDocument = new TypedDocumentString(`
    query DashboardJobSchemas($fullName: String!, $before: Int) {
  job(fullName: $fullName) {
    id
    schemaVersions(first: 20, before: $before) {
      version
      payloadSchema
      resultSchema
      createdAt
      createdBy
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardJobSchemasQuery, DashboardJobSchemasQueryVariables>;
export const DashboardResubmitDocument = new TypedDocumentString(`
    mutation DashboardResubmit($input: ResubmitTaskInput!) {
  resubmitTask(input: $input) {
    __typename
    ... on SubmitTaskSuccess {
      duplicate
      task {
        id
        estimate {
          detail
        }
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardResubmitMutation, DashboardResubmitMutationVariables>;
export const DashboardSubmitDocument = new TypedDocumentString(`
    mutation DashboardSubmit($input: SubmitTaskInput!) {
  submitTask(input: $input) {
    __typename
    ... on SubmitTaskSuccess {
      duplicate
      task {
        id
        estimate {
          detail
        }
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardSubmitMutation, DashboardSubmitMutationVariables>;
export const DashboardKeysDocument = new TypedDocumentString(`
    query DashboardKeys($after: String) {
  apiKeys(first: 100, after: $after) {
    nodes {
      id
      name
      prefix
      role
      rooms
      status
      createdBy
      createdAt
      expiresAt
      lastUsedAt
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardKeysQuery, DashboardKeysQueryVariables>;
export const DashboardCreateKeyDocument = new TypedDocumentString(`
    mutation DashboardCreateKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeySuccess {
      secret
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardCreateKeyMutation, DashboardCreateKeyMutationVariables>;
export const DashboardRevokeKeyDocument = new TypedDocumentString(`
    mutation DashboardRevokeKey($id: ID!) {
  revokeApiKey(id: $id) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRevokeKeyMutation, DashboardRevokeKeyMutationVariables>;
export const OperationsDocument = new TypedDocumentString(`
    query Operations {
  operations {
    name
    description
    parameters
    metrics
    automaticEverySeconds
  }
}
    `) as unknown as TypedDocumentString<OperationsQuery, OperationsQueryVariables>;
export const OperationRunsDocument = new TypedDocumentString(`
    query OperationRuns($filter: OperationRunFilter, $after: String) {
  operationRuns(filter: $filter, first: 30, after: $after) {
    nodes {
      ...OperationRunRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment OperationRunRow on OperationRun {
  id
  operation
  room
  status
  stale
  dryRun
  parameters
  metrics
  error
  warnings
  triggeredBy
  correlationId
  startedAt
  updatedAt
  finishedAt
}`) as unknown as TypedDocumentString<OperationRunsQuery, OperationRunsQueryVariables>;
export const DashboardOperationRunDocument = new TypedDocumentString(`
    query DashboardOperationRun($id: ID!) {
  operationRun(id: $id) {
    ...OperationRunRow
  }
}
    fragment OperationRunRow on OperationRun {
  id
  operation
  room
  status
  stale
  dryRun
  parameters
  metrics
  error
  warnings
  triggeredBy
  correlationId
  startedAt
  updatedAt
  finishedAt
}`) as unknown as TypedDocumentString<DashboardOperationRunQuery, DashboardOperationRunQueryVariables>;
export const OperationRunStreamDocument = new TypedDocumentString(`
    subscription OperationRunStream($operation: String, $room: String) {
  operationRunEvents(operation: $operation, room: $room) {
    __typename
    ... on OperationRunsSnapshot {
      runs {
        ...OperationRunRow
      }
    }
    ... on OperationRunChanged {
      run {
        ...OperationRunRow
      }
    }
  }
}
    fragment OperationRunRow on OperationRun {
  id
  operation
  room
  status
  stale
  dryRun
  parameters
  metrics
  error
  warnings
  triggeredBy
  correlationId
  startedAt
  updatedAt
  finishedAt
}`) as unknown as TypedDocumentString<OperationRunStreamSubscription, OperationRunStreamSubscriptionVariables>;
export const DashboardRunOperationDocument = new TypedDocumentString(`
    mutation DashboardRunOperation($input: RunOperationInput!) {
  runOperation(input: $input) {
    __typename
    ... on OperationRunSuccess {
      run {
        ...OperationRunRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment OperationRunRow on OperationRun {
  id
  operation
  room
  status
  stale
  dryRun
  parameters
  metrics
  error
  warnings
  triggeredBy
  correlationId
  startedAt
  updatedAt
  finishedAt
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRunOperationMutation, DashboardRunOperationMutationVariables>;
export const TransitionStreamDocument = new TypedDocumentString(`
    subscription TransitionStream($room: String, $after: Cursor) {
  roomEvents(room: $room, after: $after) {
    __typename
    ... on TaskTransitioned {
      cursor
      transition {
        from
        to
        reason
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TransitionStreamSubscription, TransitionStreamSubscriptionVariables>;
export const DashboardBlockedCountsDocument = new TypedDocumentString(`
    query DashboardBlockedCounts($room: String, $seesPace: Boolean!) {
  blockedCounts(room: $room) {
    byReason {
      by
      count
    }
    unblocked
    atLeast
  }
  statistics(room: $room, window: {last: 10, interval: MINUTE}) @include(if: $seesPace) {
    window {
      throughput
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardBlockedCountsQuery, DashboardBlockedCountsQueryVariables>;
export const SchedulesDocument = new TypedDocumentString(`
    query Schedules($room: String, $after: String) {
  schedules(room: $room, first: 50, after: $after) {
    nodes {
      ...ScheduleRow
      runs(first: 10) {
        nodes {
          ...ScheduleRunRow
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ScheduleRunRow on ScheduleRun {
  id
  tick
  status
  detail
  triggeredBy
  createdAt
  startedAt
  finishedAt
  task {
    id
  }
  operationRun {
    id
  }
}
fragment ScheduleRow on Schedule {
  id
  name
  cron
  timeZone
  overlap
  pausedAt
  nextRunAt
  version
  task {
    room
    job {
      fullName
    }
  }
  operation {
    operation
    room
    dryRun
  }
}`) as unknown as TypedDocumentString<SchedulesQuery, SchedulesQueryVariables>;
export const DashboardScheduleDocument = new TypedDocumentString(`
    query DashboardSchedule($id: ID!) {
  schedule(id: $id) {
    ...ScheduleDetail
    runs(first: 50) {
      nodes {
        ...ScheduleRunRow
      }
    }
  }
}
    fragment ScheduleRunRow on ScheduleRun {
  id
  tick
  status
  detail
  triggeredBy
  createdAt
  startedAt
  finishedAt
  task {
    id
  }
  operationRun {
    id
  }
}
fragment ScheduleRow on Schedule {
  id
  name
  cron
  timeZone
  overlap
  pausedAt
  nextRunAt
  version
  task {
    room
    job {
      fullName
    }
  }
  operation {
    operation
    room
    dryRun
  }
}
fragment ScheduleDetail on Schedule {
  ...ScheduleRow
  catchUpSeconds
  createdBy
  createdAt
  updatedAt
  nextRuns(count: 5)
  task {
    payload
    priority
    labels
    limitKey
  }
  operation {
    parameters
  }
}`) as unknown as TypedDocumentString<DashboardScheduleQuery, DashboardScheduleQueryVariables>;
export const ScheduleStreamDocument = new TypedDocumentString(`
    subscription ScheduleStream($scheduleId: ID, $room: String) {
  scheduleEvents(scheduleId: $scheduleId, room: $room) {
    __typename
    ... on SchedulesSnapshot {
      schedules {
        ...ScheduleRow
      }
      runs {
        id
      }
    }
    ... on ScheduleChanged {
      schedule {
        ...ScheduleRow
      }
    }
    ... on ScheduleRunChanged {
      schedule {
        id
      }
      run {
        ...ScheduleRunRow
      }
    }
    ... on ScheduleGone {
      scheduleId
    }
  }
}
    fragment ScheduleRunRow on ScheduleRun {
  id
  tick
  status
  detail
  triggeredBy
  createdAt
  startedAt
  finishedAt
  task {
    id
  }
  operationRun {
    id
  }
}
fragment ScheduleRow on Schedule {
  id
  name
  cron
  timeZone
  overlap
  pausedAt
  nextRunAt
  version
  task {
    room
    job {
      fullName
    }
  }
  operation {
    operation
    room
    dryRun
  }
}`) as unknown as TypedDocumentString<ScheduleStreamSubscription, ScheduleStreamSubscriptionVariables>;
export const DashboardCreateScheduleDocument = new TypedDocumentString(`
    mutation DashboardCreateSchedule($input: CreateScheduleInput!) {
  createSchedule(input: $input) {
    __typename
    ... on ScheduleSuccess {
      schedule {
        id
        name
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardCreateScheduleMutation, DashboardCreateScheduleMutationVariables>;
export const DashboardUpdateScheduleDocument = new TypedDocumentString(`
    mutation DashboardUpdateSchedule($input: UpdateScheduleInput!) {
  updateSchedule(input: $input) {
    __typename
    ... on ScheduleSuccess {
      schedule {
        id
        name
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardUpdateScheduleMutation, DashboardUpdateScheduleMutationVariables>;
export const DashboardRunScheduleDocument = new TypedDocumentString(`
    mutation DashboardRunSchedule($id: ID!) {
  runScheduleNow(scheduleId: $id) {
    __typename
    ... on RunScheduleNowSuccess {
      run {
        id
        status
        detail
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRunScheduleMutation, DashboardRunScheduleMutationVariables>;
export const DashboardDeleteScheduleDocument = new TypedDocumentString(`
    mutation DashboardDeleteSchedule($id: ID!) {
  deleteSchedule(scheduleId: $id) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardDeleteScheduleMutation, DashboardDeleteScheduleMutationVariables>;
export const CountsStreamDocument = new TypedDocumentString(`
    subscription CountsStream($room: String, $job: String) {
  statisticsEvents(room: $room, job: $job) {
    counts {
      total
      queueDepth
      byStatus {
        status
        count
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CountsStreamSubscription, CountsStreamSubscriptionVariables>;
export const PointsStreamDocument = new TypedDocumentString(`
    subscription PointsStream($room: String, $job: String, $interval: StatisticInterval!) {
  statisticsEvents(room: $room, job: $job, interval: $interval) {
    points {
      ...Activity
    }
  }
}
    fragment Activity on TaskActivity {
  at
  submitted
  completed
  partial
  failed
  cancelled
  attemptsFailed
  failureRate
  throughput
  wait {
    p50
    p95
    p99
  }
  run {
    p50
    p95
    p99
  }
}`) as unknown as TypedDocumentString<PointsStreamSubscription, PointsStreamSubscriptionVariables>;
export const FilteredCountsStreamDocument = new TypedDocumentString(`
    subscription FilteredCountsStream($room: String, $filter: TaskFilter) {
  taskCountEvents(room: $room, filter: $filter) {
    total
    atLeast
    byStatus {
      status
      count
    }
  }
}
    `) as unknown as TypedDocumentString<FilteredCountsStreamSubscription, FilteredCountsStreamSubscriptionVariables>;
export const DashboardStatisticsDocument = new TypedDocumentString(`
    query DashboardStatistics($room: String, $job: String, $window: StatisticsWindow!) {
  statistics(room: $room, job: $job, window: $window) {
    oldestPendingSince
    window {
      ...Activity
    }
    series {
      ...Activity
    }
  }
}
    fragment Activity on TaskActivity {
  at
  submitted
  completed
  partial
  failed
  cancelled
  attemptsFailed
  failureRate
  throughput
  wait {
    p50
    p95
    p99
  }
  run {
    p50
    p95
    p99
  }
}`) as unknown as TypedDocumentString<DashboardStatisticsQuery, DashboardStatisticsQueryVariables>;
export const DashboardTaskGraphDocument = new TypedDocumentString(`
    query DashboardTaskGraph($id: ID!) {
  taskGraph(id: $id) {
    nodes {
      id
      status
      version
      dependencyCount
      job {
        fullName
      }
    }
    edges {
      from
      to
      onFailure
      settled
    }
    truncated
    streamCursor
  }
}
    `) as unknown as TypedDocumentString<DashboardTaskGraphQuery, DashboardTaskGraphQueryVariables>;
export const DashboardTaskGraphEventsDocument = new TypedDocumentString(`
    subscription DashboardTaskGraphEvents($id: ID!, $after: Cursor) {
  taskGraphEvents(id: $id, after: $after) {
    __typename
    ... on TaskTransitioned {
      cursor
      task {
        id
        status
        version
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardTaskGraphEventsSubscription, DashboardTaskGraphEventsSubscriptionVariables>;
export const TaskDetailDocument = new TypedDocumentString(`
    query TaskDetail($id: ID!, $before: String) {
  task(id: $id) {
    ...TaskRow
    ...TaskRights
    discardedBy
    copyOf
    blockedReason {
      ...Blocked
    }
    estimate {
      ...Estimate
    }
    traceparent
    stoppedAt
    job {
      id
      fullName
      workerCount
      timeoutSeconds
      retiredAt
    }
    transitions(last: 100, before: $before) {
      nodes {
        ...TaskChange
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
}
    fragment TaskRights on Task {
  viewerCanCancel
  viewerCanRetry
  viewerCanDiscard
  viewerCanRestore
  viewerCanReschedule
}
fragment TaskChange on TaskTransition {
  cursor
  version
  from
  to
  reason
  attempt
  actor
  note
  at
  error {
    message
    code
    retryable
    classifiedBy
  }
}
fragment Blocked on BlockedReason {
  by
  detail
  until
  ahead
}
fragment Estimate on TaskEstimate {
  start {
    p50At
    p90At
  }
  end {
    p50At
    p90At
  }
  unknown
  detail
}
fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}`) as unknown as TypedDocumentString<TaskDetailQuery, TaskDetailQueryVariables>;
export const TaskGlanceDocument = new TypedDocumentString(`
    query TaskGlance($id: ID!) {
  task(id: $id) {
    id
    job {
      fullName
    }
    blockedReason {
      ...Blocked
    }
    transitions(last: 3) {
      nodes {
        ...TaskChange
      }
    }
  }
}
    fragment TaskChange on TaskTransition {
  cursor
  version
  from
  to
  reason
  attempt
  actor
  note
  at
  error {
    message
    code
    retryable
    classifiedBy
  }
}
fragment Blocked on BlockedReason {
  by
  detail
  until
  ahead
}`) as unknown as TypedDocumentString<TaskGlanceQuery, TaskGlanceQueryVariables>;
export const DashboardTaskEventsDocument = new TypedDocumentString(`
    subscription DashboardTaskEvents($taskId: ID!, $after: Cursor) {
  taskEvents(taskId: $taskId, after: $after, follow: true) {
    __typename
    ... on TaskSnapshot {
      cursor
    }
    ... on TaskTransitioned {
      cursor
      task {
        ...TaskRow
        ...TaskRights
        discardedBy
        estimate {
          ...Estimate
        }
      }
      transition {
        ...TaskChange
      }
    }
    ... on TaskBlocked {
      cursor
      blockedReason {
        ...Blocked
      }
    }
    ... on TaskEstimated {
      cursor
      estimate {
        ...Estimate
      }
    }
    ... on TaskProgressed {
      cursor
      percent
      message
      task {
        version
      }
    }
  }
}
    fragment TaskRights on Task {
  viewerCanCancel
  viewerCanRetry
  viewerCanDiscard
  viewerCanRestore
  viewerCanReschedule
}
fragment TaskChange on TaskTransition {
  cursor
  version
  from
  to
  reason
  attempt
  actor
  note
  at
  error {
    message
    code
    retryable
    classifiedBy
  }
}
fragment Blocked on BlockedReason {
  by
  detail
  until
  ahead
}
fragment Estimate on TaskEstimate {
  start {
    p50At
    p90At
  }
  end {
    p50At
    p90At
  }
  unknown
  detail
}
fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}`) as unknown as TypedDocumentString<DashboardTaskEventsSubscription, DashboardTaskEventsSubscriptionVariables>;
export const TaskPayloadDocument = new TypedDocumentString(`
    query TaskPayload($id: ID!) {
  task(id: $id) {
    payload
    room
    job {
      fullName
    }
  }
}
    `) as unknown as TypedDocumentString<TaskPayloadQuery, TaskPayloadQueryVariables>;
export const DashboardTaskResultDocument = new TypedDocumentString(`
    query DashboardTaskResult($id: ID!) {
  task(id: $id) {
    result
    error {
      context
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardTaskResultQuery, DashboardTaskResultQueryVariables>;
export const TaskAssetsDocument = new TypedDocumentString(`
    query TaskAssets($id: ID!, $after: String) {
  task(id: $id) {
    assets(first: 100, after: $after) {
      nodes {
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
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TaskAssetsQuery, TaskAssetsQueryVariables>;
export const SuggestionsDocument = new TypedDocumentString(`
    query Suggestions($room: String, $field: SuggestField!, $key: String, $prefix: String!) {
  suggest(room: $room, field: $field, key: $key, prefix: $prefix, first: 12)
}
    `) as unknown as TypedDocumentString<SuggestionsQuery, SuggestionsQueryVariables>;
export const TaskPageDocument = new TypedDocumentString(`
    query TaskPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {
  tasks(room: $room, filter: $filter, first: $first, after: $after) {
    nodes {
      ...TaskRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    streamCursor
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}`) as unknown as TypedDocumentString<TaskPageQuery, TaskPageQueryVariables>;
export const DeadLetterPageDocument = new TypedDocumentString(`
    query DeadLetterPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {
  tasks: deadLetters(room: $room, filter: $filter, first: $first, after: $after) {
    nodes {
      ...TaskRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    streamCursor
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}`) as unknown as TypedDocumentString<DeadLetterPageQuery, DeadLetterPageQueryVariables>;
export const TaskStreamDocument = new TypedDocumentString(`
    subscription TaskStream($room: String, $filter: TaskFilter, $after: Cursor) {
  roomEvents(room: $room, filter: $filter, after: $after, leaving: true) {
    __typename
    ... on TaskTransitioned {
      cursor
      matches
      task {
        ...TaskRow
      }
    }
    ... on TaskProgressed {
      cursor
      task {
        ...TaskRow
      }
    }
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}`) as unknown as TypedDocumentString<TaskStreamSubscription, TaskStreamSubscriptionVariables>;
export const DashboardCancelTaskDocument = new TypedDocumentString(`
    mutation DashboardCancelTask($input: CancelTaskInput!) {
  cancelTask(input: $input) {
    __typename
    ... on TaskSuccess {
      task {
        ...TaskRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardCancelTaskMutation, DashboardCancelTaskMutationVariables>;
export const DashboardRetryTaskDocument = new TypedDocumentString(`
    mutation DashboardRetryTask($input: RetryTaskInput!) {
  retryTask(input: $input) {
    __typename
    ... on TaskSuccess {
      task {
        ...TaskRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRetryTaskMutation, DashboardRetryTaskMutationVariables>;
export const DashboardRunTaskNowDocument = new TypedDocumentString(`
    mutation DashboardRunTaskNow($taskId: ID!) {
  updateTask(input: {taskId: $taskId, runNow: true}) {
    __typename
    ... on TaskSuccess {
      task {
        ...TaskRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRunTaskNowMutation, DashboardRunTaskNowMutationVariables>;
export const DashboardRestoreTaskDocument = new TypedDocumentString(`
    mutation DashboardRestoreTask($taskId: ID!) {
  restoreTask(input: {taskId: $taskId}) {
    __typename
    ... on TaskSuccess {
      task {
        ...TaskRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment TaskRow on Task {
  id
  room
  status
  version
  job {
    fullName
  }
  error {
    message
    code
    retryable
    classifiedBy
  }
  progress
  progressMessage
  priority
  attempt
  failures
  maxAttempts
  runAt
  workerId
  workerName
  createdBy
  correlationId
  entityType
  entityId
  labels
  createdAt
  startedAt
  finishedAt
  discardedAt
}
fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRestoreTaskMutation, DashboardRestoreTaskMutationVariables>;
export const DashboardRetryTasksDocument = new TypedDocumentString(`
    mutation DashboardRetryTasks($input: DeadLettersInput!) {
  retryTasks(input: $input) {
    __typename
    ... on RetryTasksSuccess {
      retried
      more
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRetryTasksMutation, DashboardRetryTasksMutationVariables>;
export const DashboardDiscardTasksDocument = new TypedDocumentString(`
    mutation DashboardDiscardTasks($input: DeadLettersInput!) {
  discardTasks(input: $input) {
    __typename
    ... on DiscardTasksSuccess {
      discarded
      more
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardDiscardTasksMutation, DashboardDiscardTasksMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  server {
    now
  }
  viewer {
    id
    role
    rooms
    tier
    expiresAt
    rateLimit {
      limit
      remaining
      resetAt
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const DashboardRoomsDocument = new TypedDocumentString(`
    query DashboardRooms($prefix: String) {
  rooms(prefix: $prefix, first: 20) {
    nodes {
      name
      counts {
        total
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardRoomsQuery, DashboardRoomsQueryVariables>;
export const DashboardSavedViewsDocument = new TypedDocumentString(`
    query DashboardSavedViews {
  savedViews {
    ...SavedViewRow
  }
}
    fragment SavedViewRow on SavedView {
  id
  name
  path
  search
  shared
  owner
  room
  viewerCanEdit
}`) as unknown as TypedDocumentString<DashboardSavedViewsQuery, DashboardSavedViewsQueryVariables>;
export const DashboardSaveViewDocument = new TypedDocumentString(`
    mutation DashboardSaveView($input: SaveViewInput!) {
  saveView(input: $input) {
    __typename
    ... on SaveViewSuccess {
      view {
        ...SavedViewRow
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
fragment SavedViewRow on SavedView {
  id
  name
  path
  search
  shared
  owner
  room
  viewerCanEdit
}`) as unknown as TypedDocumentString<DashboardSaveViewMutation, DashboardSaveViewMutationVariables>;
export const DashboardDeleteViewDocument = new TypedDocumentString(`
    mutation DashboardDeleteView($id: ID!) {
  deleteView(input: {id: $id}) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardDeleteViewMutation, DashboardDeleteViewMutationVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks {
  webhooks(first: 100) {
    nodes {
      ...WebhookRow
    }
  }
}
    fragment WebhookRow on Webhook {
  id
  url
  description
  types
  minSeverity
  room
  enabled
  failuresInRow
  restingUntil
  createdBy
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const DeliveryStreamDocument = new TypedDocumentString(`
    subscription DeliveryStream($webhookId: ID!) {
  webhookDeliveryEvents(webhookId: $webhookId) {
    __typename
    ... on WebhookDeliveriesSnapshot {
      deliveries {
        ...DeliveryRow
      }
    }
    ... on WebhookDeliveryChanged {
      delivery {
        ...DeliveryRow
      }
    }
    ... on WebhookDeliveryGone {
      deliveryId
    }
  }
}
    fragment DeliveryRow on WebhookDelivery {
  id
  type
  eventId
  status
  attempts
  responseCode
  response
  error
  durationMs
  createdAt
  lastAttemptAt
}`) as unknown as TypedDocumentString<DeliveryStreamSubscription, DeliveryStreamSubscriptionVariables>;
export const DashboardRedeliverDocument = new TypedDocumentString(`
    mutation DashboardRedeliver($deliveryId: ID!) {
  redeliverWebhook(input: {deliveryId: $deliveryId}) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardRedeliverMutation, DashboardRedeliverMutationVariables>;
export const DashboardCreateWebhookDocument = new TypedDocumentString(`
    mutation DashboardCreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    __typename
    ... on CreateWebhookSuccess {
      webhook {
        id
      }
      secret
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardCreateWebhookMutation, DashboardCreateWebhookMutationVariables>;
export const DashboardUpdateWebhookDocument = new TypedDocumentString(`
    mutation DashboardUpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    __typename
    ... on UpdateWebhookSuccess {
      webhook {
        id
      }
      secret
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardUpdateWebhookMutation, DashboardUpdateWebhookMutationVariables>;
export const DashboardTestWebhookDocument = new TypedDocumentString(`
    mutation DashboardTestWebhook($id: ID!) {
  testWebhook(id: $id) {
    __typename
    ... on TestWebhookSuccess {
      deliveryId
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardTestWebhookMutation, DashboardTestWebhookMutationVariables>;
export const DashboardDeleteWebhookDocument = new TypedDocumentString(`
    mutation DashboardDeleteWebhook($id: ID!) {
  deleteWebhook(id: $id) {
    __typename
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardDeleteWebhookMutation, DashboardDeleteWebhookMutationVariables>;
export const WorkerStreamDocument = new TypedDocumentString(`
    subscription WorkerStream($filter: WorkerFilter) {
  workerEvents(filter: $filter) {
    __typename
    ... on WorkersSnapshot {
      workers {
        ...WorkerRow
      }
    }
    ... on WorkerChanged {
      worker {
        ...WorkerRow
      }
    }
    ... on WorkerGone {
      workerId
    }
  }
}
    fragment WorkerRow on Worker {
  id
  name
  owner
  host
  version
  capacity
  running
  alive
  lastHeartbeatAt
  createdAt
  lostAt
  drainingSince
  viewerCanUse
  jobs {
    fullName
  }
}`) as unknown as TypedDocumentString<WorkerStreamSubscription, WorkerStreamSubscriptionVariables>;
export const LatelyRunDocument = new TypedDocumentString(`
    query LatelyRun($room: String) {
  tasks(room: $room, filter: {statuses: [COMPLETED, PARTIAL]}, first: 100) {
    nodes {
      workerId
      startedAt
      finishedAt
      job {
        fullName
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LatelyRunQuery, LatelyRunQueryVariables>;
export const DashboardDrainWorkerDocument = new TypedDocumentString(`
    mutation DashboardDrainWorker($workerId: ID!) {
  drainWorker(input: {workerId: $workerId}) {
    __typename
    ... on DrainWorkerSuccess {
      worker {
        running
      }
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardDrainWorkerMutation, DashboardDrainWorkerMutationVariables>;
export const DashboardDeregisterWorkerDocument = new TypedDocumentString(`
    mutation DashboardDeregisterWorker($workerId: ID!) {
  deregisterWorker(workerId: $workerId) {
    __typename
    ... on DeregisterWorkerSuccess {
      released
    }
    ... on Problem {
      ...Refusal
    }
  }
}
    fragment Refusal on Problem {
  __typename
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
}`) as unknown as TypedDocumentString<DashboardDeregisterWorkerMutation, DashboardDeregisterWorkerMutationVariables>;