/** Removal of tasks that others have just begun to wait for: whoever is first, nobody waits for what is not there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toTypeId } from '../../../../src/domain/typeid.ts';
import { removeTasksOfCreatorOperation } from '../../../../src/maintenance/remove-tasks.ts';
import type { Database, DatabaseSession } from '../../../../src/store/database/database.ts';
import { openPostgres } from '../../../../src/store/database/postgres.ts';
import { statement } from '../../../../src/store/database/statement.ts';
import type { JobRow } from '../../../../src/store/jobs/jobs.ts';
import { deleteTasks, FIRST_ID } from '../../../../src/store/tasks/clean-up/clean-up.ts';
import { submitDependents } from '../../../../src/store/tasks/submit/submit-dependents.ts';
import { availableDatabases } from '../../../support/database.ts';
import { findHanging } from '../../../support/dependencies.ts';
import { untilBelowHorizon } from '../../../support/horizon.ts';
import { runOnce } from '../../../support/operations.ts';
import { createTestStore, submissionOf, type TestStore } from '../../../support/test-store.ts';

const FUTURE = new Date(Date.now() + 86_400_000);
const ALL_EXPIRED = {
  completed: FUTURE,
  failed: FUTURE,
  deadLetters: FUTURE,
  events: FUTURE,
  statistics: FUTURE,
};

const SUBMIT = statement(
  'test_submit_dependent',
  'SELECT task_id FROM submit_task($1, $2, depends_on => $3::text::jsonb)',
);

describe.each(availableDatabases())('parents that are removed, on %s', { timeout: 60_000 }, (kind) => {
  let testStore: TestStore;
  let children: JobRow;
  let elsewhere: Database;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
    children = await testStore.newJob();
    const { url, directUrl } = testStore;
    elsewhere = url ? await openPostgres({ url, directUrl }) : testStore.db;
  });
  afterAll(async () => {
    if (elsewhere !== testStore.db) await elsewhere.close();
    await testStore.close();
  });

  const submitBySql = async (dependsOn: unknown[], session: DatabaseSession = testStore.db) => {
    const parameters = [children.room, children.fullName, JSON.stringify(dependsOn)];
    return (await session.query<{ task_id: string }>(SUBMIT, parameters))[0]?.task_id as string;
  };
  const takeNotes = async () => {
    while ((await testStore.store.takeSqlSubmissions()) !== null);
  };
  const count = async (from: string) => {
    const text = `SELECT count(*)::int AS count FROM ${from}`;
    return (await testStore.db.query<{ count: number }>({ name: 'count', text, once: true }))[0]?.count;
  };
  const hanging = async () => (await findHanging(testStore.db)).filter(({ id }) => !known.has(id));
  const known = new Set<string>();
  /** What an earlier test has left is no fault of the next one. */
  afterEach(async () => {
    for (const { id } of await findHanging(testStore.db)) known.add(id);
  });
  const statusesOfChildren = async () => {
    const text = `SELECT status FROM task WHERE job_id = '${children.id}' AND dependency_count > 0 ORDER BY id`;
    const rows = await testStore.db.query<{ status: string }>({ name: 'statuses', text, once: true });
    return rows.map(({ status }) => status).slice(-2);
  };

  /** Clean-up of all that has ended in the room. @returns how many tasks went */
  const cleanUp = async (db: Database, room: string) => {
    const { completed, failed } = await deleteTasks(db, { retention: ALL_EXPIRED, room }, FIRST_ID, 10_000);
    return completed + failed;
  };
  const rollUp = async () => {
    await untilBelowHorizon(testStore.db);
    await testStore.store.rollUpStatistics(100_000, { wait: true });
  };

  it('are cancelled first, also for what was submitted by SQL and no server has taken note of', async () => {
    const parent = await testStore.submit(await testStore.newJob(), { createdBy: 'leaver' });
    const task = toTypeId('task', parent.id);
    await submitBySql([task]);
    await submitBySql([{ task, onFailure: 'RUN' }]);
    // As a server does, some time after the removal has come upon the task.
    const removeTasks: TestStore['store']['removeTasks'] = async (...of) => {
      const removed = await testStore.store.removeTasks(...of);
      await takeNotes();
      return removed;
    };
    const operation = removeTasksOfCreatorOperation({ ...testStore.store, removeTasks }, () => {});
    const parameters = { createdBy: 'leaver' };
    expect(await runOnce(operation, { parameters })).toMatchObject({ tasks: 1 });
    expect(await statusesOfChildren()).toEqual(['CANCELLED', 'PENDING']);
    expect(await hanging()).toEqual([]);
  });

  async function runBatch(createdBy: string) {
    await rollUp();
    return (await testStore.store.removeTasks({ room: null, createdBy }, 100)).tasks;
  }

  it('stay until a server has taken note of what waits for them by SQL', async () => {
    const removals = {
      'of a creator': (parent: { createdBy: string }) => runBatch(parent.createdBy),
      'of a room': async ({ room }: { room: string }) =>
        (await testStore.store.removeTasks({ room, createdBy: null }, 100)).tasks,
      'by retention': async ({ room }: { room: string }) => {
        await rollUp();
        return cleanUp(testStore.db, room);
      },
    };
    for (const [how, remove] of Object.entries(removals)) {
      const parent = await testStore.submit(await testStore.newJob(), { createdBy: how });
      await testStore.store.cancelTask({ taskId: parent.id, actor: 'ann', note: null });
      const task = toTypeId('task', parent.id);
      await submitBySql([task]);
      await submitBySql([{ task, onFailure: 'RUN' }]);
      expect(await remove(parent), how).toBe(0);
      await takeNotes();
      expect(await statusesOfChildren(), how).toEqual(['CANCELLED', 'PENDING']);
      await testStore.db.script(`UPDATE task SET status = 'CANCELLED', finished_at = now()
        WHERE job_id = '${children.id}' AND finished_at IS NULL`);
      expect(await remove(parent), how).toBe(1);
    }
    expect(await hanging()).toEqual([]);
  });

  describe.runIf(kind === 'postgres')('while others begin to wait for them', () => {
    it('are submitted anew where they were found by their key and gone before they were locked', async () => {
      const job = await testStore.newJob();
      const keyed = submissionOf(job, { idempotencyKey: 'k', createdBy: 'doomed' });
      const first = await testStore.submit(job, keyed);
      let locks = 0;
      // Between the statement that finds the key taken and the one that locks its task.
      const transaction: Database['transaction'] = (work) =>
        testStore.db.transaction((session) =>
          work({
            script: session.script.bind(session),
            async query<Row>(
              asked: Parameters<DatabaseSession['query']>[0],
              parameters?: readonly unknown[],
            ) {
              if (asked.name.startsWith('lock_parents') && ++locks === 1) {
                await elsewhere.script(
                  `DELETE FROM task_queue WHERE task_id = '${first.id}'; DELETE FROM task WHERE id = '${first.id}'`,
                );
              }
              return session.query<Row>(asked, parameters);
            },
          }),
        );
      const { results } = await submitDependents({ ...testStore.db, transaction }, [
        keyed,
        submissionOf(job, { dependsOn: [{ parent: 0, runsOnFailure: false }] }),
      ]);
      expect(locks).toBeGreaterThan(0);
      expect(results.map(({ kind: result }) => result)).toEqual(['created', 'created']);
      expect(await count(`task_dependency d LEFT JOIN task t ON t.id = d.parent_id WHERE t.id IS NULL`)).toBe(
        0,
      );
    });

    const FILLERS = 900;
    it.each(['by SQL', 'by the API'])('are removed, or waited for, %s', async (how) => {
      for (const ends of [true, false]) {
        for (let round = 0; round < 12; round++) await race(how === 'by SQL', ends, round);
      }
      await takeNotes();
      expect(await hanging()).toEqual([]);
      const orphans = `task_dependency d WHERE NOT EXISTS (SELECT FROM task WHERE id = d.parent_id)`;
      expect(await count(orphans)).toBe(0);
    });

    /** The parent is the last of many: time passes between what the removal sees and what it locks. */
    async function race(bySql: boolean, ends: boolean, round: number) {
      const job = await testStore.newJob();
      const parents = await testStore.store.submitTasks(
        Array.from({ length: FILLERS }, () => submissionOf(job)),
      );
      const last = parents.at(-1);
      if (last?.kind !== 'created') throw new Error('It was refused.');
      const { id } = last.change.task;
      if (ends) {
        await testStore.db.script(`DELETE FROM task_queue WHERE room = '${job.room}';
          UPDATE task SET status = 'CANCELLED', finished_at = now() WHERE room = '${job.room}'`);
        await rollUp();
      }
      const submitting = bySql
        ? testStore.db.transaction(async (session) => {
            await submitBySql([toTypeId('task', id)], session);
            await new Promise((resolve) => setTimeout(resolve, round));
          })
        : testStore.store.submitTask(
            submissionOf(children, { dependsOn: [{ parent: id, runsOnFailure: false }] }),
          );
      const removing = ends
        ? cleanUp(elsewhere, job.room)
        : createTestStore(kind, elsewhere).then(({ store }) =>
            store.removeTasks({ room: job.room, createdBy: null }, 1_000),
          );
      await Promise.all([submitting.catch(() => undefined), removing]);
    }
  });
});
