/** Dead letters: what failed for good, listed, retried and discarded by those who may. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';

const LIST = `query ($room: String, $filter: TaskFilter, $first: Int) {
  deadLetters(room: $room, filter: $filter, first: $first) {
    nodes { id status attempt failures error { message code } finishedAt transitions { nodes { to error { message } at } } }
    pageInfo { hasNextPage }
  }
}`;
const RETRY = `mutation ($input: DeadLettersInput!) {
  retryTasks(input: $input) { ${PROBLEM} ... on RetryTasksSuccess { retried more } }
}`;
const DISCARD = `mutation ($input: DeadLettersInput!) {
  discardTasks(input: $input) { ${PROBLEM} ... on DiscardTasksSuccess { discarded more } }
}`;

describe.each(availableDatabases())('dead letters on %s', (kind) => {
  let api: Api;
  let wim: Caller;
  let mia: Caller;
  let rooms = 0;

  beforeAll(async () => {
    api = await startApi(kind);
    wim = await api.caller('wim', 'WORKER', ['*']);
    mia = await api.caller('mia', 'MEMBER', ['*']);
  });
  afterAll(() => api?.close());

  /** A room with so many dead letters, which the caller has submitted. */
  async function roomWith(
    count: number,
    caller = mia,
  ): Promise<{ room: string; ids: string[]; workerId: string }> {
    const room = `dead-${++rooms}`;
    const workerId = await wim.newWorker();
    await wim.registerJob({ room, name: 'fail', workerId });
    const job = `${room}:general:fail`;
    const { results } = await caller.submitAll(
      Array.from({ length: count }, (_, n) => ({ room, job, priority: -n })),
    );
    const { tasks } = await wim.claim({ workerId, limit: count, start: true });
    for (const { id, attempt } of tasks) {
      await wim.act('failTask', {
        taskId: id,
        workerId,
        attempt,
        error: { message: 'not found', code: 'E404' },
      });
    }
    return { room, workerId, ids: results.map(({ task }: { task: { id: string } }) => task.id) };
  }

  it('are listed newest first, with their error, attempts and times', async () => {
    const { room, ids } = await roomWith(2);
    const { nodes } = await mia.ask(LIST, { room });
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual([...ids].reverse());
    expect(nodes[0]).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      failures: 1,
      error: { message: 'not found', code: 'E404' },
      finishedAt: expect.any(String),
    });
    expect(nodes[0].transitions.nodes.at(-1)).toMatchObject({
      to: 'FAILED',
      error: { message: 'not found' },
    });
  });

  it('are retried by filter, each with a fresh budget and a row in its history', async () => {
    const { room, ids } = await roomWith(3);
    const [first] = ids;
    expect(await mia.ask(RETRY, { input: { room, filter: { ids: [first] } } })).toMatchObject({
      retried: 1,
      more: false,
    });
    expect(await mia.task(first as string)).toMatchObject({ status: 'PENDING', failures: 0, version: 5 });
    expect(
      await mia.ask(RETRY, { input: { room, filter: { job: `${room}:general:fail` }, limit: 1 } }),
    ).toMatchObject({
      retried: 1,
      more: true,
    });
    expect(await mia.ask(RETRY, { input: { room } })).toMatchObject({ retried: 1, more: false });
    expect((await mia.ask(LIST, { room })).nodes).toEqual([]);
  });

  it('are discarded by filter: off the list, still FAILED, and brought back by a retry', async () => {
    const { room, ids, workerId } = await roomWith(2);
    const [first] = ids as [string, string];
    expect(await mia.ask(DISCARD, { input: { room, filter: { ids: [first] } } })).toMatchObject({
      discarded: 1,
    });
    expect((await mia.ask(LIST, { room })).nodes).toHaveLength(1);
    expect(await mia.task(first)).toMatchObject({ status: 'FAILED' });
    expect(await mia.ask(DISCARD, { input: { room, filter: { ids: [first] } } })).toMatchObject({
      discarded: 0,
    });
    expect(await mia.act('retryTask', { taskId: first })).toMatchObject({ task: { status: 'PENDING' } });
    const { tasks } = await wim.claim({ workerId, limit: 1, start: true });
    await wim.act('failTask', {
      taskId: first,
      workerId,
      attempt: tasks[0].attempt,
      error: { message: 'invalid' },
    });
    expect((await mia.ask(LIST, { room })).nodes).toHaveLength(2);
  });

  it('are retried once when ten operators retry the same one', async () => {
    const { ids } = await roomWith(1);
    const taskId = ids[0] as string;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.admin.act('retryTask', { taskId })),
    );
    const names = answers.map(({ __typename }) => __typename).sort();
    expect(names).toEqual([...Array.from({ length: 9 }, () => 'InvalidTransition'), 'TaskSuccess']);
    expect(await api.admin.task(taskId)).toMatchObject({ version: 5 });
  });

  it('are left to who submitted them, and to an administrator', async () => {
    const { room } = await roomWith(2);
    const ben = await api.caller('ben', 'MEMBER', [room]);
    expect((await ben.ask(LIST, { room })).nodes).toHaveLength(2);
    expect(await ben.ask(RETRY, { input: { room } })).toMatchObject({ retried: 0 });
    expect(await ben.ask(DISCARD, { input: { room } })).toMatchObject({ discarded: 0 });
    expect(await wim.ask(RETRY, { input: { room } })).toMatchObject({ __typename: 'Forbidden', status: 403 });
    const uma = await api.caller('uma', 'USER', [room]);
    expect((await uma.ask(LIST, { room })).nodes).toEqual([]);
    expect(await api.admin.ask(RETRY, { input: { room } })).toMatchObject({ retried: 2 });
  });

  it('answer what is asked wrongly with a problem', async () => {
    const eve = await api.caller('eve', 'MEMBER', ['elsewhere']);
    expect(await mia.ask(RETRY, { input: { limit: 0 } })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await mia.ask(RETRY, { input: { limit: 10_001 } })).toMatchObject({
      issues: [{ path: ['limit'] }],
    });
    expect(await mia.ask(DISCARD, { input: { room: 'a room' } })).toMatchObject({
      __typename: 'InvalidRoomId',
    });
    expect(await eve.ask(DISCARD, { input: { room: 'dead-1' } })).toMatchObject({ __typename: 'Forbidden' });
    const filter = { correlationId: 'x'.repeat(300) };
    expect(await mia.ask(RETRY, { input: { filter } })).toMatchObject({
      issues: [{ path: ['filter', 'correlationId'] }],
    });
  });
});

