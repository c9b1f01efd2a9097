/** The check of limits: what is counted wrongly is repaired and reported, and rows of idle keys go away. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { TaskRow } from '../../src/domain/task.ts';
import { checkLimitsRoutine } from '../../src/maintenance/check-limits.ts';
import { statement } from '../../src/store/database/statement.ts';
import { availableDatabases } from '../support/database.ts';
import { findMisplaced } from '../support/queue.ts';
import { changed, createTestStore, type TestStore } from '../support/test-store.ts';

const perKey = (rest: Partial<JobLimit>): JobLimit[] => [
  { name: 'key', scope: 'KEY', keyPointer: null, maxRunning: null, rate: null, ...rest },
];
const COUNT = statement('test_gates', 'SELECT count(*)::int AS count FROM task_gate');

describe.each(availableDatabases())('the check of limits on %s', (kind) => {
  let testStore: TestStore;
  const lines: { job?: string; counted?: number; held?: number; level: number }[] = [];

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const check = () => {
    const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
    return checkLimitsRoutine(testStore.store, { intervalSeconds: 30, logger }).runOnce();
  };
  const gates = async () => (await testStore.db.query<{ count: number }>(COUNT))[0]?.count;

  it('repairs and reports slots that nobody holds, and lets go on what waited for them', async () => {
    const job = await testStore.newJob({ limits: perKey({ maxRunning: 2 }) });
    const worker = await testStore.newWorker(job);
    const claim = () =>
      testStore.store.claimTasks({ workerId: worker.id, limit: 9, start: true, actor: 'wim' });
    for (let n = 0; n < 4; n++) await testStore.submit(job, { limitKey: 'a' });
    expect(await claim()).toHaveLength(2);
    expect(await check()).toEqual({ leaks: 0, removed: 0 });
    // As a bug would leave it: slots that are held by nobody, and a gate that never opens.
    await testStore.db.script(`DELETE FROM task_hold; UPDATE task SET status = 'CANCELLED', worker_id = NULL, finished_at = now()
      WHERE status = 'RUNNING'`);
    expect(await claim()).toEqual([]);
    lines.length = 0;
    expect(await check()).toEqual({ leaks: 1, removed: 0 });
    expect(lines).toMatchObject([
      { level: 50, job: job.fullName, limit: 'key', key: 'a', counted: 2, held: 0 },
    ]);
    expect(await claim()).toHaveLength(2);
    expect(await findMisplaced(testStore.db)).toEqual([]);
    expect(await check()).toEqual({ leaks: 0, removed: 0 });
  });

  it('removes rows of keys that are idle, and none that still say something', async () => {
    await testStore.db.script(
      'DELETE FROM task; DELETE FROM task_queue; DELETE FROM task_hold; DELETE FROM task_gate',
    );
    const job = await testStore.newJob({ limits: perKey({ maxRunning: 1 }) });
    const daily = await testStore.newJob({ limits: perKey({ rate: { count: 1, perSeconds: 86_400 } }) });
    const worker = await testStore.newWorker(job, daily);
    const claim = (limit: number) =>
      testStore.store.claimTasks({ workerId: worker.id, limit, start: true, actor: 'wim' });
    const end = ({ id: taskId, attempt }: TaskRow) =>
      testStore.store.completeTask({
        ...{ taskId, attempt, workerId: worker.id, actor: 'wim' },
        ...{ outcome: 'COMPLETED', result: null },
      });
    for (let n = 0; n < 30; n++) await testStore.submit(job, { limitKey: `k${n}` });
    for (const task of await claim(30)) changed(await end(task));
    expect(await gates()).toBe(30);
    for (const limitKey of ['a', 'a']) await testStore.submit(job, { limitKey });
    await testStore.submit(daily, { limitKey: 'd' });
    const running = await claim(3);
    expect(running).toHaveLength(2);
    expect(await check()).toEqual({ leaks: 0, removed: 30 });
    // One is full and waited for, of the other a token is out.
    expect(await gates()).toBe(2);
    for (const task of running) changed(await end(task));
    for (const task of await claim(3)) changed(await end(task));
    expect(await check()).toEqual({ leaks: 0, removed: 1 });
    await testStore.db.script("UPDATE task_gate SET full_at = now() - interval '1 hour'");
    expect(await check()).toEqual({ leaks: 0, removed: 1 });
  });

  it('lets workers claim without gates again when a job has none left', async () => {
    const job = await testStore.newJob({ limits: perKey({ maxRunning: 1 }) });
    await testStore.newWorker(job);
    const isGated = async () =>
      (
        await testStore.db.query<{ gated: boolean }>(
          statement('test_gated', 'SELECT gated FROM job WHERE id = $1::uuid'),
          [job.id],
        )
      )[0]?.gated;
    await testStore.store.pauseJob({ jobId: job.id, room: 'attic', actor: 'ann' }, null);
    await testStore.store.updateJob(job.id, { limits: [] }, 'ann');
    expect(await isGated()).toBe(true);
    await check();
    expect(await isGated()).toBe(true);
    await testStore.db.script(`DELETE FROM job_pause WHERE job_id = '${job.id}'`);
    await check();
    expect(await isGated()).toBe(false);
  });

  describe('after the clock was set back', () => {
    /** What was written before lies so much further in the future. */
    const setBack = (jobId: string, interval: string) =>
      testStore.db.script(`UPDATE task_gate SET opens_at = opens_at + interval '${interval}', full_at = full_at + interval '${interval}',
        starts = (SELECT jsonb_agg(jsonb_build_array((s->>0)::float8 + 1000 * extract(epoch FROM interval '${interval}'), s->1))
          FROM jsonb_array_elements(starts) s)
        WHERE job_id = '${jobId}'`);

    it('a rate is shut for one period more, not until the clock is there again', async () => {
      const job = await testStore.newJob({ limits: perKey({ rate: { count: 1, perSeconds: 60 } }) });
      const worker = await testStore.newWorker(job);
      const claim = () =>
        testStore.store.claimTasks({ workerId: worker.id, limit: 9, start: true, actor: 'wim' });
      for (let n = 0; n < 2; n++) await testStore.submit(job, { limitKey: 'a' });
      expect(await claim()).toHaveLength(1);
      await setBack(job.id, '1 day');
      await check();
      expect(await claim()).toEqual([]);
      const [gate] = await testStore.db.query<{ opensIn: number; fullIn: number }>(
        statement(
          'test_gate_opens',
          `SELECT extract(epoch FROM opens_at - now())::float8 AS "opensIn", extract(epoch FROM full_at - now())::float8 AS "fullIn"
          FROM task_gate WHERE job_id = $1::uuid`,
        ),
        [job.id],
      );
      expect(gate?.opensIn).toBeGreaterThan(50);
      expect(gate?.opensIn).toBeLessThan(61);
      expect(gate?.fullIn).toBeLessThan(71);
      await setBack(job.id, '-61 seconds');
      expect(await claim()).toHaveLength(1);
    });

    it('a slot that is free, and a room that was resumed, are found again', async () => {
      const job = await testStore.newJob({ limits: perKey({ maxRunning: 1 }) });
      const worker = await testStore.newWorker(job);
      const claim = () =>
        testStore.store.claimTasks({ workerId: worker.id, limit: 9, start: true, actor: 'wim' });
      for (let n = 0; n < 2; n++) await testStore.submit(job, { limitKey: 'a' });
      const [held] = await claim();
      const { id: taskId, attempt } = held as TaskRow;
      const outcome = { outcome: 'COMPLETED', result: null } as const;
      await testStore.store.completeTask({ taskId, attempt, workerId: worker.id, actor: 'wim', ...outcome });
      await setBack(job.id, '1 day');
      await check();
      expect(await claim()).toHaveLength(1);

      const paused = await testStore.newJob();
      const other = await testStore.newWorker(paused);
      const claimOther = () =>
        testStore.store.claimTasks({ workerId: other.id, limit: 9, start: true, actor: 'wim' });
      const target = { jobId: paused.id, room: paused.room, actor: 'ann' };
      await testStore.store.pauseJob(target, null);
      await testStore.submit(paused);
      expect(await claimOther()).toEqual([]);
      await testStore.store.resumeJob(target);
      await setBack(paused.id, '1 day');
      await check();
      expect(await claimOther()).toHaveLength(1);
    });
  });
});
