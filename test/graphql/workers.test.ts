/** Workers as people see them: lists, streams, draining, and their names where they have worked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob, taskIn } from './task-in-status.ts';

const WORKER = `id name owner host version capacity running alive drainingSince lostAt viewerCanUse jobs { fullName }`;
const EVENTS = `subscription ($filter: WorkerFilter) { workerEvents(filter: $filter) { __typename
  ... on WorkersSnapshot { workers { ${WORKER} } } ... on WorkerChanged { worker { ${WORKER} } }
  ... on WorkerGone { workerId }
} }`;

describe.each(availableDatabases())('workers on %s', (kind) => {
  let api: Api;
  let owner: Caller;
  let member: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    owner = await api.caller('wim', 'WORKER', ['here']);
    member = await api.caller('mia', 'MEMBER', ['here']);
  });
  afterAll(() => api?.close());

  const list = (caller: Caller, filter: object) =>
    caller.ask(`query ($filter: WorkerFilter) { workers(filter: $filter) { nodes { ${WORKER} } } }`, {
      filter,
    });
  const drain = (workerId: string) =>
    owner.ask(
      `mutation ($input: DrainWorkerInput!) { drainWorker(input: $input) {
        __typename ... on DrainWorkerSuccess { worker { drainingSince } }
      } }`,
      { input: { workerId } },
    );

  it('are listed with what they are and do, by room, job, owner and life', async () => {
    const job = await newJob(owner, 'here');
    const { worker } = await owner.ask(
      `mutation ($input: RegisterWorkerInput!) { registerWorker(input: $input) {
        ... on RegisterWorkerSuccess { worker { id } }
      } }`,
      { input: { name: 'thumbnails', capacity: 8, host: 'host-7', version: '1.2.3' } },
    );
    await owner.registerJob({ room: 'here', name: job.name, workerId: worker.id });
    await owner.submit({ room: 'here', job: job.fullName });
    await owner.claim({ workerId: worker.id });
    const listed = {
      ...{ id: worker.id, name: 'thumbnails', owner: 'wim', host: 'host-7', version: '1.2.3', capacity: 8 },
      ...{ running: 1, alive: true, drainingSince: null, lostAt: null, jobs: [{ fullName: job.fullName }] },
    };
    for (const filter of [
      { job: job.fullName },
      { job: job.fullName, room: 'here', owner: 'wim', alive: true },
    ]) {
      expect(await list(owner, filter)).toEqual({ nodes: [{ ...listed, viewerCanUse: true }] });
      expect(await list(member, filter)).toEqual({ nodes: [{ ...listed, viewerCanUse: false }] });
    }
    for (const filter of [
      { alive: false },
      { owner: 'nobody' },
      { room: 'there' },
      { job: 'here:general:none' },
    ]) {
      expect(await list(api.admin, { job: job.fullName, ...filter })).toEqual({ nodes: [] });
    }
  });

  it('come with the tasks that they hold, as far as these may be seen', async () => {
    const held = await taskIn('RUNNING', { worker: owner, submitter: member, room: 'here' });
    const ask = (caller: Caller) =>
      caller.ask(`query ($id: ID!) { worker(id: $id) { tasks { nodes { id } } } }`, { id: held.workerId });
    for (const caller of [owner, member])
      expect(await ask(caller)).toEqual({ tasks: { nodes: [{ id: held.taskId }] } });
    const lent = await taskIn('RUNNING', {
      worker: api.admin,
      submitter: api.admin,
      room: 'there',
      jobRoom: '@global',
    });
    const seen = await member.ask(`query ($id: ID!) { worker(id: $id) { running tasks { nodes { id } } } }`, {
      id: lent.workerId,
    });
    expect(seen).toEqual({ running: 1, tasks: { nodes: [] } });
  });

  it('that are drained get no more tasks, hear of it, and keep what they hold', async () => {
    const job = await newJob(owner, 'here');
    const workerId = await owner.newWorker(job);
    for (const _ of [1, 2]) await owner.submit({ room: 'here', job: job.fullName });
    const { tasks } = await owner.claim({ workerId, start: true });
    const { worker } = await drain(workerId);
    expect(worker.drainingSince).not.toBeNull();
    expect(await drain(workerId)).toMatchObject({ worker });
    expect(await owner.claim({ workerId })).toMatchObject({ tasks: [] });
    const beat = await owner.ask(
      `mutation ($id: ID!) { heartbeat(workerId: $id) { ... on HeartbeatSuccess { worker { drainingSince } } } }`,
      { id: workerId },
    );
    expect(beat).toEqual({ worker });
    expect(await owner.act('completeTask', { taskId: tasks[0].id, workerId, attempt: 1 })).toMatchObject({
      __typename: 'TaskSuccess',
    });
  });

  it('are named by their tasks and transitions, also when the attempt is over and the worker is gone', async () => {
    const { taskId, workerId } = await taskIn('COMPLETED', { worker: owner, submitter: owner, room: 'here' });
    await owner.ask(`mutation ($id: ID!) { deregisterWorker(workerId: $id) { __typename } }`, {
      id: workerId,
    });
    const by = { workerId, workerName: 'worker of wim' };
    const task = await owner.ask(
      `query ($id: ID!) { task(id: $id) {
        workerId workerName worker { id } transitions { nodes { to workerId workerName } }
      } }`,
      { id: taskId },
    );
    expect(task).toEqual({
      ...by,
      worker: null,
      transitions: {
        nodes: [
          { to: 'PENDING', workerId: null, workerName: null },
          ...['CLAIMED', 'RUNNING', 'COMPLETED'].map((to) => ({ to, ...by })),
        ],
      },
    });
  });

  it('are named on streams, live and from a position', async () => {
    const job = await newJob(owner, 'here');
    const workerId = await owner.newWorker(job);
    const { cursor } = await owner.submit({ room: 'here', job: job.fullName });
    const SEEN = `subscription ($after: Cursor) { roomEvents(room: "here", filter: { job: "${job.fullName}" }, after: $after) {
      ... on TaskTransitioned { task { workerId workerName } transition { to workerId workerName } }
    } }`;
    const live = owner.subscribe('WebSocket', SEEN, { after: cursor });
    const { tasks } = await owner.claim({ workerId, start: true });
    await owner.act('completeTask', { taskId: tasks[0].id, workerId, attempt: 1 });
    const by = { workerId, workerName: 'worker of wim' };
    const seen = ['CLAIMED', 'RUNNING', 'COMPLETED'].map((to) => ({ task: by, transition: { to, ...by } }));
    const resumed = owner.subscribe('SSE', SEEN, { after: cursor });
    for (const stream of [live, resumed]) {
      const events = [];
      while (events.length < 3) {
        const event = await stream.event();
        if ((event as { transition?: { to: string } }).transition?.to !== 'PENDING') events.push(event);
      }
      expect(events).toEqual(seen);
      stream.close();
    }
  });

  describe.each(PROTOCOLS)('over %s', (protocol) => {
    it('are watched: first as they are, then as they come, change and go', async () => {
      const job = await newJob(owner, 'here');
      const first = await owner.newWorker(job);
      const events = member.subscribe(protocol, EVENTS, { filter: { job: job.fullName } });
      expect(await events.event()).toMatchObject({ workers: [{ id: first, running: 0 }] });
      await owner.submit({ room: 'here', job: job.fullName });
      await owner.claim({ workerId: first });
      expect(await events.event()).toMatchObject({ worker: { id: first, running: 1 } });
      const second = await owner.newWorker(job);
      expect(await events.event()).toMatchObject({ worker: { id: second } });
      await drain(second);
      expect(await events.event()).toMatchObject({
        worker: { id: second, drainingSince: expect.any(String) },
      });
      await owner.ask(`mutation ($id: ID!) { deregisterWorker(workerId: $id) { __typename } }`, {
        id: second,
      });
      expect(await events.event()).toEqual({ __typename: 'WorkerGone', workerId: second });
      events.close();
    });
  });
});
