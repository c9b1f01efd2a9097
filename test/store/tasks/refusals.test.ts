/** Every verb from every status: what the table of transitions has works, all else is refused and changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_STATUSES, type TaskChange, type TaskStatus } from '../../../src/domain/task.ts';
import { TRANSITIONS, type Transition } from '../../../src/domain/transitions.ts';
import { newUuid } from '../../../src/domain/typeid.ts';
import type { VerbResult } from '../../../src/store/store.ts';
import { availableDatabases } from '../../support/database.ts';
import {
  createTestStore,
  expectLegalLog,
  failure,
  type TaskInStatus,
  type TestStore,
} from '../../support/test-store.ts';

interface Verb {
  /** Null: the verb makes no transition, and works while the task is RUNNING. */
  edge: Transition | null;
  /** Whether only the holder of the attempt may. */
  fenced: boolean;
  run: (testStore: TestStore, situation: Pick<TaskInStatus, 'held'>) => Promise<VerbResult<TaskChange>>;
}

const VERBS: Record<string, Verb> = {
  start: { edge: TRANSITIONS.start, fenced: true, run: ({ store }, { held }) => store.startTask(held) },
  'report progress': {
    edge: null,
    fenced: true,
    run: ({ store }, { held }) => store.reportProgress({ ...held, percent: 50, message: 'half' }),
  },
  complete: {
    edge: TRANSITIONS.complete,
    fenced: true,
    run: ({ store }, { held }) => store.completeTask({ ...held, outcome: 'COMPLETED', result: 1 }),
  },
  'complete partly': {
    edge: TRANSITIONS.completePartly,
    fenced: true,
    run: ({ store }, { held }) => store.completeTask({ ...held, outcome: 'PARTIAL', result: 1 }),
  },
  fail: {
    edge: TRANSITIONS.fail,
    fenced: true,
    run: ({ store }, { held }) => store.failTask({ ...held, error: failure(false) }),
  },
  'fail for now': {
    edge: TRANSITIONS.scheduleRetry,
    fenced: true,
    run: ({ store }, { held }) => store.failTask({ ...held, error: failure(true) }),
  },
  release: { edge: TRANSITIONS.release, fenced: true, run: ({ store }, { held }) => store.releaseTask(held) },
  cancel: {
    edge: TRANSITIONS.cancel,
    fenced: false,
    run: ({ store }, { held }) => store.cancelTask({ taskId: held.taskId, actor: 'ann', note: null }),
  },
  retry: {
    edge: TRANSITIONS.retry,
    fenced: false,
    run: ({ store }, { held }) => store.retryTask({ taskId: held.taskId, actor: 'ann' }),
  },
};

const CASES = Object.entries(VERBS).flatMap(([verb, { edge, fenced, run }]) => {
  const legalFrom: readonly TaskStatus[] = edge?.from ?? ['RUNNING'];
  return TASK_STATUSES.map((status) => ({
    verb,
    status,
    edge,
    fenced,
    run,
    legal: legalFrom.includes(status),
  }));
});

/** Runs what must be refused, and checks that neither the task nor the log nor any subscriber noticed. */
async function expectRefused(
  testStore: TestStore,
  situation: TaskInStatus,
  run: () => Promise<VerbResult<TaskChange>>,
) {
  const { task } = situation;
  const [history, publications] = [await testStore.history(task.id), testStore.published.length];
  expect(await run()).toEqual({ kind: 'refused', task });
  expect(await testStore.task(task.id)).toEqual(task);
  expect(await testStore.history(task.id)).toEqual(history);
  expect(testStore.published).toHaveLength(publications);
}

