import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/domain/typeid.ts';
import { claimTasks } from '../../src/store/verbs/claim.ts';
import { availableDatabases } from '../support/database.ts';
import { findMisplaced } from '../support/queue.ts';
import { changed, createWorld, expectLegalLog, submissionOf, type World } from '../support/world.ts';

describe.each(availableDatabases())('a worker on %s', (kind) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld(kind);
  });
  afterAll(() => world.close());

  /** Makes the last heartbeat of the worker older. */
  const silence = (id: string, seconds: number) =>
    world.db.script(
      `UPDATE worker SET last_heartbeat_at = now() - interval '${seconds} seconds' WHERE id = '${id}'`,
    );

  it('is registered with a new id, alive from then on', async () => {
    const [one, other] = [
      await world.store.registerWorker({ name: 'w', owner: 'wim', capacity: 3 }),
      await world.store.registerWorker({ name: 'w', owner: 'wim', capacity: 3 }),
    ];
    expect(one.id).not.toBe(other.id);
    expect(one).toEqual({
      ...{ id: one.id, name: 'w', owner: 'wim', capacity: 3 },
      createdAt: expect.any(Date),
      lastHeartbeatAt: one.createdAt,
    });
    expect(await world.store.findWorkers([one.id])).toEqual([one]);
    expect(await world.store.findLivingWorkers([one.id])).toEqual(new Set([one.id]));
  });

  it('counts as alive until it has been silent for too long, and again when it beats', async () => {
    const [quiet, silent] = [await world.newWorker(), await world.newWorker()];
    await silence(quiet.id, 55);
    await silence(silent.id, 61);
    const living = () => world.store.findLivingWorkers([quiet.id, silent.id, newUuid()]);
    expect(await living()).toEqual(new Set([quiet.id]));
    const beaten = await world.store.beat(silent.id);
    expect(beaten?.stops).toEqual([]);
    expect(beaten?.worker).toEqual((await world.store.findWorkers([silent.id]))[0]);
    expect(await living()).toEqual(new Set([quiet.id, silent.id]));
  });

  it('that is unknown cannot beat, leave or be found', async () => {
    const id = newUuid();
    expect(await world.store.beat(id)).toBeNull();
    expect(await world.store.deregisterWorker(id, 'wim')).toBeNull();
    expect(await world.store.findWorkers([id])).toEqual([]);
    expect(await world.store.findWorkers([])).toEqual([]);
    expect(await world.store.findPendingStops(id)).toEqual([]);
  });

  it('serves the jobs that were registered for it, and counts for them while it lives', async () => {
    const jobs = [await world.newJob(), await world.newJob(), await world.newJob()];
    const [a, b, c] = jobs as [(typeof jobs)[0], (typeof jobs)[0], (typeof jobs)[0]];
    const [one, two] = [await world.newWorker(a, b), await world.newWorker(b)];
    expect(await world.store.findServedJobs([one.id, two.id])).toEqual(
      new Map([
        [one.id, [a.id, b.id].sort()],
        [two.id, [b.id]],
      ]),
    );
    const ids = [a.id, b.id, c.id];
    expect(await world.store.countWorkers(ids)).toEqual(
      new Map([
        [a.id, 1],
        [b.id, 2],
      ]),
    );
    await silence(two.id, 61);
    expect(await world.store.countWorkers(ids)).toEqual(
      new Map([
        [a.id, 1],
        [b.id, 1],
      ]),
    );
    await world.store.deregisterWorker(one.id, 'wim');
    expect(await world.store.countWorkers(ids)).toEqual(new Map());
    expect(await world.store.findServedJobs([one.id])).toEqual(new Map());
  });

  it('is known to have held the attempts that it was given, and no others', async () => {
    const { task, worker, held } = await world.taskIn('RUNNING');
    const other = await world.newWorker();
    changed(await world.store.releaseTask(held));
    const hasHeld = (workerId: string, attempt: number, taskId = task.id) =>
      world.store.hasHeld({ workerId, taskId, attempt });
    expect(await hasHeld(worker.id, 1)).toBe(true);
    expect(await hasHeld(worker.id, 2)).toBe(false);
    expect(await hasHeld(other.id, 1)).toBe(false);
    expect(await hasHeld(worker.id, 1, newUuid())).toBe(false);
  });

  describe('that leaves', () => {
    it('gives back all that it holds, uncounted, and nothing of others', async () => {
      const job = await world.newJob();
      const [leaving, staying] = [await world.newWorker(job), await world.newWorker(job)];
      await world.store.submitTasks(Array.from({ length: 7 }, () => submissionOf(job)));
      const claim = (workerId: string, limit: number, start: boolean) =>
        world.store.claimTasks({ workerId, limit, start, actor: 'wim' });
      const claimed = await claim(leaving.id, 2, false);
      const running = await claim(leaving.id, 2, true);
      const kept = await claim(staying.id, 2, true);
      const before = world.published.length;

      expect(await world.store.deregisterWorker(leaving.id, 'boss')).toBe(4);
      for (const task of [...claimed, ...running]) {
        const now = await world.task(task.id);
        expect(now).toEqual({ ...task, status: 'PENDING', version: task.version + 1, workerId: null });
        expect(now).toMatchObject({ attempt: 1, failures: 0 });
        const history = await world.history(task.id);
        expectLegalLog(history);
        expect(history.at(-1)).toMatchObject({
          ...{ from: task.status, to: 'PENDING', reason: 'RELEASED', workerId: leaving.id, actor: 'boss' },
        });
      }
      for (const task of kept) expect(await world.task(task.id)).toEqual(task);
      expect(world.published.slice(before)).toHaveLength(1);
      expect(world.published.at(-1)).toHaveLength(4);
      expect(await world.store.findWorkers([leaving.id, staying.id])).toMatchObject([{ id: staying.id }]);
    });

    it('is refused its late reports, and its requests to stop are forgotten', async () => {
      const job = await world.newJob();
      const worker = await world.newWorker(job);
      const [cancelled, released] = [await world.submit(job), await world.submit(job)];
      await world.store.claimTasks({ workerId: worker.id, limit: 2, start: true, actor: 'wim' });
      await world.store.cancelTask({ taskId: cancelled.id, actor: 'ann', note: null });
      expect(await world.store.findPendingStops(worker.id)).toHaveLength(1);
      expect(await world.store.deregisterWorker(worker.id, 'wim')).toBe(1);
      expect(await world.store.findPendingStops(worker.id)).toEqual([]);
      const late = { taskId: released.id, workerId: worker.id, attempt: 1, actor: 'wim' };
      expect(await world.store.completeTask({ ...late, outcome: 'COMPLETED', result: 1 })).toMatchObject({
        kind: 'refused',
        task: { status: 'PENDING' },
      });
    });

    it('leaves once', async () => {
      const { worker } = await world.taskIn('RUNNING');
      const leave = () => world.store.deregisterWorker(worker.id, 'wim');
      expect((await Promise.all([leave(), leave()])).sort()).toEqual([1, null]);
    });

    it('while it claims holds nothing afterwards', async () => {
      for (let round = 0; round < 15; round++) {
        const job = await world.newJob();
        const worker = await world.newWorker(job);
        const results = await world.store.submitTasks(Array.from({ length: 20 }, () => submissionOf(job)));
        const claim = () =>
          world.store.claimTasks({ workerId: worker.id, limit: 3, start: round % 2 === 0, actor: 'wim' });
        const claims = [claim(), claim(), claim()];
        const left = world.store.deregisterWorker(worker.id, 'wim');
        const claimed = (await Promise.all([...claims, claim(), claim()])).flat();
        expect(await left).toBe(claimed.length);
        const ids = results.flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : []));
        const tasks = await world.store.findTasks(ids);
        expect(tasks.filter(({ status, workerId }) => status !== 'PENDING' || workerId !== null)).toEqual([]);
        const attempts = tasks.reduce((sum, { attempt }) => sum + attempt, 0);
        expect(attempts).toBe(claimed.length);
      }
    });

    it('while its tasks are cancelled, completed and failed leaves each in one legal state', async () => {
      for (let round = 0; round < 15; round++) {
        const job = await world.newJob({ backoffSeconds: [0] });
        const worker = await world.newWorker(job);
        await world.store.submitTasks(Array.from({ length: 12 }, () => submissionOf(job)));
        const tasks = await world.store.claimTasks({
          workerId: worker.id,
          limit: 12,
          start: true,
          actor: 'wim',
        });
        const verbs = tasks.map(({ id: taskId, attempt }, index) => {
          const held = { taskId, workerId: worker.id, attempt, actor: 'wim' };
          const error = { message: '', code: null, retryable: true, context: null };
          if (index % 3 === 0) return () => world.store.cancelTask({ taskId, actor: 'ann', note: null });
          if (index % 3 === 1) return () => world.store.failTask({ ...held, error });
          return () => world.store.completeTask({ ...held, outcome: 'COMPLETED', result: null });
        });
        const early = verbs.slice(0, 6).map((run) => run());
        const left = world.store.deregisterWorker(worker.id, 'wim');
        const late = verbs.slice(6).map((run) => run());
        await Promise.all([...early, left, ...late]);
        for (const { id } of tasks) {
          const history = await world.history(id);
          expectLegalLog(history);
          const now = await world.task(id);
          expect(now).toMatchObject({ status: history.at(-1)?.to, version: history.length, workerId: null });
        }
      }
    });
  });
});

