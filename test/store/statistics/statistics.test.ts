import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  activityOf,
  JOB_STATISTICS_ORDERS,
  type MeasureTotals,
  type StatisticScope,
} from '../../../src/domain/statistics.ts';
import { TASK_STATUSES } from '../../../src/domain/task.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { moveRunAt } from '../../support/queue.ts';
import { changed, createTestStore, failure, type TestStore } from '../../support/test-store.ts';

const NONE = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0]));

/** Rolls up all of the log; what lies above the horizon can only be when transactions elsewhere on the server end. */
async function rollUp(testStore: TestStore): Promise<void> {
  await vi.waitFor(
    async () => {
      await testStore.store.rollUpStatistics(1_000);
      const left = await testStore.db.query({
        name: 'test_left',
        text: `SELECT 1 FROM task_transition, statistic_position position
          WHERE (task_transition.xid, task_transition.id) > (position.xid, position.log_id) LIMIT 1`,
      });
      expect(left).toEqual([]);
    },
    { timeout: 30_000 },
  );
}

describe.each(availableDatabases())('statistics on %s', (kind) => {
  let database: TestDatabase;
  let testStore: TestStore;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    testStore = await createTestStore(kind, database.db);
  });
  afterAll(() => database?.close());

  const of = (job: JobRow): StatisticScope => ({ rooms: [job.room], jobId: job.id });
  const counts = async (scope: StatisticScope) => (await testStore.store.countTasks(scope)).counts;
  const hour = (scope: StatisticScope) =>
    testStore.store.readActivity(scope, { grain: 'HOUR', points: 2 }) as Promise<
      ({ at: Date } & MeasureTotals)[]
    >;
  /** What the table of tasks says, the slow way. */
  const counted = async (job: JobRow) => {
    const rows = await testStore.db.query<{ status: string; count: number }>(
      {
        name: 'test_status_counts',
        text: 'SELECT status, count(*)::int AS count FROM task WHERE job_id = $1::uuid GROUP BY status',
      },
      [job.id],
    );
    return { ...NONE, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  };

  it('are the same before, in the middle of and after the roll-up', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    for (let n = 0; n < 6; n++) await testStore.submit(job);
    const tasks = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 5,
      start: true,
      actor: 'wim',
    });
    const held = (n: number) => ({
      taskId: tasks[n]?.id as string,
      workerId: worker.id,
      attempt: 1,
      actor: 'wim',
    });
    changed(await testStore.store.completeTask({ ...held(0), outcome: 'COMPLETED', result: null }));
    changed(await testStore.store.completeTask({ ...held(1), outcome: 'PARTIAL', result: null }));
    changed(await testStore.store.failTask({ ...held(2), error: failure(false) }));
    changed(await testStore.store.failTask({ ...held(3), error: failure(true) }));
    changed(await testStore.store.cancelTask({ taskId: held(4).taskId, actor: 'ann', note: null }));

    const expected = { ...NONE, PENDING: 2, COMPLETED: 1, PARTIAL: 1, FAILED: 1, CANCELLED: 1 };
    const activity = {
      ...{ submitted: 6, completed: 1, partial: 1, failed: 1, cancelled: 1, attemptsFailed: 2 },
      wait: { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) },
      run: { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) },
    };
    const all = async () => {
      expect(await counts(of(job))).toEqual(expected);
      expect(await counts({ rooms: null, jobId: job.id })).toEqual(expected);
      expect(await counts({ rooms: [job.room], jobId: null })).toEqual(expected);
      const tallies = await hour(of(job));
      expect(activityOf(tallies)).toEqual(activity);
      const sum = (measure: string) =>
        tallies.filter((tally) => tally.measure === measure).reduce((total, { count }) => total + count, 0);
      expect([sum('WAIT'), sum('RUN')]).toEqual([5, 5]);
      for (const rooms of [[job.room], null]) {
        const series = { grain: 'HOUR' as const, points: 2 };
        for (const order of JOB_STATISTICS_ORDERS) {
          const ranked = await testStore.store.rankJobs(rooms, { series, order, limit: 100 });
          expect(ranked.find(({ jobId }) => jobId === job.id)?.counts).toEqual(expected);
        }
        const jobs = { rooms, jobIds: [job.id], series };
        expect(activityOf(await testStore.store.readJobActivity(jobs))).toEqual(activity);
        const points = await testStore.store.readJobSeries(jobs);
        expect(points.every((point) => point.jobId === job.id && point.at instanceof Date)).toBe(true);
        expect(activityOf(points)).toEqual(activity);
        expect((await testStore.store.findOldestPendingOfJobs(rooms, [job.id])).get(job.id)).toEqual(
          await testStore.store.findOldestPending({ rooms, jobId: job.id }),
        );
      }
      for (const grain of ['MINUTE', 'DAY'] as const) {
        expect(activityOf(await testStore.store.readActivity(of(job), { grain, points: 60 }))).toEqual(
          activity,
        );
      }
    };
    await all();
    await testStore.store.rollUpStatistics(3);
    await all();
    await rollUp(testStore);
    await all();
    expect(await testStore.store.rollUpStatistics(1_000)).toBe(0);
    expect(await counts({ rooms: ['nowhere'], jobId: null })).toEqual(NONE);
  });

  it('group failures that are alike, the same before, in the middle of and after the roll-up', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    const messages = ['disk 1 is full', 'disk 22 is full', 'no light', 'disk 3 is full'];
    const taskIds: string[] = [];
    for (const message of messages) {
      await testStore.submit(job);
      const claim = { workerId: worker.id, limit: 1, start: true, actor: 'wim' };
      const [task] = await testStore.store.claimTasks(claim);
      const held = { taskId: task?.id as string, workerId: worker.id, attempt: 1, actor: 'wim' };
      changed(await testStore.store.failTask({ ...held, error: failure(false, message) }));
      taskIds.push(held.taskId);
    }
    await testStore.store.discardTask({ taskId: taskIds[0] as string, actor: 'ann', note: null });
    const all = async () => {
      for (const scope of [of(job), { rooms: [job.room], jobId: null }, { rooms: null, jobId: job.id }]) {
        for (const [grain, points] of [
          ['MINUTE', 60],
          ['HOUR', 2],
          ['DAY', 2],
        ] as const) {
          const groups = await testStore.store.findErrorGroups(scope, { grain, points }, 10);
          expect(groups).toMatchObject([
            { jobId: job.id, count: 3, code: 'E_TEST', message: 'disk 3 is full' },
            { jobId: job.id, count: 1, message: 'no light' },
          ]);
          for (const { count, points: at, firstAt, lastAt } of groups) {
            expect(at.reduce((sum, [, n]) => sum + n, 0)).toBe(count);
            expect(lastAt.getTime()).toBeGreaterThanOrEqual(firstAt.getTime());
          }
          expect(await testStore.store.countOpenDeadLetters(scope.rooms, groups)).toEqual([2, 1]);
        }
      }
    };
    await all();
    await testStore.store.rollUpStatistics(9);
    await all();
    await rollUp(testStore);
    await all();
    expect(
      await testStore.store.findErrorGroups(
        { rooms: ['nowhere'], jobId: null },
        { grain: 'HOUR', points: 2 },
        10,
      ),
    ).toEqual([]);
  });

  it('agree with the tasks whatever is done, rolled up and deleted in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('submit', 'claim', 'complete', 'fail', 'cancel', 'roll', 'delete'), {
          minLength: 10,
          maxLength: 40,
        }),
        async (actions) => {
          const job = await testStore.newJob();
          const worker = await testStore.newWorker(job);
          const ids: string[] = [];
          const running: { taskId: string; workerId: string; attempt: number; actor: string }[] = [];
          for (const action of actions) {
            if (action === 'submit') ids.push((await testStore.submit(job)).id);
            if (action === 'claim') {
              const claim = { workerId: worker.id, limit: 1, start: true, actor: 'wim' };
              for (const { id, attempt } of await testStore.store.claimTasks(claim)) {
                running.push({ taskId: id, workerId: worker.id, attempt, actor: 'wim' });
              }
            }
            const held = action === 'complete' || action === 'fail' ? running.shift() : undefined;
            if (held && action === 'complete')
              await testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result: null });
            if (held && action === 'fail') await testStore.store.failTask({ ...held, error: failure(false) });
            const [id] = ids;
            if (action === 'cancel' && id)
              await testStore.store.cancelTask({ taskId: id, actor: 'ann', note: null });
            if (action === 'roll') await testStore.store.rollUpStatistics(4);
            if (action === 'delete') {
              await testStore.db.script(
                `DELETE FROM task WHERE job_id = '${job.id}' AND finished_at IS NOT NULL`,
              );
            }
            expect(await counts(of(job))).toEqual(await counted(job));
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('tell since when the oldest task waits that can be claimed', async () => {
    const job = await testStore.newJob();
    const oldest = () => testStore.store.findOldestPending(of(job));
    expect(await oldest()).toBeNull();
    await testStore.submit(job, { runAt: new Date(Date.now() + 3_600_000) });
    expect(await oldest()).toBeNull();
    const low = await testStore.submit(job, { priority: -5 });
    await testStore.submit(job, { priority: 5 });
    await testStore.submit(job);
    expect(await oldest()).toEqual(low.runAt);
    expect(await testStore.store.findOldestPending({ rooms: [job.room, 'another'], jobId: null })).toEqual(
      low.runAt,
    );
    expect(await testStore.store.findOldestPending({ rooms: ['another'], jobId: job.id })).toBeNull();
    await testStore.db.script(moveRunAt("now() - interval '9 hours'", `id = '${low.id}'`));
    expect(await testStore.store.findOldestPending({ rooms: null, jobId: null })).toEqual(await oldest());
  });

  it('forget what is older than its grain is kept', async () => {
    const job = await testStore.newJob();
    await testStore.submit(job);
    await rollUp(testStore);
    const grains = async () =>
      (
        await testStore.db.query<{ grain: string }>(
          { name: 'test_grains', text: 'SELECT grain FROM statistic WHERE job_id = $1::uuid ORDER BY grain' },
          [job.id],
        )
      ).map(({ grain }) => grain);
    expect(await grains()).toEqual(['MINUTE', 'HOUR', 'DAY']);
    await testStore.db.script(`UPDATE statistic SET at = at - interval '61 days' WHERE job_id = '${job.id}'`);
    expect(await testStore.store.trimStatistics(1)).toBe(1);
    expect(await testStore.store.trimStatistics(10)).toBe(1);
    expect(await grains()).toEqual(['DAY']);
  });
});

