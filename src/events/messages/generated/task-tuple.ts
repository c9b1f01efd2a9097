// Written by scripts/print-task-fields.ts from scripts/task-fields.ts: change that, and run `npm run generate`.
import { TASK_STATUSES, type TaskRow } from '../../../domain/task.ts';
import { readError, writeError } from '../error-tuple.ts';
import type { TupleReader } from '../tuple-reader.ts';

const STATUSES = new Set(TASK_STATUSES);

/** The values of a task in their order, without names. */
export function writeTask(task: TaskRow): unknown[] {
  return [
    task.id,
    task.jobId,
    task.room,
    task.status,
    task.version,
    task.attempt,
    task.failures,
    task.maxAttempts,
    task.priority,
    task.runAt.getTime(),
    task.workerId,
    task.progress,
    task.progressMessage,
    task.createdBy,
    task.correlationId,
    task.entityType,
    task.entityId,
    task.labels,
    task.idempotencyKey,
    writeError(task.error),
    task.createdAt.getTime(),
    task.startedAt?.getTime(),
    task.finishedAt?.getTime(),
    task.discardedAt?.getTime(),
    task.discardedBy,
    task.lastWorkerId,
    task.dependencyCount,
  ];
}

/** What `writeTask` has written. @throws Malformed when it is anything else */
export function readTask(row: TupleReader, updatedAt: Date): TaskRow {
  return {
    id: row.text(),
    jobId: row.text(),
    room: row.text(),
    status: row.oneOf(STATUSES),
    version: row.int(1),
    attempt: row.int(0),
    failures: row.int(0),
    maxAttempts: row.int(0),
    priority: row.int(),
    runAt: row.date(),
    workerId: row.textOrNull(),
    progress: row.number(),
    progressMessage: row.textOrNull(),
    createdBy: row.text(),
    correlationId: row.textOrNull(),
    entityType: row.textOrNull(),
    entityId: row.textOrNull(),
    labels: row.labels(),
    idempotencyKey: row.textOrNull(),
    error: readError(row.rowOrNull()),
    createdAt: row.date(),
    startedAt: row.dateOrNull(),
    finishedAt: row.dateOrNull(),
    discardedAt: row.dateOrNull(),
    discardedBy: row.textOrNull(),
    lastWorkerId: row.textOrNull(),
    dependencyCount: row.isAtEnd() ? 0 : row.int(0),
    updatedAt,
  };
}
