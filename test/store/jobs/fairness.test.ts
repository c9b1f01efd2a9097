/** Fairness of a job: rooms or keys take turns, whatever waits, and however it became claimable. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fairness } from '../../../src/domain/fairness.ts';
import type { TaskRow } from '../../../src/domain/task.ts';
import { statement } from '../../../src/store/database/statement.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import { oldestOf } from '../../../src/store/statistics/oldest-pending.ts';
import type { WorkerRow } from '../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../support/database.ts';
import { findMisplaced, moveRunAt } from '../../support/queue.ts';
import {
  changed,
  createTestStore,
  failure,
  jobLimit as limit,
  submissionOf,
  type TestStore,
} from '../../support/test-store.ts';

const BY_ROOM: Fairness = { by: 'ROOM', keyPointer: null };
const BY_KEY: Fairness = { by: 'KEY', keyPointer: null };
const NONE: Fairness = { by: 'NONE', keyPointer: null };

const ids = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => id);
const rooms = (tasks: readonly TaskRow[]) => tasks.map(({ room }) => room);

/** SQL of more tasks like one, each with the id that comes next. */
function copies(job: JobRow, task: TaskRow, count: number): string {
  const id = `(overlay('${task.id}' placing lpad(to_hex(n), 12, '0') from 25))::uuid`;
  return `INSERT INTO task (id, job_id, room, status, version, max_attempts, payload, priority, run_at, labels, created_by, created_at)
      SELECT ${id}, '${job.id}', '${task.room}', 'PENDING', 1, 5, '{}', 0, t.run_at, '{}', 'ann', t.created_at
      FROM generate_series(1, ${count}) n, (SELECT run_at, created_at FROM task WHERE id = '${task.id}') t;
    INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
      SELECT job_id, priority, run_at, id, version, room, true FROM task WHERE job_id = '${job.id}' AND id <> '${task.id}'`;
}

