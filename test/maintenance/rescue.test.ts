import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepWorkersOperation } from '../../src/maintenance/sweep-workers.ts';
import { timeOutTasksRoutine } from '../../src/maintenance/time-out-tasks.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOnce } from '../support/operations.ts';
import { createTestStore, expectLegalLog, type TestStore } from '../support/test-store.ts';

describe.each(availableDatabases())('maintenance on %s', (kind) => {
  let database: TestDatabase;
  let testStore: TestStore;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    testStore = await createTestStore(kind, database.db);
  });
  afterAll(() => database.close());

  /** By the database's clock, the worker has been silent for a while. */
  const silence = (workerId: string, seconds: number) =>
    testStore.db.script(
      `UPDATE worker SET last_heartbeat_at = now() - interval '${seconds} seconds' WHERE id = '${workerId}'`,
    );
  const ranFor = (taskId: string, seconds: number) =>
    testStore.db.script(
      `UPDATE task SET started_at = now() - interval '${seconds} seconds' WHERE id = '${taskId}'`,
    );
  const sweep = () => runOnce(sweepWorkersOperation(testStore.store, { intervalSeconds: 30, nameDays: 180 }));

  describe('the sweep for lost workers', () => {
    it('leaves the tasks of a worker that beats alone', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      await silence(worker.id, 20);
      await sweep();
      expect(await testStore.task(task.id)).toMatchObject({ status: 'RUNNING', workerId: worker.id });
    });

    it('gives a task back that was only claimed, without counting it', async () => {
      const { task, worker } = await testStore.taskIn('CLAIMED');
      await silence(worker.id, 61);
      expect(await sweep()).toMatchObject({ released: 1, failed_attempts: 0 });
      expect(await testStore.task(task.id)).toMatchObject({
        status: 'PENDING',
        failures: 0,
        workerId: null,
        error: null,
      });
      const history = await testStore.history(task.id);
      expectLegalLog(history);
      expect(history.at(-1)).toMatchObject({ reason: 'WORKER_LOST', actor: '@system', workerId: worker.id });
    });

    it('counts a running attempt as failed and schedules the next one by the back-off', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING', { backoffSeconds: [100] });
      await silence(worker.id, 61);
      expect(await sweep()).toMatchObject({ released: 0, failed_attempts: 1 });
      const after = await testStore.task(task.id);
      expect(after).toMatchObject({
        status: 'PENDING',
        failures: 1,
        error: { code: 'WORKER_LOST', retryable: true },
      });
      expect(after.error?.message).toBe('Worker worker timed out');
      const [last] = (await testStore.history(task.id)).slice(-1);
      const delay = after.runAt.getTime() - (last?.at.getTime() ?? 0);
      expect(delay).toBeGreaterThanOrEqual(89_000);
      expect(delay).toBeLessThanOrEqual(111_000);
    });

    it('makes a dead letter of a task whose last attempt was lost', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING', { maxAttempts: 1 });
      await silence(worker.id, 61);
      await sweep();
      expect(await testStore.task(task.id)).toMatchObject({ status: 'FAILED', failures: 1 });
      expectLegalLog(await testStore.history(task.id));
    });

    it('rescues what a worker holds that is gone altogether', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      await testStore.db.script(`DELETE FROM worker WHERE id = '${worker.id}'`);
      await sweep();
      expect(await testStore.task(task.id)).toMatchObject({ status: 'PENDING', failures: 1 });
    });

    it('refuses everything from a worker that comes back, and tells it to stop', async () => {
      const { task, worker, held } = await testStore.taskIn('RUNNING', { backoffSeconds: [0] });
      await silence(worker.id, 61);
      await sweep();
      const error = { message: 'late', code: null, retryable: true, context: null };
      expect(await testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result: 1 })).toMatchObject({
        kind: 'refused',
      });
      expect(await testStore.store.failTask({ ...held, error })).toMatchObject({ kind: 'refused' });
      expect(await testStore.store.reportProgress({ ...held, percent: 1, message: null })).toMatchObject({
        kind: 'refused',
      });
      expect(await testStore.store.releaseTask(held)).toMatchObject({ kind: 'refused' });
      expect(await testStore.store.beat(worker.id)).toMatchObject({
        stops: [{ taskId: task.id, attempt: 1, reason: 'Worker worker timed out' }],
      });
    });

    it('does nothing twice when several servers sweep at once', async () => {
      const situations = await Promise.all(Array.from({ length: 8 }, () => testStore.taskIn('RUNNING')));
      for (const { worker } of situations) await silence(worker.id, 61);
      const counts = await Promise.all([sweep(), sweep(), sweep(), sweep()]);
      expect(counts.reduce((sum, count) => sum + (count['failed_attempts'] ?? 0), 0)).toBe(8);
      for (const { task } of situations) {
        expect(await testStore.task(task.id)).toMatchObject({ version: 4, failures: 1 });
      }
    });

    it('forgets a worker that has been gone for a day', async () => {
      const { worker } = await testStore.taskIn('COMPLETED');
      await silence(worker.id, 86_401);
      expect(await sweep()).toMatchObject({ forgotten_workers: 1 });
      expect(await testStore.store.findWorkers([worker.id])).toEqual([]);
    });
  });

  describe('timeouts', () => {
    it('fail an attempt that runs longer than its job allows, and ask its worker to stop', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING', { timeoutSeconds: 60, maxAttempts: 2 });
      await ranFor(task.id, 2);
      expect(await timeOutTasksRoutine(testStore.store).runOnce()).toEqual({ retried: 0, dead_letters: 0 });
      await ranFor(task.id, 61);
      expect(await timeOutTasksRoutine(testStore.store).runOnce()).toEqual({ retried: 1, dead_letters: 0 });
      expect(await testStore.task(task.id)).toMatchObject({
        status: 'PENDING',
        failures: 1,
        error: { code: 'TIMED_OUT', message: 'The attempt ran longer than 60 seconds' },
      });
      expect((await testStore.history(task.id)).at(-1)).toMatchObject({
        reason: 'TIMED_OUT',
        actor: '@system',
      });
      expect(await testStore.store.findPendingStops(worker.id)).toMatchObject([{ taskId: task.id }]);
    });

    it('make a dead letter when no attempt is left', async () => {
      const { task } = await testStore.taskIn('RUNNING', { timeoutSeconds: 60, maxAttempts: 1 });
      await ranFor(task.id, 61);
      expect(await timeOutTasksRoutine(testStore.store).runOnce()).toEqual({ retried: 0, dead_letters: 1 });
      expect(await testStore.task(task.id)).toMatchObject({ status: 'FAILED' });
    });

    it('do not concern jobs without one', async () => {
      const { task } = await testStore.taskIn('RUNNING');
      await ranFor(task.id, 1_000_000);
      expect(await timeOutTasksRoutine(testStore.store).runOnce()).toEqual({ retried: 0, dead_letters: 0 });
    });
  });

  describe('claims whose answer was lost', () => {
    const claimedFor = (taskId: string, seconds: number) =>
      testStore.db.script(
        `UPDATE task SET claimed_at = now() - interval '${seconds} seconds' WHERE id = '${taskId}'`,
      );

    it('go back, uncounted, when the worker says that it does not know of them', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      await claimedFor(task.id, 31);
      expect(await testStore.store.releaseUnknown({ workerId: worker.id, attempts: [], ageSeconds: 0 })).toBe(
        1,
      );
      expect(await testStore.task(task.id)).toMatchObject({ status: 'PENDING', failures: 0 });
      expectLegalLog(await testStore.history(task.id));
    });

    it('stay while their answer may still be on its way', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      await claimedFor(task.id, 10);
      expect(await testStore.store.releaseUnknown({ workerId: worker.id, attempts: [], ageSeconds: 0 })).toBe(
        0,
      );
      expect(await testStore.task(task.id)).toMatchObject({ status: 'RUNNING' });
    });

    it('stay where the worker spoke before it can have known of them', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      await claimedFor(task.id, 31);
      const known = { workerId: worker.id, attempts: [], ageSeconds: 5 };
      expect(await testStore.store.releaseUnknown(known)).toBe(0);
      await claimedFor(task.id, 36);
      expect(await testStore.store.releaseUnknown(known)).toBe(1);
    });

    it('are told apart by their attempt from what the worker knows of', async () => {
      const { task, worker } = await testStore.taskIn('RUNNING');
      await claimedFor(task.id, 31);
      const known = { workerId: worker.id, attempts: [{ taskId: task.id, attempt: 1 }], ageSeconds: 0 };
      expect(await testStore.store.releaseUnknown(known)).toBe(0);
      expect(
        await testStore.store.releaseUnknown({ ...known, attempts: [{ taskId: task.id, attempt: 2 }] }),
      ).toBe(1);
    });
  });
});
