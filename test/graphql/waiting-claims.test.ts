/** Claims with waitSeconds: answered when there is work, and nothing is lost with a caller who leaves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket, type TestSocket } from '../server/socket.ts';
import { type Api, Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const CLAIM = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) {
  __typename ... on ClaimTasksSuccess { tasks { id attempt } } ... on Problem { detail } } }`;

/** Resolves when so many claims wait. */
async function untilWaiting({ url, token }: Caller, count: number): Promise<void> {
  const read = async () => {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    return Number(/^signalbox_claims_waiting (\d+)$/m.exec(await response.text())?.[1]);
  };
  await expect.poll(read, { interval: 10, timeout: 10_000 }).toBe(count);
}

const SIGNALS = `subscription ($id: ID!) { workerSignals(workerId: $id) { __typename } }`;

describe.each(availableDatabases())('claims that wait, on %s', (kind) => {
  let api: Api;
  let admin: Caller;
  const sockets: TestSocket[] = [];
  /** Claims that wait, as far as the test has not ended them. */
  let claims = 0;
  const oneMoreWaits = () => untilWaiting(admin, ++claims);
  const oneLessWaits = () => untilWaiting(admin, --claims);

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await api?.close();
  });

  const submit = async (job: string, more = {}): Promise<string> =>
    (await admin.submit({ room: 'main', job, ...more })).task.id;

  /** A worker of the job whose claim waits, over a socket of its own. */
  async function waiting(job: { room: string; name: string }) {
    const workerId = await admin.newWorker(job);
    const socket = await openSocket(admin.url, admin.token);
    sockets.push(socket);
    const input = { workerId, waitSeconds: 30 };
    socket.send({ id: '1', type: 'subscribe', payload: { query: CLAIM, variables: { input } } });
    await oneMoreWaits();
    const tasks = async () => {
      const { payload } = await socket.next();
      claims--;
      return payload.data.claimTasks.tasks;
    };
    return { workerId, socket, tasks };
  }

  it('are answered with the first task that comes, over a socket and over HTTP', async () => {
    const job = await newJob(admin, 'main');
    const { tasks } = await waiting(job);
    const first = await submit(job.fullName);
    expect(await tasks()).toEqual([{ id: first, attempt: 1 }]);

    const workerId = await admin.newWorker(job);
    const claimed = admin.claim({ workerId, waitSeconds: 30, limit: 5 });
    await oneMoreWaits();
    const second = await submit(job.fullName);
    expect((await claimed).tasks).toMatchObject([{ id: second, attempt: 1 }]);
    claims--;
  });

  it('are answered with what becomes claimable otherwise: given back, or due', async () => {
    const job = await newJob(admin, 'main');
    const holder = await admin.newWorker(job);
    const taskId = await submit(job.fullName);
    await admin.claim({ workerId: holder });
    const { tasks } = await waiting(job);
    await admin.act('releaseTask', { taskId, workerId: holder, attempt: 1 });
    expect(await tasks()).toEqual([{ id: taskId, attempt: 2 }]);

    const next = await waiting(job);
    const due = await submit(job.fullName, { runAt: new Date(Date.now() + 500).toISOString() });
    expect(await next.tasks()).toEqual([{ id: due, attempt: 1 }]);
  });

  it('of several workers are served in turn, each with a task of its own', async () => {
    const job = await newJob(admin, 'main');
    const claims = [await waiting(job), await waiting(job), await waiting(job)];
    const ids: string[] = [];
    for (const { tasks } of claims) {
      const id = await submit(job.fullName);
      expect(await tasks()).toEqual([{ id, attempt: 1 }]);
      ids.push(id);
    }
    expect(new Set(ids).size).toBe(3);
  });

  it('take nothing for who has let go of them, or left', async () => {
    const job = await newJob(admin, 'main');
    const [letGo, left, next] = [await waiting(job), await waiting(job), await waiting(job)];
    letGo.socket.send({ id: '1', type: 'complete' });
    await oneLessWaits();
    left.socket.close();
    await oneLessWaits();
    const id = await submit(job.fullName);
    expect(await next.tasks()).toEqual([{ id, attempt: 1 }]);
    letGo.socket.send({ type: 'ping' });
    expect(await letGo.socket.next()).toMatchObject({ type: 'pong' });
  });

  it('take nothing for who has given up its request over HTTP', async () => {
    const job = await newJob(admin, 'main');
    const workerId = await admin.newWorker(job);
    const abort = new AbortController();
    const request = fetch(`${admin.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: CLAIM, variables: { input: { workerId, waitSeconds: 30 } } }),
      signal: abort.signal,
    });
    await oneMoreWaits();
    abort.abort();
    await expect(request).rejects.toThrow();
    await oneLessWaits();
    const id = await submit(job.fullName);
    expect((await admin.claim({ workerId })).tasks).toMatchObject([{ id, attempt: 1 }]);
  });

  it('leave it to the signals to tell of what comes after them', async () => {
    const job = await newJob(admin, 'main');
    const { workerId, tasks } = await waiting(job);
    const signals = admin.subscribe('WebSocket', SIGNALS, { id: workerId });
    await submit(job.fullName);
    expect(await tasks()).toHaveLength(1);
    // For this one the worker does not come by itself.
    const id = await submit(job.fullName);
    expect(await signals.event(10_000)).toEqual({ __typename: 'TasksAvailable' });
    expect((await admin.claim({ workerId })).tasks).toMatchObject([{ id }]);
    signals.close();
  });

  it('end with the key that they were made with', async () => {
    const { secret, apiKey } = await admin.createKey({ name: 'waiting', role: 'WORKER', rooms: ['main'] });
    const caller = new Caller(admin.url, 'waiting', secret);
    const job = await newJob(admin, 'main');
    const workerId = await caller.newWorker(job);
    const claimed = caller.claim({ workerId, waitSeconds: 30 });
    claimed.catch(() => {});
    await oneMoreWaits();
    await admin.ask(`mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }`, { id: apiKey.id });
    await expect(claimed).rejects.toThrow();
    await oneLessWaits();
  });

  it('wait for 30 seconds at most, and without work give none', async () => {
    const job = await newJob(admin, 'main');
    const workerId = await admin.newWorker(job);
    expect(await admin.claim({ workerId, waitSeconds: 31 })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await admin.claim({ workerId, waitSeconds: -1 })).toMatchObject({ __typename: 'InvalidInput' });
    expect((await admin.claim({ workerId, waitSeconds: 1 })).tasks).toEqual([]);
    const unknown = workerId.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await admin.claim({ workerId: unknown, waitSeconds: 30 })).toMatchObject({
      __typename: 'WorkerNotFound',
    });
  });
});

describe('claims that wait when the server stops', () => {
  it('are answered without tasks', async () => {
    const api = await startApi('pglite');
    const job = await newJob(api.admin, 'main');
    const workerId = await api.admin.newWorker(job);
    const overHttp = api.admin.claim({ workerId, waitSeconds: 30 });
    const socket = await openSocket(api.admin.url, api.admin.token);
    const input = { workerId: await api.admin.newWorker(job), waitSeconds: 30 };
    socket.send({ id: '1', type: 'subscribe', payload: { query: CLAIM, variables: { input } } });
    await untilWaiting(api.admin, 2);
    await api.close();
    expect((await overHttp).tasks).toEqual([]);
    expect((await socket.next()).payload).toEqual({
      data: { claimTasks: { __typename: 'ClaimTasksSuccess', tasks: [] } },
    });
    expect((await socket.closed).code).toBe(1001);
  });
});