describe.each(availableDatabases())('a fair job on %s', (kind) => {
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
  const fair = (fairness = BY_ROOM, more: object = {}) => testStore.newJob({ fairness, ...more });

  /** Submits to each room as often as it is named, in that order. */
  async function submitTo(job: JobRow, named: string, details: object = {}): Promise<TaskRow[]> {
    const tasks: TaskRow[] = [];
    for (const room of named) tasks.push(await testStore.submit(job, { room, ...details }));
    return tasks;
  }

  /** The rooms of the tasks that are claimed one after the other. */
  async function claimOneByOne(worker: WorkerRow, most = 100): Promise<string> {
    let claimed = '';
    for (let n = 0; n < most; n++) {
      const [task] = await claim(worker, 1);
      if (!task) break;
      claimed += task.room;
    }
    return claimed;
  }

  it('gives each room its turn, one by one and within a claim of many', async () => {
    const job = await fair();
    expect(job).toMatchObject({ fairness: 'ROOM', fairnessPointer: null });
    const worker = await testStore.newWorker(job);
    await submitTo(job, 'aaaaaabbc');
    expect(await claimOneByOne(worker, 4)).toBe('abca');
    await well();
    expect(rooms(await claim(worker)).join('')).toBe('baaaa');
    // The one whose last turn is longest ago is next.
    await submitTo(job, 'aaaabbbcc');
    expect(rooms(await claim(worker, 5)).join('')).toBe('cbacb');
    expect(rooms(await claim(worker, 5)).join('')).toBe('abaa');
    await well();
  });

  it('gives turns among equal priorities alone', async () => {
    const job = await fair();
    const worker = await testStore.newWorker(job);
    await submitTo(job, 'aaabb');
    await submitTo(job, 'aabbc', { priority: 5 });
    await submitTo(job, 'z', { priority: -1 });
    expect(await claimOneByOne(worker)).toBe('abcabababaz');
    await well();
  });

  it('counts by key, of the submission or in the payload; those without one share a turn', async () => {
    const cases: [Fairness, (key: string) => object][] = [
      [BY_KEY, (key) => ({ limitKey: key === '-' ? null : key })],
      [
        { by: 'KEY', keyPointer: '/a~1b/0' },
        (key) => ({ payload: key === '-' ? {} : { 'a/b': [key === 'x' ? 'x'.repeat(300) : key] } }),
      ],
    ];
    for (const [fairness, detailsOf] of cases) {
      const job = await fair(fairness);
      expect(job).toMatchObject({ fairness: 'KEY', fairnessPointer: fairness.keyPointer });
      const worker = await testStore.newWorker(job);
      const keyOf = new Map<string, string>();
      for (const key of 'xxxxy--z') keyOf.set((await testStore.submit(job, detailsOf(key))).id, key);
      const claimed = [...(await claim(worker, 3)), ...(await claim(worker))];
      expect(claimed.map(({ id }) => keyOf.get(id)).join('')).toBe('xy-zx-xx');
      await well();
    }
  });

  const WAYS = {
    'a submission': async (job: JobRow) => submitTo(job, 'bb'),
    'its time': async (job: JobRow) => {
      const tasks = await submitTo(job, 'bb', { runAt: new Date(Date.now() + 3_600_000) });
      return {
        tasks,
        open: () => testStore.db.script(moveRunAt(`now() - interval '1 hour'`, `id IN (${list(tasks)})`)),
      };
    },
    'the end of a parent': async (job: JobRow) => {
      const parents = await testStore.newJob();
      const parent = await testStore.submit(parents);
      const dependsOn = [{ parent: parent.id, runsOnFailure: false }];
      const tasks = await submitTo(job, 'bb', { dependsOn });
      const worker = await testStore.newWorker(parents);
      const [running] = await claim(worker);
      return { tasks, open: () => complete(running as TaskRow, worker) };
    },
    'the end of a pause': async (job: JobRow) => {
      const pause = { jobId: job.id, room: 'b', actor: 'ann' };
      await testStore.store.pauseJob(pause, null);
      return { tasks: await submitTo(job, 'bb'), open: () => testStore.store.resumeJob(pause) };
    },
    'a release': async (job: JobRow, worker: WorkerRow) => {
      await submitTo(job, 'bb', { priority: 9 });
      const tasks = await claim(worker, 2);
      const open = async () => {
        for (const task of tasks) await testStore.store.releaseTask(held(task, worker));
        await prioritise(tasks, 0);
      };
      return { tasks, open };
    },
    'a retry of the policy': async (job: JobRow, worker: WorkerRow) => {
      await submitTo(job, 'bb', { priority: 9 });
      const tasks = await claim(worker, 2);
      for (const task of tasks)
        await testStore.store.failTask({ ...held(task, worker), error: failure(true) });
      await prioritise(tasks, 0);
      return {
        tasks,
        open: () => testStore.db.script(moveRunAt(`now() - interval '1 hour'`, `id IN (${list(tasks)})`)),
      };
    },
    'a retry of a dead letter': async (job: JobRow, worker: WorkerRow) => {
      await submitTo(job, 'bb', { priority: 9 });
      const tasks = await claim(worker, 2);
      for (const task of tasks)
        await testStore.store.failTask({ ...held(task, worker), error: failure(false) });
      const open = async () => {
        for (const { id } of tasks) changed(await testStore.store.retryTask({ taskId: id, actor: 'ann' }));
        await prioritise(tasks, 0);
      };
      return { tasks, open };
    },
    'the loss of its worker': async (job: JobRow) => {
      await submitTo(job, 'bb', { priority: 9 });
      const lost = await testStore.newWorker(job);
      const tasks = await claim(lost, 2, false);
      const open = async () => {
        await testStore.db.script(
          `UPDATE worker SET last_heartbeat_at = now() - interval '1 hour' WHERE id = '${lost.id}'`,
        );
        await testStore.store.rescueTasks(100);
        await prioritise(tasks, 0);
      };
      return { tasks, open };
    },
    'a new priority': async (job: JobRow) => {
      const tasks = await submitTo(job, 'bb', { priority: -5 });
      return { tasks, open: () => prioritise(tasks, 0) };
    },
  } satisfies Record<
    string,
    (
      job: JobRow,
      worker: WorkerRow,
    ) => Promise<TaskRow[] | { tasks: TaskRow[]; open: () => Promise<unknown> }>
  >;

  const list = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => `'${id}'`).join();

  async function prioritise(tasks: readonly TaskRow[], priority: number): Promise<void> {
    for (const { id: taskId } of tasks) {
      changed(
        await testStore.store.updateTask({
          ...{ taskId, actor: 'ann', note: null, version: null },
          ...{ runAt: null, priority, labels: null },
        }),
      );
    }
  }

  it.each(Object.entries(WAYS))('gives what became claimable by %s its turns', async (_way, prepare) => {
    const job = await fair(BY_ROOM, { backoffSeconds: [3_600] });
    const worker = await testStore.newWorker(job);
    const prepared = await prepare(job, worker);
    await submitTo(job, 'aaaaaaaccc');
    if ('open' in prepared) {
      expect(await claimOneByOne(worker, 4)).toBe('acac');
      await prepared.open();
    } else {
      expect(await claimOneByOne(worker, 3)).toHaveLength(3);
    }
    await well();
    // Neither before nor after the others more than once.
    const next = await claimOneByOne(worker);
    expect([...next.slice(0, 3)].sort().join('')).toBe('abc');
    expect(next.slice(0, 5).replace(/[^b]/g, '').length).toBeLessThanOrEqual(2);
    expect([...next].sort().join('')).toMatch(/^a+b{1,2}c+$/);
    await well();
  });

  it('gives turns to what waits for a slot of the job, too', async () => {
    const job = await fair(BY_ROOM, { limits: [limit('two', { maxRunning: 2 })] });
    const worker = await testStore.newWorker(job);
    await submitTo(job, 'aaaaaaaa');
    let running = await claim(worker);
    expect(rooms(running).join('')).toBe('aa');
    await submitTo(job, 'bbbc');
    let order = '';
    while (running.length > 0) {
      await complete(running.shift() as TaskRow, worker);
      const next = await claim(worker);
      expect(next.length).toBeLessThanOrEqual(1);
      order += rooms(next).join('');
      running.push(...next);
      await well();
      running = running.filter(Boolean);
    }
    expect([...order.slice(0, 3)].sort().join('')).toBe('abc');
    expect(order.slice(3)).toMatch(/^(ab|ba)(ab|ba)aaa$/);
  });

  it('neither waits for a full key nor lets it fill more than it may', async () => {
    const job = await fair(BY_KEY, { limits: [limit('one', { scope: 'KEY', maxRunning: 1 })] });
    const worker = await testStore.newWorker(job);
    const keyOf = new Map<string, string>();
    const submit = async (keys: string) => {
      for (const key of keys) keyOf.set((await testStore.submit(job, { limitKey: key })).id, key);
    };
    const keysOf = (tasks: readonly TaskRow[]) => tasks.map(({ id }) => keyOf.get(id)).join('');
    await submit('a'.repeat(150));
    const [running] = (await claim(worker, 10)) as [TaskRow];
    await submit('bbc');
    const others = [...(await claim(worker, 1)), ...(await claim(worker, 1))];
    expect(keysOf(others)).toBe('bc');
    expect(await claim(worker)).toEqual([]);
    await complete(running, worker);
    await complete(others[0] as TaskRow, worker);
    expect([...keysOf(await claim(worker))].sort().join('')).toBe('ab');
    await well();
  });

  it('goes on with the rooms that are not full, where limits count by something else', async () => {
    const job = await fair(BY_ROOM, { limits: [limit('one', { scope: 'KEY', maxRunning: 1 })] });
    const worker = await testStore.newWorker(job);
    await submitTo(job, 'aaa', { limitKey: 'busy' });
    const [busy] = (await claim(worker)) as [TaskRow];
    await submitTo(job, 'b', { limitKey: 'busy' });
    await submitTo(job, 'ab', { limitKey: 'free' });
    const [free, ...more] = await claim(worker);
    expect(more).toEqual([]);
    await complete(free as TaskRow, worker);
    const [other] = await claim(worker);
    expect([free?.room, other?.room].sort()).toEqual(['a', 'b']);
    await complete(other as TaskRow, worker);
    await complete(busy, worker);
    expect(await claimOneByOne(worker)).toHaveLength(1);
    await well();
  });

  it('applies to all that waits when it is changed, also before limits, which keep what they have counted', async () => {
    const job = await testStore.newJob({ limits: [limit('four', { maxRunning: 4 })] });
    const worker = await testStore.newWorker(job);
    await submitTo(job, 'aaaaaaaaaaaaaa');
    const running = await claim(worker);
    await submitTo(job, 'bbb', { limitKey: 'x' });
    await submitTo(job, 'c', { limitKey: 'y' });
    const change = async (fairness: Fairness) => {
      expect(await testStore.store.updateJob(job.id, { fairness }, 'ann')).toMatchObject({
        ...{ fairness: fairness.by, fairnessPointer: fairness.keyPointer },
      });
      await well();
      expect(await claim(worker)).toEqual([]);
      await well();
    };
    const next = async () => {
      await complete(running.shift() as TaskRow, worker);
      const [task, ...more] = await claim(worker);
      expect(more).toEqual([]);
      running.push(task as TaskRow);
      await well();
      return task?.room;
    };
    expect(await next()).toBe('a');
    await change(BY_ROOM);
    expect([await next(), await next(), await next()].sort()).toEqual(['a', 'b', 'c']);
    await change(BY_KEY);
    expect([await next(), await next()].sort()).toEqual(['a', 'b']);
    await change({ by: 'KEY', keyPointer: '/nowhere' });
    expect(await next()).toBe('a');
    await change(NONE);
    expect(await next()).toBe('a');
    await testStore.store.updateJob(job.id, { limits: [] }, 'ann');
    expect(rooms(await claim(worker)).join('')).toMatch(/^a+b$/);
    await well();
    await testStore.store.removeIdleGates();
    await testStore.store.removeIdleTurns();
    const [left] = await testStore.db.query<{ gated: boolean; groups: number }>(
      statement(
        'left_of_fairness',
        `SELECT gated, (SELECT count(*)::int FROM task_turn WHERE job_id = job.id) AS groups FROM job WHERE id = $1::uuid`,
      ),
      [job.id],
    );
    expect(left).toEqual({ gated: false, groups: 0 });
  });

  it('stays as it is where a registration says nothing of it', async () => {
    const job = await fair(BY_KEY);
    const { room, category, name } = job;
    const again = await testStore.store.registerJob({ room, category, name });
    expect(again).toMatchObject({ kind: 'registered', job: { fairness: 'KEY' } });
    const other = await testStore.store.registerJob({ room, category, name, fairness: BY_ROOM });
    expect(other).toMatchObject({ kind: 'registered', job: { fairness: 'ROOM' } });
  });

  it('removes groups that are empty, and none keeps others from their turn', async () => {
    const job = await fair();
    const worker = await testStore.newWorker(job);
    const many = Array.from({ length: 3_000 }, (_, n) => submissionOf(job, { room: `r${n}` }));
    await testStore.store.submitTasks(many);
    expect(await claim(worker, 1)).toHaveLength(1);
    await testStore.db.script(`
      UPDATE task SET status = 'CANCELLED', version = version + 1, finished_at = now() WHERE job_id = '${job.id}' AND status = 'PENDING';
      DELETE FROM task_queue WHERE job_id = '${job.id}'`);
    const last = await submitTo(job, 'z');
    expect(ids(await claim(worker, 1))).toEqual(ids(last));
    await testStore.store.removeIdleTurns();
    const [groups] = await testStore.db.query<{ count: number }>(
      statement('count_groups', 'SELECT count(*)::int AS count FROM task_turn WHERE job_id = $1::uuid'),
      [job.id],
    );
    expect(groups?.count).toBe(0);
    await submitTo(job, 'ab');
    expect(await claimOneByOne(worker)).toBe('ab');
    await well();
  });

  it('is looked at for what has waited longest, and for whether there is work', async () => {
    const job = await fair();
    const { store } = testStore;
    await testStore.submit(job, { room: 'b', runAt: new Date(Date.UTC(2026, 0, 2)) });
    await testStore.submit(job, { room: 'a', runAt: new Date(Date.UTC(2026, 0, 1)) });
    expect(await store.findJobsWithWork([job.id])).toEqual([job.id]);
    expect(await store.findJobsThatBecameDue([job.id], 1)).toEqual([job.id]);
    const since = async (rooms: string[] | null) =>
      (
        await testStore.db.query<{ since: Date }>({ name: 'oldest_of_fair', text: oldestOf('$1::uuid') }, [
          job.id,
          rooms,
        ])
      )[0]?.since;
    expect(await since(null)).toEqual(new Date(Date.UTC(2026, 0, 1)));
    expect(await since(['b'])).toEqual(new Date(Date.UTC(2026, 0, 2)));
    expect(await store.retireJob(job.id, 'ann')).toMatchObject({ kind: 'in-use', tasks: 2 });
    expect(await claimOneByOne(await testStore.newWorker(job))).toHaveLength(2);
    expect(await store.findJobsWithWork([job.id])).toEqual([]);
    expect(await store.findJobsThatBecameDue([job.id], 1)).toEqual([]);
  });

  it('counts those in front of a task by their turns', async () => {
    const job = await fair(BY_ROOM, { limits: [limit('six', { maxRunning: 6 })] });
    const worker = await testStore.newWorker(job);
    await submitTo(job, 'abab');
    await claim(worker);
    await submitTo(job, 'aaaaabbbc');
    await submitTo(job, 'dd', { priority: 1 });
    await submitTo(job, 'c', { priority: -1 });
    const order = await testStore.db.query<{ id: string }>(
      statement('waiting_of_job', `SELECT id FROM task WHERE job_id = $1::uuid AND status = 'PENDING'`),
      [job.id],
    );
    const waiting = order.map(({ id }) => id);
    const check = async () => {
      const ahead = await testStore.store.countAhead(waiting);
      const claimed: string[] = [];
      for (let left = waiting.length; left > 0; left--) {
        const [task] = await claim(worker, 1);
        if (!task) break;
        claimed.push(task.id);
        expect([task.id, ahead.get(task.id)]).toEqual([task.id, claimed.length - 1]);
      }
      for (const id of claimed) waiting.splice(waiting.indexOf(id), 1);
      return claimed.length;
    };
    expect(await check()).toBe(2);
    await testStore.store.updateJob(job.id, { limits: [limit('six', { maxRunning: 9 })] }, 'ann');
    // At the gate of the limit.
    expect(await check()).toBe(3);
    await testStore.store.updateJob(job.id, { limits: [limit('six', { maxRunning: 20 })] }, 'ann');
    expect(await check()).toBe(7);
    expect(waiting).toEqual([]);
  });

  it('sorts in what was put into the order of the claim by somebody who knows of no turns', async () => {
    const job = await fair();
    const worker = await testStore.newWorker(job);
    const [first] = await submitTo(job, 'a');
    await testStore.db.script(copies(job, first as TaskRow, 4_999));
    await submitTo(job, 'bc');
    expect([...(await claimOneByOne(worker, 3))].sort().join('')).toBe('abc');
    expect(await claim(worker, 5_000)).toHaveLength(4_999);
    await well();
  });

  it('takes its place beside other jobs of the worker by what has waited longest', async () => {
    const [job, other] = [await fair(), await testStore.newJob()];
    const worker = await testStore.newWorker(job, other);
    const at = (minute: number) => ({ runAt: new Date(Date.UTC(2026, 0, 1, 0, minute)) });
    const order = [
      ...(await submitTo(job, 'a', at(0))),
      await testStore.submit(other, at(1)),
      ...(await submitTo(job, 'a', at(2))),
      ...(await submitTo(job, 'a', at(3))),
      await testStore.submit(other, at(4)),
      ...(await submitTo(job, 'b', at(5))),
    ];
    // The turns of the fair job, in the places of its tasks: a, then b, since it is as old as what waits behind it.
    const [a, first, second, third, last, b] = order as [
      TaskRow,
      TaskRow,
      TaskRow,
      TaskRow,
      TaskRow,
      TaskRow,
    ];
    expect(ids(await claim(worker))).toEqual(ids([a, first, b, second, third, last]));
  });
});

