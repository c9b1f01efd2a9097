/** What estimates are made from, as the database says it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimate } from '../../src/domain/estimates/estimate.ts';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { Database } from '../../src/store/database/database.ts';
import { findEstimateFacts } from '../../src/store/estimates/find-estimate-facts.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import type { WorkerRow } from '../../src/store/workers/workers.ts';
import { availableDatabases } from '../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../support/test-store.ts';

const HOUR = 3_600_000;

describe.each(availableDatabases())('facts for estimates on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const facts = async (id: string) => {
    const found = (await findEstimateFacts(testStore.db, [id], 60)).get(id);
    if (!found) throw new Error('There are no facts');
    return found;
  };
  const claim = (worker: WorkerRow, limit = 1) =>
    testStore.store.claimTasks({ workerId: worker.id, limit, start: true, actor: 'wim' });
  const limit = (more: Partial<JobLimit>): JobLimit => ({
    ...{ name: 'few', scope: 'JOB', keyPointer: null, maxRunning: null, rate: null, ...more },
  });

  it('count slots of living workers, what they hold, and what comes before', async () => {
    const job = await testStore.newJob();
    const workers = [await testStore.newWorker(job), await testStore.newWorker(job)];
    const first = await testStore.submit(job);
    const [held] = await claim(workers[0] as WorkerRow);
    expect(held?.id).toBe(first.id);
    await testStore.submit(job);
    const task = await testStore.submit(job);
    await testStore.submit(job, { priority: 1 });
    expect(await facts(task.id)).toMatchObject({
      ...{ status: 'PENDING', heldFor: null, isPaused: false, before: 2, limits: [] },
      workers: { slots: 8, held: [{ jobId: job.id }], ahead: [{ jobId: job.id, count: 2 }], coming: [] },
    });
    expect(await facts(first.id)).toMatchObject({ status: 'RUNNING', heldFor: expect.any(Number) });
    await testStore.store.drainWorker((workers[1] as WorkerRow).id, 'ann');
    expect((await facts(task.id)).workers.slots).toBe(4);
  });

  it('know of delayed tasks which will come before it, and when', async () => {
    const job = await testStore.newJob();
    const runAt = new Date(Date.now() + HOUR);
    const task = await testStore.submit(job, { runAt });
    await testStore.submit(job, { runAt: new Date(Date.now() + HOUR / 2) });
    await testStore.submit(job, { runAt: new Date(Date.now() + 2 * HOUR), priority: 9 });
    await testStore.submit(job, { runAt: new Date(Date.now() + HOUR / 2), priority: -1 });
    const { dueIn, workers } = await facts(task.id);
    expect(dueIn).toBeGreaterThan(3_500);
    expect(workers.coming).toEqual([expect.closeTo(1_800, -2)]);
    const now = await testStore.submit(job);
    expect((await facts(now.id)).workers.coming).toEqual([expect.closeTo(7_200, -2)]);
  });

  it('know the slots and tokens of its limits, and who waits for the same key', async () => {
    const job = await testStore.newJob({
      limits: [
        limit({ scope: 'KEY', maxRunning: 1 }),
        limit({ name: 'all', rate: { count: 5, perSeconds: 3_600 } }),
      ],
    });
    const worker = await testStore.newWorker(job);
    for (const limitKey of ['k', 'k', 'other', 'k']) await testStore.submit(job, { limitKey });
    expect(await claim(worker, 3)).toHaveLength(2);
    const task = await testStore.submit(job, { limitKey: 'k' });
    const { limits, before } = await facts(task.id);
    // Two of its key wait: they have met the gate, or not.
    expect(limits).toMatchObject([
      { kind: 'slots', lane: { slots: 1, held: [{ jobId: job.id }], ahead: [{ count: 2 }] } },
      { kind: 'rate', rate: { count: 5, perSeconds: 3_600 } },
    ]);
    expect(before).toBeLessThanOrEqual(2);
  });

  it('share the slots with other jobs of the workers, as far as these are theirs', async () => {
    const [job, other] = [await testStore.newJob(), await testStore.newJob()];
    await testStore.newWorker(job, other);
    await testStore.newWorker(other);
    for (let n = 0; n < 4; n++) await testStore.submit(other);
    const task = await testStore.submit(job);
    expect((await facts(task.id)).workers.ahead).toEqual([
      { jobId: job.id, count: 0 },
      { jobId: other.id, count: 2 },
    ]);
  });

  it('learn how long attempts took from the shortest time that saw enough, in whatever room', async () => {
    const job = await testStore.newJob();
    await ran(job, 'a', [['HOUR', '3 hours', 44, 60]]);
    await ran(job, 'b', [
      ['MINUTE', '10 minutes', 40, 5],
      ['HOUR', '10 minutes', 40, 50],
      ['DAY', '3 days', 60, 500],
    ]);
    const task = await testStore.submit(job);
    const { runs, historySeconds } = await facts(task.id);
    expect(historySeconds).toBe(86_400);
    expect(runs.get(job.id)).toEqual({
      runs: 110,
      cells: [
        [40, 50],
        [44, 60],
      ],
    });
  });

  async function ran(job: JobRow, room: string, rows: [string, string, number, number][]) {
    for (const [grain, ago, cell, count] of rows)
      await testStore.db.script(`INSERT INTO statistic (grain, at, room, job_id, measure, cell, count)
        VALUES ('${grain}', now() - interval '${ago}', '${room}', '${job.id}', 'RUN', ${cell}, ${count})`);
  }

  it('are read by as many statements for many tasks as for one', async () => {
    const [job, other] = [await testStore.newJob(), await testStore.newJob()];
    await testStore.newWorker(job, other);
    const results = await testStore.store.submitTasks(
      Array.from({ length: 100 }, (_, n) => submissionOf(n % 2 ? job : other)),
    );
    const ids = results.flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : []));
    const counted = async (some: string[]) => {
      let statements = 0;
      const counting: Database = {
        ...testStore.db,
        query: (...query) => {
          statements++;
          return testStore.db.query(...query);
        },
      };
      const found = await findEstimateFacts(counting, some, 60);
      expect(found.size).toBe(some.length);
      return statements;
    };
    expect(await counted(ids)).toBe(await counted(ids.slice(0, 1)));
    expect(await counted(ids)).toBeLessThanOrEqual(8);
  });

  it('let an estimate follow its task through its life', async () => {
    const job = await testStore.newJob();
    await ran(job, job.room, [['MINUTE', '1 minute', 48, 200]]);
    const worker = await testStore.newWorker(job);
    await testStore.store.submitTasks(Array.from({ length: 4 }, () => submissionOf(job)));
    await claim(worker, 4);
    const task = await testStore.submit(job);
    const now = async () => estimate(await facts(task.id));
    const waiting = await now();
    expect(waiting?.start?.p50).toBeGreaterThan(2);
    expect(waiting?.end?.p50).toBeGreaterThan(waiting?.start?.p90 ?? 0);
    await testStore.store.pauseJob({ jobId: job.id, room: job.room, actor: 'ann' }, null);
    expect(await now()).toMatchObject({ start: null, end: null, unknown: 'PAUSED' });
    await testStore.store.cancelTask({ taskId: task.id, actor: 'ann', note: null });
    expect(await now()).toBeNull();
  });
});
