import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../../../src/store/database/postgres.ts';
import { createStore } from '../../../../src/store/store.ts';
import { claimTasks } from '../../../../src/store/tasks/claim/claim.ts';
import { type SubmitResult, submitTasks } from '../../../../src/store/tasks/submit/submit.ts';
import { availableDatabases } from '../../../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../../../support/test-store.ts';

const idOf = (result: SubmitResult) =>
  result.kind === 'created' ? result.change.task.id : result.kind === 'duplicate' ? result.task.id : null;

describe.each(availableDatabases())('a submission on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  it('stores everything that it was given, and the rest as a new task has it', async () => {
    const job = await testStore.newJob({ maxAttempts: 7 });
    const runAt = new Date('2031-05-06T07:08:09.123Z');
    const details = {
      payload: { text: 'ü 東京 \\ " \n', list: [1, null, { deep: true }], number: 1e21 },
      priority: -3,
      runAt,
      idempotencyKey: 'key',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      correlationId: 'flow 7',
      entityType: 'repo',
      entityId: 'r/1',
      labels: { commit_sha: 'abc', '': '{"' },
    };
    const { id } = await testStore.submit(job, details);
    expect(await testStore.task(id)).toEqual({
      ...details,
      id,
      jobId: job.id,
      room: job.room,
      status: 'PENDING',
      version: 1,
      attempt: 0,
      failures: 0,
      maxAttempts: 7,
      workerId: null,
      progress: 0,
      progressMessage: null,
      createdBy: 'ann',
      error: null,
      result: null,
      createdAt: expect.any(Date),
      startedAt: null,
      finishedAt: null,
      ...{
        dependencyCount: 0,
        discardedAt: null,
        discardedBy: null,
        lastWorkerId: null,
        copyOf: null,
        limitKey: null,
        schemaVersion: 1,
      },
      updatedAt: expect.any(Date),
    });
  });

  it('writes the first version to the log in the name of its creator', async () => {
    const task = await testStore.submit(await testStore.newJob(), { createdBy: 'bob' });
    const [first, ...more] = await testStore.history(task.id);
    expect(more).toEqual([]);
    expect(first).toEqual({
      id: expect.stringMatching(/^\d+$/),
      xid: expect.stringMatching(/^\d+$/),
      horizon: expect.stringMatching(/^\d+$/),
      taskId: task.id,
      version: 1,
      room: task.room,
      jobId: task.jobId,
      from: null,
      to: 'PENDING',
      reason: 'SUBMITTED',
      attempt: 0,
      workerId: null,
      actor: 'bob',
      note: null,
      error: null,
      updates: null,
      at: expect.any(Date),
    });
  });

  it('answers with what is stored, and publishes it', async () => {
    const job = await testStore.newJob();
    const before = testStore.published.length;
    const result = await testStore.store.submitTask(submissionOf(job));
    if (result.kind !== 'created') throw new Error(result.kind);
    expect(result.change.task).toEqual(await testStore.task(result.change.task.id));
    expect(result.change.transition).toEqual((await testStore.history(result.change.task.id))[0]);
    expect(testStore.published.slice(before)).toEqual([[result.change]]);
  });

  it('without a time can be claimed at once, even within the same instant', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const claim = { workerId: worker.id, limit: 2, start: false, actor: 'wim' };
    for (let round = 0; round < 20; round++) {
      // A transaction stops the database's clock.
      const claimed = await testStore.db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(job)]);
        return claimTasks(session, claim);
      });
      expect(claimed.tasks).toHaveLength(1);
    }
  });

  it('to a job that is not there is refused, to one that is retired brings it back, and the others of the list are not held up', async () => {
    const [job, retired] = [await testStore.newJob(), await testStore.newJob()];
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${retired.id}'`);
    const nowhere = { ...job, id: '0199aa5e-7d53-7c1c-9c8c-0c3f52a5e6b1' };
    const results = await testStore.store.submitTasks(
      [retired, job, nowhere, job].map((each) => submissionOf(each)),
    );
    expect(results.map((result) => result.kind)).toEqual(['created', 'created', 'no-job', 'created']);
  });

  it('of a list keeps the order of the list, in the results, the ids and the log', async () => {
    const job = await testStore.newJob();
    const priorities = Array.from({ length: 2_500 }, (_, index) => index);
    // Keys against the order of the list: what is locked in the order of keys is still logged in that of the list.
    const results = await testStore.store.submitTasks(
      priorities.map((priority) => submissionOf(job, { priority, idempotencyKey: `${10_000 - priority}` })),
    );
    const changes = results.flatMap((result) => (result.kind === 'created' ? [result.change] : []));
    expect(changes.map(({ task }) => task.priority)).toEqual(priorities);
    const ids = changes.map(({ task }) => task.id);
    expect([...ids].sort()).toEqual(ids);
    const page = await testStore.log.read({ rooms: [job.room] }, { xid: '0', id: '0' }, 3_000);
    expect(page.changes.map(({ task }) => task.id)).toEqual(ids);
  });

  describe('with an idempotency key', () => {
    it("gives the first one's task the second time, as it is by then, and publishes nothing", async () => {
      const job = await testStore.newJob();
      const first = await testStore.submit(job, { idempotencyKey: 'once', payload: { first: true } });
      await testStore.store.cancelTask({ taskId: first.id, actor: 'ann', note: null });
      const before = testStore.published.length;
      const again = submissionOf(job, {
        idempotencyKey: 'once',
        payload: { first: false },
        createdBy: 'bob',
      });
      expect(await testStore.store.submitTask(again)).toEqual({
        kind: 'duplicate',
        task: await testStore.task(first.id),
        horizon: expect.stringMatching(/^\d+$/),
        payloadDiffers: true,
      });
      expect(await testStore.task(first.id)).toMatchObject({ status: 'CANCELLED', payload: { first: true } });
      expect(testStore.published).toHaveLength(before);
      expect(await testStore.history(first.id)).toHaveLength(2);
    });

    it('twice in one list creates one task, that of the earlier item', async () => {
      const job = await testStore.newJob();
      const keys = ['b', 'a', null, 'b', 'a', null, 'c', 'a'];
      const results = await testStore.store.submitTasks(
        keys.map((idempotencyKey, priority) => submissionOf(job, { idempotencyKey, priority })),
      );
      expect(results.map((result) => result.kind)).toEqual([
        ...['created', 'created', 'created', 'duplicate', 'duplicate', 'created', 'created', 'duplicate'],
      ]);
      const ids = results.map(idOf);
      expect([ids[3], ids[4], ids[7]]).toEqual([ids[0], ids[1], ids[1]]);
      expect((await testStore.task(ids[0] as string)).priority).toBe(0);
      expect((await testStore.task(ids[1] as string)).priority).toBe(1);
    });

    it('is another one in another job or another room, also the second time', async () => {
      const [job, other] = [await testStore.newJob(), await testStore.newJob()];
      const key = { idempotencyKey: 'same' };
      const submissions = [
        submissionOf(job, key),
        submissionOf(job, { ...key, room: 'elsewhere' }),
        submissionOf(other, { ...key, room: job.room }),
      ];
      const first = await testStore.store.submitTasks(submissions);
      expect(first.map((result) => result.kind)).toEqual(['created', 'created', 'created']);
      const second = await testStore.store.submitTasks(submissions);
      expect(second.map((result) => result.kind)).toEqual(['duplicate', 'duplicate', 'duplicate']);
      expect(second.map(idOf)).toEqual(first.map(idOf));
    });

    it('that is empty is a key like any other', async () => {
      const job = await testStore.newJob();
      const first = await testStore.submit(job, { idempotencyKey: '' });
      expect(idOf(await testStore.store.submitTask(submissionOf(job, { idempotencyKey: '' })))).toBe(
        first.id,
      );
    });
  });
});

