import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/domain/typeid.ts';
import { retireJobsOperation } from '../../src/maintenance/retire-jobs.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOnce } from '../support/operations.ts';
import { createTestStore, submissionOf, type TestStore } from '../support/test-store.ts';

describe.each(availableDatabases())('retirement of jobs on %s', (kind) => {
  let database: TestDatabase;
  let testStore: TestStore;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    testStore = await createTestStore(kind, database.db);
  });
  afterAll(() => database.close());

  const run = () => runOnce(retireJobsOperation(testStore.store, { intervalSeconds: 30, idleSeconds: 60 }));
  const retiredAt = async (job: JobRow) => (await testStore.store.findJobByName(job.fullName))?.retiredAt;
  /** Nobody has touched any job for a while. */
  const idle = () => testStore.db.script("UPDATE job SET last_active_at = now() - interval '61 seconds'");

  it('hides what nobody serves and what has no work, when that has been so for a while', async () => {
    const job = await testStore.newJob();
    await run();
    expect(await retiredAt(job)).toBeNull();
    await idle();
    expect((await run())['retired']).toBeGreaterThanOrEqual(1);
    expect(await retiredAt(job)).toBeInstanceOf(Date);
  });

  it('keeps what a living worker serves, until the worker is lost', async () => {
    const job = await testStore.newJob();
    const worker = await testStore.newWorker(job);
    await idle();
    await run();
    expect(await retiredAt(job)).toBeNull();
    await testStore.db.script(
      `UPDATE worker SET last_heartbeat_at = now() - interval '61 seconds' WHERE id = '${worker.id}'`,
    );
    await idle();
    await run();
    expect(await retiredAt(job)).toBeInstanceOf(Date);
  });

  it.each(['WAITING', 'PENDING', 'CLAIMED', 'RUNNING'] as const)(
    'keeps what has a task that is %s',
    async (status) => {
      const { job, worker } = await testStore.taskIn(status);
      await testStore.db.script(
        `UPDATE worker SET last_heartbeat_at = now() - interval '61 seconds' WHERE id = '${worker.id}'`,
      );
      await idle();
      await run();
      expect(await retiredAt(job)).toBeNull();
    },
  );

  it('takes submissions to a retired job, which comes back and is told of', async () => {
    const { job, worker, task } = await testStore.taskIn('COMPLETED');
    await testStore.store.deregisterWorker(worker.id, 'wim');
    await idle();
    await run();
    expect(await retiredAt(job)).toBeInstanceOf(Date);
    const submissions = [submissionOf(job), submissionOf(job, { createdBy: 'bob' })];
    expect(await testStore.store.submitTasks(submissions)).toMatchObject([
      { kind: 'created' },
      { kind: 'created' },
    ]);
    expect(await retiredAt(job)).toBeNull();
    expect(
      await testStore.db.query({
        ...{ name: 'restored', once: true },
        text: `SELECT actor, payload FROM event WHERE type = 'JOB_RESTORED' AND subject_id = '${job.id}'`,
      }),
    ).toEqual([{ actor: 'ann', payload: { job: job.fullName } }]);
    expect(await testStore.history(task.id)).toHaveLength(4);
  });

  it('refuses submissions to a job that is not there', async () => {
    const job = { id: newUuid(), room: 'a' };
    expect(await testStore.store.submitTask(submissionOf(job))).toEqual({ kind: 'no-job' });
  });

  it('hides nothing when it is turned off', async () => {
    const job = await testStore.newJob();
    await idle();
    await runOnce(retireJobsOperation(testStore.store, { intervalSeconds: 30, idleSeconds: 0 }));
    expect(await retiredAt(job)).toBeNull();
  });

  it('brings back a job that was retired while a task was being submitted', async () => {
    const job = await testStore.newJob();
    await testStore.submit(job);
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${job.id}'`);
    expect(await run()).toMatchObject({ returned: 1 });
    expect(await retiredAt(job)).toBeNull();
  });
});
