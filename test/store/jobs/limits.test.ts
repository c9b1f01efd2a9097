/** Limits of a job: never one more than they say, never idle while there is room, and no slot is ever lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobLimit } from '../../../src/domain/limits.ts';
import type { TaskRow } from '../../../src/domain/task.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { Outage } from '../../../src/store/database/outage.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { statement } from '../../../src/store/database/statement.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import type { WorkerRow } from '../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../support/database.ts';
import { findMisplaced } from '../../support/queue.ts';
import {
  changed,
  createTestStore,
  failure,
  jobLimit as limit,
  submissionOf,
  type TestStore,
} from '../../support/test-store.ts';

const ids = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => id);

describe.each(availableDatabases())('a limited job on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const claim = (worker: WorkerRow, most = 100, start = true) =>
    testStore.store.claimTasks({ workerId: worker.id, limit: most, start, actor: 'wim' });
  const held = (task: TaskRow, worker: WorkerRow) => ({
    ...{ taskId: task.id, workerId: worker.id, attempt: task.attempt, actor: 'wim' },
  });
  const complete = async (task: TaskRow, worker: WorkerRow) =>
    changed(
      await testStore.store.completeTask({ ...held(task, worker), outcome: 'COMPLETED', result: null }),
    );
  const well = async () => expect(await findMisplaced(testStore.db)).toEqual([]);

  it('has so many of it running, and starts the next one in order when one ends', async () => {
    const job = await testStore.newJob({ limits: [limit('two', { maxRunning: 2 })] });
    expect(job.limits).toEqual([limit('two', { maxRunning: 2 })]);
    const worker = await testStore.newWorker(job);
    const low = await testStore.submit(job);
    const [high, middle] = [
      await testStore.submit(job, { priority: 9 }),
      await testStore.submit(job, { priority: 5 }),
    ];
    const first = await claim(worker);
    expect(ids(first)).toEqual([high.id, middle.id]);
    await well();
    expect(await claim(worker)).toEqual([]);
    const urgent = await testStore.submit(job, { priority: 7 });
    await complete(first[0] as TaskRow, worker);
    expect(ids(await claim(worker))).toEqual([urgent.id]);
    await complete(first[1] as TaskRow, worker);
    expect(ids(await claim(worker))).toEqual([low.id]);
    await well();
  });

  it.each(['complete', 'fail', 'fail for good', 'release', 'cancel', 'lose', 'overrun', 'leave', 'remove'])(
    'has its slot back after %s',
    async (way) => {
      const job = await testStore.newJob({
        ...{ limits: [limit('one', { maxRunning: 1 })], backoffSeconds: [3_600], timeoutSeconds: 1 },
      });
      const [worker, other] = [await testStore.newWorker(job), await testStore.newWorker(job)];
      await testStore.submit(job);
      const next = await testStore.submit(job, { room: 'elsewhere' });
      const [task] = (await claim(worker)) as [TaskRow];
      expect(await claim(other)).toEqual([]);
      const { store, db } = testStore;
      const act: Record<string, () => Promise<unknown>> = {
        complete: () => complete(task, worker),
        fail: () => store.failTask({ ...held(task, worker), error: failure(true) }),
        'fail for good': () => store.failTask({ ...held(task, worker), error: failure(false) }),
        release: async () => {
          await store.releaseTask(held(task, worker));
          // It would be first again.
          await store.cancelTask({ taskId: task.id, actor: 'ann', note: null });
        },
        cancel: () => store.cancelTask({ taskId: task.id, actor: 'ann', note: null }),
        lose: async () => {
          await db.script(
            `UPDATE worker SET last_heartbeat_at = now() - interval '1 hour' WHERE id = '${worker.id}'`,
          );
          await store.rescueTasks(100);
        },
        overrun: async () => {
          await db.script(`UPDATE task SET started_at = now() - interval '1 hour' WHERE id = '${task.id}'`);
          await store.timeOutTasks(100);
        },
        leave: async () => {
          await store.deregisterWorker(worker.id, 'wim');
          await store.cancelTask({ taskId: task.id, actor: 'ann', note: null });
        },
        remove: () => store.removeTasks({ room: job.room, createdBy: null }, 100),
      };
      testStore.published.length = 0;
      await act[way]?.();
      await well();
      if (way !== 'remove') {
        const changes = testStore.published.flat();
        expect(changes.some((change) => change.kind === 'transition' && change.frees)).toBe(true);
      }
      expect(ids(await claim(other))).toEqual([next.id]);
      await well();
    },
  );

  it('counts by room, creator and key, of the submission or in the payload; without a key nothing', async () => {
    const cases: [Partial<JobLimit>, (n: number) => object][] = [
      [{ scope: 'ROOM' }, (n) => ({ room: `r${n % 2}` })],
      [{ scope: 'CREATOR' }, (n) => ({ createdBy: `u${n % 2}` })],
      [{ scope: 'KEY' }, (n) => ({ limitKey: `k${n % 2}` })],
      [
        { scope: 'KEY', keyPointer: '/a~1b/0' },
        (n) => ({ payload: { 'a/b': [n % 2 === 0 ? 'x'.repeat(300) : 7] } }),
      ],
    ];
    for (const [by, details] of cases) {
      const job = await testStore.newJob({ limits: [limit('each', { ...by, maxRunning: 2 })] });
      const worker = await testStore.newWorker(job);
      for (let n = 0; n < 10; n++) await testStore.submit(job, details(n));
      expect(await claim(worker)).toHaveLength(4);
      expect(await claim(worker)).toEqual([]);
      if (by.scope === 'KEY') {
        for (let n = 0; n < 5; n++) await testStore.submit(job, { payload: { 'a/b': { not: 'a key' } } });
        expect(await claim(worker)).toHaveLength(5);
      }
    }
    await well();
  });

  it('passes all limits at once, and no slot waits for another limit', async () => {
    const job = await testStore.newJob({
      limits: [limit('all', { maxRunning: 3 }), limit('each', { scope: 'KEY', maxRunning: 1 })],
    });
    const worker = await testStore.newWorker(job);
    for (const limitKey of ['a', 'a', 'a', 'b', 'b', 'c', 'd']) await testStore.submit(job, { limitKey });
    const running = await claim(worker);
    expect(running.map(({ id }) => id)).toHaveLength(3);
    await well();
    let left = 4;
    const busy = [...running];
    while (busy.length > 0) {
      await complete(busy.shift() as TaskRow, worker);
      const more = await claim(worker);
      // There is room for one, and always a key that is free.
      expect(more).toHaveLength(left > 0 ? 1 : 0);
      left -= more.length;
      busy.push(...more);
      await well();
    }
    expect(left).toBe(0);
  });

  it('starts no more than its rate in any period, and the next as soon as a token is back', async () => {
    const job = await testStore.newJob({
      limits: [limit('slow', { scope: 'ROOM', rate: { count: 2, perSeconds: 86_400 } })],
    });
    const worker = await testStore.newWorker(job);
    for (let n = 0; n < 4; n++) await testStore.submit(job);
    const first = await claim(worker);
    expect(first).toHaveLength(2);
    for (const task of first) await complete(task, worker);
    expect(await claim(worker)).toEqual([]);
    await well();
    const back = { name: 'opens_at', text: 'SELECT opens_at AS "at" FROM task_gate WHERE job_id = $1::uuid' };
    const [gate] = await testStore.db.query<{ at: Date }>(back, [job.id]);
    expect(gate?.at.getTime()).toBeGreaterThan(Date.now() + 86_000_000);
    // A day passes.
    await testStore.db.script(`UPDATE task_gate SET opens_at = opens_at - interval '1 day',
      starts = (SELECT jsonb_agg(jsonb_build_array((s->>0)::float8 - 86400000, s->1)) FROM jsonb_array_elements(starts) s)
      WHERE job_id = '${job.id}'`);
    expect(await testStore.store.findJobsThatBecameDue([job.id], 1)).toEqual([job.id]);
    expect(await claim(worker)).toHaveLength(2);
    await well();
  });

  it('is changed while tasks run: raised, lowered, removed, counted by another key, and counted from what runs', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const set = (...limits: JobLimit[]) => testStore.store.updateJob(job.id, { limits }, 'ann');
    const submit = (count: number, limitKey: string) =>
      testStore.store.submitTasks(Array.from({ length: count }, () => submissionOf(job, { limitKey })));
    await submit(10, 'a');
    let running = await claim(worker, 4);
    const end = async (count: number) => {
      for (const task of running.splice(0, count)) await complete(task, worker);
    };
    await set(limit('some', { maxRunning: 4 }));
    await well();
    expect(await claim(worker)).toEqual([]);
    // Lowered below what runs.
    await set(limit('some', { maxRunning: 2 }));
    await end(2);
    expect(await claim(worker)).toEqual([]);
    await end(1);
    running.push(...(await claim(worker)));
    expect(running).toHaveLength(2);
    // Counted by key: what runs counts under its own.
    await set(limit('some', { scope: 'KEY', maxRunning: 3 }));
    await submit(5, 'b');
    const more = await claim(worker);
    expect(more).toHaveLength(4);
    running.push(...more);
    await well();
    // By another kind, and removed.
    await set(limit('some', { rate: { count: 1, perSeconds: 3_600 } }));
    expect(await claim(worker)).toHaveLength(1);
    expect(await claim(worker)).toEqual([]);
    await well();
    await set();
    await end(running.length);
    running = await claim(worker);
    expect(running).toHaveLength(15 - 4 - 1 - 4 - 1);
    await well();
  });

  it('keeps its limits when it is registered without them, and loses them with an empty list', async () => {
    const one = limit('one', { maxRunning: 1 });
    const job = await testStore.newJob({ limits: [one] });
    const { room, category, name } = job;
    const register = async (limits?: JobLimit[]) => {
      const result = await testStore.store.registerJob({ room, category, name, limits });
      return result.kind === 'registered' ? result.job.limits : result.kind;
    };
    const worker = await testStore.newWorker(job);
    await testStore.submit(job);
    await testStore.submit(job);
    expect(await register()).toEqual([one]);
    expect(await claim(worker)).toHaveLength(1);
    expect(await register([{ ...one, maxRunning: 2 }])).toEqual([{ ...one, maxRunning: 2 }]);
    expect(await claim(worker)).toHaveLength(1);
    expect(await register([])).toEqual([]);
    await testStore.submit(job);
    expect(await claim(worker)).toHaveLength(1);
    await well();
  });
});

describe.runIf(availableDatabases().includes('postgres'))('limits while many claim on two servers', () => {
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

  const pick = <T>(from: readonly T[]) => from[Math.floor(Math.random() * from.length)] as T;

  /**
   * Does it again where the database gave it up in favour of another, as clients and the sweep do: a rescue by one server, a
   * heartbeat and the leave of its worker can meet crosswise.
   */
  async function again<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Outage && error.reason === 'busy') return again(work);
      throw error;
    }
  }

  /** Claims, reports, cancels, loses workers and leaves, until all is over. */
  async function work(worker: WorkerRow, server: TestStore, isOver: () => boolean): Promise<void> {
    const { store } = server;
    let { id: workerId } = worker;
    while (!isOver()) {
      const limitOfClaim = 1 + Math.floor(Math.random() * 3);
      const claim = { workerId, limit: limitOfClaim, start: Math.random() < 0.8, actor: 'wim' };
      const taken = await store.claimTasks(claim);
      if (taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 3));
      for (const { id: taskId, attempt, status } of taken) {
        const attemptHeld = { taskId, workerId, attempt, actor: 'wim' };
        if (status === 'CLAIMED') await store.startTask(attemptHeld);
        await pick<() => Promise<unknown>>([
          () => store.completeTask({ ...attemptHeld, outcome: 'COMPLETED', result: null }),
          () => store.completeTask({ ...attemptHeld, outcome: 'COMPLETED', result: null }),
          () => store.completeTask({ ...attemptHeld, outcome: 'COMPLETED', result: null }),
          () => store.failTask({ ...attemptHeld, error: failure(true) }),
          () => store.releaseTask(attemptHeld),
          () => store.cancelTask({ taskId, actor: 'ann', note: null }),
          async () => {
            await server.db.script(
              `UPDATE worker SET last_heartbeat_at = now() - interval '1 hour' WHERE id = '${workerId}'`,
            );
            await again(() => store.rescueTasks(100));
            await store.beat(workerId);
          },
        ])();
      }
      if (Math.random() < 0.02) {
        const job = pick(jobs);
        await again(() => store.deregisterWorker(workerId, 'wim'));
        workerId = (await server.newWorker(job)).id;
      }
    }
  }
  let jobs: JobRow[] = [];

  interface OverRow {
    limit_key: string | null;
    byKey: boolean;
    byRoom: boolean;
    running: number;
  }
  const OVER = statement(
    'test_over_limits',
    `SELECT limit_key, GROUPING(limit_key) = 0 AS "byKey", GROUPING(room) = 0 AS "byRoom", count(*)::int AS running
    FROM task WHERE status IN ('CLAIMED', 'RUNNING') GROUP BY GROUPING SETS ((limit_key), (room), ())`,
  );
  const LEFT = statement(
    'test_left',
    "SELECT count(*)::int AS left FROM task WHERE status NOT IN ('COMPLETED', 'CANCELLED', 'FAILED')",
  );

  it('are never exceeded, lose no slot, and leave nothing that could run', { timeout: 180_000 }, async () => {
    const job = await testStore.newJob({
      ...{ backoffSeconds: [0], maxAttempts: 100 },
      limits: [
        limit('all', { maxRunning: 6 }),
        limit('each', { scope: 'KEY', maxRunning: 2 }),
        limit('room', { scope: 'ROOM', maxRunning: 4 }),
      ],
    });
    jobs = [job];
    const tasks = 1_500;
    const workers = await Promise.all(Array.from({ length: 16 }, () => testStore.newWorker(job)));
    let over = false;
    const working = workers.map((worker, n) => work(worker, servers[n % 2] as TestStore, () => over));
    const submitting = (async () => {
      for (let n = 0; n < tasks; n += 50) {
        await (servers[(n / 50) % 2] as TestStore).store.submitTasks(
          Array.from({ length: 50 }, (_, place) =>
            submissionOf(job, {
              room: `r${place % 3}`,
              limitKey: pick(['a', 'b', 'c', 'd', null]),
              priority: place % 2,
            }),
          ),
        );
      }
    })();
    const exceeded: unknown[] = [];
    let left = tasks;
    let looks = 0;
    const end = Date.now() + 150_000;
    while (left > 0 && Date.now() < end) {
      for (const row of await testStore.db.query<OverRow>(OVER)) {
        const most = row.byRoom ? 4 : row.byKey && row.limit_key !== null ? 2 : 6;
        if (row.running > most) exceeded.push(row);
      }
      looks++;
      if (looks % 20 === 0) await testStore.store.pauseJob({ jobId: job.id, room: 'r1', actor: 'ann' }, null);
      if (looks % 20 === 5) await testStore.store.resumeJob({ jobId: job.id, room: 'r1', actor: 'ann' });
      await submitting;
      left = (await testStore.db.query<{ left: number }>(LEFT))[0]?.left ?? 0;
    }
    over = true;
    await Promise.all(working);
    expect(exceeded).toEqual([]);
    expect(left).toBe(0);
    expect(looks).toBeGreaterThan(20);
    expect(await findMisplaced(testStore.db)).toEqual([]);
    const gates = await testStore.db.query(
      statement('test_idle_gates', 'SELECT FROM task_gate WHERE running > 0 OR opens_at IS NOT NULL'),
    );
    expect(gates).toEqual([]);
  });

  it('hold when they are lowered, raised and counted by another key meanwhile', {
    timeout: 180_000,
  }, async () => {
    const job = await testStore.newJob({ backoffSeconds: [0], maxAttempts: 100 });
    jobs = [job];
    const workers = await Promise.all(Array.from({ length: 12 }, () => testStore.newWorker(job)));
    await testStore.store.submitTasks(
      Array.from({ length: 800 }, (_, n) => submissionOf(job, { limitKey: `k${n % 5}` })),
    );
    let over = false;
    const working = workers.map((worker, n) => work(worker, servers[n % 2] as TestStore, () => over));
    for (let round = 0; round < 25; round++) {
      const { store } = servers[round % 2] as TestStore;
      const scope = pick(['JOB', 'KEY', 'ROOM'] as const);
      await store.updateJob(job.id, { limits: [limit('x', { scope, maxRunning: 1 + (round % 4) })] }, 'ann');
      expect((await findMisplaced(testStore.db)).filter(({ what }) => what.includes('slots'))).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await testStore.store.updateJob(job.id, { limits: [] }, 'ann');
    const end = Date.now() + 120_000;
    let left = 1;
    while (left > 0 && Date.now() < end) {
      left = (await testStore.db.query<{ left: number }>(LEFT))[0]?.left ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    over = true;
    await Promise.all(working);
    expect(left).toBe(0);
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });

  it('fill the only slot again and again under 50 workers', { timeout: 120_000 }, async () => {
    const job = await testStore.newJob({ limits: [limit('one', { maxRunning: 1 })] });
    const workers = await Promise.all(Array.from({ length: 50 }, () => testStore.newWorker(job)));
    await testStore.store.submitTasks(Array.from({ length: 60 }, () => submissionOf(job)));
    for (let round = 0; round < 20; round++) {
      const claims = await Promise.all(
        workers.map(({ id: workerId }, n) =>
          (servers[n % 2] as TestStore).store.claimTasks({ workerId, limit: 1, start: true, actor: 'wim' }),
        ),
      );
      const [only, ...more] = claims.flat();
      expect(more).toEqual([]);
      const { id: taskId, workerId, attempt } = only as TaskRow;
      changed(
        await testStore.store.completeTask({
          ...{ taskId, workerId: workerId as string, attempt, actor: 'wim' },
          ...{ outcome: 'COMPLETED', result: null },
        }),
      );
    }
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });
});
