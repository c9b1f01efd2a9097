/** Schedules through the API, on real servers that run them by themselves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller, PROBLEM } from '../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../support/database.ts';

const RUN = 'id tick status detail triggeredBy startedAt finishedAt task { id status priority createdBy }';
const SCHEDULE = `id name cron timeZone overlap catchUpSeconds pausedAt nextRunAt version createdBy
  task { job { fullName } room payload priority labels limitKey } lastRun { ${RUN} }`;

describe.each(availableDatabases())('schedules on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  let admin: Caller;
  let names = 0;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    const { url: databaseUrl, directUrl: directDatabaseUrl, db } = database;
    app = await startApp(
      databaseUrl ? { databaseUrl, directDatabaseUrl, redisUrl: testRedisUrl() } : { database: db },
    );
    admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
    await admin.registerJob({
      room: 'main',
      name: 'work',
      payloadSchema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
    });
  });
  afterAll(async () => {
    await app?.stop();
    if (kind === 'postgres') await database?.close();
  });

  const mutate = (name: string, type: string, selection: string, input: Record<string, unknown>) =>
    admin.ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${PROBLEM} ${selection} } }`, {
      input,
    });
  const SAVED = `... on ScheduleSuccess { schedule { ${SCHEDULE} } }`;
  const create = (input: Record<string, unknown> = {}) =>
    mutate('createSchedule', 'CreateScheduleInput', SAVED, {
      ...{ name: `schedule ${++names}`, cron: '0 5 * * *' },
      task: { room: 'main', job: 'main:general:work', payload: { n: 1 } },
      ...input,
    });
  const update = (input: Record<string, unknown>) =>
    mutate('updateSchedule', 'UpdateScheduleInput', `... on StaleVersion { currentVersion } ${SAVED}`, input);
  const byId = (name: string, id: string) =>
    admin.ask(
      `mutation ($id: ID!) { ${name}(scheduleId: $id) { ${PROBLEM}
        ... on ${name === 'deleteSchedule' ? 'DeleteScheduleSuccess { id }' : `RunScheduleNowSuccess { run { ${RUN} } }`} } }`,
      { id },
    );
  const read = (id: string) =>
    admin.ask(
      `query ($id: ID!) { schedule(id: $id) { ${SCHEDULE} nextRuns(count: 3)
        runs(first: 2) { nodes { ${RUN} } pageInfo { hasNextPage endCursor } } } }`,
      { id },
    );

  it('are defined with defaults, listed, read, and found by their id', async () => {
    const { schedule } = await create({
      ...{ timeZone: 'Europe/Berlin', cron: ' 0  5 * * * ' },
      task: { room: 'main', job: 'main:general:work', payload: { n: 1 }, limitKey: 'acme' },
    });
    expect(schedule).toMatchObject({
      ...{ cron: '0 5 * * *', timeZone: 'Europe/Berlin', overlap: 'SKIP', catchUpSeconds: 3600 },
      ...{ pausedAt: null, version: 1, createdBy: '@admin', lastRun: null },
      task: {
        job: { fullName: 'main:general:work' },
        room: 'main',
        payload: { n: 1 },
        priority: 0,
        labels: {},
        limitKey: 'acme',
      },
    });
    const { nextRuns, nextRunAt, runs } = await read(schedule.id);
    expect(nextRuns).toHaveLength(3);
    expect(nextRuns[0]).toBe(nextRunAt);
    expect(
      nextRuns.map((at: string) => new Date(at).toLocaleTimeString('de', { timeZone: 'Europe/Berlin' })),
    ).toEqual(['05:00:00', '05:00:00', '05:00:00']);
    expect(runs).toEqual({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
    const listed = await admin.ask('{ schedules(first: 1) { nodes { id } } }');
    expect(listed.nodes).toEqual([{ id: schedule.id }]);
    expect(await admin.ask(`{ node(id: "${schedule.id}") { __typename id } }`)).toEqual({
      __typename: 'Schedule',
      id: schedule.id,
    });
  });

  it.each([
    ['a day that never comes', { cron: '0 0 31 2 *' }, ['cron']],
    ['seconds', { cron: '*/5 * * * * *' }, ['cron']],
    ['nonsense', { cron: 'every day' }, ['cron']],
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, ['timeZone']],
    ['a window that is too short', { catchUpSeconds: 59 }, ['catchUpSeconds']],
    ['an empty name', { name: '' }, ['name']],
    [
      'an empty key of a limit',
      { task: { room: 'main', job: 'main:general:work', payload: { n: 1 }, limitKey: '' } },
      ['task', 'limitKey'],
    ],
    [
      'a payload that does not fit',
      { task: { room: 'main', job: 'main:general:work', payload: { n: 'x' } } },
      ['task', 'payload', 'n'],
    ],
  ])('are refused with the place that is wrong: %s', async (_what, input, path) => {
    expect(await create(input)).toMatchObject({ __typename: 'InvalidInput', issues: [{ path }] });
  });

  it('are refused for what is not there', async () => {
    const task = { room: 'main', job: 'main:general:none' };
    expect(await create({ task })).toMatchObject({ __typename: 'JobNotFound' });
    expect(await create({ task: { ...task, room: 'a b' } })).toMatchObject({ __typename: 'InvalidRoomId' });
    const none = 'schedule_01h455vb4pex5vsknk084sn02q';
    expect(await update({ scheduleId: none })).toMatchObject({ __typename: 'ScheduleNotFound' });
    expect(await byId('deleteSchedule', 'nonsense')).toMatchObject({ __typename: 'ScheduleNotFound' });
    expect(await byId('runScheduleNow', none)).toMatchObject({ __typename: 'ScheduleNotFound' });
    expect(await read(none)).toBeNull();
  });

  it('are changed, paused and resumed, against a version where one is given', async () => {
    const { schedule } = await create();
    const { id: scheduleId } = schedule;
    const paused = await update({ scheduleId, paused: true, expectedVersion: 1 });
    expect(paused.schedule).toMatchObject({ pausedAt: expect.any(String), nextRunAt: null, version: 2 });
    expect((await read(scheduleId)).nextRuns).toEqual([]);
    expect(await update({ scheduleId, cron: '@hourly', expectedVersion: 1 })).toMatchObject({
      __typename: 'StaleVersion',
      currentVersion: 2,
    });
    expect(await update({ scheduleId, timeZone: 'x' })).toMatchObject({ issues: [{ path: ['timeZone'] }] });
    const { schedule: after } = await update({
      scheduleId,
      paused: false,
      cron: '@hourly',
      overlap: 'QUEUE',
    });
    expect(after).toMatchObject({ ...{ pausedAt: null, cron: '@hourly', overlap: 'QUEUE', version: 3 } });
    const { schedule: other } = await create();
    expect(await update({ scheduleId, name: other.name })).toMatchObject({ issues: [{ path: ['name'] }] });
    expect(await byId('deleteSchedule', scheduleId)).toEqual({
      __typename: 'DeleteScheduleSuccess',
      id: scheduleId,
    });
    expect(await read(scheduleId)).toBeNull();
  });

  it('run by hand, and show how the run ended as soon as its task has', async () => {
    const { schedule } = await create();
    const { run } = await byId('runScheduleNow', schedule.id);
    expect(run).toMatchObject({
      ...{ tick: null, status: 'RUNNING', triggeredBy: '@admin', finishedAt: null },
      task: { status: 'PENDING', createdBy: schedule.id },
    });
    expect((await byId('runScheduleNow', schedule.id)).run).toMatchObject({ status: 'SKIPPED', task: null });
    await admin.act('cancelTask', { taskId: run.task.id });
    const { runs } = await read(schedule.id);
    expect(runs.nodes.map(({ status }: { status: string }) => status)).toEqual(['SKIPPED', 'CANCELLED']);
    expect(runs.nodes[1].finishedAt).toEqual(expect.any(String));
    expect((await read(schedule.id)).lastRun).toMatchObject({ status: 'SKIPPED' });
  });

  it('run by themselves: the server wakes for a tick, and for the end of a run that another waits for', async () => {
    const { schedule } = await create({ cron: '0 0 1 1 *', overlap: 'QUEUE' });
    const { id: scheduleId } = schedule;
    const { streamCursor } = await admin.ask('{ tasks(first: 1) { streamCursor } }');
    const events = admin.subscribe(
      'SSE',
      `subscription ($after: Cursor!) {
        roomEvents(room: "main", after: $after) { ... on TaskTransitioned { transition { to } task { id createdBy priority } } }
      }`,
      { after: streamCursor },
    );
    const submitted = async (priority: number): Promise<string> => {
      for (;;) {
        const { transition, task } = await events.event(30_000);
        if (transition.to === 'PENDING' && task.createdBy === scheduleId && task.priority === priority)
          return task.id;
      }
    };
    /** Its tick comes: the server hears of the change, not of the time that was set. */
    const tickNow = async (priority: number) => {
      await database.db.script(
        `UPDATE schedule SET next_run_at = date_trunc('milliseconds', now()) WHERE name = '${schedule.name}'`,
      );
      await update({
        scheduleId,
        task: { room: 'main', job: 'main:general:work', payload: { n: 1 }, priority },
      });
    };
    await tickNow(1);
    const first = await submitted(1);
    await tickNow(2);
    let queued: { status: string } | undefined;
    while (queued?.status !== 'QUEUED') [queued] = (await read(scheduleId)).runs.nodes;
    await admin.act('cancelTask', { taskId: first });
    await submitted(2);
    events.close();
    expect((await read(scheduleId)).runs.nodes.map(({ status }: { status: string }) => status)).toEqual([
      'RUNNING',
      'CANCELLED',
    ]);
  });

  describe('of an operation', () => {
    const operation = (details: object = {}) => ({
      task: null,
      operation: { operation: 'retire_jobs', ...details },
    });
    const RUNS = `query ($id: ID!) { schedule(id: $id) { operation { operation room parameters dryRun } task { room }
      runs(first: 5) { nodes { tick status detail task { id }
        operationRun { operation dryRun status triggeredBy correlationId } } } } }`;
    /** The runs, when the newest has come to an end. */
    const ended = async (id: string) => {
      for (;;) {
        const schedule = await admin.ask(RUNS, { id });
        if (schedule.runs.nodes[0] && schedule.runs.nodes[0].status !== 'RUNNING') return schedule;
      }
    };

    it.each([
      ['an operation that is none', operation({ operation: 'dance' }), ['operation', 'operation']],
      ['parameters that it has not', operation({ parameters: { steps: 3 } }), ['operation', 'parameters']],
      ['a task besides', { operation: { operation: 'retire_jobs' } }, ['operation']],
      ['all rooms without saying so', operation(), ['operation', 'allRooms']],
      ['no room where one is needed', operation({ operation: 'remove_room' }), ['operation', 'room']],
      ['nothing at all', { task: null }, ['task']],
    ])('is refused with the place that is wrong: %s', async (_what, input, path) => {
      expect(await create(input)).toMatchObject({ __typename: 'InvalidInput', issues: [{ path }] });
    });

    it('runs it by hand and by itself, and tells how it has ended', async () => {
      const { schedule } = await create({ cron: '0 0 1 1 *', ...operation({ dryRun: true, room: 'main' }) });
      const { run } = await byId('runScheduleNow', schedule.id);
      expect(run).toMatchObject({ task: null });
      const byHand = await ended(schedule.id);
      expect(byHand).toMatchObject({
        ...{
          task: null,
          operation: { operation: 'retire_jobs', room: 'main', parameters: {}, dryRun: true },
        },
        runs: {
          nodes: [
            {
              status: 'SUCCEEDED',
              operationRun: {
                ...{ operation: 'retire_jobs', dryRun: true, status: 'COMPLETED' },
                ...{ triggeredBy: schedule.id, correlationId: run.id },
              },
            },
          ],
        },
      });
      await database.db.script(
        `UPDATE schedule SET next_run_at = date_trunc('milliseconds', now()) WHERE name = '${schedule.name}'`,
      );
      await update({ scheduleId: schedule.id, overlap: 'ALLOW' });
      let runs = [];
      while (runs.length < 2) runs = (await ended(schedule.id)).runs.nodes;
      expect(runs[0]).toMatchObject({ tick: expect.any(String), status: 'SUCCEEDED' });
    });

    it('skips the run while the operation runs elsewhere', async () => {
      const { schedule } = await create(operation({ room: 'locked' }));
      const lock = await database.db.tryLock('retire_jobs:locked');
      await byId('runScheduleNow', schedule.id);
      expect((await ended(schedule.id)).runs.nodes).toMatchObject([
        { status: 'SKIPPED', detail: expect.stringMatching(/is running/), operationRun: null },
      ]);
      await lock?.release();
    });

    it('takes the place of a task, and the other way round', async () => {
      const { schedule } = await create();
      await update({ scheduleId: schedule.id, operation: { operation: 'retire_jobs', allRooms: true } });
      expect(await admin.ask(RUNS, { id: schedule.id })).toMatchObject({
        task: null,
        operation: { room: null },
      });
      await update({
        scheduleId: schedule.id,
        task: { room: 'main', job: 'main:general:work', payload: { n: 1 } },
      });
      expect(await admin.ask(RUNS, { id: schedule.id })).toMatchObject({
        task: { room: 'main' },
        operation: null,
      });
    });
  });
});
