/** What the metrics say of tasks that wait: for others, for a limit, for the end of a pause. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availableDatabases } from '../../../support/database.ts';
import { changed, createTestStore, type TestStore } from '../../../support/test-store.ts';

describe.each(availableDatabases())('the measures of the queue on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const measure = async (fullName: string) => {
    const { jobs, limits } = await testStore.store.measureQueue();
    return {
      ...jobs.find(({ job }) => job === fullName),
      limits: limits.filter(({ job }) => job === fullName),
    };
  };
  const age = (id: string, column: string) =>
    testStore.db.script(`UPDATE task SET ${column} = now() - interval '1 hour' WHERE id = '${id}'`);

  it('say how long the oldest task has waited for others', async () => {
    const job = await testStore.newJob();
    const parent = await testStore.submit(job);
    const dependsOn = [{ parent: parent.id, runsOnFailure: false }];
    for (const _ of [1, 2]) await testStore.submit(job, { dependsOn });
    const oldest = await testStore.submit(job, { dependsOn });
    await age(oldest.id, 'created_at');
    const measured = await measure(job.fullName);
    expect(measured).toMatchObject({ waiting: 3, due: 1 });
    expect(measured.waitingSeconds).toBeGreaterThanOrEqual(3_600);
    changed(await testStore.store.cancelTask({ taskId: parent.id, actor: 'ann', note: null }));
    expect((await measure(job.fullName)).waitingSeconds ?? 0).toBe(0);
  });

  it('count what waits for limits, what they use, and what is paused', async () => {
    const one = { scope: 'KEY', keyPointer: null, maxRunning: null, rate: null } as const;
    const job = await testStore.newJob({
      limits: [
        { ...one, name: 'slots', maxRunning: 2 },
        { ...one, name: 'rate', scope: 'JOB', rate: { count: 10, perSeconds: 3_600 } },
      ],
    });
    const worker = await testStore.newWorker(job);
    for (let n = 0; n < 3; n++) await testStore.submit(job, { limitKey: 'a' });
    await testStore.submit(job, { room: 'away' });
    await testStore.store.pauseJob({ jobId: job.id, room: 'away', actor: 'ann' }, null);
    const claim = { workerId: worker.id, limit: 10, start: true, actor: 'wim' };
    expect(await testStore.store.claimTasks(claim)).toHaveLength(2);
    const measured = await measure(job.fullName);
    expect(measured).toMatchObject({
      ...{ running: 2, due: 2, limited: 1, paused: 1 },
      limits: [
        { limit: 'rate', running: null, tokensLeft: 8 },
        { limit: 'slots', running: 2, tokensLeft: null },
      ],
    });
    expect(measured.limitedSeconds).toBeLessThan(60);
    expect(measured.pausedSeconds).toBeLessThan(60);
  });
});
