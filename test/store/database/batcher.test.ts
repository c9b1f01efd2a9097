import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BatcherOverloaded,
  createBatcher,
  createListBatcher,
  one,
} from '../../../src/store/database/batcher.ts';
import type { VerbResult } from '../../../src/store/store.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type GatedDatabase, gateDatabase } from '../../support/gated-database.ts';
import { changed, createTestStore, submissionOf, type TestStore } from '../../support/test-store.ts';

const idOf = (result: VerbResult) => (result.kind === 'changed' ? result.change.task.id : result.task?.id);
const NUL = '\0';
const range = (length: number) => Array.from({ length }, (_, index) => index);

describe.each(availableDatabases())('calls that wait at the same time on %s', (kind) => {
  let database: TestDatabase;
  let gated: GatedDatabase;
  let testStore: TestStore;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    gated = gateDatabase(database.db);
    testStore = await createTestStore(kind, gated.db);
  });
  afterAll(() => database.close());

  /** The statements that the work sends. */
  async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
    const before = gated.sent.length;
    await work();
    return gated.sent.slice(before);
  }

  it('submit by one statement, and each is answered with its own task', async () => {
    const job = await testStore.newJob();
    // The first one in a while looks for jobs with fairness besides.
    await testStore.submit(job);
    const published = testStore.published.length;
    const sent = await sentBy(async () => {
      const tasks = await Promise.all(
        range(50).map((n) => testStore.submit(job, { payload: { n }, priority: n })),
      );
      expect(tasks.map(({ priority }) => priority)).toEqual(range(50));
      expect(new Set(tasks.map(({ id }) => id)).size).toBe(50);
    });
    expect(sent).toEqual(['submit']);
    expect(testStore.published.slice(published).map(({ length }) => length)).toEqual([50]);
  });

  it('report by one statement for each verb, and one more reads the tasks of those refused', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    await testStore.store.submitTasks(range(30).map(() => submissionOf(job)));
    const tasks = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 30,
      start: true,
      actor: 'wim',
    });
    const held = tasks.map(({ id, attempt }) => ({ taskId: id, workerId: worker.id, attempt, actor: 'wim' }));
    const sent = await sentBy(() =>
      Promise.all(
        held.map((attempt, index) =>
          index < 20
            ? testStore.store.completeTask({ ...attempt, outcome: 'COMPLETED', result: index })
            : testStore.store.releaseTask({ ...attempt, attempt: index < 25 ? 1 : 9 }),
        ),
      ),
    );
    expect([...sent].sort()).toEqual(['complete', 'find_tasks', 'release']);
  });

  it('gather while a statement is under way, and none is answered before its own is committed', async () => {
    const job = await testStore.newJob();
    let answered = 0;
    const submit = () => testStore.submit(job).then(() => answered++);
    const gate = gated.hold();
    const sent = await sentBy(async () => {
      const first = submit();
      await turn();
      const later = range(30).map(submit);
      for (const _ of range(5)) await turn();
      expect(answered).toBe(0);
      gate.open();
      await first;
      expect(await countTasks(job.id)).toBeGreaterThanOrEqual(1);
      await Promise.all(later);
      expect(await countTasks(job.id)).toBe(31);
    });
    expect(sent.filter((verb) => verb === 'submit')).toHaveLength(2);
  });

  it('are sent in parts of 500 when they are many', async () => {
    const job = await testStore.newJob();
    const sent = await sentBy(() => Promise.all(range(1_200).map(() => testStore.submit(job))));
    expect(sent).toEqual(['submit', 'submit', 'submit']);
    expect(await countTasks(job.id)).toBe(1_200);
  });

  it.each([
    ['a payload', { payload: { text: `a${NUL}b` } }],
    ['a text', { entityId: `a${NUL}b` }],
    ['a label', { labels: { key: NUL } }],
    ['no payload', { payload: undefined }],
    ['a number that is too large', { priority: 2 ** 31 }],
  ])('fail alone when one of them has %s that the database refuses', async (_, bad) => {
    const job = await testStore.newJob();
    const results = await Promise.allSettled(
      range(20).map((n) => testStore.store.submitTask(submissionOf(job, n === 7 ? bad : { priority: n }))),
    );
    expect(
      results.map(({ status }, n) => (status === 'rejected' ? n : null)).filter((n) => n !== null),
    ).toEqual([7]);
    for (const [n, result] of results.entries()) {
      if (result.status === 'fulfilled') {
        expect(result.value).toMatchObject({ kind: 'created', change: { task: { priority: n } } });
      }
    }
    expect(await countTasks(job.id)).toBe(19);
  });

  it('report in lists and alone by one statement, and each list is answered in its order', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    await testStore.store.submitTasks(range(30).map(() => submissionOf(job)));
    const tasks = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 30,
      start: true,
      actor: 'wim',
    });
    const completions = tasks.map(({ id: taskId, attempt }, n) => {
      const held = { taskId, workerId: worker.id, attempt: n === 5 ? 9 : attempt, actor: 'wim' };
      return { ...held, outcome: 'COMPLETED' as const, result: n };
    });
    const last = completions.at(-1) as (typeof completions)[number];
    const sent = await sentBy(async () => {
      const [first, second, alone] = await Promise.all([
        testStore.store.completeTasks(completions.slice(0, 10)),
        testStore.store.completeTasks(completions.slice(10, 29)),
        testStore.store.completeTask(last),
      ]);
      expect([...first, ...second, alone].map(idOf)).toEqual(tasks.map(({ id }) => id));
      expect(first.map(({ kind }) => kind)).toEqual(range(10).map((n) => (n === 5 ? 'refused' : 'changed')));
    });
    expect(sent).toEqual(['complete', 'find_tasks']);
  });

  it('fail alone also when they report', async () => {
    const [good, bad] = [await testStore.taskIn('RUNNING'), await testStore.taskIn('RUNNING')];
    const complete = ({ held }: typeof good, result: string) =>
      testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result });
    const [done, refused] = await Promise.allSettled([complete(good, 'fine'), complete(bad, NUL)]);
    expect(done).toMatchObject({ status: 'fulfilled', value: { kind: 'changed' } });
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: expect.stringMatching(/^22/) } });
    expect(await testStore.task(bad.task.id)).toEqual(bad.task);
    changed(await complete(bad, 'now it works'));
  });

  async function countTasks(jobId: string): Promise<number> {
    const [row] = await database.db.query<{ count: number }>(
      { name: 'test_count', text: 'SELECT count(*)::int AS count FROM task WHERE job_id = $1' },
      [jobId],
    );
    return row?.count ?? 0;
  }
});

