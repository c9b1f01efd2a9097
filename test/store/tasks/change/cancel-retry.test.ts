/** What a caller with rights on a task can do: cancel it, and retry it after it has failed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../../../src/domain/task.ts';
import { TRANSITIONS } from '../../../../src/domain/transitions.ts';
import { availableDatabases } from '../../../support/database.ts';
import {
  changed,
  createTestStore,
  expectLegalLog,
  failure,
  type TestStore,
} from '../../../support/test-store.ts';

describe.each(availableDatabases())('on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const cancel = (taskId: string, note: string | null = null) =>
    testStore.store.cancelTask({ taskId, actor: 'ann', note });

  describe('cancelling', () => {
    it.each(TRANSITIONS.cancel.from)('a %s task ends it, with the reason in the log', async (status) => {
      const { task, held } = await testStore.taskIn(status);
      const note = 'no longer – "needed"';
      const { task: snapshot, transition } = changed(await cancel(task.id, note));
      const cancelled = await testStore.task(task.id);
      expect(cancelled).toEqual({
        ...{ ...task, status: 'CANCELLED', version: task.version + 1, workerId: null },
        ...{ finishedAt: transition.at, updatedAt: transition.at },
      });
      expect({ ...cancelled, ...snapshot }).toEqual(cancelled);
      expect(transition).toEqual((await testStore.history(task.id)).at(-1));
      expect(transition).toMatchObject({
        ...{
          version: task.version + 1,
          from: status,
          to: 'CANCELLED',
          reason: 'CANCELLED',
          note,
          actor: 'ann',
        },
        ...{ attempt: task.attempt, workerId: task.workerId === null ? null : held.workerId, error: null },
      });
      expectLegalLog(await testStore.history(task.id));
    });

    it.each(['CLAIMED', 'RUNNING'] as TaskStatus[])('a %s task asks its worker to stop', async (status) => {
      const { task, worker } = await testStore.taskIn(status);
      changed(await cancel(task.id, 'enough'));
      const stops = [{ taskId: task.id, attempt: 1, reason: 'enough' }];
      expect(await testStore.store.findPendingStops(worker.id)).toEqual(stops);
      expect((await testStore.store.beat(worker.id))?.stops).toEqual(stops);
    });

    it('without a reason gives the worker one', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      changed(await cancel(task.id));
      expect(await testStore.store.findPendingStops(worker.id)).toMatchObject([
        { reason: 'The task was cancelled.' },
      ]);
    });

    it('a task that nobody holds asks nobody to stop, not even who held it before', async () => {
      const { task, worker, held } = await testStore.taskIn('RUNNING');
      changed(await testStore.store.releaseTask(held));
      changed(await cancel(task.id));
      expect(await testStore.store.findPendingStops(worker.id)).toEqual([]);
    });

    it('refuses the late reports of the worker', async () => {
      const { task, held } = await testStore.taskIn('RUNNING');
      changed(await cancel(task.id));
      const late = await Promise.all([
        testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result: 1 }),
        testStore.store.failTask({ ...held, error: failure(true) }),
        testStore.store.reportProgress({ ...held, percent: 1, message: null }),
        testStore.store.releaseTask(held),
      ]);
      const now = await testStore.task(task.id);
      expect(late).toEqual(late.map(() => ({ kind: 'refused', task: now })));
    });

    it('many times at once ends it once', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      const results = await Promise.all([1, 2, 3, 4].map((n) => cancel(task.id, `caller ${n}`)));
      expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused', 'refused', 'refused']);
      expect(await testStore.history(task.id)).toHaveLength(4);
      expect(await testStore.store.findPendingStops(worker.id)).toHaveLength(1);
    });
  });

  describe('a request to stop', () => {
    it('stays until the worker says that it has stopped', async () => {
      const [{ task, worker }, other] = [
        await testStore.taskIn('RUNNING'),
        await testStore.taskIn('RUNNING'),
      ];
      changed(await cancel(task.id));
      changed(await cancel(other.task.id));
      const stopped = { workerId: worker.id, taskId: task.id, attempt: 1 };
      for (const wrong of [
        { ...stopped, attempt: 2 },
        { ...stopped, workerId: other.worker.id },
        { ...stopped, taskId: other.task.id },
      ]) {
        await testStore.store.acknowledgeStop(wrong);
        expect(await testStore.store.findPendingStops(worker.id)).toHaveLength(1);
      }
      await testStore.store.acknowledgeStop(stopped);
      await testStore.store.acknowledgeStop(stopped);
      expect(await testStore.store.findPendingStops(worker.id)).toEqual([]);
      expect((await testStore.store.beat(worker.id))?.stops).toEqual([]);
      expect(await testStore.store.findPendingStops(other.worker.id)).toHaveLength(1);
    });

    it('is told oldest first', async () => {
      const job = await testStore.newJob();
      const worker = await testStore.newWorker(job);
      const tasks = [];
      for (let n = 0; n < 3; n++) tasks.push(await testStore.submit(job));
      await testStore.store.claimTasks({ workerId: worker.id, limit: 3, start: true, actor: 'wim' });
      const order = [tasks[1], tasks[2], tasks[0]].map((task) => task?.id as string);
      for (const id of order) {
        changed(await cancel(id));
        // Apart by more than the column's millisecond.
        await testStore.db.script('SELECT pg_sleep(0.003)');
      }
      expect((await testStore.store.findPendingStops(worker.id)).map(({ taskId }) => taskId)).toEqual(order);
      expect((await testStore.store.beat(worker.id))?.stops.map(({ taskId }) => taskId)).toEqual(order);
    });
  });

  describe('retrying', () => {
    it('a failed task makes it claimable with a fresh budget, and keeps its history', async () => {
      const { task, worker, held } = await testStore.taskIn('RUNNING', { maxAttempts: 2 });
      await testStore.store.reportProgress({ ...held, percent: 30, message: 'so far' });
      changed(await testStore.store.failTask({ ...held, error: failure(false) }));
      const failed = await testStore.task(task.id);
      const { task: snapshot, transition } = changed(
        await testStore.store.retryTask({ taskId: task.id, actor: 'bob' }),
      );
      const pending = await testStore.task(task.id);
      expect(pending).toEqual({
        ...{ ...failed, status: 'PENDING', version: 5, failures: 0, progress: 0, progressMessage: null },
        ...{ finishedAt: null, runAt: expect.any(Date), updatedAt: transition.at },
      });
      expect({ ...pending, ...snapshot }).toEqual(pending);
      expect(transition).toMatchObject({
        ...{
          version: 5,
          from: 'FAILED',
          to: 'PENDING',
          reason: 'RETRY_REQUESTED',
          attempt: 1,
          workerId: null,
        },
        ...{ actor: 'bob', error: null, note: null },
      });
      const claimed = await testStore.store.claimTasks({
        workerId: worker.id,
        limit: 1,
        start: true,
        actor: 'wim',
      });
      expect(claimed).toMatchObject([{ id: task.id, attempt: 2, failures: 0, version: 7 }]);
      const again = changed(await testStore.store.failTask({ ...held, attempt: 2, error: failure(true) }));
      expect(again.task).toMatchObject({ status: 'PENDING', failures: 1, maxAttempts: 2 });
      expectLegalLog(await testStore.history(task.id));
    });

    it('makes it due now, also when it had been meant for later', async () => {
      const { task } = await testStore.taskIn('FAILED');
      await testStore.db.script(`UPDATE task SET run_at = now() + interval '1 day' WHERE id = '${task.id}'`);
      const { task: pending, transition } = changed(
        await testStore.store.retryTask({ taskId: task.id, actor: 'ann' }),
      );
      expect(Math.abs(pending.runAt.getTime() - transition.at.getTime())).toBeLessThanOrEqual(1);
    });

    it('twice at the same time is done once', async () => {
      const { task } = await testStore.taskIn('FAILED');
      const retry = () => testStore.store.retryTask({ taskId: task.id, actor: 'ann' });
      const results = await Promise.all([retry(), retry()]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused']);
      expect((await testStore.task(task.id)).version).toBe(5);
    });
  });
});
