import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../../src/domain/typeid.ts';
import { claimTasks } from '../../../src/store/tasks/claim/claim.ts';
import { availableDatabases } from '../../support/database.ts';
import { findMisplaced } from '../../support/queue.ts';
import {
  changed,
  createTestStore,
  expectLegalLog,
  submissionOf,
  type TestStore,
} from '../../support/test-store.ts';

describe.each(availableDatabases())('a worker on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  /** Makes the last heartbeat of the worker older. */
  const silence = (id: string, seconds: number) =>
    testStore.db.script(
      `UPDATE worker SET last_heartbeat_at = now() - interval '${seconds} seconds' WHERE id = '${id}'`,
    );

  it('is registered with a new id, alive from then on', async () => {
    const [one, other] = [
      await testStore.store.registerWorker({ name: 'w', owner: 'wim', capacity: 3 }),
      await testStore.store.registerWorker({ name: 'w', owner: 'wim', capacity: 3 }),
    ];
    expect(one.id).not.toBe(other.id);
    expect(one).toEqual({
      ...{ id: one.id, name: 'w', owner: 'wim', capacity: 3 },
      createdAt: expect.any(Date),
      lastHeartbeatAt: one.createdAt,
      ...{ lostAt: null, host: null, version: null, drainingSince: null },
    });
    expect(await testStore.store.findWorkers([one.id])).toEqual([one]);
    expect(await testStore.store.findLivingWorkers([one.id])).toEqual(new Set([one.id]));
  });

  it('counts as alive until it has been silent for too long, and again when it beats', async () => {
    const [quiet, silent] = [await testStore.newWorker(), await testStore.newWorker()];
    await silence(quiet.id, 55);
    await silence(silent.id, 61);
    const living = () => testStore.store.findLivingWorkers([quiet.id, silent.id, newUuid()]);
    expect(await living()).toEqual(new Set([quiet.id]));
    const beaten = await testStore.store.beat(silent.id);
    expect(beaten?.stops).toEqual([]);
    expect(beaten?.worker).toEqual((await testStore.store.findWorkers([silent.id]))[0]);
    expect(await living()).toEqual(new Set([quiet.id, silent.id]));
  });

  it('that is unknown cannot beat, leave or be found', async () => {
    const id = newUuid();
    expect(await testStore.store.beat(id)).toBeNull();
    expect(await testStore.store.deregisterWorker(id, 'wim')).toBeNull();
    expect(await testStore.store.findWorkers([id])).toEqual([]);
    expect(await testStore.store.findWorkers([])).toEqual([]);
    expect(await testStore.store.findPendingStops(id)).toEqual([]);
  });

  it('serves the jobs that were registered for it, and counts for them while it lives', async () => {
    const jobs = [await testStore.newJob(), await testStore.newJob(), await testStore.newJob()];
    const [a, b, c] = jobs as [(typeof jobs)[0], (typeof jobs)[0], (typeof jobs)[0]];
    const [one, two] = [await testStore.newWorker(a, b), await testStore.newWorker(b)];
    expect(await testStore.store.findServedJobs([one.id, two.id])).toEqual(
      new Map([
        [one.id, [a.id, b.id].sort()],
        [two.id, [b.id]],
      ]),
    );
    const ids = [a.id, b.id, c.id];
    expect(await testStore.store.countWorkers(ids)).toEqual(
      new Map([
        [a.id, 1],
        [b.id, 2],
      ]),
    );
    await silence(two.id, 61);
    expect(await testStore.store.countWorkers(ids)).toEqual(
      new Map([
        [a.id, 1],
        [b.id, 1],
      ]),
    );
    await testStore.store.deregisterWorker(one.id, 'wim');
    expect(await testStore.store.countWorkers(ids)).toEqual(new Map());
    expect(await testStore.store.findServedJobs([one.id])).toEqual(new Map());
  });

  it('is known to have held the attempts that it was given, and no others', async () => {
    const { task, worker, held } = await testStore.taskIn('RUNNING');
    const other = await testStore.newWorker();
    changed(await testStore.store.releaseTask(held));
    const hasHeld = (workerId: string, attempt: number, taskId = task.id) =>
      testStore.store.hasHeld({ workerId, taskId, attempt });
    expect(await hasHeld(worker.id, 1)).toBe(true);
    expect(await hasHeld(worker.id, 2)).toBe(false);
    expect(await hasHeld(other.id, 1)).toBe(false);
    expect(await hasHeld(worker.id, 1, newUuid())).toBe(false);
  });

  describe('that leaves', () => {
    it('gives back all that it holds, uncounted, and nothing of others', async () => {
      const job = await testStore.newJob();
      const [leaving, staying] = [await testStore.newWorker(job), await testStore.newWorker(job)];
      await testStore.store.submitTasks(Array.from({ length: 7 }, () => submissionOf(job)));
      const claim = (workerId: string, limit: number, start: boolean) =>
        testStore.store.claimTasks({ workerId, limit, start, actor: 'wim' });
      const claimed = await claim(leaving.id, 2, false);
      const running = await claim(leaving.id, 2, true);
      const kept = await claim(staying.id, 2, true);
      const before = testStore.published.length;

      expect(await testStore.store.deregisterWorker(leaving.id, 'boss')).toBe(4);
      for (const task of [...claimed, ...running]) {
        const now = await testStore.task(task.id);
        const { updatedAt: _, ...kept } = task;
        expect(now).toMatchObject({ ...kept, status: 'PENDING', version: task.version + 1, workerId: null });
        expect(now).toMatchObject({ attempt: 1, failures: 0 });
        const history = await testStore.history(task.id);
        expectLegalLog(history);
        expect(history.at(-1)).toMatchObject({
          ...{ from: task.status, to: 'PENDING', reason: 'RELEASED', workerId: leaving.id, actor: 'boss' },
        });
      }
      for (const task of kept) expect(await testStore.task(task.id)).toMatchObject(task);
      expect(testStore.published.slice(before)).toHaveLength(1);
      expect(testStore.published.at(-1)).toHaveLength(4);
      expect(await testStore.store.findWorkers([leaving.id, staying.id])).toMatchObject([{ id: staying.id }]);
    });

    it('is refused its late reports, and its requests to stop are forgotten', async () => {
      const job = await testStore.newJob();
      const worker = await testStore.newWorker(job);
      const [cancelled, released] = [await testStore.submit(job), await testStore.submit(job)];
      await testStore.store.claimTasks({ workerId: worker.id, limit: 2, start: true, actor: 'wim' });
      await testStore.store.cancelTask({ taskId: cancelled.id, actor: 'ann', note: null });
      expect(await testStore.store.findPendingStops(worker.id)).toHaveLength(1);
      expect(await testStore.store.deregisterWorker(worker.id, 'wim')).toBe(1);
      expect(await testStore.store.findPendingStops(worker.id)).toEqual([]);
      const late = { taskId: released.id, workerId: worker.id, attempt: 1, actor: 'wim' };
      expect(await testStore.store.completeTask({ ...late, outcome: 'COMPLETED', result: 1 })).toMatchObject({
        kind: 'refused',
        task: { status: 'PENDING' },
      });
    });

    it('leaves once', async () => {
      const { worker } = await testStore.taskIn('RUNNING');
      const leave = () => testStore.store.deregisterWorker(worker.id, 'wim');
      expect((await Promise.all([leave(), leave()])).sort()).toEqual([1, null]);
    });

    it('while it claims holds nothing afterwards', async () => {
      for (let round = 0; round < 15; round++) {
        const job = await testStore.newJob();
        const worker = await testStore.newWorker(job);
        const results = await testStore.store.submitTasks(
          Array.from({ length: 20 }, () => submissionOf(job)),
        );
        const claim = () =>
          testStore.store.claimTasks({ workerId: worker.id, limit: 3, start: round % 2 === 0, actor: 'wim' });
        const claims = [claim(), claim(), claim()];
        const left = testStore.store.deregisterWorker(worker.id, 'wim');
        const claimed = (await Promise.all([...claims, claim(), claim()])).flat();
        expect(await left).toBe(claimed.length);
        const ids = results.flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : []));
        const tasks = await testStore.store.findTasks(ids);
        expect(tasks.filter(({ status, workerId }) => status !== 'PENDING' || workerId !== null)).toEqual([]);
        const attempts = tasks.reduce((sum, { attempt }) => sum + attempt, 0);
        expect(attempts).toBe(claimed.length);
      }
    });

    it('while its tasks are cancelled, completed and failed leaves each in one legal state', async () => {
      for (let round = 0; round < 15; round++) {
        const job = await testStore.newJob({ backoffSeconds: [0] });
        const worker = await testStore.newWorker(job);
        await testStore.store.submitTasks(Array.from({ length: 12 }, () => submissionOf(job)));
        const tasks = await testStore.store.claimTasks({
          workerId: worker.id,
          limit: 12,
          start: true,
          actor: 'wim',
        });
        const verbs = tasks.map(({ id: taskId, attempt }, index) => {
          const held = { taskId, workerId: worker.id, attempt, actor: 'wim' };
          const error = { message: '', code: null, retryable: true, context: null };
          if (index % 3 === 0) return () => testStore.store.cancelTask({ taskId, actor: 'ann', note: null });
          if (index % 3 === 1) return () => testStore.store.failTask({ ...held, error });
          return () => testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result: null });
        });
        const early = verbs.slice(0, 6).map((run) => run());
        const left = testStore.store.deregisterWorker(worker.id, 'wim');
        const late = verbs.slice(6).map((run) => run());
        await Promise.all([...early, left, ...late]);
        for (const { id } of tasks) {
          const history = await testStore.history(id);
          expectLegalLog(history);
          const now = await testStore.task(id);
          expect(now).toMatchObject({ status: history.at(-1)?.to, version: history.length, workerId: null });
        }
      }
    });
  });
});