/** An error as the database gives it for data that it refuses. */
const dataError = (message: string) => Object.assign(new Error(message), { code: '22P05' });

describe('a batcher of lists', () => {
  function recordLists(options: { maxItems?: number; maxWaiting?: number } = {}) {
    const batches: (readonly number[])[] = [];
    const call = createListBatcher<number, string>({
      ...options,
      async run(items) {
        batches.push(items);
        if (items.includes(13)) throw dataError('no 13');
        return items.map((item) => `#${item}`);
      },
    });
    return { batches, call };
  }

  it('puts lists into one batch as long as they fit, and takes longer ones apart', async () => {
    const { batches, call } = recordLists({ maxItems: 4 });
    const alone = one(call);
    const answers = await Promise.all([
      call([1, 2]),
      alone(3),
      call([4, 5]),
      call([6, 7, 8, 9, 10]),
      call([]),
    ]);
    expect(answers).toEqual([['#1', '#2'], '#3', ['#4', '#5'], ['#6', '#7', '#8', '#9', '#10'], []]);
    expect(batches).toEqual([[1, 2, 3], [4, 5], [6, 7, 8, 9], [10]]);
  });

  it('refuses a list for which there is no room, as a whole', async () => {
    const { batches, call } = recordLists({ maxWaiting: 3 });
    const fits = call([1, 2]);
    await expect(call([3, 4])).rejects.toThrow(BatcherOverloaded);
    expect(await call([5])).toEqual(['#5']);
    expect(await fits).toEqual(['#1', '#2']);
    expect(batches.flat()).toEqual([1, 2, 5]);
    expect(await call([3, 4])).toEqual(['#3', '#4']);
  });

  it('rejects only the list whose data was refused, when all of it was tried', async () => {
    const { batches, call } = recordLists();
    const results = await Promise.allSettled([call([1, 2]), call([12, 13, 14]), call([3])]);
    expect(results).toMatchObject([
      { value: ['#1', '#2'] },
      { reason: { message: 'no 13' } },
      { value: ['#3'] },
    ]);
    expect(batches.slice(1).map(([item]) => item)).toEqual([1, 2, 12, 13, 14, 3]);
  });

  it('rejects a list of one that is refused, without trying it again', async () => {
    const { batches, call } = recordLists();
    await expect(call([13])).rejects.toThrow('no 13');
    expect(batches).toEqual([[13]]);
  });
});

