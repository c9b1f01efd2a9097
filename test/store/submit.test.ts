import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/store/postgres.ts';
import { createStore } from '../../src/store/store.ts';
import { claimTasks } from '../../src/store/verbs/claim.ts';
import { type SubmitResult, submitTasks } from '../../src/store/verbs/submit.ts';
import { availableDatabases } from '../support/database.ts';
import { createWorld, submissionOf, type World } from '../support/world.ts';

const idOf = (result: SubmitResult) =>
  result.kind === 'created' ? result.change.task.id : result.kind === 'duplicate' ? result.task.id : null;

describe.each(availableDatabases())('a submission on %s', (kind) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld(kind);
  });
  afterAll(() => world.close());

  it('stores everything that it was given, and the rest as a new task has it', async () => {
    const job = await world.newJob({ maxAttempts: 7 });
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
    const { id } = await world.submit(job, details);
    expect(await world.task(id)).toEqual({
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
    });
  });

  it('writes the first version to the log in the name of its creator', async () => {
    const task = await world.submit(await world.newJob(), { createdBy: 'bob' });
    const [first, ...more] = await world.history(task.id);
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
      at: expect.any(Date),
    });
  });

  it('answers with what is stored, and publishes it', async () => {
    const job = await world.newJob();
    const before = world.published.length;
    const result = await world.store.submitTask(submissionOf(job));
    if (result.kind !== 'created') throw new Error(result.kind);
    expect(result.change.task).toEqual(await world.task(result.change.task.id));
    expect(result.change.transition).toEqual((await world.history(result.change.task.id))[0]);
    expect(world.published.slice(before)).toEqual([[result.change]]);
  });

  it('without a time can be claimed at once, even within the same instant', async () => {
    const job = await world.newJob();
    const worker = await world.newWorker(job);
    const claim = { workerId: worker.id, limit: 2, start: false, actor: 'wim' };
    for (let round = 0; round < 20; round++) {
      // A transaction stops the database's clock.
      const claimed = await world.db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(job)]);
        return claimTasks(session, claim);
      });
      expect(claimed.tasks).toHaveLength(1);
    }
  });

  it('to a job that is retired or not there is refused, and the others of the list are not', async () => {
    const [job, retired] = [await world.newJob(), await world.newJob()];
    await world.db.script(`UPDATE job SET retired_at = now() WHERE id = '${retired.id}'`);
    const nowhere = { ...job, id: '0199aa5e-7d53-7c1c-9c8c-0c3f52a5e6b1' };
    const results = await world.store.submitTasks(
      [retired, job, nowhere, job].map((each) => submissionOf(each)),
    );
    expect(results.map((result) => result.kind)).toEqual(['no-job', 'created', 'no-job', 'created']);
  });

  it('of a list keeps the order of the list, in the results, the ids and the log', async () => {
    const job = await world.newJob();
    const priorities = Array.from({ length: 2_500 }, (_, index) => index);
    // Keys against the order of the list: what is locked in the order of keys is still logged in that of the list.
    const results = await world.store.submitTasks(
      priorities.map((priority) => submissionOf(job, { priority, idempotencyKey: `${10_000 - priority}` })),
    );
    const changes = results.flatMap((result) => (result.kind === 'created' ? [result.change] : []));
    expect(changes.map(({ task }) => task.priority)).toEqual(priorities);
    const ids = changes.map(({ task }) => task.id);
    expect([...ids].sort()).toEqual(ids);
    const page = await world.log.read({ rooms: [job.room] }, { xid: '0', id: '0' }, 3_000);
    expect(page.changes.map(({ task }) => task.id)).toEqual(ids);
  });

  describe('with an idempotency key', () => {
    it("gives the first one's task the second time, as it is by then, and publishes nothing", async () => {
      const job = await world.newJob();
      const first = await world.submit(job, { idempotencyKey: 'once', payload: { first: true } });
      await world.store.cancelTask({ taskId: first.id, actor: 'ann', note: null });
      const before = world.published.length;
      const again = submissionOf(job, {
        idempotencyKey: 'once',
        payload: { first: false },
        createdBy: 'bob',
      });
      expect(await world.store.submitTask(again)).toEqual({
        kind: 'duplicate',
        task: await world.task(first.id),
        horizon: expect.stringMatching(/^\d+$/),
      });
      expect(await world.task(first.id)).toMatchObject({ status: 'CANCELLED', payload: { first: true } });
      expect(world.published).toHaveLength(before);
      expect(await world.history(first.id)).toHaveLength(2);
    });

    it('twice in one list creates one task, that of the earlier item', async () => {
      const job = await world.newJob();
      const keys = ['b', 'a', null, 'b', 'a', null, 'c', 'a'];
      const results = await world.store.submitTasks(
        keys.map((idempotencyKey, priority) => submissionOf(job, { idempotencyKey, priority })),
      );
      expect(results.map((result) => result.kind)).toEqual([
        ...['created', 'created', 'created', 'duplicate', 'duplicate', 'created', 'created', 'duplicate'],
      ]);
      const ids = results.map(idOf);
      expect([ids[3], ids[4], ids[7]]).toEqual([ids[0], ids[1], ids[1]]);
      expect((await world.task(ids[0] as string)).priority).toBe(0);
      expect((await world.task(ids[1] as string)).priority).toBe(1);
    });

    it('is another one in another job or another room, also the second time', async () => {
      const [job, other] = [await world.newJob(), await world.newJob()];
      const key = { idempotencyKey: 'same' };
      const submissions = [
        submissionOf(job, key),
        submissionOf(job, { ...key, room: 'elsewhere' }),
        submissionOf(other, { ...key, room: job.room }),
      ];
      const first = await world.store.submitTasks(submissions);
      expect(first.map((result) => result.kind)).toEqual(['created', 'created', 'created']);
      const second = await world.store.submitTasks(submissions);
      expect(second.map((result) => result.kind)).toEqual(['duplicate', 'duplicate', 'duplicate']);
      expect(second.map(idOf)).toEqual(first.map(idOf));
    });

    it('that is empty is a key like any other', async () => {
      const job = await world.newJob();
      const first = await world.submit(job, { idempotencyKey: '' });
      expect(idOf(await world.store.submitTask(submissionOf(job, { idempotencyKey: '' })))).toBe(first.id);
    });
  });
});

describe.runIf(availableDatabases().includes('postgres'))('submissions from several servers', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld('postgres');
  });
  afterAll(() => world.close());

  it('with the same keys in any order create each task once, and all get its id', async () => {
    const job = await world.newJob();
    const databases = await Promise.all(
      Array.from({ length: 4 }, () => openPostgres({ url: world.url as string, maxConnections: 2 })),
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
