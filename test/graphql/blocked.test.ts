/** Why a task waits: told on the task, live on its stream within a second, and in numbers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const REASON = 'by detail until ahead';
const EVENTS = `subscription ($id: ID!) { taskEvents(taskId: $id) { __typename
  ... on TaskTransitioned { transition { to } }
  ... on TaskBlocked { cursor task { id status } blockedReason { ${REASON} } } } }`;

describe.each(availableDatabases())('blockedReason on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  const reasonOf = async (id: string) =>
    (await admin.ask(`query ($id: ID!) { task(id: $id) { blockedReason { ${REASON} } } }`, { id }))
      .blockedReason;
  const submit = async (job: { room: string; fullName: string }, more = {}) =>
    (await admin.submit({ room: job.room, job: job.fullName, ...more })).task.id as string;
  const act = (operation: 'pauseJob' | 'resumeJob', input: object) =>
    admin.ask(
      `mutation ($input: ${operation === 'pauseJob' ? 'PauseJobInput' : 'ResumeJobInput'}!) { ${operation}(input: $input) { __typename } }`,
      { input },
    );
  const countsOf = (room: string) =>
    admin.ask(
      'query ($room: String) { blockedCounts(room: $room) { byReason { by count } unblocked atLeast } }',
      {
        room,
      },
    );

  it('follows what keeps the task waiting, the first thing first', async () => {
    const job = await newJob(admin, 'hall');
    const first = await submit(job);
    const id = await submit(job);
    expect(await reasonOf(id)).toMatchObject({ by: 'NO_WORKER', until: null, ahead: 1 });
    const workerId = await admin.newWorker(job);
    expect(await reasonOf(id)).toBeNull();
    await act('pauseJob', { fullName: job.fullName, reason: 'inventory' });
    expect(await reasonOf(id)).toMatchObject({
      by: 'JOB_PAUSED',
      detail: 'The job is paused by @admin: inventory',
    });
    await act('resumeJob', { fullName: job.fullName });
    const later = await submit(job, { runAt: '2999-01-01T00:00:00Z' });
    expect(await reasonOf(later)).toEqual({
      by: 'NOT_DUE',
      detail: 'Is due at 2999-01-01 00:00:00 UTC.',
      until: '2999-01-01T00:00:00.000Z',
      ahead: null,
    });
    for (let n = 0; n < 3; n++) await submit(job, { priority: 9 });
    await admin.claim({ workerId, limit: 4 });
    expect(await reasonOf(first)).toBeNull();
    expect(await reasonOf(id)).toMatchObject({ by: 'NO_FREE_SLOT', ahead: 0 });
    expect(await countsOf('hall')).toEqual({
      byReason: [
        { by: 'NOT_DUE', count: 1 },
        { by: 'NO_FREE_SLOT', count: 1 },
      ],
      unblocked: 0,
      atLeast: false,
    });
  });

  it('says how many stand in front of it in the whole queue, and nothing of them', async () => {
    const shared = await newJob(admin, '@global');
    const submitBy = async (by: Caller, room: string) =>
      (await by.submit({ room, job: shared.fullName })).task.id as string;
    const [una, otto] = [
      await api.caller('una', 'USER', ['hall']),
      await api.caller('otto', 'USER', ['attic']),
    ];
    const before = [
      await submitBy(otto, 'attic'),
      await submitBy(otto, 'attic'),
      await submitBy(admin, 'hall'),
    ];
    const id = await submitBy(una, 'hall');
    const seen = await una.ask(`query ($id: ID!) { task(id: $id) { blockedReason { ${REASON} } } }`, { id });
    expect(seen.blockedReason).toEqual({
      ...{ by: 'NO_WORKER', detail: expect.any(String), until: null, ahead: before.length },
    });
    // What counts tasks by themselves counts those that the caller sees.
    const counts = await una.ask('{ blockedCounts { byReason { by count } unblocked } }');
    expect(counts).toEqual({ byReason: [{ by: 'NO_WORKER', count: 1 }], unblocked: 0 });
    for (const hidden of before) expect(await una.task(hidden)).toBeNull();
  });

  it('counts what waits for the same limit or room, also before a claim has met the task', async () => {
    const limits = [{ name: 'one', scope: 'ROOM', maxRunning: 1 }];
    const job = await newJob(admin, 'hall', { limits });
    const workerId = await admin.newWorker(job);
    for (let n = 0; n < 3; n++) await submit(job);
    await admin.claim({ workerId, limit: 3, start: true });
    const id = await submit(job);
    expect(await reasonOf(id)).toMatchObject({ by: 'LIMIT', ahead: 2 });
    await admin.claim({ workerId, limit: 3, start: true });
    expect(await reasonOf(id)).toMatchObject({ by: 'LIMIT', ahead: 2 });

    const paused = await newJob(admin, 'hall');
    const other = await admin.newWorker(paused);
    await act('pauseJob', { fullName: paused.fullName, room: 'hall' });
    await submit(paused);
    await admin.claim({ workerId: other });
    expect(await reasonOf(await submit(paused))).toMatchObject({ by: 'JOB_PAUSED', ahead: 1 });
  });

  it.each(PROTOCOLS)('comes live over %s to who asks for it', async (protocol) => {
    const job = await newJob(admin, 'hall');
    const id = await submit(job);
    const stream = admin.subscribe(protocol, EVENTS, { id });
    const next = async () => (await stream.event()) as { blockedReason?: { by: string } | null };
    expect(await next()).toEqual({ __typename: 'TaskSnapshot' });
    expect(await next()).toMatchObject({
      __typename: 'TaskBlocked',
      task: { id, status: 'PENDING' },
      blockedReason: { by: 'NO_WORKER' },
    });
    const workerId = await admin.newWorker(job);
    expect(await next()).toMatchObject({ blockedReason: null });
    await act('pauseJob', { fullName: job.fullName });
    expect(await next()).toMatchObject({ blockedReason: { by: 'JOB_PAUSED' } });
    await act('resumeJob', { fullName: job.fullName });
    expect(await next()).toMatchObject({ blockedReason: null });
    await admin.claim({ workerId });
    expect(await next()).toMatchObject({ __typename: 'TaskTransitioned', transition: { to: 'CLAIMED' } });
    stream.close();
  });
});
