import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toTypeId } from '../../../src/domain/typeid.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import type { ScheduleRunRow } from '../../../src/store/schedules/schedule-runs.ts';
import type { ScheduleRow, ScheduleSettings } from '../../../src/store/schedules/schedules.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changed, createTestStore, failure, type TestStore } from '../../support/test-store.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

describe.each(availableDatabases())('schedules on %s', (kind) => {
  let database: TestDatabase;
  let testStore: TestStore;
  let job: JobRow;
  let names = 0;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    testStore = await createTestStore(kind, database.db);
  });
  afterAll(() => database?.close());
  beforeEach(async () => {
    await testStore.db.script('DELETE FROM schedule');
    job = await testStore.newJob();
  });

  async function schedule(settings: Partial<ScheduleSettings> = {}): Promise<ScheduleRow> {
    const result = await testStore.store.createSchedule(
      {
        name: `schedule ${++names}`,
        cron: '0 * * * *',
        timeZone: 'UTC',
        overlap: 'ALLOW',
        catchUpSeconds: 3_600,
        paused: false,
        room: job.room,
        jobId: job.id,
        payload: { n: 1 },
        priority: 3,
        labels: { by: 'clock' },
        limitKey: 'acme',
        operation: null,
        parameters: null,
        dryRun: false,
        ...settings,
      },
      'ann',
    );
    if (result.kind !== 'saved') throw new Error(result.kind);
    return result.schedule;
  }

  /** The row as it is now. */
  const found = async ({ id }: ScheduleRow) => (await testStore.store.findSchedules([id]))[0] as ScheduleRow;
  const runAt = (now: Date) => testStore.store.runDueSchedules(100, now);
  /** Moment of the next tick, and so many milliseconds later. */
  const due = async (row: ScheduleRow, laterMs = 0) =>
    new Date(((await found(row)).nextRunAt as Date).getTime() + laterMs);
  const runsOf = async ({ id }: ScheduleRow): Promise<ScheduleRunRow[]> => {
    const rows = await testStore.db.query<{ id: string }>(
      { name: 'test_runs', text: 'SELECT id FROM schedule_run WHERE schedule_id = $1::uuid ORDER BY id' },
      [id],
    );
    const runs = new Map(
      (await testStore.store.findScheduleRuns(rows.map((row) => row.id))).map((r) => [r.id, r]),
    );
    return rows.map((row) => runs.get(row.id) as ScheduleRunRow);
  };
  const tasksOf = async (row: ScheduleRow) => (await runsOf(row)).filter(({ taskId }) => taskId !== null);
  async function finish(run: ScheduleRunRow | undefined, outcome: 'COMPLETED' | 'FAILED' | 'CANCELLED') {
    const taskId = run?.taskId as string;
    if (outcome === 'CANCELLED') {
      changed(await testStore.store.cancelTask({ taskId, actor: 'ann', note: null }));
      return;
    }
    const worker = await testStore.newWorker(job);
    const [task] = await testStore.store.claimTasks({
      workerId: worker.id,
      limit: 1,
      start: true,
      actor: 'wim',
    });
    const held = { taskId, workerId: worker.id, attempt: task?.attempt ?? 0, actor: 'wim' };
    if (outcome === 'FAILED') changed(await testStore.store.failTask({ ...held, error: failure(false) }));
    else changed(await testStore.store.completeTask({ ...held, outcome, result: null }));
  }

  it('submits the task of a tick once, with all that the schedule says', async () => {
    const row = await schedule();
    const now = await due(row, 250);
    expect(await testStore.store.runDueSchedules(100)).toBe(0);
    expect(await runAt(now)).toBe(1);
    expect(await runAt(now)).toBe(0);
    const [run, ...others] = await runsOf(row);
    expect(others).toEqual([]);
    const id = toTypeId('schedule', row.id);
    expect(run).toMatchObject({ tick: row.nextRunAt, status: 'RUNNING', detail: null, triggeredBy: id });
    const task = await testStore.task(run?.taskId as string);
    expect(task).toMatchObject({
      ...{
        jobId: job.id,
        room: job.room,
        status: 'PENDING',
        priority: 3,
        labels: { by: 'clock' },
        limitKey: 'acme',
      },
      ...{ payload: { n: 1 }, createdBy: id, correlationId: toTypeId('schedulerun', run?.id as string) },
    });
    expect(testStore.published.flat().some((change) => change.task.id === task.id)).toBe(true);
    expect((await found(row)).nextRunAt).toEqual(new Date((row.nextRunAt as Date).getTime() + HOUR));
    expect((await found(row)).version).toBe(1);
  });

  it('runs once for all the ticks of a downtime, and says so', async () => {
    const row = await schedule();
    await runAt(await due(row, 5 * HOUR + MINUTE));
    expect(await runsOf(row)).toMatchObject([
      {
        tick: new Date((row.nextRunAt as Date).getTime() + 5 * HOUR),
        status: 'RUNNING',
        detail: `Stands for every tick since ${row.nextRunAt?.toISOString()}.`,
      },
    ]);
    expect((await found(row)).nextRunAt).toEqual(new Date((row.nextRunAt as Date).getTime() + 6 * HOUR));
  });

  it('leaves out a tick that is older than the catch-up window, and says so', async () => {
    const row = await schedule({ cron: '0 0 * * *', catchUpSeconds: 60 });
    await runAt(await due(row, MINUTE + 1));
    expect(await runsOf(row)).toMatchObject([
      { status: 'SKIPPED', taskId: null, detail: expect.stringMatching(/catch-up window of 60 s/) },
    ]);
  });

  it('runs no tick twice when the clock goes back', async () => {
    const row = await schedule();
    const now = await due(row);
    await runAt(now);
    expect(await runAt(new Date(now.getTime() - 30 * MINUTE))).toBe(0);
    // Even if the schedule were set back with the clock.
    await testStore.db.script(
      `UPDATE schedule SET next_run_at = '${now.toISOString()}' WHERE id = '${row.id}'`,
    );
    expect(await runAt(now)).toBe(1);
    expect(await runsOf(row)).toHaveLength(1);
    expect(await tasksOf(row)).toHaveLength(1);
    expect(((await found(row)).nextRunAt as Date) > now).toBe(true);
  });

  it('SKIP: leaves out a tick while the task of an earlier one goes on', async () => {
    const row = await schedule({ overlap: 'SKIP' });
    await runAt(await due(row));
    await runAt(await due(row));
    expect(await runsOf(row)).toMatchObject([
      { status: 'RUNNING' },
      { status: 'SKIPPED', detail: 'The run before it had not finished.', taskId: null },
    ]);
    await finish((await runsOf(row))[0], 'COMPLETED');
    await runAt(await due(row));
    expect((await runsOf(row)).map(({ status }) => status)).toEqual(['RUNNING', 'SKIPPED', 'RUNNING']);
  });

  it('QUEUE: one tick waits for the earlier one, and starts when it has finished', async () => {
    const row = await schedule({ overlap: 'QUEUE' });
    for (let tick = 0; tick < 3; tick++) await runAt(await due(row));
    expect((await runsOf(row)).map(({ status }) => status)).toEqual(['RUNNING', 'QUEUED', 'SKIPPED']);
    expect(await testStore.store.startQueuedRuns(100)).toBe(0);
    await finish((await runsOf(row))[0], 'FAILED');
    expect(await testStore.store.startQueuedRuns(100)).toBe(1);
    expect(await testStore.store.startQueuedRuns(100)).toBe(0);
    expect(await testStore.store.settleScheduleRuns(100)).toBe(1);
    const runs = await runsOf(row);
    expect(runs.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING', 'SKIPPED']);
    expect(await testStore.task(runs[1]?.taskId as string)).toMatchObject({ status: 'PENDING' });
  });

  it('ALLOW: starts a tick beside the earlier one', async () => {
    const row = await schedule({ overlap: 'ALLOW' });
    for (let tick = 0; tick < 3; tick++) await runAt(await due(row));
    expect(await tasksOf(row)).toHaveLength(3);
  });

  it.each([
    ['COMPLETED', 'SUCCEEDED'],
    ['FAILED', 'FAILED'],
    ['CANCELLED', 'CANCELLED'],
  ] as const)('records that a run whose task is %s has %s', async (outcome, status) => {
    const row = await schedule();
    await runAt(await due(row));
    expect(await testStore.store.settleScheduleRuns(100)).toBe(0);
    await finish((await runsOf(row))[0], outcome);
    expect(await testStore.store.settleScheduleRuns(100)).toBe(1);
    const [run] = await runsOf(row);
    expect(run).toMatchObject({
      status,
      finishedAt: (await testStore.task(run?.taskId as string)).finishedAt,
    });
  });

  it('brings its job back when that was retired', async () => {
    const row = await schedule();
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${job.id}'`);
    await runAt(await due(row));
    expect(await runsOf(row)).toMatchObject([{ status: 'RUNNING', taskId: expect.any(String) }]);
    expect(await testStore.store.findJobByName(job.fullName)).toMatchObject({ retiredAt: null });
  });

  it('fails the run when the schemas of its job have no room for its payload any more, and goes on by others', async () => {
    const row = await schedule();
    const { room, category, name } = job;
    const given = (payloadSchema: unknown) =>
      testStore.store.registerJob({ room, category, name, payloadSchema, schemaChange: 'REPLACE' });
    await given({ type: 'string' });
    await runAt(await due(row));
    expect(await runsOf(row)).toMatchObject([
      { status: 'FAILED', taskId: null, detail: expect.stringContaining('does not fit the schema') },
    ]);
    await given(job.payloadSchema);
    await runAt(await due(row));
    expect((await runsOf(row)).map(({ status }) => status)).toEqual(['FAILED', 'RUNNING']);
  });

  it('fails the run when the payload does not fit the schema of the job', async () => {
    job = await testStore.newJob({ payloadSchema: { properties: { n: { type: 'string' } } } });
    const row = await schedule();
    await runAt(await due(row));
    expect(await runsOf(row)).toMatchObject([
      { status: 'FAILED', taskId: null, detail: expect.stringMatching(/n must be string/) },
    ]);
  });

  it('fails the run of a line that cannot be followed any more, and holds up no other', async () => {
    const [broken, good] = [await schedule(), await schedule()];
    const now = await due(good);
    await testStore.db.script(`UPDATE schedule SET time_zone = 'Mars/Olympus' WHERE id = '${broken.id}'`);
    expect(await runAt(now)).toBe(2);
    expect(await runsOf(broken)).toMatchObject([
      { status: 'FAILED', detail: expect.stringMatching(/cannot be followed/) },
    ]);
    expect((await found(broken)).nextRunAt).toBeNull();
    expect(await tasksOf(good)).toHaveLength(1);
  });

  it('runs by hand at once, paused or not, and by its overlap policy', async () => {
    const row = await schedule({ paused: true, overlap: 'SKIP' });
    expect(row.nextRunAt).toBeNull();
    const ids = [
      await testStore.store.runScheduleNow(row.id, 'ann'),
      await testStore.store.runScheduleNow(row.id, 'ann'),
    ];
    const runs = await runsOf(row);
    expect(runs.map(({ id }) => id)).toEqual(ids);
    expect(runs).toMatchObject([
      { tick: null, status: 'RUNNING', triggeredBy: 'ann', taskId: expect.any(String) },
      { tick: null, status: 'SKIPPED', triggeredBy: 'ann' },
    ]);
    expect(await testStore.store.runScheduleNow(job.id, 'ann')).toBeNull();
    expect((await testStore.store.findLastRuns([row.id])).map(({ id }) => id)).toEqual([ids[1]]);
  });

  describe('when it is changed', () => {
    const update = async (
      row: ScheduleRow,
      change: Partial<ScheduleSettings>,
      version: number | null = null,
    ) => {
      const result = await testStore.store.updateSchedule(row.id, change, {
        expectedVersion: version,
        actor: 'bob',
      });
      if (result.kind !== 'saved') throw new Error(result.kind);
      return result.schedule;
    };
    /** As if its tick had come a minute ago. */
    const makeDue = (row: ScheduleRow) =>
      testStore.db.script(
        `UPDATE schedule SET next_run_at = date_trunc('minute', now()) - interval '1 minute' WHERE id = '${row.id}'`,
      );

    it('keeps a tick that is due, when its timing stays', async () => {
      const row = await schedule();
      await makeDue(row);
      await update(row, { payload: { n: 2 } });
      expect(await testStore.store.runDueSchedules(100)).toBe(1);
      const [run] = await runsOf(row);
      expect(await testStore.task(run?.taskId as string)).toMatchObject({ payload: { n: 2 } });
    });

    it('counts from now on with another line or zone', async () => {
      const row = await schedule();
      await makeDue(row);
      expect(await update(row, { cron: '30 4 * * *' })).toMatchObject({ version: 2, cron: '30 4 * * *' });
      expect(await testStore.store.runDueSchedules(100)).toBe(0);
      expect(await runsOf(row)).toEqual([]);
    });

    it('does nothing while it is paused, drops what waits, and goes on from now', async () => {
      const row = await schedule({ overlap: 'QUEUE' });
      await runAt(await due(row));
      await runAt(await due(row));
      await makeDue(row);
      const paused = await update(row, { paused: true });
      expect(paused).toMatchObject({ pausedAt: expect.any(Date), nextRunAt: null });
      expect(await testStore.store.runDueSchedules(100)).toBe(0);
      expect((await runsOf(row)).map(({ status }) => status)).toEqual(['RUNNING', 'SKIPPED']);
      const resumed = await update(row, { paused: false });
      expect(resumed.pausedAt).toBeNull();
      expect((resumed.nextRunAt as Date) > new Date()).toBe(true);
      expect(await testStore.store.runDueSchedules(100)).toBe(0);
    });

    it('refuses a version that is not the last, a name that is taken, and what is not there', async () => {
      const [row, other] = [await schedule(), await schedule()];
      const by = { expectedVersion: null, actor: 'bob' };
      await update(row, { priority: 1 }, 1);
      expect(
        await testStore.store.updateSchedule(row.id, { priority: 2 }, { expectedVersion: 1, actor: 'bob' }),
      ).toEqual({
        kind: 'stale',
        version: 2,
      });
      expect(await testStore.store.updateSchedule(row.id, { name: other.name }, by)).toEqual({
        kind: 'name-taken',
      });
      expect(await testStore.store.updateSchedule(job.id, {}, by)).toEqual({ kind: 'not-found' });
      await expect(schedule({ name: other.name })).rejects.toThrow('name-taken');
      expect(await found(row)).toMatchObject({ priority: 1, name: row.name });
    });
  });

  it('fails the run of an operation that its server did not live to start', async () => {
    const row = await schedule({ jobId: null, payload: null, operation: 'retire_jobs', overlap: 'SKIP' });
    await runAt(await due(row));
    expect(await testStore.store.settleScheduleRuns(100)).toBe(0);
    await runAt(await due(row));
    expect((await runsOf(row)).map(({ status }) => status)).toEqual(['RUNNING', 'SKIPPED']);
    await testStore.db.script(`UPDATE schedule_run SET started_at = now() - interval '61 seconds'`);
    expect(await testStore.store.settleScheduleRuns(100)).toBe(1);
    expect(await runsOf(row)).toMatchObject([
      { status: 'FAILED', detail: 'The server that was to start it has gone.' },
      { status: 'SKIPPED' },
    ]);
  });

  it('tells who has defined, changed and removed it, once each, and nothing of what was refused', async () => {
    const row = await schedule({ name: 'audited' });
    const update = (change: Partial<ScheduleSettings>, expectedVersion: number | null = null) =>
      testStore.store.updateSchedule(row.id, change, { expectedVersion, actor: 'bob' });
    await update({ paused: true });
    await update({ priority: 9 }, 1);
    await schedule({ name: 'audited' }).catch(() => undefined);
    await testStore.store.deleteSchedule(row.id, 'cid');
    await testStore.store.deleteSchedule(row.id, 'cid');
    const told = await testStore.db.query({
      name: 'test_told',
      text: `SELECT type, actor, room, payload FROM event
        WHERE subject_kind = 'schedule' AND subject_id = '${row.id}' ORDER BY serial`,
    });
    const payload = { name: 'audited', cron: '0 * * * *' };
    expect(told).toEqual([
      { type: 'SCHEDULE_CREATED', actor: 'ann', room: job.room, payload: { ...payload, paused: false } },
      { type: 'SCHEDULE_UPDATED', actor: 'bob', room: job.room, payload: { ...payload, paused: true } },
      { type: 'SCHEDULE_DELETED', actor: 'cid', room: job.room, payload: { ...payload, paused: true } },
    ]);
  });

  it('is removed with its runs; its tasks stay', async () => {
    const row = await schedule();
    await runAt(await due(row));
    const [run] = await runsOf(row);
    expect(await testStore.store.deleteSchedule(row.id, 'ann')).toBe(true);
    expect(await testStore.store.deleteSchedule(row.id, 'ann')).toBe(false);
    expect(await runsOf(row)).toEqual([]);
    expect(await testStore.task(run?.taskId as string)).toMatchObject({ status: 'PENDING' });
  });

  it('keeps the last thousand ended runs', async () => {
    const row = await schedule();
    await testStore.db.script(`
      INSERT INTO schedule_run (id, schedule_id, tick, status, detail, triggered_by, finished_at)
      SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '${row.id}', now() + n * interval '1 hour',
        'SKIPPED', 'test', 'test', now() FROM generate_series(1, 1004) AS n`);
    expect(await testStore.store.trimScheduleRuns(3)).toBe(3);
    expect(await testStore.store.trimScheduleRuns(100)).toBe(1);
    expect(await testStore.store.trimScheduleRuns(100)).toBe(0);
    const left = await runsOf(row);
    expect(left).toHaveLength(1000);
    expect(left[0]?.id).toBe('00000000-0000-7000-8000-000000000005');
  });

  it('tells when the next one is due, by the clock of the database', async () => {
    expect(await testStore.store.findNextDue()).toBeNull();
    const row = await schedule();
    const ms = (await testStore.store.findNextDue()) as number;
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(HOUR);
    await testStore.db.script(
      `UPDATE schedule SET next_run_at = now() - interval '1 hour' WHERE id = '${row.id}'`,
    );
    expect(await testStore.store.findNextDue()).toBeLessThan(0);
  });
});
