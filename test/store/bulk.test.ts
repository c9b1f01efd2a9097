/** Runs over many tasks by several servers at once, some of which are gone before they have said so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_STATUSES } from '../../src/domain/task.ts';
import { createStore } from '../../src/store/store.ts';
import { availableDatabases } from '../support/database.ts';
import { findHanging } from '../support/dependencies.ts';
import { findMisplaced } from '../support/queue.ts';
import { createTestStore, submissionOf, type TestStore } from '../support/test-store.ts';

const TASKS = 2_000;

describe.each(availableDatabases())('a run over many tasks on %s', (kind) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await createTestStore(kind);
  });
  afterAll(() => test?.close());

  async function plan(count: number) {
    const job = await test.newJob();
    const taskIds: string[] = [];
    for (let n = 0; n < count; n += 1_000) {
      const results = await test.store.submitTasks(Array.from({ length: 1_000 }, () => submissionOf(job)));
      for (const result of results) if (result.kind === 'created') taskIds.push(result.change.task.id);
    }
    const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as never;
    return test.store.createPlan({
      ...{ action: 'CANCEL', note: null, matching: count, atLeast: false, byStatus, sample: [] },
      ...{ createdBy: 'ann', taskIds },
    });
  }

  it('changes each task once, whoever takes which part, and counts what it has changed', async () => {
    const { id } = await plan(TASKS);
    await test.store.beginRun(id);
    const cancelled: string[] = [];
    const onCommit = (changes: readonly { task: { id: string } }[]) => {
      cancelled.push(...changes.map(({ task }) => task.id));
    };
    const servers = [1, 2, 3].map(() => createStore(test.db, { onCommit, workerTimeoutSeconds: 60 }));
    const work = async (store: (typeof servers)[number]) => {
      while ((await test.store.findBulk(id))?.status === 'RUNNING') await store.stepRun();
    };
    await Promise.all(servers.map(work));
    expect(await test.store.findBulk(id)).toMatchObject({ status: 'COMPLETED', done: TASKS, refused: 0 });
    expect(new Set(cancelled).size).toBe(TASKS);
    expect(cancelled).toHaveLength(TASKS);
  });

  it('cancels a graph of which some run, whoever is first at a task: the run, or the end of its parent', async () => {
    const limit = { name: 'some', scope: 'JOB', keyPointer: null, maxRunning: 20, rate: null } as const;
    const job = await test.newJob({ limits: [limit] });
    const worker = await test.newWorker(job);
    const on = (parent: string, runsOnFailure: boolean) => ({ dependsOn: [{ parent, runsOnFailure }] });
    const submit = async (details: Parameters<typeof submissionOf>[1][]) => {
      const results = await test.store.submitTasks(details.map((detail) => submissionOf(job, detail)));
      return results.flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : []));
    };
    const roots = await submit(Array.from({ length: 300 }, () => ({})));
    const children = await submit(roots.map((root, n) => on(root, n % 3 === 0)));
    const grandchildren = await submit(children.map((child) => on(child, false)));
    const claim = { workerId: worker.id, limit: 20, start: true, actor: 'wim' };
    expect(await test.store.claimTasks(claim)).toHaveLength(20);
    // In another order than that of the graph: parts meet each other's tasks.
    const taskIds = [...roots, ...children, ...grandchildren].map((id, n) => ({ id, at: (n * 7_919) % 900 }));
    taskIds.sort((a, b) => a.at - b.at);
    const { id } = await test.store.createPlan({
      ...{ action: 'CANCEL', note: null, matching: 900, atLeast: false, sample: [], createdBy: 'ann' },
      byStatus: Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as never,
      taskIds: taskIds.map((task) => task.id),
    });
    await test.store.beginRun(id);
    const servers = [1, 2, 3].map(() =>
      createStore(test.db, { onCommit: () => {}, workerTimeoutSeconds: 60 }),
    );
    await Promise.all(
      servers.map(async (store) => {
        while ((await test.store.findBulk(id))?.status === 'RUNNING') await store.stepRun();
      }),
    );
    const ended = await test.store.findBulk(id);
    expect((ended?.done ?? 0) + (ended?.refused ?? 0)).toBe(900);
    const tasks = await test.store.findTasks(taskIds.map((task) => task.id));
    expect(new Set(tasks.map(({ status }) => status))).toEqual(new Set(['CANCELLED']));
    expect(await findHanging(test.db)).toEqual([]);
    expect(await findMisplaced(test.db)).toEqual([]);
    const [next] = await submit([{}]);
    expect((await test.store.claimTasks(claim)).map((task) => task.id)).toEqual([next]);
  });

  it('is gone on with by another server, from the end of the last part that was committed', async () => {
    const { id } = await plan(1_000);
    await test.store.beginRun(id);
    const first = await test.store.stepRun();
    expect(first?.run).toMatchObject({ status: 'RUNNING', done: 250 });
    // A server that dies within a part takes back what it did: nothing of it is there.
    const dying = createStore(
      {
        ...test.db,
        transaction: (run) =>
          test.db.transaction(async (session) => {
            await run(session);
            throw new Error('killed');
          }),
      },
      { onCommit: () => {}, workerTimeoutSeconds: 60 },
    );
    await expect(dying.stepRun()).rejects.toThrow('killed');
    expect(await test.store.findBulk(id)).toMatchObject({ status: 'RUNNING', done: 250 });
    for (let step = await test.store.stepRun(); step; step = await test.store.stepRun());
    expect(await test.store.findBulk(id)).toMatchObject({ status: 'COMPLETED', done: 1_000, refused: 0 });
  });

  it('does nothing of a plan without tasks, and stays ended', async () => {
    const { id } = await plan(0);
    expect(await test.store.beginRun(id)).toMatchObject({ status: 'RUNNING' });
    await test.store.stepRun();
    expect(await test.store.findBulk(id)).toMatchObject({ status: 'COMPLETED', done: 0, refused: 0 });
    expect(await test.store.stopRun(id)).toMatchObject({ status: 'COMPLETED' });
    expect(await test.store.beginRun(id)).toMatchObject({ status: 'COMPLETED' });
  });
});
