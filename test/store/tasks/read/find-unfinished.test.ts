import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findUnfinished } from '../../../../src/store/tasks/read/find-unfinished.ts';
import { availableDatabases } from '../../../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../../../support/test-store.ts';

describe.each(availableDatabases())('where open tasks are, on %s', (kind) => {
  let testStore: TestStore;
  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  it('is told one by one while they are few', async () => {
    const pending = await testStore.taskIn('PENDING');
    const claimed = await testStore.taskIn('CLAIMED');
    const running = await testStore.taskIn('RUNNING');
    for (const status of ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED', 'WAITING'] as const)
      await testStore.taskIn(status);
    const find = async (
      ...args: Parameters<typeof findUnfinished> extends [unknown, ...infer Rest] ? Rest : never
    ) => {
      const open = await findUnfinished(testStore.db, ...args);
      return 'ids' in open ? open.ids.sort() : open;
    };
    expect(await find(['PENDING'], null)).toEqual([pending.task.id]);
    expect(await find(['RUNNING'], null)).toEqual([claimed.task.id, running.task.id].sort());
    expect(await find(['PENDING', 'CLAIMED'], null)).toHaveLength(3);
    expect(await find(['RUNNING'], running.task.room)).toContain(running.task.id);
    expect(await find(['PENDING', 'RUNNING'], 'nowhere')).toEqual([]);
  });

  it('is told by the first and the last id when they are many', async () => {
    const job = await testStore.newJob();
    const results = await testStore.store.submitTasks(Array.from({ length: 501 }, () => submissionOf(job)));
    const ids = results
      .flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : []))
      .sort();
    expect(await findUnfinished(testStore.db, ['PENDING'], job.room)).toEqual({
      first: ids[0],
      last: ids.at(-1),
    });
    const worker = await testStore.newWorker(job);
    await testStore.store.claimTasks({ workerId: worker.id, limit: 1, start: false, actor: 'wim' });
    expect(await findUnfinished(testStore.db, ['PENDING', 'CLAIMED'], job.room)).toEqual({
      first: ids[0],
      last: ids.at(-1),
    });
  });
});
