/** Roll-up and clean-up, and that what a dry run tells is what a real one does. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG_START } from '../../src/domain/position.ts';
import type { TaskStatus } from '../../src/domain/task.ts';
import { newUuid } from '../../src/domain/typeid.ts';
import { cleanUpEvents } from '../../src/maintenance/cleanup-events.ts';
import { OperationSkipped } from '../../src/maintenance/operation.ts';
import { rollUpEvents } from '../../src/maintenance/rollup-events.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import { markLog } from '../../src/store/statistics/roll-up.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
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
    runOnce(cleanUpEvents(testStore.db, RETENTION), details);
  const rollUp = (details: Parameters<typeof runOnce>[1] = {}) =>
    runOnce(rollUpEvents(testStore.db), details);

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

  it('tells who resumes from before what was deleted to read again', async () => {
    const job = await testStore.newJob();
    await insertOld(job, { status: 'COMPLETED', days: 8 });
    await cleanUp({ room: job.room });
    const page = await testStore.log.read({ rooms: [job.room] }, LOG_START, 10);
    expect(BigInt(page.trimmed.xid)).toBeGreaterThan(0n);
  });

  it('rolls up before it deletes: what happened is still known, and is not rolled up anew without its tasks', async () => {
    const job = await testStore.newJob();
    await insertOld(job, { status: 'COMPLETED', days: 20, versions: 4 });
    // Deleted as well: of no hour before its end is all left.
    await insertOld(await testStore.newJob(), { status: 'COMPLETED', days: 10 });
    // As if nothing had been rolled up yet: the hours before are looked at as well.
    await testStore.db.script('DELETE FROM rollup; DELETE FROM rollup_hour; DELETE FROM log_mark');
    await cleanUp();
    const rolledUp = () =>
      rows<{ count: number }>("SELECT count FROM rollup WHERE job_id = $1::uuid AND source = 'TRANSITION'", [
        job.id,
      ]);
    expect(await rolledUp()).toEqual([{ count: 4 }]);
    const day = new Date(Date.now() - 20 * DAY_MS - 60_000).toISOString().slice(0, 10);
    // The hours of that day from the first transition on are kept; where that was its first hour, all of them.
    const again = await rollUp({ parameters: { day } }).catch((error: unknown) => error);
    if (!(again instanceof OperationSkipped)) {
      expect(again).toMatchObject({ transitions: 0, hours_kept: expect.any(Number) });
    }
    expect(await rolledUp()).toEqual([{ count: 4 }]);
  });

  it('deletes old events, ended runs and roll-ups as its dry run tells, and tells streams', async () => {
    await testStore.db.script(`
      INSERT INTO event (id, type, severity, actor, at) SELECT
        (lpad(to_hex((extract(epoch FROM now() - interval '91 days') * 1000)::bigint), 12, '0') || '7abc8000000000000000')::uuid,
        'JOB_RETIRED', 'INFO', '@system', now() - interval '91 days';
      INSERT INTO operation_run (id, operation, status, dry_run, triggered_by, correlation_id, started_at, finished_at)
        VALUES (gen_random_uuid(), 'old', 'COMPLETED', false, 'ann', 'x', now() - interval '91 days', now() - interval '91 days');
      INSERT INTO rollup (hour, source, type, count) VALUES (now() - interval '401 days', 'EVENT', 'JOB_RETIRED', 1)`);
    const told = await cleanUp({ dryRun: true });
    expect(told).toMatchObject({ events: 1, operation_runs: 1, rollups: 1 });
    expect(await cleanUp()).toMatchObject({ events: 1, operation_runs: 1, rollups: 1 });
    expect(await rows("SELECT 1 FROM event_trim WHERE xid > '0'::xid8")).toHaveLength(1);
  });

  it('rolls a day up per room, job and type, with the time waited and run; again it gives the same', async () => {
    const { job, task } = await testStore.taskIn('COMPLETED');
    const other = await testStore.newJob();
    await testStore.submit(other);
    const day = new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10);
    // Due two seconds after its submission, claimed three later, started one later, and ten seconds at work.
    const moments = ['10:00:00', '10:00:05', '10:00:06', '10:00:16'];
    for (const [index, moment] of moments.entries()) {
      await rows(
        `UPDATE task_transition SET at = $1::timestamptz, due_at = CASE version WHEN 1 THEN $2::timestamptz END
        WHERE task_id = $3::uuid AND version = $4::int`,
        [`${day}T${moment}Z`, `${day}T10:00:02Z`, task.id, index + 1],
      );
    }
    await rows('UPDATE task_transition SET at = $1::timestamptz WHERE job_id = $2::uuid', [
      `${day}T11:59:59Z`,
      other.id,
    ]);
    await rows('DELETE FROM rollup_hour WHERE is_final AND hour >= $1::timestamptz', [`${day}T00:00:00Z`]);
    // Marks of before would tell that nothing can have been written since for a day that long ago.
    await testStore.db.script('DELETE FROM log_mark');
    await markLog(testStore.db);
    const read = () =>
      rows(
        `SELECT hour, room, job_id AS job, type, to_status AS "to", count, duration_ms::int AS ms, durations FROM rollup
        WHERE job_id = ANY($1::uuid[]) AND source = 'TRANSITION' AND hour >= $2::timestamptz
          AND hour < $2::timestamptz + interval '1 day' ORDER BY hour, type`,
        [[job.id, other.id], `${day}T00:00:00Z`],
      );
    const told = await rollUp({ dryRun: true, parameters: { day } });
    expect(await read()).toEqual([]);
    expect(await rollUp({ parameters: { day } })).toEqual(told);
    expect(told).toMatchObject({ hours: 24, transitions: 5 });
    const common = { room: job.room, job: job.id, count: 1, hour: new Date(`${day}T10:00:00Z`) };
    const first = await read();
    expect(first).toMatchObject([
      { ...common, type: 'CLAIMED', to: 'CLAIMED', ms: 3_000, durations: { 46: 1 } },
      { ...common, type: 'COMPLETED', to: 'COMPLETED', ms: 10_000, durations: { 53: 1 } },
      { ...common, type: 'STARTED', to: 'RUNNING', ms: 0, durations: {} },
      { ...common, type: 'SUBMITTED', to: 'PENDING', ms: 0, durations: {} },
      { room: other.room, job: other.id, type: 'SUBMITTED', count: 1, hour: new Date(`${day}T11:00:00Z`) },
    ]);
    expect(await rollUp({ parameters: { day } })).toEqual(told);
    expect(await read()).toEqual(first);
    // For one room alone the others' rows stay.
    expect(await rollUp({ room: other.room, parameters: { day } })).toMatchObject({ transitions: 1 });
    expect(await read()).toEqual(first);
  });

  it('rolls up by default yesterday, and by itself every hour that has ended', async () => {
    await testStore.db.script('DELETE FROM rollup_hour');
    expect(await rollUp({ dryRun: true })).toMatchObject({ hours: 24 });
    await rollUp({ parameters: { missing: true } });
    expect(await rollUp({ parameters: { missing: true } })).toMatchObject({ hours: 0 });
    await testStore.db.script(
      "DELETE FROM rollup_hour WHERE hour >= date_trunc('hour', now() - interval '2 minutes') - interval '3 hours'",
    );
    expect(await rollUp({ parameters: { missing: true } })).toMatchObject({ hours: 3 });
  });
});
