import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retireJobs } from '../../src/maintenance/retire-jobs.ts';
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

  const run = () => runOnce(retireJobs(testStore.store, { intervalSeconds: 30, idleSeconds: 60 }));
  const retiredAt = async (job: JobRow) => (await testStore.store.findJobByName(job.fullName))?.retiredAt;
  /** Nobody has touched any job for a while. */
  const idle = () => testStore.db.script("UPDATE job SET last_active_at = now() - interval '61 seconds'");

  it('hides what nobody serves and what has no work, when that has been so for a while', async () => {
    const job = await testStore.newJob();
    await run();
    expect(await retiredAt(job)).toBeNull();
    await idle();
    expect((await run()).retired).toBeGreaterThanOrEqual(1);
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

  it('refuses submissions to a retired job, and takes them when it is registered again', async () => {
    const { job, worker, task } = await testStore.taskIn('COMPLETED');
    await testStore.store.deregisterWorker(worker.id, 'wim');
    await idle();
    await run();
    expect(await testStore.store.submitTask(submissionOf(job))).toEqual({ kind: 'no-job' });
    const { room, category, name } = job;
    expect(await testStore.store.registerJob({ room, category, name })).toMatchObject({
      created: false,
      job: { id: job.id },
    });
    expect(await testStore.store.submitTask(submissionOf(job))).toMatchObject({ kind: 'created' });
    expect(await testStore.history(task.id)).toHaveLength(4);
  });

  it('brings back a job that was retired while a task was being submitted', async () => {
    const job = await testStore.newJob();
    await testStore.submit(job);
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${job.id}'`);
    expect(await run()).toMatchObject({ returned: 1 });
    expect(await retiredAt(job)).toBeNull();
  });
});
