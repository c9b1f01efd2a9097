/** Removal of rooms and of one creator's tasks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePositions } from '../../src/domain/position.ts';
import { removeRoomOperation } from '../../src/maintenance/remove-room.ts';
import { removeTasksOfCreatorOperation } from '../../src/maintenance/remove-tasks.ts';
import { readAuditEntries } from '../../src/store/audit/entries.ts';
import { availableDatabases } from '../support/database.ts';
import { findHanging } from '../support/dependencies.ts';
import { holdHorizon, untilBelowHorizon } from '../support/horizon.ts';
import { runOnce } from '../support/operations.ts';
import { createTestStore, submissionOf, type TestStore } from '../support/test-store.ts';

const TABLES = [
  'task',
  'task_transition',
  'task_queue',
  'job',
  'schedule',
  'statistic',
  'task_count',
  'error_group',
  'job_pause',
  'saved_view',
];

describe.each(availableDatabases())('removal on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  let removedFrom: string[] = [];
  const noteRemoved = (rooms: readonly string[]) => removedFrom.push(...rooms);

  const count = async (from: string) => {
    const text = `SELECT count(*)::int AS count FROM ${from}`;
    const [row] = await testStore.db.query<{ count: number }>({ name: 'count', text, once: true });
    return row?.count ?? -1;
  };
  const rowsOf = async (room: string) =>
    Object.fromEntries(
      await Promise.all(TABLES.map(async (table) => [table, await count(`${table} WHERE room = '${room}'`)])),
    );

  async function room(name: string) {
    const job = await testStore.newJob({ room: name, schemaChange: 'REPLACE' });
    await testStore.store.registerJob({
      ...namesOf(job),
      payloadSchema: { type: 'object' },
      schemaChange: 'REPLACE',
    });
    const latest = { schemaVersion: 2 };
    const { id: workerId } = await testStore.newWorker(job);
    for (const createdBy of ['ann', 'bob', 'bob']) await testStore.submit(job, { ...latest, createdBy });
    const [running] = await testStore.store.claimTasks({ workerId, limit: 1, start: true, actor: 'wim' });
    await testStore.store.rollUpStatistics(1_000);
    await testStore.store.createSchedule(
      {
        ...{
          name: 's',
          cron: '@yearly',
          timeZone: 'UTC',
          overlap: 'SKIP',
          catchUpSeconds: 60,
          paused: false,
        },
        ...{ room: name, jobId: job.id, payload: {}, priority: 0, labels: {}, limitKey: null },
        ...{ operation: null, parameters: null, dryRun: false },
      },
      'ann',
    );
    return { job, running, workerId };
  }
  const namesOf = ({ room, category, name }: { room: string; category: string; name: string }) => ({
    room,
    category,
    name,
  });

  it('takes a room with all that belongs to it, and leaves others as they are', async () => {
    const [gone, kept] = [await room('gone'), await room('kept')];
    const view = { name: 'v', path: '/tasks', search: '', shared: true };
    for (const name of ['gone', 'kept']) {
      await testStore.store.createView('ann', { ...view, room: name });
      for (const { job } of [gone, kept]) {
        await testStore.store.pauseJob({ jobId: job.id, room: name, actor: 'ann' }, null);
      }
    }
    const before = await rowsOf('kept');
    const counted = await runOnce(removeRoomOperation(testStore.store, noteRemoved), {
      room: 'gone',
      dryRun: true,
    });
    expect(counted).toMatchObject({
      tasks: 3,
      unfinished: 3,
      transitions: 5,
      schedules: 1,
      jobs: 1,
      webhooks: 0,
      pauses: 1,
      views: 1,
    });
    expect(await rowsOf('gone')).toMatchObject({ task: 3, job: 1 });
    const removed = await runOnce(removeRoomOperation(testStore.store, noteRemoved), { room: 'gone' });
    expect({ ...removed, statistics: 0 }).toEqual({ ...counted, statistics: 0 });
    expect(await rowsOf('gone')).toEqual(Object.fromEntries(TABLES.map((table) => [table, 0])));
    expect(await count(`job_schema WHERE job_id = '${gone.job.id}'`)).toBe(0);
    expect(await count(`task_hold WHERE worker_id = '${gone.workerId}'`)).toBe(0);
    expect(await rowsOf('kept')).toEqual({ ...before, job_pause: 1 });
    expect(await testStore.store.findPauses([kept.job.id])).toMatchObject([{ room: 'kept' }]);
    // Who works on it hears that it is not there.
    const held = { taskId: gone.running?.id as string, workerId: gone.workerId, attempt: 1, actor: 'wim' };
    expect(await testStore.store.completeTask({ ...held, outcome: 'COMPLETED', result: null })).toEqual({
      ...{ kind: 'refused', task: null },
    });
    expect(await testStore.store.submitTask(submissionOf(gone.job))).toEqual({ kind: 'no-job' });
    expect(await testStore.store.findJobByName(kept.job.fullName)).not.toBeNull();
  });

  it('keeps a task until all that waited for it has been moved, by its end or the cascade of it', async () => {
    const [gone, kept] = [
      await testStore.newJob({ room: 'roots' }),
      await testStore.newJob({ room: 'leaves' }),
    ];
    const root = await testStore.submit(gone);
    const child = await testStore.submit(kept, { dependsOn: [{ parent: root.id, runsOnFailure: false }] });
    const scope = { room: 'roots', createdBy: null };
    expect(await testStore.store.removeTasks(scope, 10)).toMatchObject({ tasks: 0 });
    // As when its end had to leave some to the next transaction.
    await testStore.db.script(`UPDATE task SET status = 'CANCELLED', finished_at = now() WHERE id = '${root.id}';
      DELETE FROM task_queue WHERE task_id = '${root.id}';
      INSERT INTO task_cascade (task_id, dependents) VALUES ('${root.id}', 1)`);
    expect(await testStore.store.removeTasks(scope, 10)).toMatchObject({ tasks: 0 });
    expect(await testStore.store.continueCascades()).toBe(1);
    expect((await testStore.task(child.id)).status).toBe('CANCELLED');
    expect(await testStore.store.removeTasks(scope, 10)).toMatchObject({ tasks: 1 });
    expect(await findHanging(testStore.db)).toEqual([]);
  });

  it('takes what is submitted while a room is removed, or none of it', async () => {
    const { job } = await room('busy');
    let isOver = false;
    const submitting = (async () => {
      while (!isOver) await testStore.store.submitTask(submissionOf(job, { schemaVersion: 2 }));
    })();
    await runOnce(removeRoomOperation(testStore.store, noteRemoved), { room: 'busy' });
    isOver = true;
    await submitting;
    expect(await rowsOf('busy')).toMatchObject({ task: 0, task_transition: 0, job: 0 });
  });

  it('refuses to take the room of all rooms', async () => {
    await expect(
      runOnce(removeRoomOperation(testStore.store, noteRemoved), { room: '@global' }),
    ).rejects.toThrow('@global is no room');
  });

  it('takes the tasks of one creator, in a room or in all', async () => {
    await room('one');
    await room('two');
    const operation = removeTasksOfCreatorOperation(testStore.store, noteRemoved);
    const parameters = { createdBy: 'bob' };
    expect(await runOnce(operation, { room: 'one', parameters, dryRun: true })).toMatchObject({ tasks: 2 });
    expect(await runOnce(operation, { room: 'one', parameters })).toMatchObject({ tasks: 2 });
    expect(await count(`task WHERE room = 'one' AND created_by = 'ann'`)).toBe(1);
    expect(await count(`task WHERE room = 'two' AND created_by = 'bob'`)).toBe(2);
    await runOnce(operation, { parameters });
    expect(await count(`task WHERE created_by = 'bob'`)).toBe(0);
    expect(await count(`task WHERE room = 'two'`)).toBe(1);
  });

  it('says of which rooms, also where it breaks off', async () => {
    await room('half');
    // Only what statistics count is removed by the first batch.
    await untilBelowHorizon(testStore.db);
    removedFrom = [];
    const operation = removeTasksOfCreatorOperation(testStore.store, noteRemoved);
    const breaksOff = operation.runOnce({
      ...{ room: null, dryRun: false, parameters: { createdBy: 'bob' }, warn() {} },
      signal: new AbortController().signal,
      progress: () => Promise.reject(new Error('The database is away.')),
    });
    await expect(breaksOff).rejects.toThrow('away');
    expect(removedFrom).toEqual(['half']);
  });

  it('lets nobody wait for what is removed', async () => {
    const { store } = testStore;
    const job = await testStore.newJob({ room: 'family' });
    const parent = await testStore.submit(job, { createdBy: 'eve' });
    const submitChild = async (runsOnFailure: boolean) => {
      const dependsOn = [{ parent: parent.id, runsOnFailure }];
      const result = await store.submitTask({ ...submissionOf(job), dependsOn });
      return (result as { change: { task: { id: string } } }).change.task.id;
    };
    const [cancelled, released] = [await submitChild(false), await submitChild(true)];
    await runOnce(removeTasksOfCreatorOperation(store, noteRemoved), { parameters: { createdBy: 'eve' } });
    expect((await testStore.task(cancelled)).status).toBe('CANCELLED');
    expect((await testStore.task(released)).status).toBe('PENDING');
    expect(await count(`task_dependency WHERE parent_id = '${parent.id}'`)).toBe(0);
  });

  it('leaves the counts of what is there as they are, of whatever statistics had counted', async () => {
    const { store } = testStore;
    const job = await testStore.newJob({ room: 'counted' });
    const scope = { rooms: ['counted'], jobId: null };
    await testStore.submit(job, { createdBy: 'fay' });
    await store.rollUpStatistics(1_000, { wait: true });
    for (const createdBy of ['fay', 'gus']) await testStore.submit(job, { createdBy });
    await runOnce(removeTasksOfCreatorOperation(store, noteRemoved), { parameters: { createdBy: 'fay' } });
    expect((await store.countTasks(scope)).counts).toMatchObject({ PENDING: 1 });
    await store.rollUpStatistics(1_000, { wait: true });
    expect((await store.countTasks(scope)).counts).toMatchObject({ PENDING: 1 });
  });

  it('warns of a room of which there is nothing, as of a name that is mistyped', async () => {
    for (const dryRun of [true, false]) {
      const warnings: string[] = [];
      await runOnce(removeRoomOperation(testStore.store, noteRemoved), {
        room: 'mistyped',
        dryRun,
        warnings,
      });
      expect(warnings).toEqual(['Nothing of this room was found. Is its name right?']);
    }
  });

  it('lets who has read the audit log again go on, while the horizon is held back', async () => {
    const { store, db, log } = testStore;
    const letGo = await holdHorizon(kind);
    await db.script(
      "INSERT INTO event (type, severity, actor, room) VALUES ('JOB_RETIRED', 'INFO', 'ann', 'audited')",
    );
    expect(await store.deleteEventsOf('audited', 10)).toBe(1);
    const read = await log.horizon();
    await letGo();
    expect(comparePositions((await readAuditEntries(db, read, 1)).trimmed, read)).toBeLessThanOrEqual(0);
  });

  it('warns of API keys that name the room', async () => {
    await testStore.db.script(
      "INSERT INTO api_key (id, prefix, digest, name, role, rooms, created_by) VALUES (gen_random_uuid(), 'p', repeat('0', 64), 'k', 'USER', '{warned}', 'a')",
    );
    const warnings: string[] = [];
    await runOnce(removeRoomOperation(testStore.store, noteRemoved), {
      room: 'warned',
      dryRun: true,
      warnings,
    });
    expect(warnings).toEqual([expect.stringMatching(/^API keys that name the room: 1\./)]);
  });
});
