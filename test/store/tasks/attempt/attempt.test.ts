/** What the worker that holds an attempt can do: start, report progress, complete, release. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../../../src/domain/task.ts';
import { reportProgress } from '../../../../src/store/tasks/attempt/report-progress.ts';
import { startTasks } from '../../../../src/store/tasks/attempt/start.ts';
import { availableDatabases } from '../../../support/database.ts';
import { changed, createTestStore, expectLegalLog, type TestStore } from '../../../support/test-store.ts';

describe.each(availableDatabases())('on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  describe('starting', () => {
    it('makes the claimed task run and changes nothing else', async () => {
      const { task, held } = await testStore.taskIn('CLAIMED');
      const change = changed(await testStore.store.startTask(held));
      const running = await testStore.task(task.id);
      expect({ ...running, ...change.task }).toEqual(running);
      expect({ ...task, ...running }).toEqual({
        ...{ ...task, status: 'RUNNING', version: 3 },
        ...{ startedAt: expect.any(Date), updatedAt: change.transition.at },
      });
      expect(change.transition).toEqual((await testStore.history(task.id))[2]);
      expect(change.transition).toMatchObject({
        ...{
          version: 3,
          from: 'CLAIMED',
          to: 'RUNNING',
          reason: 'STARTED',
          attempt: 1,
          error: null,
          note: null,
        },
        ...{ workerId: held.workerId, actor: 'wim' },
      });
      expect(change.task.startedAt).toEqual(change.transition.at);
    });

    it('is done once when it is asked twice at the same time', async () => {
      const { task, held } = await testStore.taskIn('CLAIMED');
      const results = await Promise.all([testStore.store.startTask(held), testStore.store.startTask(held)]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused']);
      expect(await testStore.history(task.id)).toHaveLength(3);
    });

    it('answers each of many in the order in which they were given, whatever their ids', async () => {
      const situations = await Promise.all(Array.from({ length: 20 }, () => testStore.taskIn('CLAIMED')));
      const items = situations.map(({ held }) => held).sort((a, b) => (a.taskId < b.taskId ? 1 : -1));
      items.splice(5, 0, { ...(items[3] as (typeof items)[number]), attempt: 9 });
      const changes = await startTasks(testStore.db, items);
      expect(changes.map((change) => change?.task.id ?? null)).toEqual(
        items.map(({ taskId, attempt }) => (attempt === 1 ? taskId : null)),
      );
    });
  });

  describe('progress', () => {
    it('is kept with its message, in any direction, without a version and without a log row', async () => {
      const { task, held } = await testStore.taskIn('RUNNING');
      for (const [percent, message] of [
        [0, null],
        [99.5, 'file 7 – "ü"'],
        [12.25, ''],
        [100, 'all'],
      ] as const) {
        const before = testStore.published.length;
        const change = changed(await testStore.store.reportProgress({ ...held, percent, message }));
        expect(change).toMatchObject({ kind: 'progress', percent, message, at: expect.any(Date) });
        const now = await testStore.task(task.id);
        expect(now).toEqual({ ...task, progress: percent, progressMessage: message });
        expect({ ...now, ...change.task }).toEqual(now);
        expect(testStore.published.slice(before)).toEqual([[change]]);
      }
      expect(await testStore.history(task.id)).toHaveLength(3);
    });

    it('reported several times at once is written once, the latest, and all are answered', async () => {
      const { task, held } = await testStore.taskIn('RUNNING');
      const other = await testStore.taskIn('RUNNING');
      const before = testStore.published.length;
      const results = await Promise.all(
        [10, 30, 20].map((percent) =>
          testStore.store.reportProgress({ ...held, percent, message: `${percent}` }),
        ),
      );
      expect(results.map((result) => changed(result).percent)).toEqual([20, 20, 20]);
      expect((await testStore.task(task.id)).progress).toBe(20);
      expect(testStore.published).toHaveLength(before + 1);
      const [mine, stale] = await reportProgress(testStore.db, [
        { ...other.held, percent: 1, message: null },
        { ...other.held, attempt: 2, percent: 2, message: null },
      ]);
      expect([mine?.percent, stale]).toEqual([1, null]);
    });

    it('beyond 0 to 100 is refused by the database, alone among those that were sent with it', async () => {
      const [one, two] = [await testStore.taskIn('RUNNING'), await testStore.taskIn('RUNNING')];
      const [good, bad] = await Promise.allSettled([
        testStore.store.reportProgress({ ...one.held, percent: 50, message: null }),
        testStore.store.reportProgress({ ...two.held, percent: 101, message: null }),
      ]);
      expect(good).toMatchObject({ status: 'fulfilled', value: { kind: 'changed' } });
      expect(bad).toMatchObject({ status: 'rejected', reason: { code: '23514' } });
      expect((await testStore.task(two.task.id)).progress).toBe(0);
    });
  });

  describe('completing', () => {
    it.each([
      ['COMPLETED', 100],
      ['PARTIAL', 40],
    ] as const)(
      'to %s keeps the result, sets progress to %d and lets the worker go',
      async (outcome, progress) => {
        const { task, held } = await testStore.taskIn('RUNNING');
        await testStore.store.reportProgress({ ...held, percent: 40, message: 'so far' });
        const result = { rows: [1, 'ü', null], nested: { ok: true } };
        const change = changed(await testStore.store.completeTask({ ...held, outcome, result }));
        const completed = await testStore.task(task.id);
        expect(completed).toEqual({
          ...{
            ...task,
            status: outcome,
            version: 4,
            workerId: null,
            progress,
            progressMessage: 'so far',
            result,
          },
          ...{ finishedAt: change.transition.at, updatedAt: change.transition.at },
        });
        expect({ ...completed, ...change.task }).toEqual(completed);
        expect(change.transition).toEqual((await testStore.history(task.id))[3]);
        expect(change.transition).toMatchObject({
          ...{
            version: 4,
            from: 'RUNNING',
            to: outcome,
            reason: 'COMPLETED',
            attempt: 1,
            error: null,
            note: null,
          },
          ...{ workerId: held.workerId, actor: 'wim' },
        });
      },
    );

    it.each([[undefined], [null], [0], [''], [false], [[]], ['"quoted" \\ text']])(
      'with the result %j gives it back',
      async (result) => {
        const { task, held } = await testStore.taskIn('RUNNING');
        changed(await testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result }));
        expect((await testStore.task(task.id)).result).toEqual(result ?? null);
      },
    );

    it('after an attempt that failed clears the error, and the log still has it', async () => {
      const { task, worker, held } = await testStore.taskIn('RUNNING', { backoffSeconds: [0] });
      const error = { message: 'first', code: null, retryable: true, context: null };
      changed(await testStore.store.failTask({ ...held, error }));
      await testStore.store.claimTasks({ workerId: worker.id, limit: 1, start: true, actor: 'wim' });
      changed(await testStore.store.completeTask({ ...held, attempt: 2, outcome: 'COMPLETED', result: 1 }));
      expect(await testStore.task(task.id)).toMatchObject({
        error: null,
        failures: 1,
        attempt: 2,
        version: 7,
      });
      const history = await testStore.history(task.id);
      expectLegalLog(history);
      expect(history.map((transition) => transition.error)).toEqual([
        null,
        null,
        null,
        { ...error, fingerprint: expect.any(String) },
        null,
        null,
        null,
      ]);
    });

    it('many at once, each with its own result and outcome, is one publication', async () => {
      const situations = await Promise.all(Array.from({ length: 12 }, () => testStore.taskIn('RUNNING')));
      const before = testStore.published.length;
      const outcomeOf = (index: number) => (index % 3 === 0 ? ('PARTIAL' as const) : ('COMPLETED' as const));
      await Promise.all(
        situations.map(({ held }, index) =>
          testStore.store.completeTask({ ...held, outcome: outcomeOf(index), result: { index } }),
        ),
      );
      for (const [index, { task }] of situations.entries()) {
        expect(await testStore.task(task.id)).toMatchObject({ status: outcomeOf(index), result: { index } });
      }
      expect(testStore.published).toHaveLength(before + 1);
    });
  });

  describe('releasing', () => {
    it.each([
      ['CLAIMED', 3],
      ['RUNNING', 4],
    ] as [TaskStatus, number][])(
      'a %s task gives it back uncounted, due as before',
      async (status, version) => {
        const { task, held } = await testStore.taskIn(status);
        const change = changed(await testStore.store.releaseTask(held));
        const pending = await testStore.task(task.id);
        expect(pending).toEqual({
          ...{ ...task, status: 'PENDING', version, workerId: null },
          updatedAt: change.transition.at,
        });
        expect(pending).toMatchObject({ attempt: 1, failures: 0 });
        expect({ ...pending, ...change.task }).toEqual(pending);
        expect(change.transition).toMatchObject({
          ...{
            version,
            from: status,
            to: 'PENDING',
            reason: 'RELEASED',
            attempt: 1,
            workerId: held.workerId,
          },
          ...{ actor: 'wim', error: null, note: null },
        });
      },
    );

    it('keeps it from every claim until the delay has passed', async () => {
      const { task, job, held } = await testStore.taskIn('RUNNING');
      const { transition } = changed(await testStore.store.releaseTask({ ...held, delaySeconds: 60 }));
      const pending = await testStore.task(task.id);
      expect(pending).toMatchObject({ status: 'PENDING', failures: 0 });
      expect(pending.runAt.getTime() - transition.at.getTime()).toBeCloseTo(60_000, -2);
      const next = await testStore.newWorker(job);
      const claim = { workerId: next.id, limit: 1, start: false, actor: 'wim' };
      expect(await testStore.store.claimTasks(claim)).toEqual([]);
      const update = { version: null, priority: null, labels: null, note: null };
      changed(await testStore.store.updateTask({ taskId: task.id, actor: 'wim', runAt: 'now', ...update }));
      expect(await testStore.store.claimTasks(claim)).toMatchObject([{ id: task.id, attempt: 2 }]);
    });

    it('lets the next worker claim it at once, under the next attempt', async () => {
      const { task, job, held } = await testStore.taskIn('RUNNING');
      changed(await testStore.store.releaseTask(held));
      const next = await testStore.newWorker(job);
      const claimed = await testStore.store.claimTasks({
        workerId: next.id,
        limit: 1,
        start: false,
        actor: 'wim',
      });
      expect(claimed).toMatchObject([{ id: task.id, attempt: 2, failures: 0, workerId: next.id }]);
    });
  });
});
