/** Roll-up and clean-up, and that what a dry run tells is what a real one does. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LOG_START } from '../../src/domain/position.ts';
import type { TaskStatus } from '../../src/domain/task.ts';
import { newUuid } from '../../src/domain/typeid.ts';
import { cleanUpEventsOperation } from '../../src/maintenance/clean-up-events.ts';
import { rollUpStatisticsOperation } from '../../src/maintenance/roll-up-statistics-operation.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { untilBelowHorizon } from '../support/horizon.ts';
import { runOnce } from '../support/operations.ts';
import { createTestStore, type TestStore } from '../support/test-store.ts';

const RETENTION = { completed: 7, failed: 30, deadLetter: 180, event: 90, statistics: 400 };
const DAY_MS = 86_400_000;

interface Old {
  status: TaskStatus;
  discarded?: boolean;
  days: number;
  versions?: number;
}

/** What each of them is counted as once it has expired. */
function kindOf({ status, discarded, days }: Old): 'completed' | 'failed' | 'dead_letters' | null {
  if (status === 'COMPLETED' || status === 'PARTIAL') return days > 7 ? 'completed' : null;
  if (status === 'CANCELLED' || (status === 'FAILED' && discarded)) return days > 30 ? 'failed' : null;
  return status === 'FAILED' && days > 180 ? 'dead_letters' : null;
}

