/** The whole way of a task, with every field of the contract selected on it and held against its type. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import type { Subscription } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import * as documents from './documents.ts';
import { type Inspection, inspect, unseen } from './formats.ts';

const JOB = {
  fullName: 'main:analysis:index',
  room: 'main',
  category: 'analysis',
  name: 'index',
  description: 'Counts the files below a path.',
  payloadSchema: {
    type: 'object',
    required: ['path'],
    properties: { path: { type: 'string' }, depth: { type: 'integer', minimum: 0 } },
  },
  resultSchema: { type: 'object', required: ['files'], properties: { files: { type: 'integer' } } },
  retryPolicy: { maxAttempts: 3, backoffSeconds: [0, 0.5] },
  timeoutSeconds: 600,
};

describe.each(availableDatabases())('the main path on %s', (kind) => {
  const inspection: Inspection = { faults: [], seen: new Set() };
  let api: Api;
  let wim: Caller;
  let mia: Caller;
  let workerId: string;
  let room: Subscription;
  let signals: Subscription;

  beforeAll(async () => {
    api = await startApi(kind);
    wim = await api.caller('wim', 'WORKER', ['main']);
    mia = await api.caller('mia', 'MEMBER', ['main']);
  });
  afterAll(() => api?.close());

  it('begins with who one is', async () => {
    expect(await ask(api.admin, documents.VIEWER)).toEqual({ id: '@admin', role: 'ADMIN', rooms: ['*'] });
    expect(await ask(wim, documents.VIEWER)).toEqual({ id: 'wim', role: 'WORKER', rooms: ['main'] });
    expect(await ask(mia, documents.VIEWER)).toEqual({ id: 'mia', role: 'MEMBER', rooms: ['main'] });
  });

  it('goes on with a worker and its job', async () => {
    const { worker } = await ask(wim, documents.REGISTER_WORKER, { input: { name: 'indexer', capacity: 3 } });
    expect(worker).toMatchObject({ name: 'indexer', capacity: 3, alive: true, jobs: [] });
    workerId = worker.id;

    const { fullName: _, ...definition } = JOB;
    const input = { ...definition, workerId };
    const first = await ask(wim, documents.REGISTER_JOB, { input });
    expect(first).toMatchObject({ created: true, job: { ...JOB, workerCount: 1 } });
    const { properties, required, type } = JOB.payloadSchema;
    const reordered = { ...input, payloadSchema: { properties, type, required } };
    expect(await ask(wim, documents.REGISTER_JOB, { input: reordered })).toEqual({
      ...first,
      created: false,
    });

    expect(await ask(wim, documents.HEARTBEAT, { id: workerId })).toMatchObject({
      worker: { id: workerId, jobs: [{ id: first.job.id }] },
      stop: [],
    });
  });

  it('shows the job by its name, in its room, and by its id', async () => {
    const job = await ask(mia, documents.ONE_JOB, { fullName: JOB.fullName });
    const listed = await ask(mia, documents.JOBS, { room: 'main', category: 'analysis' });
    const cursor = listed.pageInfo.endCursor;
    expect(listed).toEqual({
      edges: [{ cursor, node: job }],
      nodes: [job],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: cursor, endCursor: cursor },
    });
    expect(await ask(mia, documents.ONE_NODE, { id: job.id })).toEqual({ __typename: 'Job', ...job });
    const ids = [workerId, 'job_00000000000000000000000000', job.id];
    expect(await ask(wim, documents.NODES, { ids })).toMatchObject([
      { __typename: 'Worker', name: 'indexer', jobs: [{ id: job.id }] },
      null,
      { __typename: 'Job', fullName: JOB.fullName },
    ]);
  });

  it('takes a submission with all that it can say', async () => {
    const { streamCursor } = await ask(mia, documents.TASKS, { room: 'main' });
    room = mia.subscribe('WebSocket', documents.ROOM_EVENTS, { room: 'main', after: streamCursor });
    const details = {
      priority: -7,
      correlationId: 'corr-1',
      entityType: 'repository',
      entityId: '4711',
      labels: { commit_sha: 'abc', queue_job_id: '' },
      payload: { path: '/src', depth: 2 },
    };
    const input = { ...details, runAt: '2020-02-29T23:59:59.123+02:00', idempotencyKey: 'once' };
    const submitted = await submit(input);
    expect(submitted).toMatchObject({
      duplicate: false,
      task: {
        ...details,
        job: JOB,
        ...{ room: 'main', status: 'PENDING', version: 1, result: null, error: null, worker: null },
        ...{ progress: 0, progressMessage: null, attempt: 0, failures: 0, maxAttempts: 3 },
        runAt: '2020-02-29T21:59:59.123Z',
        ...{ createdBy: 'mia', startedAt: null, finishedAt: null },
      },
    });
    const again = await submit({ ...input, payload: { path: '/other' } });
    expect(again).toEqual({ ...submitted, duplicate: true, cursor: again.cursor });
  });

  it('tells the worker that there is work', async () => {
    signals = wim.subscribe('WebSocket', documents.WORKER_SIGNALS, { id: workerId });
    expect(await nextSignal()).toEqual({ __typename: 'TasksAvailable', job: JOB.fullName });
  });

  it('claims, starts, reports and completes it, and keeps its history', async () => {
    const { tasks } = await claim(false);
    expect(tasks).toMatchObject([{ status: 'CLAIMED', version: 2, attempt: 1, worker: { id: workerId } }]);
    const held = { taskId: tasks[0].id, workerId, attempt: 1 };

    const started = await act(documents.START, held);
    expect(started).toMatchObject({ status: 'RUNNING', version: 3, payload: { path: '/src', depth: 2 } });
    expect(await act(documents.REPORT, { ...held, percent: 33.3, message: 'a third' })).toMatchObject({
      ...{ version: 3, progress: 33.3, progressMessage: 'a third' },
    });
    const result = { files: 12, extra: [null, { 'ä/~': 'ü' }] };
    const completed = await act(documents.COMPLETE, { ...held, result });
    expect(completed).toMatchObject({ status: 'COMPLETED', version: 4, progress: 100, worker: null, result });
    expect(completed.startedAt).toBe(started.startedAt);
    expect(Date.parse(completed.finishedAt)).toBeGreaterThanOrEqual(Date.parse(completed.startedAt));

    const read = await ask(mia, documents.ONE_TASK, { id: held.taskId });
    expect(read).toMatchObject(completed);
    const { nodes, edges } = read.transitions;
    const error = null;
    expect(nodes).toMatchObject([
      { version: 1, from: null, to: 'PENDING', reason: 'SUBMITTED', attempt: 0, actor: 'mia', error },
      { version: 2, from: 'PENDING', to: 'CLAIMED', reason: 'CLAIMED', attempt: 1, actor: 'wim', error },
      { version: 3, from: 'CLAIMED', to: 'RUNNING', reason: 'STARTED', attempt: 1, actor: 'wim', error },
      { version: 4, from: 'RUNNING', to: 'COMPLETED', reason: 'COMPLETED', attempt: 1, actor: 'wim', error },
    ]);
    expect(edges.map(({ node }: { node: unknown }) => node)).toEqual(nodes);
    const times = nodes.map(({ at }: { at: string }) => at);
    expect(times).toEqual(times.toSorted());
  });

  it('fails one, which is tried again, dies, and is retried by its submitter', async () => {
    const { id } = (await submit({})).task;
    const fail = async (attempt: number, error: object) => {
      await claimStarted(id);
      return act(documents.FAIL, { taskId: id, workerId, attempt, error });
    };
    const passing = { message: 'read ECONNRESET', code: 'E', context: { host: 'a' } };
    expect(await fail(1, passing)).toMatchObject({
      ...{ status: 'PENDING', failures: 1, error: { ...passing, retryable: true } },
    });
    expect(await fail(2, { message: 'no such file: not found' })).toMatchObject({
      ...{ status: 'FAILED', failures: 2, worker: null },
      error: { message: 'no such file: not found', code: null, retryable: false, context: null },
    });
    expect(await act(documents.RETRY, { taskId: id }, mia)).toMatchObject({
      ...{ status: 'PENDING', failures: 0, attempt: 2, finishedAt: null },
    });
    await claimStarted(id);
    expect(await act(documents.RELEASE, { taskId: id, workerId, attempt: 3 })).toMatchObject({
      ...{ status: 'PENDING', failures: 0 },
    });
    const { nodes } = (await ask(mia, documents.ONE_TASK, { id })).transitions;
    expect(nodes.map(({ reason }: { reason: string }) => reason)).toEqual([
      ...['SUBMITTED', 'CLAIMED', 'STARTED', 'RETRY_SCHEDULED', 'CLAIMED', 'STARTED', 'FAILED'],
      ...['RETRY_REQUESTED', 'CLAIMED', 'STARTED', 'RELEASED'],
    ]);
    expect(nodes[3].error).toMatchObject(passing);
    await act(documents.CANCEL, { taskId: id }, mia);
  });

  it('cancels one that runs, which the worker hears at once', async () => {
    const { id } = (await submit({})).task;
    await claimStarted(id);
    expect(await act(documents.CANCEL, { taskId: id, reason: 'not needed' }, mia)).toMatchObject({
      ...{ status: 'CANCELLED', worker: null },
    });
    let signal = await nextSignal();
    while (signal.__typename !== 'StopTask') signal = await nextSignal();
    expect(signal).toEqual({ __typename: 'StopTask', taskId: id, attempt: 1, reason: 'not needed' });
  });

  it('takes many at once, and many results', async () => {
    const payloads = [0, 1, 2].map((depth) => ({ path: '/', depth }));
    const inputs = payloads.map((payload) => ({ room: 'main', job: JOB.fullName, payload }));
    const { results } = await ask(mia, documents.SUBMIT_MANY, { inputs });
    expect(results).toMatchObject(payloads.map((payload) => ({ task: { payload, status: 'PENDING' } })));
    const ids: string[] = results.map(({ task }: { task: { id: string } }) => task.id);
    for (const id of ids) await claimStarted(id);

    const outcomes = ids.map((_, files) => (files === 1 ? 'PARTIAL' : 'COMPLETED'));
    const completions = ids.map((taskId, files) => ({
      ...{ taskId, workerId, attempt: 1, result: { files }, outcome: outcomes[files] },
    }));
    expect(await ask(wim, documents.COMPLETE_MANY, { inputs: completions })).toMatchObject(
      ids.map((id, files) => ({ task: { id, result: { files }, status: outcomes[files] } })),
    );
    const list = await ask(mia, documents.TASKS, { room: 'main', first: 2 });
    expect(list.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed().slice(0, 2));
    expect(list.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('lets the worker go', async () => {
    expect((await ask(wim, documents.DEREGISTER_WORKER, { id: workerId })).released).toBe(0);
    expect((await ask(mia, documents.ONE_JOB, { fullName: JOB.fullName })).workerCount).toBe(0);
    signals.close();
  });

  it('was seen from the room, every transition of every task in order', async () => {
    const last = await submit({});
    const versions = new Map<string, number>();
    let progressed = 0;
    for (let event = await room.event(); event.task.id !== last.task.id; event = await room.event()) {
      inspect(documents.ROOM_EVENTS, { roomEvents: event }, inspection);
      const { __typename, task, transition } = event;
      if (__typename === 'TaskProgressed') progressed++;
      else {
        expect(transition).toMatchObject({ version: (versions.get(task.id) ?? 0) + 1, to: task.status });
        expect(task.version).toBe(transition.version);
        versions.set(task.id, task.version);
      }
    }
    expect([...versions.values()]).toEqual([4, 12, 4, 4, 4, 4]);
    expect(progressed).toBe(1);
    room.close();

    const watched = mia.subscribe('SSE', documents.TASK_EVENTS, { id: last.task.id });
    const snapshot = await watched.event();
    inspect(documents.TASK_EVENTS, { taskEvents: snapshot }, inspection);
    expect(snapshot.task).toEqual(last.task);
    watched.close();
  });

  it('had every value in its format', () => {
    expect(inspection.faults).toEqual([]);
  });

  it('has shown every field of the contract but those of refusals', () => {
    const contract = readFileSync(fileURLToPath(new URL('./contract.graphql', import.meta.url)), 'utf8');
    const refusals = ['Problem', 'InputIssue', 'ResyncRequired', 'Subscription'];
    const leaveOut = (type: { name: string; getInterfaces(): readonly { name: string }[] }) =>
      [type, ...type.getInterfaces()].some(({ name }) => refusals.includes(name));
    expect(unseen(contract, inspection, leaveOut)).toEqual([]);
  });

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async function ask(caller: Caller, query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await caller.send(query, variables);
    expect(errors).toBeUndefined();
    inspect(query, data, inspection);
    return Object.values(data)[0];
  }

  /** The task after a verb. */
  async function act(query: string, input: object, caller = wim) {
    return (await ask(caller, query, { input })).task;
  }

  function submit(input: object) {
    const defaults = { room: 'main', job: JOB.fullName, payload: { path: '/' } };
    return ask(mia, documents.SUBMIT, { input: { ...defaults, ...input } });
  }

  function claim(start: boolean) {
    return ask(wim, documents.CLAIM, { input: { workerId, start } });
  }

  async function claimStarted(taskId: string): Promise<void> {
    expect((await claim(true)).tasks).toMatchObject([{ id: taskId, status: 'RUNNING' }]);
  }

  async function nextSignal() {
    const signal = await signals.event();
    inspect(documents.WORKER_SIGNALS, { workerSignals: signal }, inspection);
    return signal;
  }
});
