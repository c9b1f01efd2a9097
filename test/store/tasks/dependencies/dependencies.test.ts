/** Tasks that wait for others: what unblocks them, what cancels them, and what neither a race nor a size may break. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dependency } from '../../../../src/domain/dependencies.ts';
import type { TaskRow } from '../../../../src/domain/task.ts';
import type { Database } from '../../../../src/store/database/database.ts';
import { openPostgres } from '../../../../src/store/database/postgres.ts';
import type { JobRow } from '../../../../src/store/jobs/jobs.ts';
import { deleteTasks } from '../../../../src/store/tasks/clean-up/clean-up.ts';
import type { SubmitResult } from '../../../../src/store/tasks/submit/submit.ts';
import type { WorkerRow } from '../../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../../support/database.ts';
import { findHanging } from '../../../support/dependencies.ts';
import { untilBelowHorizon } from '../../../support/horizon.ts';
import { findMisplaced } from '../../../support/queue.ts';
import {
  changed,
  createTestStore,
  expectLegalLog,
  failure,
  submissionOf,
  type TestStore,
} from '../../../support/test-store.ts';

const on = (...parents: (string | number)[]): Dependency[] =>
  parents.map((parent) => ({ parent, runsOnFailure: false }));
const whateverBecomesOf = (...parents: (string | number)[]): Dependency[] =>
  parents.map((parent) => ({ parent, runsOnFailure: true }));

function created(result: SubmitResult | undefined): TaskRow {
  if (result?.kind !== 'created') throw new Error(`The submission gave ${result?.kind}.`);
  return result.now ?? result.change.task;
}

describe.each(availableDatabases())('tasks that depend on others, on %s', { timeout: 60_000 }, (kind) => {
  let testStore: TestStore;
  let job: JobRow;
  let worker: WorkerRow;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
    job = await testStore.newJob({ backoffSeconds: [0], maxAttempts: 1 });
    worker = await testStore.newWorker(job);
  });
  afterAll(() => testStore.close());

  const submit = (dependsOn: Dependency[] = []) => testStore.submit(job, { dependsOn });
  const statusOf = async (id: string) => (await testStore.task(id)).status;
  const reasonsOf = async (id: string) => (await testStore.history(id)).map(({ reason }) => reason);

  /** Claims this task among all. */
  async function begin(task: { id: string }) {
    const claimed = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 500,
      start: true,
      actor: 'wim',
    });
    const found = claimed.find(({ id }) => id === task.id) ?? (await testStore.task(task.id));
    return { taskId: task.id, workerId: worker.id, attempt: found.attempt, actor: 'wim' };
  }
  async function complete(task: { id: string }, result: unknown = null) {
    return changed(
      await testStore.store.completeTask({ ...(await begin(task)), outcome: 'COMPLETED', result }),
    );
  }
  async function fail(task: { id: string }) {
    return changed(await testStore.store.failTask({ ...(await begin(task)), error: failure(false) }));
  }

  it('wait until the last one has ended well, and are unblocked in the same transaction', async () => {
    const [first, second] = [await submit(), await submit()];
    const child = await submit(on(first.id, second.id));
    expect(child).toMatchObject({ status: 'WAITING', dependencyCount: 2 });
    await complete(first);
    expect(await statusOf(child.id)).toBe('WAITING');
    testStore.published.length = 0;
    const { transition } = await complete(second);
    expect(await statusOf(child.id)).toBe('PENDING');
    const [, unblocked] = await testStore.history(child.id);
    expect(unblocked).toMatchObject({
      reason: 'UNBLOCKED',
      actor: '@system',
      xid: transition.xid,
      note: null,
    });
    expect(
      testStore.published.at(-1)?.map((change) => change.kind === 'transition' && change.transition.reason),
    ).toEqual(['COMPLETED', 'UNBLOCKED']);
    expect((await begin(child)).attempt).toBe(1);
  });

  it('count a parent that had ended well at the submission at once', async () => {
    const parent = await submit();
    await complete(parent);
    const child = await submit(on(parent.id));
    expect(child.status).toBe('WAITING');
    expect(await testStore.task(child.id)).toMatchObject({ status: 'PENDING', version: 2 });
    const [result] = await testStore.store.submitTasks([submissionOf(job, { dependsOn: on(parent.id) })]);
    expect(created(result)).toMatchObject({ status: 'PENDING', version: 2, payload: { n: 1 } });
  });

  it('are cancelled with all that depends on them when a parent fails, is cancelled, or had failed', async () => {
    for (const end of [fail, cancel]) {
      const parent = await submit();
      const child = await submit(on(parent.id));
      const grandchild = await submit(on(child.id));
      const last = await submit(whateverBecomesOf(grandchild.id));
      await end(parent);
      expect(await statusOf(child.id)).toBe('CANCELLED');
      expect(await reasonsOf(grandchild.id)).toEqual(['SUBMITTED', 'DEPENDENCY_FAILED']);
      expect(await statusOf(last.id)).toBe('PENDING');
      const late = await submit(on(parent.id));
      expect(await testStore.task(late.id)).toMatchObject({ status: 'CANCELLED', version: 2 });
      const [, { note } = { note: null }] = await testStore.history(child.id);
      expect(note).toMatch(/^It depends on task_[0-9a-z]{26}, which did not end well\.$/);
    }
  });

  const cancel = async ({ id: taskId }: { id: string }) =>
    changed(await testStore.store.cancelTask({ taskId, actor: 'ann', note: null }));

  it('run all the same by an edge that says so', async () => {
    const parent = await submit();
    const [careful, careless] = [await submit(on(parent.id)), await submit(whateverBecomesOf(parent.id))];
    await fail(parent);
    expect(await statusOf(careful.id)).toBe('CANCELLED');
    expect(await statusOf(careless.id)).toBe('PENDING');
  });

  it('stay cancelled when the parent is retried, and what has waited since then is unblocked by its good end', async () => {
    const parent = await submit();
    const other = await submit();
    const [cancelled, careless] = [
      await submit(on(parent.id)),
      await submit(whateverBecomesOf(parent.id, other.id)),
    ];
    await fail(parent);
    changed(await testStore.store.retryTask({ taskId: parent.id, actor: 'ann' }));
    const late = await submit(on(parent.id));
    expect(await statusOf(late.id)).toBe('WAITING');
    await complete(other);
    // It had seen the parent's end: it does not wait for another one.
    expect(await statusOf(careless.id)).toBe('PENDING');
    await complete(parent);
    expect(await statusOf(late.id)).toBe('PENDING');
    expect(await statusOf(cancelled.id)).toBe('CANCELLED');
    expect((await reasonsOf(careless.id)).filter((reason) => reason === 'UNBLOCKED')).toHaveLength(1);
  });

  it('can be cancelled while they wait, and the end of the parent leaves them alone', async () => {
    const parent = await submit();
    const child = await submit(on(parent.id));
    await cancel(child);
    await complete(parent);
    expect(await reasonsOf(child.id)).toEqual(['SUBMITTED', 'CANCELLED']);
  });

  it('refer to each other in a list in any order, and are created parents first', async () => {
    const results = await testStore.store.submitTasks([
      submissionOf(job, { dependsOn: on(1, 2) }),
      submissionOf(job, { dependsOn: on(2) }),
      submissionOf(job),
    ]);
    const [last, middle, first] = results.map(created);
    expect([first?.status, middle?.status, last?.status]).toEqual(['PENDING', 'WAITING', 'WAITING']);
    expect([last?.id, middle?.id, first?.id].sort()).toEqual([first?.id, middle?.id, last?.id]);
    await complete(first as TaskRow);
    expect(await statusOf(last?.id as string)).toBe('WAITING');
    await complete(middle as TaskRow);
    expect(await statusOf(last?.id as string)).toBe('PENDING');
  });

  it('depend on the first task of a key that was used before', async () => {
    const first = await testStore.submit(job, { idempotencyKey: 'once' });
    const [repeated, child] = await testStore.store.submitTasks([
      submissionOf(job, { idempotencyKey: 'once' }),
      submissionOf(job, { dependsOn: on(0) }),
    ]);
    expect(repeated?.kind).toBe('duplicate');
    await complete(first);
    expect(await statusOf(created(child).id)).toBe('PENDING');
  });

  it('are refused with all that depends on them where a parent is not there', async () => {
    const nobody = '01890000-0000-7000-8000-000000000000';
    const results = await testStore.store.submitTasks([
      submissionOf(job, { dependsOn: on(nobody) }),
      submissionOf(job, { dependsOn: on(0) }),
      submissionOf(job),
      submissionOf({ id: nobody, room: job.room }),
      submissionOf(job, { dependsOn: on(3, 2) }),
    ]);
    expect(
      results.map((result) => ('place' in result ? `${result.kind} ${result.place}` : result.kind)),
    ).toEqual(['no-parent', 'refused-item 0', 'created', 'no-job', 'refused-item 3']);
  });

  it('are moved by every way in which a task can end', async () => {
    const overdue = await testStore.newJob({ maxAttempts: 1, timeoutSeconds: 1 });
    const silent = await testStore.newWorker(overdue);
    for (const how of ['time out', 'rescue'] as const) {
      const parent = await testStore.submit(overdue);
      const child = await testStore.submit(overdue, {
        dependsOn: whateverBecomesOf(parent.id),
        priority: -1,
      });
      await testStore.store.claimTasks({ workerId: silent.id, limit: 1, start: true, actor: 'wim' });
      await testStore.db.script(
        how === 'rescue'
          ? `UPDATE worker SET last_heartbeat_at = now() - interval '1 hour' WHERE id = '${silent.id}'`
          : `UPDATE task SET started_at = now() - interval '1 hour' WHERE id = '${parent.id}'`,
      );
      const changes =
        how === 'rescue' ? await testStore.store.rescueTasks(10) : await testStore.store.timeOutTasks(10);
      expect(changes.map(({ task }) => task.id)).toEqual([parent.id]);
      expect(await statusOf(child.id)).toBe('PENDING');
      await cancel(child);
    }
  });

  it('move by thousands in one transaction each way', { timeout: 120_000 }, async () => {
    const SIZE = kind === 'postgres' ? 10_000 : 1_000;
    const root = await submit();
    const children = (
      await testStore.store.submitTasks([
        ...Array.from({ length: SIZE }, () => submissionOf(job, { dependsOn: on(root.id) })),
      ])
    ).map(created);
    const join = await submit(on(...children.map(({ id }) => id)));
    const { transition } = await complete(root);
    expect(
      await testStore.db.query({
        name: 'test_commits',
        text: `SELECT xid::text AS xid, count(*)::int AS rows FROM task_transition logged
          JOIN task_dependency d ON d.task_id = logged.task_id AND d.parent_id = '${root.id}'
          WHERE logged.version = 2 AND reason = 'UNBLOCKED' GROUP BY 1`,
      }),
    ).toEqual([{ xid: transition.xid, rows: SIZE }]);
    const claimed: TaskRow[] = [];
    while (claimed.length < SIZE) {
      claimed.push(
        ...(await testStore.store.claimTasks({ workerId: worker.id, limit: 500, start: true, actor: 'wim' })),
      );
    }
    expect(await statusOf(join.id)).toBe('WAITING');
    await testStore.store.completeTasks(
      claimed.map(({ id: taskId, attempt }) => ({
        ...{ taskId, workerId: worker.id, attempt, actor: 'wim' },
        ...{ outcome: 'COMPLETED', result: null },
      })),
    );
    expect(await statusOf(join.id)).toBe('PENDING');
    expectLegalLog(await testStore.history(join.id));
    expect(await findHanging(testStore.db)).toEqual([]);
    expect(await findMisplaced(testStore.db)).toEqual([]);
  });

  it('are refused beyond what the end of one task can move', async () => {
    const parent = await submit();
    await testStore.db.script(`UPDATE task SET dependent_count = 10000 WHERE id = '${parent.id}'`);
    const result = await testStore.store.submitTask(submissionOf(job, { dependsOn: on(parent.id) }));
    expect(result).toEqual({ kind: 'too-many-dependents', parentId: parent.id });
  });

  it('keep what they depend on from the clean-up until they have ended', async () => {
    const parent = await submit();
    const other = await submit();
    await complete(parent, { found: 3 });
    const child = await submit(on(parent.id, other.id));
    const removed = async () => {
      // What is not rolled up stays, too.
      await untilBelowHorizon(testStore.db);
      await testStore.store.rollUpStatistics(100_000, { wait: true });
      const { retention, after } = everything();
      await deleteTasks(testStore.db, { retention, room: job.room }, after, 100_000);
      return (await testStore.store.findTasks([parent.id])).length === 0;
    };
    expect(await removed()).toBe(false);
    await complete(other);
    expect(await removed()).toBe(false);
    await complete(child);
    expect(await removed()).toBe(true);
    expect(
      await testStore.db.query({
        name: 'test_edges',
        text: `SELECT 1 FROM task_dependency WHERE task_id = '${child.id}'`,
      }),
    ).toEqual([]);
  });

  it.runIf(kind === 'postgres')(
    'never hang, whoever is first: the submission, or the end of the parent',
    async () => {
      const other: Database = await openPostgres({
        url: testStore.url as string,
        directUrl: testStore.directUrl,
      });
      const elsewhere = await createTestStore(kind, other);
      const children: string[] = [];
      for (let round = 0; round < 60; round++) {
        const parents = (await testStore.store.submitTasks([submissionOf(job), submissionOf(job)])).map(
          created,
        );
        const held = await Promise.all(parents.map(begin));
        const submissions = Array.from({ length: 6 }, (_, n) =>
          (n % 2 ? testStore : elsewhere).store.submitTask(
            submissionOf(job, { dependsOn: on(...parents.map(({ id }) => id)) }),
          ),
        );
        const ends = held.map((attempt, n) =>
          (n % 2 ? testStore : elsewhere).store.completeTask({
            ...attempt,
            outcome: 'COMPLETED',
            result: null,
          }),
        );
        const results = await Promise.all(submissions);
        await Promise.all(ends);
        children.push(...results.map((result) => created(result).id));
      }
      const statuses = (await testStore.store.findTasks(children)).map(({ status }) => status);
      expect(new Set(statuses).has('WAITING')).toBe(false);
      expect(await findHanging(testStore.db)).toEqual([]);
      await other.close();
    },
  );
});

/** A retention that keeps nothing. */
function everything() {
  const moment = new Date(Date.now() + 3_600_000);
  return {
    after: '00000000-0000-0000-0000-000000000000',
    retention: { completed: moment, failed: moment, deadLetters: moment, events: moment, statistics: moment },
  };
}