describe('the end of an attempt that was taken from its worker', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi('pglite');
  });
  afterAll(() => api?.close());

  it('is recorded when the worker says that it stopped', async () => {
    const wim = await api.caller('wim', 'WORKER', ['*']);
    const workerId = await wim.newWorker();
    await wim.registerJob({ room: 'main', name: 'long', workerId });
    const { task } = await wim.submit({ room: 'main', job: 'main:general:long' });
    await wim.claim({ workerId, limit: 1, start: true });
    await wim.act('cancelTask', { taskId: task.id, reason: 'no longer needed' });

    const stopped = () => wim.ask('query ($id: ID!) { task(id: $id) { stoppedAt } }', { id: task.id });
    const beat = () =>
      wim.ask('mutation ($w: ID!) { heartbeat(workerId: $w) { ... on HeartbeatSuccess { stop } } }', {
        w: workerId,
      });
    expect(await stopped()).toEqual({ stoppedAt: null });
    expect(await beat()).toEqual({ stop: [task.id] });
    expect(await wim.act('releaseTask', { taskId: task.id, workerId, attempt: 1 })).toMatchObject({
      __typename: 'StaleAttempt',
    });
    expect(await stopped()).toEqual({ stoppedAt: expect.any(String) });
    expect(await beat()).toEqual({ stop: [] });
  });

  it('comes by itself for a claim whose answer was lost: the heartbeat says what the worker knows of', async () => {
    const wim = await api.caller('wim', 'WORKER', ['*']);
    const workerId = await wim.newWorker();
    await wim.registerJob({ room: 'main', name: 'lost', workerId });
    const { task } = await wim.submit({ room: 'main', job: 'main:general:lost' });
    await wim.claim({ workerId, limit: 1, start: true });
    const beat = (holding: object[]) =>
      wim.ask(
        `mutation ($w: ID!, $holding: [HeldAttemptInput!]) {
          heartbeat(workerId: $w, holding: $holding) { __typename }
        }`,
        { w: workerId, holding },
      );
    // Its answer may still be on its way: nothing happens to a claim of this moment.
    await beat([]);
    await beat([
      { taskId: task.id, attempt: 1 },
      { taskId: 'nonsense', attempt: 1 },
    ]);
    expect(await wim.task(task.id)).toMatchObject({ status: 'RUNNING' });
  });
});
