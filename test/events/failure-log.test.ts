import { describe, expect, it } from 'vitest';
import type { TaskStatus, TransitionChange, TransitionReason } from '../../src/domain/task.ts';
import { newUuid, toTypeId } from '../../src/domain/typeid.ts';
import { logFailures } from '../../src/events/failure-log.ts';
import { silentServerLogger } from '../../src/events/logger.ts';
import { taskRow } from './changes.ts';

function change(to: TaskStatus, reason: TransitionReason): TransitionChange {
  const ids = { id: newUuid(), jobId: newUuid() };
  const task = taskRow({ ...ids, status: to, attempt: 3, correlationId: 'order 7' });
  const error = {
    message: 'secret payload',
    code: 'E_DISK',
    retryable: false,
    context: null,
    classifiedBy: '"invalid" in the code',
  };
  const transition = { to, reason, attempt: 3, workerId: newUuid(), error } as TransitionChange['transition'];
  return { kind: 'transition', task, transition };
}

function logOf(changes: TransitionChange[]): { details: object; message: string }[] {
  const lines: { details: object; message: string }[] = [];
  const warn = (details: object, message: string) => void lines.push({ details, message });
  logFailures({ ...silentServerLogger, warn }, changes);
  return lines;
}

describe('the failure log', () => {
  it('has a line for what failed for good, was lost or timed out, under the ids by which it is found', () => {
    const failed = change('FAILED', 'FAILED');
    const lines = logOf([
      change('COMPLETED', 'COMPLETED'),
      failed,
      change('PENDING', 'RETRY_SCHEDULED'),
      change('PENDING', 'WORKER_LOST'),
      change('PENDING', 'TIMED_OUT'),
    ]);
    expect(lines.map(({ message }) => message)).toEqual([
      'A task has failed for good',
      'An attempt was lost',
      'An attempt was lost',
    ]);
    expect(lines[0]?.details).toEqual({
      taskId: toTypeId('task', failed.task.id),
      jobId: toTypeId('job', failed.task.jobId),
      workerId: toTypeId('worker', failed.transition.workerId as string),
      correlationId: 'order 7',
      room: 'room-1',
      attempt: 3,
      reason: 'FAILED',
      code: 'E_DISK',
      classifiedBy: '"invalid" in the code',
    });
    // What a worker writes into an error may be of the payload.
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('is bounded for each commit', () => {
    const lines = logOf(Array.from({ length: 500 }, () => change('PENDING', 'WORKER_LOST')));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toEqual({
      details: { more: 480 },
      message: 'Further tasks failed or lost their attempt',
    });
  });
});