describe.runIf(availableDatabases().includes('postgres'))('while a worker is leaving', () => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore('postgres');
  });
  afterAll(() => testStore.close());

  const lock = { name: 'test_lock_worker', text: 'SELECT 1 FROM worker WHERE id = $1 FOR UPDATE' };
  const remove = { name: 'test_remove_worker', text: 'DELETE FROM worker WHERE id = $1' };
  const waiting = {
    name: 'test_waiting',
    text: `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'`,
  };

  async function untilSomebodyWaits(): Promise<void> {
    while ((await testStore.db.query(waiting)).length === 0);
  }

  it('cancelling its task does not wait for it, as it may wait for that task', async () => {
    const { task, worker } = await testStore.taskIn('RUNNING');
    await testStore.db.transaction(async (session) => {
      await session.query(lock, [worker.id]);
      changed(await testStore.store.cancelTask({ taskId: task.id, actor: 'ann', note: null }));
    });
    expect(await testStore.store.deregisterWorker(worker.id, 'wim')).toBe(0);
  });

  it('a claim that waits for it passes over what another one took and gave back meanwhile', async () => {
    const { task, job, worker } = await testStore.taskIn('PENDING');
    const other = await testStore.newWorker(job);
    const claimBy = (workerId: string) =>
      testStore.store.claimTasks({ workerId, limit: 1, start: false, actor: 'wim' });
    const claim = await testStore.db.transaction(async (session) => {
      await session.query(lock, [worker.id]);
      const claimed = claimBy(worker.id);
      await untilSomebodyWaits();
      expect(await claimBy(other.id)).toHaveLength(1);
      const held = { taskId: task.id, workerId: other.id, attempt: 1, actor: 'wim' };
      changed(await testStore.store.releaseTask(held));
      return { claimed };
    });
    expect(await claim.claimed).toEqual([]);
    expect(await findMisplaced(testStore.db)).toEqual([]);
    expect(await claimBy(worker.id)).toMatchObject([{ id: task.id, attempt: 2 }]);
  });

  it('its claim waits, and then takes nothing', async () => {
    const { task, worker } = await testStore.taskIn('PENDING');
    const claim = await testStore.db.transaction(async (session) => {
      await session.query(lock, [worker.id]);
      const claimed = testStore.store.claimTasks({
        workerId: worker.id,
        limit: 1,
        start: false,
        actor: 'wim',
      });
      await untilSomebodyWaits();
      await session.query(remove, [worker.id]);
      return { claimed };
    });
    expect(await claim.claimed).toEqual([]);
    expect(await testStore.task(task.id)).toEqual(task);
  });

  it('and its claim is under way, leaving waits, and then gives the claimed task back', async () => {
    const { task, worker } = await testStore.taskIn('PENDING');
    const leaving = await testStore.db.transaction(async (session) => {
      const claim = { workerId: worker.id, limit: 1, start: false, actor: 'wim' };
      expect((await claimTasks(session, claim)).tasks).toHaveLength(1);
      const released = testStore.store.deregisterWorker(worker.id, 'wim');
      await untilSomebodyWaits();
      return { released };
    });
    expect(await leaving.released).toBe(1);
    expect(await testStore.task(task.id)).toMatchObject({
      status: 'PENDING',
      attempt: 1,
      workerId: null,
      version: 3,
    });
  });
});
