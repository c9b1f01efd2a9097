/** Runs over many tasks by several servers at once, some of which are gone before they have said so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_STATUSES } from '../../src/domain/task.ts';
import { createStore } from '../../src/store/store.ts';
import { availableDatabases } from '../support/database.ts';
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