describe.runIf(availableDatabases().includes('postgres'))('while a worker is leaving', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld('postgres');
  });
  afterAll(() => world.close());

  const lock = { name: 'test_lock_worker', text: 'SELECT 1 FROM worker WHERE id = $1 FOR UPDATE' };
  const remove = { name: 'test_remove_worker', text: 'DELETE FROM worker WHERE id = $1' };
  const waiting = {
    name: 'test_waiting',
    text: `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'`,
  };

  async function untilSomebodyWaits(): Promise<void> {
    while ((await world.db.query(waiting)).length === 0);
  }

  it('cancelling its task does not wait for it, as it may wait for that task', async () => {
    const { task, worker } = await world.taskIn('RUNNING');
    await world.db.transaction(async (session) => {
      await session.query(lock, [worker.id]);
      changed(await world.store.cancelTask({ taskId: task.id, actor: 'ann', note: null }));
    });
    expect(await world.store.findPendingStops(worker.id)).toEqual([]);
    expect(await world.store.deregisterWorker(worker.id, 'wim')).toBe(0);
  });

  it('a claim that waits for it passes over what another one took and gave back meanwhile', async () => {
    const { task, job, worker } = await world.taskIn('PENDING');
    const other = await world.newWorker(job);
    const claimBy = (workerId: string) =>
      world.store.claimTasks({ workerId, limit: 1, start: false, actor: 'wim' });
    const claim = await world.db.transaction(async (session) => {
      await session.query(lock, [worker.id]);
      const claimed = claimBy(worker.id);
      await untilSomebodyWaits();
      expect(await claimBy(other.id)).toHaveLength(1);
      const held = { taskId: task.id, workerId: other.id, attempt: 1, actor: 'wim' };
      changed(await world.store.releaseTask(held));
      return { claimed };
    });
    expect(await claim.claimed).toEqual([]);
    expect(await findMisplaced(world.db)).toEqual([]);
    expect(await claimBy(worker.id)).toMatchObject([{ id: task.id, attempt: 2 }]);
  });

  it('its claim waits, and then takes nothing', async () => {
    const { task, worker } = await world.taskIn('PENDING');
    const claim = await world.db.transaction(async (session) => {
      await session.query(lock, [worker.id]);
      const claimed = world.store.claimTasks({ workerId: worker.id, limit: 1, start: false, actor: 'wim' });
      await untilSomebodyWaits();
      await session.query(remove, [worker.id]);
      return { claimed };
    });
    expect(await claim.claimed).toEqual([]);
    expect(await world.task(task.id)).toEqual(task);
  });

  it('and its claim is under way, leaving waits, and then gives the claimed task back', async () => {
    const { task, worker } = await world.taskIn('PENDING');
    const leaving = await world.db.transaction(async (session) => {
      const claim = { workerId: worker.id, limit: 1, start: false, actor: 'wim' };
      expect((await claimTasks(session, claim)).tasks).toHaveLength(1);
      const released = world.store.deregisterWorker(worker.id, 'wim');
      await untilSomebodyWaits();
      return { released };
    });
    expect(await leaving.released).toBe(1);
    expect(await world.task(task.id)).toMatchObject({
      status: 'PENDING',
      attempt: 1,
      workerId: null,
      version: 3,
    });
  });
});
