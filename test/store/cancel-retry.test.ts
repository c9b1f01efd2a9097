/** What a caller with rights on a task can do: cancel it, and retry it after it has failed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../src/domain/task.ts';
import { TRANSITIONS } from '../../src/domain/transitions.ts';
import { availableDatabases } from '../support/database.ts';
import { changed, createWorld, expectLegalLog, failure, type World } from '../support/world.ts';

describe.each(availableDatabases())('on %s', (kind) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld(kind);
  });
  afterAll(() => world.close());

  const cancel = (taskId: string, note: string | null = null) =>
    world.store.cancelTask({ taskId, actor: 'ann', note });

  describe('cancelling', () => {
    it.each(TRANSITIONS.cancel.from)('a %s task ends it, with the reason in the log', async (status) => {
      const { task, held } = await world.taskIn(status);
      const note = 'no longer – "needed"';
      const { task: snapshot, transition } = changed(await cancel(task.id, note));
      const cancelled = await world.task(task.id);
      expect(cancelled).toEqual({
        ...{ ...task, status: 'CANCELLED', version: task.version + 1, workerId: null },
        finishedAt: transition.at,
      });
      expect({ ...cancelled, ...snapshot }).toEqual(cancelled);
      expect(transition).toEqual((await world.history(task.id)).at(-1));
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
      expectLegalLog(await world.history(task.id));
    });

    it.each(['CLAIMED', 'RUNNING'] as TaskStatus[])('a %s task asks its worker to stop', async (status) => {
      const { task, worker } = await world.taskIn(status);
      changed(await cancel(task.id, 'enough'));
      const stops = [{ taskId: task.id, attempt: 1, reason: 'enough' }];
      expect(await world.store.findPendingStops(worker.id)).toEqual(stops);
      expect((await world.store.beat(worker.id))?.stops).toEqual(stops);
    });

    it('without a reason gives the worker one', async () => {
      const { task, worker } = await world.taskIn('RUNNING');
      changed(await cancel(task.id));
      expect(await world.store.findPendingStops(worker.id)).toMatchObject([
        { reason: 'The task was cancelled.' },
      ]);
    });

    it('a task that nobody holds asks nobody to stop, not even who held it before', async () => {
      const { task, worker, held } = await world.taskIn('RUNNING');
      changed(await world.store.releaseTask(held));
      changed(await cancel(task.id));
      expect(await world.store.findPendingStops(worker.id)).toEqual([]);
    });

    it('refuses the late reports of the worker', async () => {
      const { task, held } = await world.taskIn('RUNNING');
      changed(await cancel(task.id));
      const late = await Promise.all([
        world.store.completeTask({ ...held, outcome: 'COMPLETED', result: 1 }),
        world.store.failTask({ ...held, error: failure(true) }),
        world.store.reportProgress({ ...held, percent: 1, message: null }),
        world.store.releaseTask(held),
      ]);
      const now = await world.task(task.id);
      expect(late).toEqual(late.map(() => ({ kind: 'refused', task: now })));
    });

    it('many times at once ends it once', async () => {
      const { task, worker } = await world.taskIn('RUNNING');
      const results = await Promise.all([1, 2, 3, 4].map((n) => cancel(task.id, `caller ${n}`)));
      expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused', 'refused', 'refused']);
      expect(await world.history(task.id)).toHaveLength(4);
      expect(await world.store.findPendingStops(worker.id)).toHaveLength(1);
    });
  });

  describe('a request to stop', () => {
    it('stays until the worker says that it has stopped', async () => {
      const [{ task, worker }, other] = [await world.taskIn('RUNNING'), await world.taskIn('RUNNING')];
      changed(await cancel(task.id));
      changed(await cancel(other.task.id));
      const stopped = { workerId: worker.id, taskId: task.id, attempt: 1 };
      for (const wrong of [
        { ...stopped, attempt: 2 },
        { ...stopped, workerId: other.worker.id },
        { ...stopped, taskId: other.task.id },
      ]) {
        await world.store.acknowledgeStop(wrong);
        expect(await world.store.findPendingStops(worker.id)).toHaveLength(1);
      }
      await world.store.acknowledgeStop(stopped);
      await world.store.acknowledgeStop(stopped);
      expect(await world.store.findPendingStops(worker.id)).toEqual([]);
      expect((await world.store.beat(worker.id))?.stops).toEqual([]);
      expect(await world.store.findPendingStops(other.worker.id)).toHaveLength(1);
    });

    it('is told oldest first', async () => {
      const job = await world.newJob();
      const worker = await world.newWorker(job);
      const tasks = [];
      for (let n = 0; n < 3; n++) tasks.push(await world.submit(job));
      await world.store.claimTasks({ workerId: worker.id, limit: 3, start: true, actor: 'wim' });
      const order = [tasks[1], tasks[2], tasks[0]].map((task) => task?.id as string);
      for (const id of order) {
        changed(await cancel(id));
        // Apart by more than the column's millisecond.
        await world.db.script('SELECT pg_sleep(0.003)');
      }
      expect((await world.store.findPendingStops(worker.id)).map(({ taskId }) => taskId)).toEqual(order);
      expect((await world.store.beat(worker.id))?.stops.map(({ taskId }) => taskId)).toEqual(order);
    });
  });

  describe('retrying', () => {
    it('a failed task makes it claimable with a fresh budget, and keeps its history', async () => {
      const { task, worker, held } = await world.taskIn('RUNNING', { maxAttempts: 2 });
      await world.store.reportProgress({ ...held, percent: 30, message: 'so far' });
      changed(await world.store.failTask({ ...held, error: failure(false) }));
      const failed = await world.task(task.id);
      const { task: snapshot, transition } = changed(
        await world.store.retryTask({ taskId: task.id, actor: 'bob' }),
      );
      const pending = await world.task(task.id);
      expect(pending).toEqual({
        ...{ ...failed, status: 'PENDING', version: 5, failures: 0, progress: 0, progressMessage: null },
        ...{ finishedAt: null, runAt: expect.any(Date) },
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
      const claimed = await world.store.claimTasks({
        workerId: worker.id,
        limit: 1,
        start: true,
        actor: 'wim',
      });
      expect(claimed).toMatchObject([{ id: task.id, attempt: 2, failures: 0, version: 7 }]);
      const again = changed(await world.store.failTask({ ...held, attempt: 2, error: failure(true) }));
      expect(again.task).toMatchObject({ status: 'PENDING', failures: 1, maxAttempts: 2 });
      expectLegalLog(await world.history(task.id));
    });

    it('makes it due now, also when it had been meant for later', async () => {
      const { task } = await world.taskIn('FAILED');
      await world.db.script(`UPDATE task SET run_at = now() + interval '1 day' WHERE id = '${task.id}'`);
      const { task: pending, transition } = changed(
        await world.store.retryTask({ taskId: task.id, actor: 'ann' }),
      );
      expect(Math.abs(pending.runAt.getTime() - transition.at.getTime())).toBeLessThanOrEqual(1);
    });

    it('twice at the same time is done once', async () => {
      const { task } = await world.taskIn('FAILED');
      const retry = () => world.store.retryTask({ taskId: task.id, actor: 'ann' });
      const results = await Promise.all([retry(), retry()]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused']);
      expect((await world.task(task.id)).version).toBe(5);
    });
  });
});