describe.each(availableDatabases())('one room with 100,000 tasks on %s', (kind) => {
  it('and ten with one each: the ten run within one round', { timeout: 300_000 }, async () => {
    const testStore = await createTestStore(kind);
    const job = await testStore.newJob({ fairness: BY_ROOM });
    const worker = await testStore.newWorker(job);
    const claimOne = () =>
      testStore.store.claimTasks({ workerId: worker.id, limit: 1, start: true, actor: 'wim' });
    const flood = Array.from({ length: 20_000 }, () => submissionOf(job, { room: 'a' }));
    for (let n = 0; n < 5; n++) await testStore.store.submitTasks(flood);
    const ten = await testStore.store.submitTasks(
      Array.from({ length: 10 }, (_, n) => submissionOf(job, { room: `b${n}` })),
    );
    const claimed: string[] = [];
    for (let n = 0; n < 11; n++) claimed.push(...ids(await claimOne()));
    expect(claimed).toEqual(
      expect.arrayContaining(ten.map((one) => (one.kind === 'created' ? one.change.task.id : one.kind))),
    );
    for (let n = 0; n < 10; n++) expect(rooms(await claimOne())).toEqual(['a']);
    await testStore.submit(job, { room: 'z' });
    expect(rooms([...(await claimOne()), ...(await claimOne())])).toContain('z');
    expect(await findMisplaced(testStore.db)).toEqual([]);
    await testStore.close();
  });
});