describe('a batcher', () => {
  /** Records its batches, and answers each when told to. */
  function recordBatches(options: { maxItems?: number; maxWaiting?: number } = {}) {
    const batches: { items: readonly number[]; answer: () => void; fail: (error: unknown) => void }[] = [];
    const call = createBatcher<number, string>({
      ...options,
      run: (items) =>
        new Promise((resolve, reject) => {
          batches.push({ items, answer: () => resolve(items.map((item) => `#${item}`)), fail: reject });
        }),
    });
    return { batches, call };
  }

  it('sends at once when nothing is under way, then all that has gathered', async () => {
    const { batches, call } = recordBatches({ maxItems: 3 });
    const calls = [call(0)];
    await turn();
    calls.push(...[1, 2, 3, 4].map(call));
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[0]]);
    for (const index of range(3)) {
      batches[index]?.answer();
      await turn();
    }
    expect(batches.map(({ items }) => items)).toEqual([[0], [1, 2, 3], [4]]);
    expect(await Promise.all(calls)).toEqual(['#0', '#1', '#2', '#3', '#4']);
    const last = call(5);
    await turn();
    batches.at(-1)?.answer();
    expect(await last).toBe('#5');
  });

  it('refuses calls when too many wait, and takes them again when there is room', async () => {
    const { batches, call } = recordBatches({ maxItems: 2, maxWaiting: 3 });
    const first = call(0);
    await turn();
    const waiting = [1, 2, 3].map(call);
    await expect(call(4)).rejects.toThrow(BatcherOverloaded);
    await expect(call(5)).rejects.toThrow(
      'Too many calls are waiting for the database. Try again in a moment.',
    );
    batches[0]?.answer();
    await first;
    await turn();
    const late = call(6);
    batches[1]?.answer();
    await turn();
    batches[2]?.answer();
    expect(await Promise.all([...waiting, late])).toEqual(['#1', '#2', '#3', '#6']);
    expect(batches.map(({ items }) => items)).toEqual([[0], [1, 2], [3, 6]]);
  });

  it('sends the items of a batch one by one when its data was refused', async () => {
    const batches: (readonly number[])[] = [];
    const call = createBatcher<number, number>({
      async run(items) {
        batches.push(items);
        if (items.includes(2)) throw dataError('no 2');
        return items.map((item) => item * 10);
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map(call));
    expect(results).toMatchObject([{ value: 10 }, { reason: { message: 'no 2' } }, { value: 30 }]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('tells every caller of a batch when the database is lost, sends nothing twice, and goes on', async () => {
    const { batches, call } = recordBatches();
    const calls = [1, 2].map(call);
    await turn();
    batches[0]?.fail(Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' }));
    const results = await Promise.allSettled(calls);
    expect(results).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    const next = call(3);
    await turn();
    batches[1]?.answer();
    expect(await next).toBe('#3');
    expect(batches.map(({ items }) => items)).toEqual([[1, 2], [3]]);
  });
});
