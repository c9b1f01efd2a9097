/** Updates, discards and restores: by whom, in which status, in the history and on streams; and what a caller can do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob, taskIn } from './task-in-status.ts';

const HISTORY = `query ($id: ID!) { task(id: $id) {
  status version runAt priority labels discardedAt discardedBy updatedAt
  transitions { nodes { version from to reason actor note at updates { field before after } } }
} }`;
const ABILITIES = `query ($id: ID!) { task(id: $id) {
  viewerCanCancel viewerCanReschedule viewerCanRelabel viewerCanRetry viewerCanDiscard viewerCanRestore nextStatuses
} }`;
const EVENTS = `subscription ($room: String, $filter: TaskFilter, $after: Cursor, $leaving: Boolean! = false) {
  roomEvents(room: $room, filter: $filter, after: $after, leaving: $leaving) {
    ... on TaskTransitioned { matches cursor task { id status version priority labels discardedAt updatedAt }
      transition { version from to reason at } }
  }
}`;

let rooms = 0;

describe.each(availableDatabases())('a task on %s', (kind) => {
  let api: Api;
  let admin: Caller;
  let mia: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
    mia = await api.caller('mia', 'MEMBER', ['*']);
  });
  afterAll(() => api?.close());

  const newRoom = () => `updated-${++rooms}`;
  const position = () => api.position();
  const inStatus = (status: Parameters<typeof taskIn>[0], room = newRoom()) =>
    taskIn(status, { worker: admin, submitter: mia, room });

  it('that waits is claimed by what an update has made of it, and the history says what it was before', async () => {
    const room = newRoom();
    const job = await newJob(admin, room);
    const workerId = await admin.newWorker(job);
    const later = '2999-01-01T00:00:00.000Z';
    const submit = async (more: object): Promise<string> =>
      (await mia.submit({ room, job: job.fullName, ...more })).task.id;
    const delayed = await submit({ runAt: later, priority: 1 });
    await submit({ priority: 5 });
    const { task } = await mia.act('updateTask', {
      ...{ taskId: delayed, expectedVersion: 1, runNow: true, priority: 9, labels: { album: 'summer' } },
      reason: 'it is needed today',
    });
    expect(task).toMatchObject({ status: 'PENDING', version: 2, priority: 9, labels: { album: 'summer' } });
    const { tasks } = await admin.claim({ workerId, limit: 1 });
    expect(tasks).toMatchObject([{ id: delayed, version: 3, priority: 9 }]);
    const { transitions, runAt, updatedAt } = await mia.ask(HISTORY, { id: delayed });
    expect(transitions.nodes[1]).toMatchObject({
      ...{ version: 2, from: 'PENDING', to: 'PENDING', reason: 'UPDATED', actor: 'mia' },
      note: 'it is needed today',
      updates: [
        { field: 'runAt', before: later, after: runAt },
        { field: 'priority', before: 1, after: 9 },
        { field: 'labels', before: {}, after: { album: 'summer' } },
      ],
    });
    expect(updatedAt).toBe(transitions.nodes[2].at);
  });

  it('is changed by only one of those who have seen the same version', async () => {
    const { taskId } = await inStatus('PENDING');
    const answers = await Promise.all(
      [11, 12, 13, 14, 15].map((priority) => mia.act('updateTask', { taskId, priority, expectedVersion: 1 })),
    );
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      ...['StaleVersion', 'StaleVersion', 'StaleVersion', 'StaleVersion'],
      'TaskSuccess',
    ]);
    expect(await mia.ask(HISTORY, { id: taskId })).toMatchObject({ version: 2 });
  });

  it('that is as it was to become stays as it is, without a version or a word in the history', async () => {
    const room = newRoom();
    const job = await newJob(admin, room);
    const labels = { album: 'summer', size: '1' };
    const { task } = await mia.submit({ room, job: job.fullName, priority: 3, labels });
    const { runAt } = await mia.ask(HISTORY, { id: task.id });
    const stream = admin.subscribe('SSE', EVENTS, { room, after: await position() });
    for (const same of [
      { priority: 3 },
      { runAt },
      // It is due: it must not lose its place.
      { runNow: true },
      { labels: { size: '1', album: 'summer' } },
      { priority: 3, runAt, labels, reason: 'again', expectedVersion: 1 },
    ]) {
      expect(await mia.act('updateTask', { taskId: task.id, ...same })).toMatchObject({
        task: { version: 1, priority: 3, labels },
      });
    }
    expect(await mia.act('updateTask', { taskId: task.id, priority: 3, expectedVersion: 2 })).toMatchObject({
      ...{ __typename: 'StaleVersion', currentVersion: 1 },
    });
    // Of what is given, only what differs stands in the history.
    await mia.act('updateTask', { taskId: task.id, runNow: true, priority: 4, labels });
    expect((await stream.event()).transition).toMatchObject({ version: 2, reason: 'UPDATED' });
    stream.close();
    expect((await mia.ask(HISTORY, { id: task.id })).transitions.nodes[1].updates).toEqual([
      { field: 'priority', before: 3, after: 4 },
    ]);
  });

  it.each(['CLAIMED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const)(
    'that is %s can have other labels and nothing else, and stays what it is',
    async (status) => {
      const { taskId } = await inStatus(status);
      const before = await mia.ask('query ($id: ID!) { task(id: $id) { finishedAt version } }', {
        id: taskId,
      });
      expect(await mia.act('updateTask', { taskId, priority: 1 })).toMatchObject({
        __typename: 'InvalidTransition',
      });
      expect(await mia.act('updateTask', { taskId, labels: { a: 'b' } })).toMatchObject({
        task: { status, labels: { a: 'b' } },
      });
      const after = await mia.ask('query ($id: ID!) { task(id: $id) { finishedAt version } }', {
        id: taskId,
      });
      expect(after).toEqual({ ...before, version: before.version + 1 });
    },
  );

  it('that has failed is discarded, restored and retried on streams, and by the list of dead letters', async () => {
    const room = newRoom();
    const { taskId } = await inStatus('FAILED', room);
    const filter = { statuses: ['FAILED'], discarded: false };
    const stream = admin.subscribe('WebSocket', EVENTS, {
      room,
      filter,
      after: await position(),
      leaving: true,
    });
    const listed = async () =>
      (await mia.ask(`{ deadLetters(room: "${room}") { nodes { id } } }`)).nodes.length;
    await mia.act('discardTask', { taskId, reason: 'known' });
    expect(await mia.ask(HISTORY, { id: taskId })).toMatchObject({
      ...{ status: 'FAILED', discardedAt: expect.any(String), discardedBy: 'mia' },
    });
    expect(await listed()).toBe(0);
    // Once more changes nothing.
    expect(await mia.act('discardTask', { taskId })).toMatchObject({ task: { version: 5 } });
    await mia.act('restoreTask', { taskId });
    expect(await listed()).toBe(1);
    await mia.act('discardTask', { taskId });
    await mia.act('retryTask', { taskId, priority: 3 });
    const seen = [];
    for (let n = 0; n < 3; n++) {
      const { matches, transition, task } = await stream.event();
      expect(task.updatedAt).toBe(transition.at);
      seen.push([transition.version, transition.reason, matches, task.discardedAt !== null]);
    }
    stream.close();
    expect(seen).toEqual([
      [5, 'DISCARDED', false, true],
      [6, 'RESTORED', true, false],
      [7, 'DISCARDED', false, true],
    ]);
    expect(await mia.ask(HISTORY, { id: taskId })).toMatchObject({ priority: 3, discardedAt: null });
  });

  it('leaves a stream that is filtered by status, by label or by job exactly once', async () => {
    const room = newRoom();
    const [one, two] = [await newJob(admin, room), await newJob(admin, room)];
    const after = await position();
    const watch = (filter: object) => admin.subscribe('SSE', EVENTS, { room, filter, after, leaving: true });
    const streams = [
      watch({ statuses: ['PENDING'] }),
      watch({ labels: { album: 'summer' } }),
      watch({ job: one.fullName, statuses: ['PENDING', 'CANCELLED'] }),
    ];
    // What a stream reads from the log before it is live, it judges by how the task is then.
    await mia.submit({ room, job: one.fullName, labels: { album: 'summer' } });
    for (const stream of streams) await stream.event();
    const ids: string[] = [];
    for (const job of [one, two]) {
      const { task } = await mia.submit({ room, job: job.fullName, labels: { album: 'summer' } });
      ids.push(task.id);
      await mia.act('updateTask', { taskId: task.id, labels: { album: 'winter' } });
      await mia.act('cancelTask', { taskId: task.id });
    }
    const counts = [6, 4, 3];
    const took = await Promise.all(
      streams.map(async (stream, n) => {
        const seen = [];
        for (let taken = 0; taken < (counts[n] as number); taken++) {
          const { task, transition, matches } = await stream.event();
          seen.push(`${ids.indexOf(task.id)} ${transition.version} ${matches}`);
        }
        stream.close();
        return seen;
      }),
    );
    expect(took).toEqual([
      ['0 1 true', '0 2 true', '0 3 false', '1 1 true', '1 2 true', '1 3 false'],
      ['0 1 true', '0 2 false', '1 1 true', '1 2 false'],
      ['0 1 true', '0 2 true', '0 3 true'],
    ]);
  });

  it('says to each caller what that one can do', async () => {
    const ask = async (by: Caller, id: string) => {
      const { nextStatuses, ...can } = await by.ask(ABILITIES, { id });
      return [Object.keys(can).filter((ability) => can[ability]), nextStatuses];
    };
    const wim = await api.caller('wim', 'WORKER', ['*']);
    const pending = await inStatus('PENDING');
    const failed = await inStatus('FAILED');
    const waits = ['viewerCanCancel', 'viewerCanReschedule', 'viewerCanRelabel'];
    expect(await ask(wim, pending.taskId)).toEqual([waits, ['CLAIMED', 'CANCELLED']]);
    expect(await ask(mia, failed.taskId)).toEqual([
      ['viewerCanRelabel', 'viewerCanRetry', 'viewerCanDiscard'],
      ['PENDING'],
    ]);
    expect(await ask(wim, failed.taskId)).toEqual([['viewerCanRelabel'], ['PENDING']]);
    await mia.act('discardTask', { taskId: failed.taskId });
    expect(await ask(admin, failed.taskId)).toEqual([
      ['viewerCanRelabel', 'viewerCanRetry', 'viewerCanRestore'],
      ['PENDING'],
    ]);
  });

  describe('of any room', () => {
    it('is seen by those to whom the room belongs, live and from a cursor, and by nobody else', async () => {
      const [here, there] = [newRoom(), newRoom()];
      const jobs = [await newJob(admin, here), await newJob(admin, there)] as const;
      const after = await position();
      const both = await api.caller('bo', 'MEMBER', [here, there]);
      const one = await api.caller('ona', 'MEMBER', [here]);
      const own = await api.caller('una', 'USER', [here, there]);
      const live = [admin, both, one, own].map((caller) => caller.subscribe('WebSocket', EVENTS, { after }));
      const submit = async (by: Caller, n: 0 | 1) =>
        (await by.submit({ room: jobs[n].room, job: jobs[n].fullName })).task.id;
      const ids = [
        await submit(admin, 0),
        await submit(admin, 1),
        await submit(own, 1),
        await submit(own, 0),
      ];
      const expected = [ids, ids, [ids[0], ids[3]], [ids[2], ids[3]]];
      const take = async (streams: typeof live) =>
        Promise.all(
          streams.map(async (stream, n) => {
            const seen = [];
            while (seen.length < (expected[n]?.length ?? 0)) seen.push((await stream.event()).task.id);
            stream.close();
            return seen;
          }),
        );
      // Live, tasks of several rooms come as each was heard of; from a cursor, in the order of the log.
      const sorted = (lists: string[][]) => lists.map((list) => [...list].sort());
      expect(sorted(await take(live))).toEqual(sorted(expected));
      expect(
        await take([admin, both, one, own].map((caller) => caller.subscribe('SSE', EVENTS, { after }))),
      ).toEqual(expected);
    });
  });
});
