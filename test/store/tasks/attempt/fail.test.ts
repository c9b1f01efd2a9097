import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKOFF_JITTER, DEFAULT_RETRY_POLICY } from '../../../../src/domain/retry.ts';
import type { JobRegistration } from '../../../../src/store/jobs/registration.ts';
import { availableDatabases } from '../../../support/database.ts';
import { moveRunAt } from '../../../support/queue.ts';
import {
  changed,
  createTestStore,
  expectLegalLog,
  failure,
  type TaskInStatus,
  type TestStore,
} from '../../../support/test-store.ts';

describe.each(availableDatabases())('a failed attempt on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  /** Claims the task again before its time has come. */
  async function claimAgain({ task, worker, held }: TaskInStatus): Promise<void> {
    await testStore.db.script(moveRunAt("now() - interval '1 hour'", `id = '${task.id}'`));
    const [claimed] = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 1,
      start: true,
      actor: 'wim',
    });
    held.attempt = claimed?.attempt ?? 0;
  }

  const running = (settings: Partial<JobRegistration>) => testStore.taskIn('RUNNING', settings);

  /** Fails the attempt, and gives the seconds until the next one. */
  async function failFor({ held }: TaskInStatus): Promise<number> {
    const { task, transition } = changed(await testStore.store.failTask({ ...held, error: failure(true) }));
    return (task.runAt.getTime() - transition.at.getTime()) / 1000;
  }

  function expectAbout(seconds: number, delay: number): void {
    // Both times are cut to milliseconds.
    expect(delay).toBeGreaterThanOrEqual(seconds * (1 - BACKOFF_JITTER) - 0.002);
    expect(delay).toBeLessThanOrEqual(seconds * (1 + BACKOFF_JITTER) + 0.002);
  }

  it('that may be tried again waits for its back-off, with the error kept', async () => {
    const { task, held } = await running({ backoffSeconds: [100], maxAttempts: 3 });
    const error = failure(true, 'the network – "ü"');
    const change = changed(await testStore.store.failTask({ ...held, error }));
    const pending = await testStore.task(task.id);
    expect(pending).toEqual({
      ...{ ...task, status: 'PENDING', version: 4, failures: 1, workerId: null, error },
      ...{ runAt: expect.any(Date), updatedAt: change.transition.at },
    });
    expect({ ...pending, ...change.task }).toEqual(pending);
    expect(change.transition).toEqual((await testStore.history(task.id))[3]);
    expect(change.transition).toMatchObject({
      ...{
        version: 4,
        from: 'RUNNING',
        to: 'PENDING',
        reason: 'RETRY_SCHEDULED',
        attempt: 1,
        error,
        note: null,
      },
      ...{ workerId: held.workerId, actor: 'wim' },
    });
  });

  it('is not claimed before its back-off is over', async () => {
    const situation = await running({ backoffSeconds: [100] });
    await failFor(situation);
    const claim = { workerId: situation.worker.id, limit: 1, start: false, actor: 'wim' };
    expect(await testStore.store.claimTasks(claim)).toEqual([]);
    await testStore.db.script(moveRunAt('now()', `id = '${situation.task.id}'`));
    expect(await testStore.store.claimTasks(claim)).toHaveLength(1);
  });

  it("waits longer each time, as the job's list says, the last delay repeating", async () => {
    const situation = await running({ backoffSeconds: [10, 200, 3_000], maxAttempts: 6 });
    for (const seconds of [10, 200, 3_000, 3_000, 3_000]) {
      expectAbout(seconds, await failFor(situation));
      await claimAgain(situation);
    }
  });

  it('waits as the default policy says when the job has no list of its own', async () => {
    const situation = await running({});
    expect(situation.task.maxAttempts).toBe(DEFAULT_RETRY_POLICY.maxAttempts);
    for (const seconds of DEFAULT_RETRY_POLICY.backoffSeconds) {
      expectAbout(seconds, await failFor(situation));
      await claimAgain(situation);
    }
  });

  it('waits a random time around the delay, so that many do not come back together', async () => {
    const situations = await Promise.all(
      Array.from({ length: 40 }, () => running({ backoffSeconds: [1_000], maxAttempts: 2 })),
    );
    const delays = await Promise.all(situations.map(failFor));
    for (const delay of delays) expectAbout(1_000, delay);
    const [least, most] = [Math.min(...delays), Math.max(...delays)];
    expect(least).toBeLessThan(990);
    expect(most).toBeGreaterThan(1_010);
    expect(new Set(delays).size).toBeGreaterThan(30);
  });

  it('with a delay of 0 can be claimed at once', async () => {
    const situation = await running({ backoffSeconds: [0] });
    expect(await failFor(situation)).toBeLessThanOrEqual(0);
    const claim = { workerId: situation.worker.id, limit: 1, start: false, actor: 'wim' };
    expect(await testStore.store.claimTasks(claim)).toHaveLength(1);
  });

  it('with a fraction of a second waits that long', async () => {
    expectAbout(0.5, await failFor(await running({ backoffSeconds: [0.5] })));
  });

  it('takes the delay from the policy as it is by now, the number of attempts from the submission', async () => {
    const situation = await running({ backoffSeconds: [10], maxAttempts: 2 });
    const { room, category, name } = situation.job;
    await testStore.store.registerJob({ room, category, name, backoffSeconds: [500], maxAttempts: 50 });
    expectAbout(500, await failFor(situation));
    await claimAgain(situation);
    const { task } = changed(await testStore.store.failTask({ ...situation.held, error: failure(true) }));
    expect(task).toMatchObject({ status: 'FAILED', failures: 2, maxAttempts: 2 });
  });

  it('is the last one when no attempt is left', async () => {
    const situation = await running({ maxAttempts: 2, backoffSeconds: [0] });
    await failFor(situation);
    await claimAgain(situation);
    const { runAt } = await testStore.task(situation.task.id);
    const error = failure(true, 'again');
    const { task, transition } = changed(await testStore.store.failTask({ ...situation.held, error }));
    expect(task).toMatchObject({ status: 'FAILED', failures: 2, attempt: 2, workerId: null, error, runAt });
    expect(task.finishedAt).toEqual(transition.at);
    expect(transition).toMatchObject({ from: 'RUNNING', to: 'FAILED', reason: 'FAILED', attempt: 2, error });
    expectLegalLog(await testStore.history(task.id));
  });

  it('is the only one of a job that allows one', async () => {
    const { held } = await running({ maxAttempts: 1 });
    const { task } = changed(await testStore.store.failTask({ ...held, error: failure(true) }));
    expect(task).toMatchObject({ status: 'FAILED', failures: 1 });
  });

  it('that cannot be helped by another one is the last, whatever is left', async () => {
    const { task, held } = await running({ maxAttempts: 9 });
    const error = failure(false);
    const change = changed(await testStore.store.failTask({ ...held, error }));
    expect(change.task).toMatchObject({
      status: 'FAILED',
      failures: 1,
      error,
      version: 4,
      runAt: task.runAt,
    });
  });

  it('keeps progress until the next one begins', async () => {
    const situation = await running({ backoffSeconds: [0] });
    await testStore.store.reportProgress({ ...situation.held, percent: 60, message: 'page 3' });
    await failFor(situation);
    expect(await testStore.task(situation.task.id)).toMatchObject({
      progress: 60,
      progressMessage: 'page 3',
    });
    await claimAgain(situation);
    expect(await testStore.task(situation.task.id)).toMatchObject({ progress: 0, progressMessage: null });
  });

  it('reported twice at the same time is counted once', async () => {
    const { task, held } = await running({ maxAttempts: 5 });
    const report = () => testStore.store.failTask({ ...held, error: failure(true) });
    const results = await Promise.all([report(), report(), report()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused', 'refused']);
    expect(await testStore.task(task.id)).toMatchObject({ failures: 1, version: 4 });
  });

  it('among others in one statement follows its own error and its own budget', async () => {
    const situations = await Promise.all([1, 2, 3].map((maxAttempts) => running({ maxAttempts })));
    const [one, two, three] = await Promise.all(
      situations.map(({ held }, index) => testStore.store.failTask({ ...held, error: failure(index < 2) })),
    );
    const statuses = [one, two, three].map((result) => result && changed(result).task.status);
    expect(statuses).toEqual(['FAILED', 'PENDING', 'FAILED']);
  });
});
