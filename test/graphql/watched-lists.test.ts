/** jobEvents and scheduleEvents: what there is, then how it changes; and schedules of rooms. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, PROBLEM, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const JOBS = `subscription ($room: String, $category: String) { jobEvents(room: $room, category: $category) { __typename
  ... on JobsSnapshot { jobs { id } } ... on JobChanged { job { id description workerCount schemaVersion } }
  ... on JobGone { jobId }
} }`;
const SCHEDULES = `subscription ($id: ID, $room: String) { scheduleEvents(scheduleId: $id, room: $room) { __typename
  ... on SchedulesSnapshot { schedules { id name } runs { id status } }
  ... on ScheduleChanged { schedule { id pausedAt } }
  ... on ScheduleRunChanged { schedule { id } run { id status task { id } } }
  ... on ScheduleGone { scheduleId }
} }`;

describe.each(availableDatabases())('watched lists on %s', (kind) => {
  let api: Api;
  let owner: Caller;
  let stranger: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    owner = await api.caller('wim', 'WORKER', ['here', 'quiet']);
    stranger = await api.caller('sam', 'WORKER', ['there']);
  });
  afterAll(() => api?.close());

  let names = 0;
  const schedule = (by: Caller, room: string, job: string, more: object = {}) =>
    by.ask(
      `mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { ${PROBLEM}
        ... on ScheduleSuccess { schedule { id name createdBy } } } }`,
      { input: { name: `s${++names}`, cron: '0 0 29 2 *', task: { room, job }, ...more } },
    );
  const change = (by: Caller, verb: string, type: string, input: object) =>
    by.ask(`mutation ($input: ${type}!) { ${verb}(input: $input) { ${PROBLEM} } }`, { input });
  const byId = (by: Caller, verb: string, id: string) =>
    by.ask(`mutation ($id: ID!) { ${verb}(scheduleId: $id) { ${PROBLEM} } }`, { id });

  it.each(PROTOCOLS)('show jobs and how they change, over %s', async (protocol) => {
    const room = `quiet`;
    const events = owner.subscribe(protocol, JOBS, { room, category: 'analysis' });
    const { jobs } = (await events.event()) as { jobs: unknown[] };
    expect(jobs.length).toBe(protocol === PROTOCOLS[0] ? 0 : 1);
    const name = `of ${protocol}`.replace(' ', '-');
    const { job } = await owner.registerJob({ room, category: 'analysis', name });
    await newJob(owner, room);
    const changed = (more: object) => ({ __typename: 'JobChanged', job: { ...before, ...more } });
    const before = { id: job.id, description: null, workerCount: 0, schemaVersion: 1 };
    expect(await events.event()).toEqual(changed({}));
    const fullName = job.fullName;
    await change(owner, 'updateJob', 'UpdateJobInput', { fullName, description: 'told' });
    expect(await events.event()).toEqual(changed({ description: 'told' }));
    await owner.registerJob({
      ...{ room, category: 'analysis', name, schemaChange: 'REPLACE', payloadSchema: { type: 'object' } },
    });
    expect(await events.event()).toEqual(changed({ description: 'told', schemaVersion: 2 }));
    const worker = await owner.newWorker({ room, category: 'analysis', name });
    expect(await events.event()).toEqual(changed({ description: 'told', schemaVersion: 2, workerCount: 1 }));
    await owner.ask('mutation ($id: ID!) { deregisterWorker(workerId: $id) { __typename } }', { id: worker });
    expect(await events.event()).toEqual(changed({ description: 'told', schemaVersion: 2 }));
    if (protocol === PROTOCOLS[1]) {
      await change(owner, 'retireJob', 'JobInput', { fullName });
      expect(await events.event()).toEqual({ __typename: 'JobGone', jobId: job.id });
    }
    events.close();
  });

  it.each(PROTOCOLS)('show one job by its name and no other, over %s', async (protocol) => {
    const [one, other] = [await newJob(owner, 'here'), await newJob(owner, 'here')];
    const events = owner.subscribe(
      protocol,
      JOBS.replace('($room: String, $category: String)', '($fullName: String)').replace(
        'room: $room, category: $category',
        'fullName: $fullName',
      ),
      { fullName: one.fullName },
    );
    expect(await events.event()).toEqual({ __typename: 'JobsSnapshot', jobs: [{ id: one.id }] });
    for (const { fullName } of [other, one])
      await change(owner, 'updateJob', 'UpdateJobInput', { fullName, description: protocol });
    expect(await events.event()).toMatchObject({ job: { id: one.id, description: protocol } });
    const unseen = stranger.subscribe(
      protocol,
      `subscription { jobEvents(fullName: "${one.fullName}") { __typename ... on JobsSnapshot { jobs { id } } } }`,
    );
    expect(await unseen.event()).toEqual({ __typename: 'JobsSnapshot', jobs: [] });
    events.close();
    unseen.close();
  });

  it.each(PROTOCOLS)('show schedules with their runs, over %s', async (protocol) => {
    const job = await newJob(owner, 'here');
    const { schedule: one } = await schedule(owner, 'here', job.fullName);
    const events = owner.subscribe(protocol, SCHEDULES, { id: one.id });
    expect(await events.event()).toEqual({
      ...{ __typename: 'SchedulesSnapshot', schedules: [{ id: one.id, name: one.name }], runs: [] },
    });
    await byId(owner, 'runScheduleNow', one.id);
    const run = (await events.event()) as { run: { id: string; task: { id: string } } };
    expect(run).toMatchObject({
      schedule: { id: one.id },
      run: { status: 'RUNNING', task: { id: expect.any(String) } },
    });
    await owner.act('cancelTask', { taskId: run.run.task.id });
    expect(await events.event()).toMatchObject({ run: { id: run.run.id, status: 'CANCELLED' } });
    await change(owner, 'updateSchedule', 'UpdateScheduleInput', { scheduleId: one.id, paused: true });
    expect(await events.event()).toMatchObject({ schedule: { id: one.id, pausedAt: expect.any(String) } });
    const again = owner.subscribe(protocol, SCHEDULES, { id: one.id });
    expect(await again.event()).toMatchObject({ runs: [{ id: run.run.id, status: 'CANCELLED' }] });
    again.close();
    await byId(owner, 'deleteSchedule', one.id);
    expect(await events.event()).toEqual({ __typename: 'ScheduleGone', scheduleId: one.id });
    events.close();
  });

  it('let a WORKER have schedules of tasks in its rooms, and no others', async () => {
    const job = await newJob(owner, 'here');
    const { schedule: own } = await schedule(owner, 'here', job.fullName);
    expect(own).toMatchObject({ createdBy: 'wim' });
    expect(await schedule(owner, 'there', job.fullName)).toMatchObject({ __typename: 'Forbidden' });
    expect(await schedule(owner, 'here', job.fullName, { name: own.name })).toMatchObject({
      ...{ __typename: 'InvalidInput', issues: [{ path: ['name'] }] },
    });
    // Another room has names of its own.
    const other = await newJob(stranger, 'there');
    const { schedule: foreign } = await schedule(stranger, 'there', other.fullName, { name: own.name });
    expect(foreign.name).toBe(own.name);
    const listed = (by: Caller) => by.ask('{ schedules(first: 100) { nodes { id } } }');
    expect((await listed(stranger)).nodes).toEqual([{ id: foreign.id }]);
    expect((await listed(owner)).nodes).not.toContainEqual({ id: foreign.id });
    expect((await listed(api.admin)).nodes).toContainEqual({ id: foreign.id });
    expect(
      await change(stranger, 'updateSchedule', 'UpdateScheduleInput', { scheduleId: own.id, paused: true }),
    ).toMatchObject({
      __typename: 'ScheduleNotFound',
    });
    // What is moved to another room, or made an operation, is not the worker's any more.
    for (const target of [
      { task: { room: 'there', job: other.fullName } },
      { operation: { operation: 'retire_jobs', dryRun: true } },
    ]) {
      // Its name is taken in the other room.
      const input = { scheduleId: own.id, name: `moved ${++names}`, ...target };
      expect(await change(owner, 'updateSchedule', 'UpdateScheduleInput', input)).toMatchObject({
        __typename: 'Forbidden',
      });
      expect(await change(api.admin, 'updateSchedule', 'UpdateScheduleInput', input)).toMatchObject({
        __typename: 'ScheduleSuccess',
      });
      expect(await owner.ask('query ($id: ID!) { schedule(id: $id) { id } }', { id: own.id })).toBeNull();
      await change(api.admin, 'updateSchedule', 'UpdateScheduleInput', {
        ...{ scheduleId: own.id, task: { room: 'here', job: job.fullName } },
      });
    }
    expect(await byId(owner, 'deleteSchedule', own.id)).toMatchObject({
      __typename: 'DeleteScheduleSuccess',
    });
  });

  it('say when a cron line would be due', async () => {
    const preview = (args: object) =>
      owner.ask(
        `query ($cron: String!, $timeZone: String!, $count: Int!, $after: DateTime) {
          cronPreview(cron: $cron, timeZone: $timeZone, count: $count, after: $after) {
            ${PROBLEM} ... on CronPreview { cron runs } } }`,
        { timeZone: 'Europe/Berlin', count: 2, after: '2026-03-27T12:00:00Z', ...args },
      );
    expect(await preview({ cron: ' 30  2 * * * ' })).toEqual({
      ...{ __typename: 'CronPreview', cron: '30 2 * * *' },
      runs: ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z'],
    });
    expect(await preview({ cron: 'never' })).toMatchObject({ issues: [{ path: ['cron'] }] });
    expect(await preview({ cron: '@daily', timeZone: 'Moon' })).toMatchObject({
      issues: [{ path: ['timeZone'] }],
    });
    expect(await preview({ cron: '@daily', count: 101 })).toMatchObject({ issues: [{ path: ['count'] }] });
  });
});
