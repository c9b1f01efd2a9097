/** Pauses of a job and of a job in one room: nothing starts after the answer, nothing is lost, and the order is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../src/domain/task.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import type { WorkerRow } from '../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../support/database.ts';
import { findMisplaced, moveRunAt } from '../../support/queue.ts';
import { changed, createTestStore, failure, submissionOf, type TestStore } from '../../support/test-store.ts';

const HOUR = 3_600_000;
const ids = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => id);

describe.each(availableDatabases())('a paused job on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const claim = (worker: WorkerRow, limit = 100, start = true) =>
    testStore.store.claimTasks({ workerId: worker.id, limit, start, actor: 'wim' });
  const target = (job: JobRow, room: string | null = null) => ({ jobId: job.id, room, actor: 'ann' });
  const pause = (job: JobRow, room: string | null = null) =>
    testStore.store.pauseJob(target(job, room), 'the printer is on fire');
  const resume = (job: JobRow, room: string | null = null) => testStore.store.resumeJob(target(job, room));

  it('gives nothing to workers until it is resumed, and then all in its order', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const [low, high] = [
      await testStore.submit(job, { priority: 1 }),
      await testStore.submit(job, { priority: 5 }),
    ];
    await pause(job);
    const later = await testStore.submit(job, { priority: 3 });
    expect(await claim(worker)).toEqual([]);
    expect(await testStore.store.findJobsWithWork([job.id])).toEqual([]);
    await resume(job);
    expect(await testStore.store.findJobsWithWork([job.id])).toEqual([job.id]);
    expect(ids(await claim(worker))).toEqual([high.id, later.id, low.id]);
  });

  it('says who has paused it and why; a second pause changes nothing of that', async () => {
    const job = await testStore.newJob();
    const first = await pause(job);
    expect(first).toMatchObject({ room: null, pausedBy: 'ann', reason: 'the printer is on fire' });
    expect(await testStore.store.pauseJob({ ...target(job), actor: 'bob' }, 'mine')).toEqual(first);
    await pause(job, 'attic');
    expect(await testStore.store.findPauses([job.id])).toMatchObject([{ room: null }, { room: 'attic' }]);
    expect(await resume(job)).toBe(true);
    expect(await resume(job)).toBe(false);
    expect(await testStore.store.findPauses([job.id])).toMatchObject([{ room: 'attic' }]);
  });

  it('lets what runs go on, and gathers what is delayed or tried again', async () => {
    const job = await testStore.newJob({ backoffSeconds: [0] });
    const worker = await testStore.newWorker(job);
    const delayed = await testStore.submit(job, { runAt: new Date(Date.now() + HOUR) });
    await testStore.submit(job);
    const [running] = (await claim(worker)) as [TaskRow];
    const held = { taskId: running.id, workerId: worker.id, attempt: 1, actor: 'wim' };
    await pause(job);
    await testStore.store.reportProgress({ ...held, percent: 50, message: null });
    changed(await testStore.store.failTask({ ...held, error: failure(true) }));
    await testStore.db.script(moveRunAt('now()', `id = '${delayed.id}'`));
    expect(await claim(worker)).toEqual([]);
    await resume(job);
    expect(ids(await claim(worker)).sort()).toEqual([running.id, delayed.id].sort());
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });

  it('is paused for workers that come later', async () => {
    const [job, other] = [await testStore.newJob(), await testStore.newJob()];
    await testStore.submit(job);
    await pause(job);
    const worker = await testStore.newWorker(job, other);
    expect(await claim(worker)).toEqual([]);
    const task = await testStore.submit(other);
    expect(ids(await claim(worker))).toEqual([task.id]);
    await resume(job);
    expect(await claim(worker)).toHaveLength(1);
  });

  it('in one room gives the others on, and keeps the order when it is resumed', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const paused: string[] = [];
    for (let n = 0; n < 30; n++)
      paused.push((await testStore.submit(job, { room: 'attic', priority: n % 3 })).id);
    await pause(job, 'attic');
    const free = await testStore.submit(job, { room: 'cellar', priority: -1 });
    expect(ids(await claim(worker, 1))).toEqual([free.id]);
    expect(await claim(worker)).toEqual([]);
    // Cancelled, moved and submitted meanwhile.
    const [gone, raised] = [paused[0] as string, paused[1] as string];
    changed(await testStore.store.cancelTask({ taskId: gone, actor: 'ann', note: null }));
    changed(
      await testStore.store.updateTask({
        ...{ taskId: raised, actor: 'ann', version: null, runAt: null, labels: null, note: null },
        priority: 9,
      }),
    );
    const added = await testStore.submit(job, { room: 'attic', priority: 8 });
    expect(await claim(worker)).toEqual([]);
    expect(await findMisplaced(testStore.db)).toEqual([]);
    await resume(job, 'attic');
    const others = paused
      .slice(2)
      .map((id, n) => ({ id, n: n + 2 }))
      .sort((a, b) => (b.n % 3) - (a.n % 3) || a.n - b.n);
    const taken: string[] = [];
    for (let n = 0; n < 31; n++) taken.push(...ids(await claim(worker, 1)));
    expect(taken).toEqual([raised, added.id, ...others.map(({ id }) => id)]);
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });

  it('in more rooms than may be is refused', async () => {
    const job = await testStore.newJob();
    await testStore.db.script(
      `INSERT INTO job_pause (job_id, room, paused_by) SELECT '${job.id}', 'r' || n, 'ann' FROM generate_series(1, 1000) n`,
    );
    expect(await pause(job, 'attic')).toBe('full');
    expect(await pause(job, 'r7')).toMatchObject({ room: 'r7' });
  });
});

describe.runIf(availableDatabases().includes('postgres'))('a pause while many claim', () => {
  let testStore: TestStore;
  let servers: TestStore[];
  let databases: Database[];

  beforeAll(async () => {
    testStore = await createTestStore('postgres');
    databases = await Promise.all(
      [1, 2].map(() =>
        openPostgres({ url: testStore.url as string, directUrl: testStore.directUrl, maxConnections: 10 }),
      ),
    );
    servers = await Promise.all(databases.map((database) => createTestStore('postgres', database)));
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await testStore.close();
  });

  const startsIn = async (job: JobRow, room: string) => {
    const [row] = await testStore.db.query<{ n: number }>(
      {
        name: 'count_attempts',
        text: 'SELECT sum(attempt)::int AS n FROM task WHERE job_id = $1::uuid AND room = $2',
      },
      [job.id, room],
    );
    return row?.n ?? 0;
  };

  it.each([
    ['of the whole job', null],
    ['of one room', 'attic'],
  ])(
    '%s lets nothing start after its answer, and all after it is resumed',
    { timeout: 120_000 },
    async (_, room) => {
      const job = await testStore.newJob();
      const workers = await Promise.all(Array.from({ length: 16 }, () => testStore.newWorker(job)));
      const tasks = 4_000;
      await testStore.store.submitTasks(
        Array.from({ length: tasks }, (_, n) => submissionOf(job, { room: n % 2 ? 'attic' : 'cellar' })),
      );
      let over = false;
      const taken: string[] = [];
      const work = async (worker: WorkerRow, n: number) => {
        const { store } = servers[n % servers.length] as TestStore;
        while (!over) {
          const found = await store.claimTasks({
            workerId: worker.id,
            limit: 1 + (n % 3),
            start: true,
            actor: 'wim',
          });
          taken.push(...ids(found));
          if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        }
      };
      const working = workers.map(work);
      let before = 0;
      for (let round = 0; round < 12; round++) {
        const { store } = servers[round % 2] as TestStore;
        await store.pauseJob({ jobId: job.id, room, actor: 'ann' }, null);
        const atAnswer = await startsIn(job, 'attic');
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(await startsIn(job, 'attic')).toBe(atAnswer);
        expect(atAnswer).toBeGreaterThanOrEqual(before);
        before = atAnswer;
        await store.resumeJob({ jobId: job.id, room, actor: 'ann' });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const end = Date.now() + 90_000;
      while (taken.length < tasks && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 20));
      over = true;
      await Promise.all(working);
      expect(taken).toHaveLength(tasks);
      expect(new Set(taken).size).toBe(tasks);
      expect(await findMisplaced(testStore.db)).toEqual([]);
    },
  );
});