describe.skipIf(!availableDatabases().includes('postgres'))('the roll-up of statistics', () => {
  it('counts every transition once, however many servers roll up while others write', async () => {
    const database = await createTestDatabase('postgres');
    try {
      const testStore = await createTestStore('postgres', database.db);
      const job = await testStore.newJob();
      const worker = await testStore.newWorker(job);
      let writing = true;
      const write = async () => {
        for (let n = 0; n < 40; n++) {
          await testStore.submit(job);
          const [task] = await testStore.store.claimTasks({
            workerId: worker.id,
            limit: 1,
            start: true,
            actor: 'wim',
          });
          if (task) {
            const held = { taskId: task.id, workerId: worker.id, attempt: 1, actor: 'wim' };
            await testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result: null });
          }
        }
      };
      const roll = async () => {
        while (writing) await testStore.store.rollUpStatistics(7);
      };
      const rolling = [roll(), roll(), roll()];
      await Promise.all([write(), write(), write()]);
      writing = false;
      await Promise.all(rolling);
      const scope = { rooms: null, jobId: job.id };
      const { counts } = await testStore.store.countTasks(scope);
      expect(counts).toEqual({ ...NONE, COMPLETED: 120 });
      const tallies = await testStore.store.readActivity(scope, { grain: 'HOUR', points: 2 });
      expect(activityOf(tallies)).toMatchObject({ submitted: 120, completed: 120 });
      await rollUp(testStore);
      expect((await testStore.store.countTasks(scope)).counts).toEqual({ ...NONE, COMPLETED: 120 });
      const [stored] = await testStore.db.query<{ count: number }>({
        name: 'test_stored',
        text: `SELECT sum(count)::int AS count FROM task_count WHERE status = 'COMPLETED'`,
      });
      expect(stored).toEqual({ count: 120 });
    } finally {
      await database.close();
    }
  });
});