describe.each(availableDatabases())('on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  it.each(CASES.filter(({ legal }) => legal))('$status: $verb works', async ({ status, edge, run }) => {
    const situation = await testStore.taskIn(status);
    const result = await run(testStore, situation);
    const task = await testStore.task(situation.task.id);
    expect(result).toMatchObject({
      kind: 'changed',
      change: { task: { id: task.id, version: task.version } },
    });
    expect(task.status).toBe(edge?.to ?? status);
    expect(task.version).toBe(situation.task.version + (edge ? 1 : 0));
    const history = await testStore.history(task.id);
    expectLegalLog(history);
    if (edge) expect(history.at(-1)).toMatchObject({ from: status, to: edge.to, reason: edge.reason });
  });

  it.each(CASES.filter(({ legal }) => !legal))(
    '$status: $verb is refused and changes nothing',
    async ({ status, run }) => {
      const situation = await testStore.taskIn(status);
      await expectRefused(testStore, situation, () => run(testStore, situation));
    },
  );

  describe.each(CASES.filter(({ legal, fenced }) => legal && fenced))('$status: $verb', ({ status, run }) => {
    it('is refused to another worker with the right attempt', async () => {
      const situation = await testStore.taskIn(status);
      const other = await testStore.newWorker(situation.job);
      const held = { ...situation.held, workerId: other.id };
      await expectRefused(testStore, situation, () => run(testStore, { held }));
    });

    it('is refused to the holder with an attempt that is over, or that never was', async () => {
      const situation = await testStore.taskIn(status);
      for (const attempt of [situation.held.attempt - 1, situation.held.attempt + 1, -1]) {
        await expectRefused(testStore, situation, () =>
          run(testStore, { held: { ...situation.held, attempt } }),
        );
      }
    });

    it('is refused to the worker of an earlier attempt when another one holds the task by now', async () => {
      const situation = await testStore.taskIn(status);
      await testStore.store.releaseTask(situation.held);
      const other = await testStore.newWorker(situation.job);
      const start = status === 'RUNNING';
      await testStore.store.claimTasks({ workerId: other.id, limit: 1, start, actor: 'wim' });
      const task = await testStore.task(situation.task.id);
      expect(task).toMatchObject({ status, workerId: other.id, attempt: 2 });
      await expectRefused(testStore, { ...situation, task }, () => run(testStore, situation));
    });

    it('is refused to a worker that claimed the task again, for its earlier attempt', async () => {
      const situation = await testStore.taskIn(status);
      await testStore.store.releaseTask(situation.held);
      const start = status === 'RUNNING';
      await testStore.store.claimTasks({ workerId: situation.worker.id, limit: 1, start, actor: 'wim' });
      const task = await testStore.task(situation.task.id);
      expect(task).toMatchObject({ status, workerId: situation.worker.id, attempt: 2 });
      await expectRefused(testStore, { ...situation, task }, () => run(testStore, situation));
    });
  });

  it.each(Object.entries(VERBS))(
    'a task that is not there: %s is refused without a task',
    async (_, { run }) => {
      const { held } = await testStore.taskIn('RUNNING');
      expect(await run(testStore, { held: { ...held, taskId: newUuid() } })).toEqual({
        kind: 'refused',
        task: null,
      });
    },
  );

  it.each(TASK_STATUSES)('%s: claimed only when it is pending', async (status) => {
    const { task, worker } = await testStore.taskIn(status);
    const history = await testStore.history(task.id);
    const claimed = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 5,
      start: false,
      actor: 'wim',
    });
    if (status === 'PENDING') {
      expect(claimed.map(({ id }) => id)).toEqual([task.id]);
    } else {
      expect(claimed).toEqual([]);
      expect(await testStore.task(task.id)).toEqual(task);
      expect(await testStore.history(task.id)).toEqual(history);
    }
  });

  it.each(TASK_STATUSES)('%s: given back by a worker that leaves only when it is held', async (status) => {
    const { task, worker } = await testStore.taskIn(status);
    const isHeld = status === 'CLAIMED' || status === 'RUNNING';
    expect(await testStore.store.deregisterWorker(worker.id, 'wim')).toBe(isHeld ? 1 : 0);
    if (isHeld) {
      expect(await testStore.task(task.id)).toMatchObject({
        status: 'PENDING',
        workerId: null,
        version: task.version + 1,
      });
      expectLegalLog(await testStore.history(task.id));
    } else {
      expect(await testStore.task(task.id)).toEqual(task);
    }
  });
});
