/** Errors that are alike: grouped, counted, and found again by their fingerprint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { newJob } from './task-in-status.ts';

const GROUPS = `query ($room: String, $job: String, $window: StatisticsWindow! = { last: 2, interval: HOUR }, $first: Int! = 20) {
  errorGroups(room: $room, job: $job, window: $window, first: $first) {
    fingerprint job { fullName } code message count deadLetters firstAt lastAt series
  } }`;
const FIND = `query ($filter: TaskFilter) { tasks(filter: $filter) { nodes { id errorFingerprint error { message } } } }`;

let api: Api;
let job: Awaited<ReturnType<typeof newJob>>;
let workerId: string;

async function fail(caller: Caller, message: string, retryable = false): Promise<string> {
  const { task } = await caller.submit({ room: 'main', job: job.fullName });
  const { tasks } = await api.admin.claim({ workerId, start: true });
  const error = { message, code: 'E_DISK', retryable };
  await api.admin.act('failTask', { taskId: task.id, workerId, attempt: tasks[0].attempt, error });
  return task.id;
}

let mia: Caller;
let full: string[];

beforeAll(async () => {
  api = await startApi('pglite');
  mia = await api.caller('mia', 'MEMBER', ['main']);
  job = await newJob(api.admin, 'main');
  workerId = await api.admin.newWorker(job);
  full = [await fail(mia, 'disk 1 is full'), await fail(mia, 'disk 22 is full', true)];
  await fail(mia, 'no light');
});
afterAll(() => api?.close());

describe('errors that are alike', () => {
  it('are one group, with what the last one said and how many dead letters are open', async () => {
    const groups = await mia.ask(GROUPS, { room: 'main' });
    expect(groups).toMatchObject([
      {
        ...{ job: { fullName: job.fullName }, code: 'E_DISK', message: 'disk 22 is full', count: 2 },
        ...{ deadLetters: 1, series: [expect.any(Number), expect.any(Number)] },
      },
      { message: 'no light', count: 1, deadLetters: 1 },
    ]);
    expect(groups[0].series[0] + groups[0].series[1]).toBe(2);
    expect(groups[0].fingerprint).not.toBe(groups[1].fingerprint);
    expect(await mia.ask(GROUPS, { job: job.fullName, first: 1 })).toEqual([groups[0]]);
  });

  it('are found by the fingerprint of the group, which tasks have as well', async () => {
    const [group] = await mia.ask(GROUPS, { room: 'main' });
    const { nodes } = await mia.ask(FIND, { filter: { errorFingerprint: group.fingerprint } });
    expect(nodes.map(({ id }: { id: string }) => id).sort()).toEqual([...full].sort());
    for (const { errorFingerprint } of nodes) expect(errorFingerprint).toBe(group.fingerprint);
    expect((await mia.ask(FIND, { filter: { errorFingerprint: 'none' } })).nodes).toEqual([]);
    const una = await api.caller('una', 'USER', ['main']);
    expect((await una.ask(FIND, { filter: { errorFingerprint: group.fingerprint } })).nodes).toEqual([]);
  });

  it('come live by their fingerprint, and leave when they are retried', async () => {
    const [{ fingerprint }] = await mia.ask(GROUPS, { room: 'main' });
    // Those that failed before have the same fingerprint.
    const after = await api.position();
    const stream = mia.subscribe(
      'WebSocket',
      `subscription ($filter: TaskFilter, $after: Cursor) { roomEvents(room: "main", filter: $filter, after: $after, leaving: true) {
        ... on TaskTransitioned { matches transition { reason } task { id errorFingerprint } } } }`,
      { after, filter: { errorFingerprint: fingerprint, statuses: ['FAILED'] } },
    );
    const id = await fail(mia, 'disk 7 is full');
    expect(await stream.event()).toMatchObject({
      matches: true,
      task: { id, errorFingerprint: fingerprint },
    });
    await mia.act('retryTask', { taskId: id });
    expect(await stream.event()).toMatchObject({ matches: false, transition: { reason: 'RETRY_REQUESTED' } });
    stream.close();
  });

  it('are of the rooms of the caller, and none for a USER', async () => {
    const max = await api.caller('max', 'MEMBER', ['elsewhere']);
    expect(await max.ask(GROUPS)).toEqual([]);
    expect((await max.send(GROUPS, { room: 'main' })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
    const una = await api.caller('una', 'USER', ['main']);
    expect((await una.send(GROUPS)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each([
    [{ first: 0 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ window: { last: 61, interval: 'DAY' } }, 'last'],
  ])('are bounded: %j', async (variables, at) => {
    const { errors } = await mia.send(GROUPS, { room: 'main', ...variables });
    expect(errors).toMatchObject([
      { extensions: { problem: { issues: [{ path: expect.arrayContaining([at]) }] } } },
    ]);
  });
});
