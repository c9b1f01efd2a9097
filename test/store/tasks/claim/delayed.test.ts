/** Delayed tasks: they cost a claim nothing before their time, and are taken in order, once each, when it has come. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../../src/domain/task.ts';
import type { DatabaseSession, Statement } from '../../../../src/store/database/database.ts';
import { claimTasks } from '../../../../src/store/tasks/claim/claim.ts';
import type { WorkerRow } from '../../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../../support/database.ts';
import { findMisplaced, moveRunAt } from '../../../support/queue.ts';
import { createTestStore, submissionOf, type TestStore } from '../../../support/test-store.ts';

const HOUR = 3_600_000;

describe.each(availableDatabases())('delayed tasks on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const claim = (worker: WorkerRow, limit = 1_000) =>
    testStore.store.claimTasks({ workerId: worker.id, limit, start: true, actor: 'wim' });
  const ids = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => id);
  const inAnHour = () => new Date(Date.now() + HOUR);

  /** Pages that the statement of a claim of one has touched, while nothing can be claimed. */
  async function pagesOfClaim(worker: WorkerRow): Promise<number> {
    const explaining: DatabaseSession = {
      ...testStore.db,
      async query<Row>({ name, text }: Statement, parameters?: readonly unknown[]): Promise<Row[]> {
        const explained = {
          name: `explain_${name}`,
          text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        };
        const [row] = await testStore.db.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
          explained,
          parameters,
        );
        const plan = row?.['QUERY PLAN'][0]?.Plan ?? {};
        pages = Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']);
        return [];
      },
    };
    let pages = Number.NaN;
    await claimTasks(explaining, { workerId: worker.id, limit: 1, start: true, actor: 'wim' });
    return pages;
  }

  it('of a higher priority cost a claim no pages, however many they are', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    await testStore.db.script('ANALYZE task_queue');
    const before = await pagesOfClaim(worker);
    for (let n = 0; n < 5; n++) {
      const delayed = Array.from({ length: 1_000 }, () =>
        submissionOf(job, { priority: 9, runAt: inAnHour() }),
      );
      await testStore.store.submitTasks(delayed);
    }
    await testStore.db.script('ANALYZE task_queue');
    expect(await pagesOfClaim(worker)).toBeLessThan(before + 20);
  });

  it('make no claim look through what waits for other jobs', async () => {
    const [job, other] = [await testStore.newJob(), await testStore.newJob()];
    const worker = await testStore.newWorker(job);
    await testStore.store.submitTasks(
      Array.from({ length: 1_000 }, () => submissionOf(job, { runAt: inAnHour() })),
    );
    // The planner sees that hardly anything is due.
    await testStore.db.script('ANALYZE task_queue');
    const before = await pagesOfClaim(worker);
    for (let n = 0; n < 3; n++)
      await testStore.store.submitTasks(Array.from({ length: 1_000 }, () => submissionOf(other)));
    expect(await pagesOfClaim(worker)).toBeLessThan(before + 20);
  });

  it('are found as work from the moment of their time on, and not before', async () => {
    const job = await testStore.newJob();
    const task = await testStore.submit(job, { runAt: inAnHour() });
    expect(await testStore.store.findJobsWithWork([job.id])).toEqual([]);
    await testStore.db.script(moveRunAt('now()', `id = '${task.id}'`));
    expect(await testStore.store.findJobsWithWork([job.id])).toEqual([job.id]);
  });

  it('take their place by priority among what is due', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const [low, high] = [
      await testStore.submit(job, { priority: 1 }),
      await testStore.submit(job, { priority: 5 }),
    ];
    const delayed = await testStore.submit(job, { priority: 3, runAt: inAnHour() });
    await testStore.db.script(moveRunAt('now()', `id = '${delayed.id}'`));
    expect(ids(await claim(worker, 1))).toEqual([high.id]);
    // The first claim has moved it into the order.
    expect(await findMisplaced(testStore.db)).toEqual([]);
    expect(ids(await claim(worker, 1))).toEqual([delayed.id]);
    expect(ids(await claim(worker, 1))).toEqual([low.id]);
  });

  it('that become due by the thousand go to many workers at once, each to one of them', async () => {
    const job = await testStore.newJob();
    const workers = await Promise.all(Array.from({ length: 4 }, () => testStore.newWorker(job)));
    const submitted = await testStore.store.submitTasks(
      Array.from({ length: 1_500 }, () => submissionOf(job, { runAt: inAnHour() })),
    );
    await testStore.db.script(moveRunAt('now()', `job_id = '${job.id}'`));
    const taken: TaskRow[] = [];
    const work = async (worker: WorkerRow) => {
      for (let found = await claim(worker, 90); found.length > 0; found = await claim(worker, 90))
        taken.push(...found);
    };
    await Promise.all(workers.map(work));
    // What others were moving in the moment of the last claims is in the order now.
    for (const worker of workers) await work(worker);
    expect(new Set(ids(taken)).size).toBe(taken.length);
    expect(taken).toHaveLength(submitted.length);
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });

  it('leave nothing behind in the queue when they are cancelled while claims move them', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const tasks = await Promise.all(
      Array.from({ length: 60 }, () => testStore.submit(job, { runAt: inAnHour() })),
    );
    await testStore.db.script(moveRunAt('now()', `job_id = '${job.id}'`));
    const cancels = tasks.map(({ id }) =>
      testStore.store.cancelTask({ taskId: id, actor: 'ann', note: null }),
    );
    const claims = Array.from({ length: 8 }, () => claim(worker, 1));
    await Promise.all([...cancels, ...claims]);
    await claim(worker);
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });
});
