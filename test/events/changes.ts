/** Hand-made changes, and a model of the log that answers from an array. */
import { comparePositions, type Position } from '../../src/domain/position.ts';
import type { ProgressChange, TaskChange, TaskRow, TransitionChange } from '../../src/domain/task.ts';
import type { VersionRange } from '../../src/store/log/log.ts';

const AT = new Date('2026-01-02T03:04:05.678Z');

export function taskRow(details: Partial<TaskRow> = {}): TaskRow {
  return {
    id: 'task-1',
    jobId: 'job-1',
    room: 'room-1',
    status: 'PENDING',
    version: 1,
    attempt: 0,
    failures: 0,
    maxAttempts: 5,
    priority: 0,
    runAt: AT,
    workerId: null,
    progress: 0,
    progressMessage: null,
    createdBy: 'ann',
    correlationId: null,
    entityType: null,
    entityId: null,
    labels: {},
    idempotencyKey: null,
    error: null,
    createdAt: AT,
    startedAt: null,
    finishedAt: null,
    discardedAt: null,
    discardedBy: null,
    lastWorkerId: null,
    updatedAt: AT,
    dependencyCount: 0,
    ...details,
  };
}

/** The `version`-th transition of a task, written at `position`. */
export function transition(
  taskId: string,
  version: number,
  position: Partial<Position> = {},
  details: Partial<TransitionChange['transition']> = {},
): TransitionChange {
  const { xid = String(100 + version), id = String(version) } = position;
  const task = taskRow({ id: taskId, version, status: details.to ?? 'PENDING', updatedAt: details.at ?? AT });
  return {
    kind: 'transition',
    task,
    transition: {
      id,
      xid,
      horizon: xid,
      taskId,
      version,
      room: task.room,
      jobId: task.jobId,
      from: version === 1 ? null : 'RUNNING',
      to: 'PENDING',
      reason: version === 1 ? 'SUBMITTED' : 'RETRY_SCHEDULED',
      attempt: 0,
      workerId: null,
      actor: 'ann',
      note: null,
      error: null,
      updates: null,
      at: AT,
      ...details,
    },
  };
}

export function progress(taskId: string, version: number, percent: number): ProgressChange {
  const task = taskRow({ id: taskId, version, status: 'RUNNING', progress: percent });
  return { kind: 'progress', task, percent, message: null, at: AT };
}

/** What the log's `readVersions` does, over an array. */
export function readFrom(
  rows: readonly TransitionChange[],
  ranges: readonly VersionRange[],
): TransitionChange[] {
  return ranges.flatMap(({ taskId, from, to, sinceXid = '0' }) =>
    rows
      .filter(({ task }) => task.id === taskId && task.version >= from && task.version < to)
      .filter((row) => comparePositions(row.transition, { xid: sinceXid, id: '0' }) >= 0)
      .sort((a, b) => a.task.version - b.task.version),
  );
}

/** Short and comparable: `task-1 v3`, `task-1 v3 40%`. */
export function label(change: TaskChange): string {
  const percent = change.kind === 'progress' ? ` ${change.percent}%` : '';
  return `${change.task.id} v${change.task.version}${percent}`;
}
