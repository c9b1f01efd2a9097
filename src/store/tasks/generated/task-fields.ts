// Written by scripts/print-task-fields.ts from scripts/task-fields.ts: change that, and run `npm run generate`.
import type { TaskRow, TaskStatus } from '../../../domain/task.ts';

/** Columns of a snapshot but the time of its change, by the property that they become. */
export const SNAPSHOT_COLUMNS = [
  ['id', 'id'],
  ['jobId', 'job_id'],
  ['room', 'room'],
  ['status', 'status'],
  ['version', 'version'],
  ['attempt', 'attempt'],
  ['failures', 'failures'],
  ['maxAttempts', 'max_attempts'],
  ['priority', 'priority'],
  ['runAt', 'run_at'],
  ['workerId', 'worker_id'],
  ['progress', 'progress'],
  ['progressMessage', 'progress_message'],
  ['createdBy', 'created_by'],
  ['correlationId', 'correlation_id'],
  ['entityType', 'entity_type'],
  ['entityId', 'entity_id'],
  ['labels', 'labels'],
  ['idempotencyKey', 'idempotency_key'],
  ['error', 'error'],
  ['createdAt', 'created_at'],
  ['startedAt', 'started_at'],
  ['finishedAt', 'finished_at'],
  ['discardedAt', 'discarded_at'],
  ['discardedBy', 'discarded_by'],
  ['lastWorkerId', 'last_worker_id'],
  ['dependencyCount', 'dependency_count'],
] as const;

/** Columns that only whole tasks have. */
export const LARGE_COLUMNS = [
  ['payload', 'payload'],
  ['result', 'result'],
  ['traceparent', 'traceparent'],
  ['copyOf', 'copy_of'],
  ['schemaVersion', 'schema_version'],
  ['limitKey', 'limit_key'],
] as const;

/** The time of the newest transition. */
export const TIME_OF_CHANGE_COLUMN = [
  ['updatedAt', 'updated_at'],
] as const;

/** A task without what only whole ones have. Spelled out: copying what is left of a row costs more than reading it. */
export function toSnapshot(row: Omit<TaskRow, 'updatedAt'>, updatedAt: Date): TaskRow {
  return {
    id: row.id,
    jobId: row.jobId,
    room: row.room,
    status: row.status,
    version: row.version,
    attempt: row.attempt,
    failures: row.failures,
    maxAttempts: row.maxAttempts,
    priority: row.priority,
    runAt: row.runAt,
    workerId: row.workerId,
    progress: row.progress,
    progressMessage: row.progressMessage,
    createdBy: row.createdBy,
    correlationId: row.correlationId,
    entityType: row.entityType,
    entityId: row.entityId,
    labels: row.labels,
    idempotencyKey: row.idempotencyKey,
    error: row.error,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    discardedAt: row.discardedAt,
    discardedBy: row.discardedBy,
    lastWorkerId: row.lastWorkerId,
    dependencyCount: row.dependencyCount,
    updatedAt,
  };
}

/** The whole task. */
export function toWhole(row: Omit<TaskRow, 'updatedAt'>, updatedAt: Date): TaskRow {
  return {
    id: row.id,
    jobId: row.jobId,
    room: row.room,
    status: row.status,
    version: row.version,
    attempt: row.attempt,
    failures: row.failures,
    maxAttempts: row.maxAttempts,
    priority: row.priority,
    runAt: row.runAt,
    workerId: row.workerId,
    progress: row.progress,
    progressMessage: row.progressMessage,
    createdBy: row.createdBy,
    correlationId: row.correlationId,
    entityType: row.entityType,
    entityId: row.entityId,
    labels: row.labels,
    idempotencyKey: row.idempotencyKey,
    error: row.error,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    discardedAt: row.discardedAt,
    discardedBy: row.discardedBy,
    lastWorkerId: row.lastWorkerId,
    dependencyCount: row.dependencyCount,
    payload: row.payload,
    result: row.result,
    traceparent: row.traceparent,
    copyOf: row.copyOf,
    schemaVersion: row.schemaVersion,
    limitKey: row.limitKey,
    updatedAt,
  };
}

/** What the submission says of its task. */
export type Submitted = Pick<TaskRow, 'jobId' | 'room' | 'priority' | 'createdBy' | 'correlationId' | 'entityType' | 'entityId' | 'labels' | 'idempotencyKey' | 'payload' | 'traceparent' | 'copyOf' | 'schemaVersion' | 'limitKey'>;

/** What the database decides about a new task. */
export type Decided = Pick<TaskRow, 'id' | 'maxAttempts' | 'runAt' | 'createdAt'>;

/** The whole of a task that was just submitted. */
export function newTask(submission: Submitted, row: Decided, status: TaskStatus, updatedAt: Date): TaskRow {
  return {
    id: row.id,
    jobId: submission.jobId,
    room: submission.room,
    status: status,
    version: 1,
    attempt: 0,
    failures: 0,
    maxAttempts: row.maxAttempts,
    priority: submission.priority,
    runAt: row.runAt,
    workerId: null,
    progress: 0,
    progressMessage: null,
    createdBy: submission.createdBy,
    correlationId: submission.correlationId ?? null,
    entityType: submission.entityType ?? null,
    entityId: submission.entityId ?? null,
    labels: submission.labels,
    idempotencyKey: submission.idempotencyKey ?? null,
    error: null,
    createdAt: row.createdAt,
    startedAt: null,
    finishedAt: null,
    discardedAt: null,
    discardedBy: null,
    lastWorkerId: null,
    dependencyCount: 0,
    payload: submission.payload,
    result: null,
    traceparent: submission.traceparent ?? null,
    copyOf: submission.copyOf ?? null,
    schemaVersion: submission.schemaVersion,
    limitKey: submission.limitKey ?? null,
    updatedAt,
  };
}
