import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../../src/domain/task.ts';
import { newUuid } from '../../../../src/domain/typeid.ts';
import type { WorkerRow } from '../../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../../support/database.ts';
import { moveRunAt } from '../../../support/queue.ts';
import {
  createTestStore,
  expectLegalLog,
  failure,
  submissionOf,
  type TestStore,
} from '../../../support/test-store.ts';

const HOUR = 3_600_000;

describe.each(availableDatabases())('a claim on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const claim = (worker: WorkerRow, limit = 100, start = false) =>
    testStore.store.claimTasks({ workerId: worker.id, limit, start, actor: 'wim' });
  const ids = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => id);

  it('gives the task with its payload to the worker and changes nothing else', async () => {
    const { task, worker } = await testStore.taskIn('PENDING');
    const claimed = {
      ...{ ...task, status: 'CLAIMED', version: 2, attempt: 1, workerId: worker.id, lastWorkerId: worker.id },
      updatedAt: expect.any(Date),
    };
    expect(await claim(worker)).toEqual([claimed]);
    expect(await testStore.task(task.id)).toEqual(claimed);
    const [, transition, ...more] = await testStore.history(task.id);
    expect(more).toEqual([]);
    expect(transition).toMatchObject({
      ...{ version: 2, from: 'PENDING', to: 'CLAIMED', reason: 'CLAIMED', attempt: 1 },
      ...{ workerId: worker.id, actor: 'wim', error: null, note: null, room: task.room, jobId: task.jobId },
    });
  });

  it('that also starts makes both transitions, and publishes each with the task as it was then', async () => {
    const { task, worker } = await testStore.taskIn('PENDING');
    const [running] = await claim(worker, 1, true);
    expect(running).toEqual({
      ...{ ...task, status: 'RUNNING', version: 3, attempt: 1, workerId: worker.id, lastWorkerId: worker.id },
      ...{ startedAt: expect.any(Date), updatedAt: expect.any(Date) },
    });
    expect(await testStore.task(task.id)).toEqual(running);
    const history = await testStore.history(task.id);
    expectLegalLog(history);
    expect(history.slice(1)).toMatchObject([
      {
        version: 2,
        from: 'PENDING',
        to: 'CLAIMED',
        reason: 'CLAIMED',
        attempt: 1,
        workerId: worker.id,
        actor: 'wim',
      },
      {
        version: 3,
        from: 'CLAIMED',
        to: 'RUNNING',
        reason: 'STARTED',
        attempt: 1,
        workerId: worker.id,
        actor: 'wim',
      },
    ]);
    const [publication] = testStore.published.slice(-1);
    expect(publication).toMatchObject([
      { task: { id: task.id, status: 'CLAIMED', version: 2 }, transition: { version: 2, to: 'CLAIMED' } },
      { task: { id: task.id, status: 'RUNNING', version: 3 }, transition: { version: 3, to: 'RUNNING' } },
    ]);
  });

  it('begins the attempt anew: no progress, not started', async () => {
    const { task, worker, held } = await testStore.taskIn('RUNNING');
    await testStore.store.reportProgress({ ...held, percent: 70, message: 'nearly' });
    await testStore.store.releaseTask(held);
    expect(await claim(worker)).toMatchObject([
      { id: task.id, attempt: 2, progress: 0, progressMessage: null, startedAt: null },
    ]);
  });

  it('takes the highest priority first, then the oldest runAt, then the first submitted', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const now = Date.now();
    const wanted: [place: number, priority: number, runAt: number][] = [
      [5, 0, now - HOUR],
      [3, 5, now - HOUR],
      [7, -2_147_483_648, now - 9 * HOUR],
      [1, 2_147_483_647, now],
      [2, 5, now - 2 * HOUR],
      [4, 5, now - HOUR],
      [6, 0, now - HOUR],
    ];
    const results = await testStore.store.submitTasks(
      wanted.map(([place, priority, at]) =>
        submissionOf(job, { priority, runAt: new Date(at - HOUR), labels: { place: `${place}` } }),
      ),
    );
    expect(results.every((result) => result.kind === 'created')).toBe(true);
    const places = (tasks: readonly TaskRow[]) => tasks.map(({ labels }) => Number(labels['place']));
    // One by one, some together and in the order in which they should run; equals are told apart by their ids.
    expect(places(await claim(worker, 1))).toEqual([1]);
    expect(places(await claim(worker, 2, true))).toEqual([2, 3]);
    expect(places(await claim(worker, 1))).toEqual([4]);
    expect(places(await claim(worker, 1))).toEqual([5]);
    expect(places(await claim(worker, 2))).toEqual([6, 7]);
    expect(await claim(worker)).toEqual([]);
  });

  it('keeps the order across all jobs that the worker serves', async () => {
    const jobs = [await testStore.newJob(), await testStore.newJob(), await testStore.newJob()];
    const worker = await testStore.newWorker(...jobs);
    const all: TaskRow[] = [];
    for (let priority = 0; priority < 30; priority++) {
      const job = jobs[(priority * 7) % 3] as (typeof jobs)[number];
      all.unshift(await testStore.submit(job, { priority }));
    }
    expect(ids(await claim(worker, 12))).toEqual(ids(all.slice(0, 12)));
    expect(ids(await claim(worker, 100))).toEqual(ids(all.slice(12)));
  });

  it('takes no more than its limit, and all in one statement however many there are', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    await testStore.store.submitTasks(Array.from({ length: 300 }, () => submissionOf(job)));
    expect(await claim(worker, 7)).toHaveLength(7);
    const before = testStore.published.length;
    expect(await claim(worker, 250)).toHaveLength(250);
    expect(testStore.published).toHaveLength(before + 1);
    expect(await claim(worker, 100)).toHaveLength(43);
    expect(await claim(worker, 100)).toHaveLength(0);
  });

  it('leaves a task alone until its time has come', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const later = await testStore.submit(job, { priority: 9, runAt: new Date(Date.now() + HOUR) });
    const now = await testStore.submit(job, { runAt: new Date(Date.now() - HOUR) });
    expect(ids(await claim(worker))).toEqual([now.id]);
    expect(await testStore.task(later.id)).toMatchObject({ status: 'PENDING', version: 1, attempt: 0 });
    await testStore.db.script(moveRunAt('now()', `id = '${later.id}'`));
    expect(ids(await claim(worker))).toEqual([later.id]);
  });

  it('takes only tasks of jobs that the worker serves, from whichever room', async () => {
    const [served, other] = [await testStore.newJob(), await testStore.newJob()];
    const worker = await testStore.newWorker(served);
    await testStore.submit(other, { priority: 9 });
    const here = await testStore.submit(served);
    const elsewhere = await testStore.submit(served, { room: 'elsewhere' });
    expect(ids(await claim(worker))).toEqual([here.id, elsewhere.id]);
  });

  it('of a worker without jobs, that left, or that never was, takes nothing', async () => {
    const { task, job, worker } = await testStore.taskIn('PENDING');
    await testStore.store.deregisterWorker(worker.id, 'wim');
    expect(await claim(worker)).toEqual([]);
    expect(await claim({ ...worker, id: newUuid() })).toEqual([]);
    expect(await claim(await testStore.newWorker())).toEqual([]);
    expect(await testStore.task(task.id)).toEqual(task);
    expect(ids(await claim(await testStore.newWorker(job)))).toEqual([task.id]);
  });

  it('by many workers at the same time gives every attempt to one of them', async () => {
    const job = await testStore.newJob();
    const workers = await Promise.all(Array.from({ length: 10 }, () => testStore.newWorker(job)));
    await testStore.store.submitTasks(Array.from({ length: 100 }, () => submissionOf(job)));
    const claimed = await Promise.all(workers.map((worker) => claim(worker, 15)));
    const taken = claimed.flat();
    expect(new Set(ids(taken)).size).toBe(taken.length);
    expect(taken).toHaveLength(100);
    claimed.forEach((tasks, index) => {
      for (const { workerId } of tasks) expect(workerId).toBe(workers[index]?.id);
    });
  });

  it('after a failed attempt numbers the next one and keeps the count of failures', async () => {
    const { task, worker, held } = await testStore.taskIn('RUNNING', { backoffSeconds: [0] });
    await testStore.store.failTask({ ...held, error: failure(true) });
    expect(await claim(worker)).toMatchObject([
      { id: task.id, attempt: 2, failures: 1, version: 5, error: failure(true) },
    ]);
  });
});
