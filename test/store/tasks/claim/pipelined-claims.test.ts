import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TaskChange, TaskRow } from '../../../../src/domain/task.ts';
import { newUuid } from '../../../../src/domain/typeid.ts';
import type { DatabaseSession } from '../../../../src/store/database/database.ts';
import { createStore, type Store } from '../../../../src/store/store.ts';
import type { WaitingClaims } from '../../../../src/store/tasks/claim/pipelined-claims.ts';
import type { WorkerRow } from '../../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../../support/database.ts';
import {
  createTestStore,
  expectLegalLog,
  submissionOf,
  type TestStore,
} from '../../../support/test-store.ts';

interface Sent {
  done: Promise<unknown>;
}

describe.each(availableDatabases())('claims behind a submission on %s', (kind) => {
  let testStore: TestStore;
  let store: Store;
  /** Who waits, and what each has claimed. */
  const waiting = new Map<WorkerRow, number>();
  const claimed = new Map<WorkerRow, Promise<TaskRow[]>>();
  const counts: [string, number][][] = [];
  const published: { changes: readonly TaskChange[]; sent: Sent | undefined }[] = [];

  const waitingClaims: WaitingClaims<Sent> = {
    waitFor: () => waiting.size > 0,
    send(jobs, session: DatabaseSession) {
      counts.push([...jobs]);
      for (const [worker, limit] of waiting) {
        claimed.set(
          worker,
          store
            .claimBehind({ workerId: worker.id, limit, start: true, actor: 'wim' }, session)
            .then((tasks) => tasks ?? []),
        );
      }
      waiting.clear();
      return { done: Promise.allSettled(claimed.values()) };
    },
  };

  beforeAll(async () => {
    testStore = await createTestStore(kind);
    store = createStore(testStore.db, {
      onCommit: (changes, sent?: Sent) => published.push({ changes, sent }),
      waitingClaims,
      workerTimeoutSeconds: 60,
    });
  });
  beforeEach(() => {
    for (const of of [waiting, claimed]) of.clear();
    counts.length = published.length = 0;
  });
  afterAll(() => testStore.close());

  async function scene() {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    return { job, worker };
  }

  it('are given what was submitted, and are published after it', async () => {
    const { job, worker } = await scene();
    waiting.set(worker, 5);
    const result = await store.submitTask(submissionOf(job));
    if (result.kind !== 'created') throw new Error(result.kind);
    const { id } = result.change.task;
    // The submission is answered as it was right after itself.
    expect(result.change.task).toMatchObject({ status: 'PENDING', version: 1 });
    expect(await claimed.get(worker)).toMatchObject([{ id, status: 'RUNNING', version: 3 }]);
    expect(published.flatMap(({ changes }) => changes.map(({ task }) => task.version))).toEqual([1, 2, 3]);
    expect(published.map(({ sent }) => sent !== undefined)).toEqual([true, false]);
    expectLegalLog(await testStore.history(id));
    expect(counts).toEqual([[[job.id, 1]]]);
  });

  it('are published after it, though it has to look for what was there before', async () => {
    const { job, worker } = await scene();
    const again = submissionOf(job, { idempotencyKey: 'again', runAt: new Date(Date.now() + 3_600_000) });
    await store.submitTask(again);
    published.length = 0;
    waiting.set(worker, 5);
    const results = await store.submitTasks([again, submissionOf(job)]);
    expect(results.map(({ kind }) => kind)).toEqual(['duplicate', 'created']);
    expect(await claimed.get(worker)).toHaveLength(1);
    expect(published.flatMap(({ changes }) => changes.map(({ task }) => task.version))).toEqual([1, 2, 3]);
  });

  it('find what was there before first, and of many as many as they ask for', async () => {
    const { job, worker } = await scene();
    const [low, high] = [await testStore.submit(job), await testStore.submit(job, { priority: 9 })];
    waiting.set(worker, 3);
    const results = await store.submitTasks([5, 1, 7].map((priority) => submissionOf(job, { priority })));
    const ids = results.map((result) => (result.kind === 'created' ? result.change.task.id : ''));
    expect((await claimed.get(worker))?.map(({ id }) => id)).toEqual([high.id, ids[2], ids[0]]);
    expect((await testStore.task(low.id)).status).toBe('PENDING');
  });

  it('count only what may be claimed at once', async () => {
    const [one, other] = [await scene(), await scene()];
    waiting.set(one.worker, 5);
    const later = new Date(Date.now() + 3_600_000);
    await store.submitTasks([
      submissionOf(one.job),
      submissionOf(one.job, { runAt: later }),
      submissionOf(other.job),
      submissionOf(other.job),
    ]);
    expect(counts).toEqual([
      [
        [one.job.id, 1],
        [other.job.id, 2],
      ],
    ]);
    expect(await claimed.get(one.worker)).toHaveLength(1);
  });

  it('find nothing of a submission that is refused, or that was there before', async () => {
    const { job, worker } = await scene();
    waiting.set(worker, 1);
    await expect(store.submitTask(submissionOf(job, { payload: '\u0000' }))).rejects.toThrow();
    expect(await claimed.get(worker)).toEqual([]);
    waiting.set(worker, 1);
    expect(await store.submitTask(submissionOf({ ...job, id: newUuid() }))).toEqual({ kind: 'no-job' });
    expect(await claimed.get(worker)).toEqual([]);
    expect(published).toEqual([]);
  });

  it('that fail do the submission no harm', async () => {
    const { job, worker } = await scene();
    waiting.set({ ...worker, id: 'no uuid' }, 1);
    const { kind } = await store.submitTask(submissionOf(job));
    expect(kind).toBe('created');
    await expect([...claimed.values()][0]).rejects.toMatchObject({ code: '22P02' });
  });

  it('never take one task twice, nor lose one, however many submit at the same time', async () => {
    const { job, worker } = await scene();
    const other = await testStore.newWorker(job);
    const taken: TaskRow[] = [];
    const submitted = Array.from({ length: 60 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index % 7));
      waiting.set(index % 2 ? worker : other, 2);
      const result = await store.submitTask(submissionOf(job));
      return result.kind === 'created' ? result.change.task.id : '';
    });
    const all: Promise<TaskRow[]>[] = [];
    const set = claimed.set.bind(claimed);
    claimed.set = (of, tasks) => {
      all.push(tasks);
      return set(of, tasks);
    };
    const ids = await Promise.all(submitted);
    for (const tasks of await Promise.all(all)) taken.push(...tasks);
    claimed.set = set;
    const rest = await store.claimTasks({ workerId: worker.id, limit: 100, start: true, actor: 'wim' });
    const given = [...taken, ...rest].map(({ id }) => id);
    expect(taken.length).toBeGreaterThan(0);
    expect(given).toHaveLength(60);
    expect(new Set(given)).toEqual(new Set(ids));
    for (const id of ids) expectLegalLog(await testStore.history(id));
  });
});
