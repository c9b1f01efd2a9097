/** Workers that leave while their tasks are rescued and cancelled: nobody waits for anybody crosswise, and no task is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { rescueTasks } from '../../../src/store/tasks/attempt/rescue.ts';
import { availableDatabases } from '../../support/database.ts';
import { createTestStore, expectLegalLog, type TestStore } from '../../support/test-store.ts';

const LOOPS = 6;
const ROUNDS = 25;
const TASKS = 6;

describe.runIf(availableDatabases().includes('postgres'))('workers that leave', { timeout: 120_000 }, () => {
  let one: TestStore;
  let two: TestStore;

  beforeAll(async () => {
    one = await createTestStore('postgres');
    const { url, directUrl } = one;
    two = await createTestStore(
      'postgres',
      await openPostgres({ url: url as string, directUrl, maxConnections: 12 }),
    );
  });
  afterAll(async () => {
    await two.db.close();
    await one.close();
  });

  it('never wait for a rescue or a cancellation that waits for them', async () => {
    const jobs = [await one.newJob({ maxAttempts: 1 }), await one.newJob()] as const;
    const all: string[] = [];
    async function round(n: number): Promise<void> {
      const job = jobs[n % 2 === 0 ? 0 : 1];
      const { id: workerId } = await one.newWorker(...jobs);
      const ids: string[] = [];
      for (let n = 0; n < TASKS; n++) ids.push((await two.submit(job)).id);
      all.push(...ids);
      await two.store.claimTasks({ workerId, limit: TASKS, start: true, actor: 'wim' });
      await Promise.all([
        one.store.deregisterWorker(workerId, 'wim'),
        // Whoever lives counts as lost.
        rescueTasks(two.db, 500, { workerTimeoutSeconds: -10, room: null }),
        ...ids.slice(0, 2).map((taskId) => two.store.cancelTask({ taskId, actor: 'ann', note: null })),
        two.store.beat(workerId),
        two.store.claimTasks({ workerId, limit: 3, start: false, actor: 'wim' }),
      ]);
    }
    const loop = async () => {
      for (let n = 0; n < ROUNDS; n++) await round(n);
    };
    await Promise.all(Array.from({ length: LOOPS }, loop));
    for (const id of all) expectLegalLog(await one.history(id));
    const [{ lost } = { lost: -1 }] = await one.db.query<{ lost: number }>({
      ...{ name: 'stops_of_nobody', once: true },
      text: `SELECT count(*)::int AS lost FROM task_hold h LEFT JOIN task t
        ON t.id = h.task_id AND t.worker_id = h.worker_id AND t.attempt = h.attempt WHERE t.id IS NULL`,
    });
    expect(lost).toBe(0);
  });

  it('take what they were asked to stop along', async () => {
    const { task, worker } = await one.taskIn('RUNNING');
    await one.store.cancelTask({ taskId: task.id, actor: 'ann', note: 'no' });
    expect(await one.store.findPendingStops(worker.id)).toHaveLength(1);
    await one.store.deregisterWorker(worker.id, 'wim');
    expect(await one.store.findPendingStops(worker.id)).toEqual([]);
  });
});