describe.runIf(availableDatabases().includes('postgres'))('submissions from several servers', () => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore('postgres');
  });
  afterAll(() => testStore.close());

  it('with the same keys in any order create each task once, and all get its id', async () => {
    const job = await testStore.newJob();
    const databases = await Promise.all(
      Array.from({ length: 4 }, () =>
        openPostgres({ url: testStore.url as string, directUrl: testStore.directUrl, maxConnections: 2 }),
      ),
    );
    const stores = databases.map((database) =>
      createStore(database, { onCommit: () => undefined, workerTimeoutSeconds: 60 }),
    );
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 300 }, (_, index) => `${round} ${index}`);
      const results = await Promise.all(
        stores.map(async (store, index) => {
          const ordered = index % 2 === 0 ? keys : [...keys].reverse();
          const given = await store.submitTasks(
            ordered.map((idempotencyKey) => submissionOf(job, { idempotencyKey })),
          );
          return new Map(ordered.map((key, position) => [key, given[position] as SubmitResult]));
        }),
      );
      for (const key of keys) {
        const forKey = results.map((given) => given.get(key) as SubmitResult);
        expect(forKey.filter((result) => result.kind === 'created')).toHaveLength(1);
        expect(new Set(forKey.map(idOf)).size).toBe(1);
      }
    }
    await Promise.all(databases.map((database) => database.close()));
  });
});