describe.each(availableDatabases())('retention on %s', (kind) => {
  let database: TestDatabase;
  let testStore: TestStore;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    testStore = await createTestStore(kind, database.db);
  });
  afterAll(() => database.close());

  const rows = <Row>(text: string, parameters: unknown[] = []) =>
    testStore.db.query<Row>(
      { name: `retention_${text.length}_${Buffer.from(text).toString('hex').slice(-30)}`, text },
      parameters,
    );
  const cleanUp = (details: Parameters<typeof runOnce>[1] = {}) =>
    runOnce(cleanUpEventsOperation(testStore.store, RETENTION), details);
  const rollUp = (details: Parameters<typeof runOnce>[1] = {}) =>
    runOnce(rollUpStatisticsOperation(testStore.store), details);

  /** A task as it would be so many days after its end, with all its transitions in one moment. */
  async function insertOld(
    job: JobRow,
    { status, discarded = false, days, versions = 3 }: Old,
  ): Promise<string> {
    const at = new Date(Date.now() - days * DAY_MS - 60_000);
    const hex = at.getTime().toString(16).padStart(12, '0');
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}${newUuid().slice(13)}`;
    const ended = !['WAITING', 'PENDING', 'CLAIMED', 'RUNNING'].includes(status);
    await rows(
      `INSERT INTO task (id, job_id, room, status, version, max_attempts, payload, created_by, created_at, finished_at,
        error, discarded_at, discarded_by)
      VALUES ($1::uuid, $2::uuid, $3, $4::text::task_status, $5, 5, '{}', 'ann', $6::timestamptz,
        CASE WHEN $7 THEN $6::timestamptz END, CASE WHEN $4 = 'FAILED' THEN '{"message":"no"}'::jsonb END,
        CASE WHEN $8 THEN now() END, CASE WHEN $8 THEN 'ann' END)`,
      [id, job.id, job.room, status, versions, at.toISOString(), ended, discarded],
    );
    await rows(
      `INSERT INTO task_transition (task_id, version, room, job_id, from_status, to_status, reason, attempt, actor, at)
      SELECT $1::uuid, version, $3, $2::uuid, CASE WHEN version > 1 THEN 'PENDING'::task_status END, 'PENDING',
        'SUBMITTED', 0, 'ann', $4::timestamptz FROM generate_series(1, $5::int) version`,
      [id, job.id, job.room, at.toISOString(), versions],
    );
    return id;
  }

  it('counts, in a dry run, what a real one then deletes; and a second one finds nothing', async () => {
    const job = await testStore.newJob();
    const statuses = ['PENDING', 'COMPLETED', 'PARTIAL', 'CANCELLED', 'FAILED'] as const;
    const tasks = fc
      .sample(
        fc.record({
          status: fc.constantFrom(...statuses),
          days: fc.constantFrom(0, 6, 7, 8, 29, 30, 31, 90, 179, 180, 181),
          versions: fc.integer({ min: 1, max: 6 }),
          discard: fc.boolean(),
        }),
        60,
      )
      .map(
        ({ discard, ...task }): Old => ({
          ...task,
          days: task.days + 0.01,
          discarded: discard && task.status === 'FAILED',
        }),
      );
    const ids = await Promise.all(tasks.map((task) => insertOld(job, task)));
    const expired = tasks.filter((task) => kindOf(task) !== null);
    const expected = {
      completed: expired.filter((task) => kindOf(task) === 'completed').length,
      failed: expired.filter((task) => kindOf(task) === 'failed').length,
      dead_letters: expired.filter((task) => kindOf(task) === 'dead_letters').length,
      transitions: expired.reduce((sum, { versions = 0 }) => sum + versions, 0),
    };
    const told = await cleanUp({ dryRun: true, room: job.room });
    expect(told).toMatchObject(expected);
    expect(await rows('SELECT 1 FROM task WHERE job_id = $1::uuid', [job.id])).toHaveLength(tasks.length);
    expect(await cleanUp({ room: job.room })).toEqual(told);
    const left = (await rows<{ id: string }>('SELECT id FROM task WHERE job_id = $1::uuid', [job.id])).map(
      ({ id }) => id,
    );
    expect(left.sort()).toEqual(ids.filter((_, n) => kindOf(tasks[n] as Old) === null).sort());
    const logged = await rows<{ id: string }>(
      'SELECT DISTINCT task_id AS id FROM task_transition WHERE job_id = $1::uuid',
      [job.id],
    );
    expect(logged.map(({ id }) => id).sort()).toEqual(left);
    expect(await cleanUp({ room: job.room })).toEqual(
      Object.fromEntries(Object.keys(told).map((name) => [name, 0])),
    );
  });

  it('touches only the room that it is limited to, and keeps as long as it is told', async () => {
    const [here, there] = [await testStore.newJob(), await testStore.newJob()];
    await insertOld(here, { status: 'COMPLETED', days: 8 });
    await insertOld(there, { status: 'COMPLETED', days: 8 });
    expect(await cleanUp({ room: here.room, parameters: { completedDays: 9 } })).toMatchObject({
      completed: 0,
    });
    expect(await cleanUp({ room: here.room })).toMatchObject({ completed: 1 });
    expect(await rows('SELECT 1 FROM task WHERE job_id = $1::uuid', [there.id])).toHaveLength(1);
    await cleanUp();
    expect(await rows('SELECT 1 FROM task WHERE job_id = $1::uuid', [there.id])).toHaveLength(0);
  });

  it('leaves a task that somebody has locked, as for a retry, to the next time', async () => {
    if (kind === 'pglite') return; // one connection: nobody else can hold a lock
    const job = await testStore.newJob();
    const id = await insertOld(job, { status: 'FAILED', days: 200 });
    await testStore.db.transaction(async (session) => {
      await session.script(`SELECT 1 FROM task WHERE id = '${id}' FOR UPDATE`);
      expect(await cleanUp({ room: job.room })).toMatchObject({ dead_letters: 0, transitions: 0 });
    });
    expect(await cleanUp({ room: job.room })).toMatchObject({ dead_letters: 1, transitions: 3 });
  });

  it('forgets removals of tasks, and remembers how far', async () => {
    const [{ xid } = { xid: '0' }] = await rows<{ xid: string }>(
      "INSERT INTO task_removal (room, removed_at) VALUES ('long-gone', now() - interval '8 days') RETURNING xid::text AS xid",
    );
    const marks = () => rows("SELECT 1 FROM task_removal WHERE room = 'long-gone'");
    await cleanUp({ dryRun: true });
    expect(await marks()).toHaveLength(1);
    await vi.waitFor(async () => {
      await cleanUp();
      expect(await marks()).toEqual([]);
    }, 30_000);
    const page = await testStore.log.read({ rooms: ['long-gone'] }, { xid, id: '0' }, 10);
    expect(BigInt(page.trimmed.xid)).toBeGreaterThan(BigInt(xid));
  });

  it('tells who resumes from before what was deleted to read again', async () => {
    const job = await testStore.newJob();
    await insertOld(job, { status: 'COMPLETED', days: 8 });
    await cleanUp({ room: job.room });
    const page = await testStore.log.read({ rooms: [job.room] }, LOG_START, 10);
    expect(BigInt(page.trimmed.xid)).toBeGreaterThan(0n);
  });

  it('rolls up before it deletes: what happened is still counted', async () => {
    const job = await testStore.newJob();
    await insertOld(job, { status: 'COMPLETED', days: 20, versions: 1 });
    await untilBelowHorizon(testStore.db);
    const day = new Date(Date.now() - 20 * DAY_MS - 60_000).toISOString().slice(0, 10);
    await cleanUp();
    expect(await rows('SELECT 1 FROM task_transition WHERE job_id = $1::uuid', [job.id])).toEqual([]);
    expect(await rollUp({ room: job.room, parameters: { day } })).toMatchObject({ submitted: 1 });
  });

  it('leaves what has not been rolled up yet to the next time, however long it takes', async () => {
    if (kind === 'pglite') return; // one connection: no transaction stays open beside others
    const job = await testStore.newJob();
    const scope = { rooms: [job.room], jobId: null };
    const counts = async () => (await testStore.store.countTasks(scope)).counts;
    await testStore.db.transaction(async (session) => {
      // From here on nothing is below the horizon, where the roll-up ends.
      await session.script('SELECT pg_current_xact_id()');
      await insertOld(job, { status: 'COMPLETED', days: 20, versions: 1 });
      expect(await cleanUp({ room: job.room })).toMatchObject({ completed: 0, transitions: 0 });
    });
    await untilBelowHorizon(testStore.db);
    expect(await cleanUp({ room: job.room })).toMatchObject({ completed: 1, transitions: 1 });
    const day = new Date(Date.now() - 20 * DAY_MS - 60_000).toISOString().slice(0, 10);
    expect(await rollUp({ room: job.room, parameters: { day } })).toMatchObject({ submitted: 1 });
    expect((await counts()).COMPLETED).toBe(0);
  });

  it('deletes old events, ended runs and counters of days as its dry run tells, and tells streams', async () => {
    await testStore.db.script(`
      INSERT INTO event (id, type, severity, actor, at) SELECT
        (lpad(to_hex((extract(epoch FROM now() - interval '91 days') * 1000)::bigint), 12, '0') || '7abc8000000000000000')::uuid,
        'JOB_RETIRED', 'INFO', '@system', now() - interval '91 days';
      INSERT INTO operation_run (id, operation, status, dry_run, triggered_by, correlation_id, started_at, finished_at)
        VALUES (gen_random_uuid(), 'old', 'COMPLETED', false, 'ann', 'x', now() - interval '91 days', now() - interval '91 days');
      INSERT INTO statistic (grain, at, room, job_id, measure, cell, count)
        SELECT 'DAY', now() - age, 'old', gen_random_uuid(), 'SUBMITTED', 0, 1
        FROM unnest(ARRAY[interval '401 days', interval '399 days']) age`);
    const told = await cleanUp({ dryRun: true });
    expect(told).toMatchObject({ events: 1, operation_runs: 1, statistics: 1 });
    expect(await cleanUp()).toMatchObject({ events: 1, operation_runs: 1, statistics: 1 });
    expect(await rows("SELECT 1 FROM statistic WHERE room = 'old'")).toHaveLength(1);
    expect(await rows("SELECT 1 FROM event_trim WHERE xid > '0'::xid8")).toHaveLength(1);
  });

  it('rolls up and answers with what happened in the day; again it gives the same', async () => {
    const { job, task } = await testStore.taskIn('COMPLETED');
    const other = await testStore.newJob();
    await testStore.submit(other);
    await untilBelowHorizon(testStore.db);
    await moveHistory(task.id, '2026-03-04T00:00:00Z');
    const told = await rollUp({ dryRun: true, parameters: { day: '2026-03-04' } });
    expect(told['rolled_up']).toBeGreaterThan(0);
    expect(await rollUp({ parameters: { day: '2026-03-04' } })).toEqual(told);
    expect(told).toMatchObject({ day: 20260304, submitted: 1, completed: 1, failed: 0, attempts_failed: 0 });
    const again = { ...told, rolled_up: 0 };
    expect(await rollUp({ parameters: { day: '2026-03-04' } })).toEqual(again);
    expect(await rollUp({ room: job.room, parameters: { day: '2026-03-04' } })).toEqual(again);
    const elsewhere = await rollUp({ room: other.room, parameters: { day: '2026-03-04' } });
    expect(elsewhere).toMatchObject({ day: 20260304, submitted: 0, completed: 0 });
  });

  it('answers with yesterday, which ends at midnight in UTC', async () => {
    const { job, task } = await testStore.taskIn('FAILED');
    const [clock] = await rows<{ midnight: Date }>("SELECT date_trunc('day', now(), 'UTC') AS midnight");
    const midnight = clock?.midnight as Date;
    await moveHistory(task.id, new Date(midnight.getTime() - 1).toISOString());
    const late = await testStore.submit(job);
    await moveHistory(late.id, midnight.toISOString());
    expect(await rollUp({ room: job.room })).toMatchObject({
      ...{ day: Number(new Date(midnight.getTime() - 1).toISOString().slice(0, 10).replaceAll('-', '')) },
      ...{ submitted: 1, failed: 1, attempts_failed: 1 },
    });
  });

  /** As if all of it had happened in that moment; the task stays as it is. */
  const moveHistory = (taskId: string, at: string) =>
    rows('UPDATE task_transition SET at = $1::timestamptz WHERE task_id = $2::uuid', [at, taskId]);
});
