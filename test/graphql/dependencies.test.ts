/** dependsOn, Task.dependencies, taskGraph and taskGraphEvents, as callers meet them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const NO_TASK = 'task_01h455vb4pex5vsknk084sn02q';
const SUBMIT = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) {
  __typename
  ... on InvalidInput { issues { path message } }
  ... on SubmitTasksSuccess { results {
    __typename
    ... on SubmitTaskSuccess { task { id status dependencyCount nextStatuses viewerCanCancel } }
    ... on Problem { detail }
    ... on InvalidInput { issues { path message } }
  } }
} }`;
const GRAPH = `query ($id: ID!) { taskGraph(id: $id) {
  truncated streamCursor nodes { id status } edges { from to onFailure settled }
} }`;
const EVENTS = `subscription ($id: ID!, $after: Cursor) { taskGraphEvents(id: $id, after: $after) {
  ... on TaskTransitioned { task { id status } transition { reason } }
} }`;

describe.each(availableDatabases())('dependencies on %s', (kind) => {
  let api: Api;
  let admin: Caller;
  let rooms = 0;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  async function newRoom() {
    const room = `graph-${++rooms}`;
    const job = await newJob(admin, room);
    const workerId = await admin.newWorker(job);
    const item = (more: Record<string, unknown> = {}) => ({ room, job: job.fullName, ...more });
    const submitAll = async (inputs: object[], by = admin) => (await by.ask(SUBMIT, { inputs })).results;
    const complete = async (result: unknown) => {
      const { tasks } = await admin.claim({ workerId, start: true });
      await admin.act('completeTask', { taskId: tasks[0].id, workerId, attempt: tasks[0].attempt, result });
      return tasks[0].id;
    };
    return { room, job, workerId, item, submitAll, complete };
  }

  it('link the items of a list in any order, and give the worker the results', async () => {
    const { item, submitAll, complete, workerId } = await newRoom();
    const [last, first] = await submitAll([
      item({ dependsOn: [{ ref: 'first', onFailure: 'RUN' }] }),
      item({ ref: 'first' }),
    ]);
    expect(last.task).toMatchObject({ status: 'WAITING', dependencyCount: 1, viewerCanCancel: true });
    expect(last.task.nextStatuses.sort()).toEqual(['CANCELLED', 'PENDING']);
    expect(await complete({ found: 3 })).toBe(first.task.id);
    const claimed = await admin.ask(
      `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { ... on ClaimTasksSuccess { tasks {
        id dependencies { onFailure settled task { id status result } }
      } } } }`,
      { input: { workerId } },
    );
    expect(claimed.tasks).toEqual([
      {
        id: last.task.id,
        dependencies: [
          {
            onFailure: 'RUN',
            settled: true,
            task: { id: first.task.id, status: 'COMPLETED', result: { found: 3 } },
          },
        ],
      },
    ]);
  });

  it('are read page by page', async () => {
    const { item, submitAll } = await newRoom();
    const parents = await submitAll(Array.from({ length: 5 }, () => item()));
    const ids = parents.map(({ task }: { task: { id: string } }) => task.id);
    const { task } = await admin.submit(item({ dependsOn: ids.map((taskId: string) => ({ taskId })) }));
    const read = async (after?: string) =>
      (
        await admin.ask(
          'query ($id: ID!, $after: ID) { task(id: $id) { dependencies(first: 3, after: $after) { task { id } } } }',
          { id: task.id, after },
        )
      ).dependencies.map((one: { task: { id: string } }) => one.task.id);
    expect(await read()).toEqual(ids.slice(0, 3));
    expect(await read(ids[2])).toEqual(ids.slice(3));
  });

  it('are refused with the path of a cycle, and with the items that depend on it', async () => {
    const { item, submitAll } = await newRoom();
    const results = await submitAll([
      item({ ref: 'a', dependsOn: [{ ref: 'c' }] }),
      item({ ref: 'b', dependsOn: [{ ref: 'a' }] }),
      item({ ref: 'c', dependsOn: [{ ref: 'b' }] }),
      item({ dependsOn: [{ ref: 'c' }] }),
      item({ ref: 'alone', dependsOn: [{ ref: 'alone' }] }),
      item(),
    ]);
    const messages = results.map(({ issues }: { issues?: { message: string }[] }) => issues?.[0]?.message);
    expect(messages.slice(0, 3).map((message: string) => message.split(': ')[0])).toEqual(
      Array(3).fill('waits for itself'),
    );
    expect(['a → b → c → a', 'b → c → a → b', 'c → a → b → c']).toContain(messages[0].split(': ')[1]);
    expect(messages[3]).toContain('"c", which was refused');
    expect(messages[4]).toBe('waits for itself: alone → alone');
    expect(results[5].task.status).toBe('PENDING');
  });

  it('name what is wrong with a dependency', async () => {
    const { item, submitAll } = await newRoom();
    const [parent] = await submitAll([item()]);
    const { id } = parent.task;
    const results = await submitAll([
      item({ dependsOn: [{ taskId: NO_TASK }] }),
      item({ dependsOn: [{ taskId: 'task_nonsense' }] }),
      item({ dependsOn: [{ ref: 'nobody' }] }),
      item({ dependsOn: [{}] }),
      item({ dependsOn: [{ taskId: id, ref: 'x' }] }),
      item({ ref: 'x' }),
      item({ ref: 'x' }),
      item({ dependsOn: [{ taskId: id }, { taskId: id }] }),
      item({ ref: 'wrong', labels: { n: 1 } }),
      item({ dependsOn: [{ ref: 'wrong' }] }),
    ]);
    const told = results.map((result: { __typename: string; issues?: { path: string[] }[] }) =>
      [result.__typename, ...(result.issues?.[0]?.path ?? [])].join(' '),
    );
    expect(told).toEqual([
      'TaskNotFound',
      'TaskNotFound',
      'InvalidInput dependsOn 0 ref',
      'InvalidInput dependsOn 0 taskId',
      'InvalidInput dependsOn 0 taskId',
      'SubmitTaskSuccess',
      'InvalidInput ref',
      'InvalidInput dependsOn 1 taskId',
      'InvalidInput labels n',
      'InvalidInput dependsOn',
    ]);
  });

  it('on what the caller may not see are refused like those on what there is not', async () => {
    const { item, submitAll, room } = await newRoom();
    const [hidden] = await submitAll([item()]);
    const user = await api.caller('una', 'USER', [room]);
    const ask = async (taskId: string) => (await submitAll([item({ dependsOn: [{ taskId }] })], user))[0];
    const [one, other] = [await ask(hidden.task.id), await ask(NO_TASK)];
    expect(one.__typename).toBe('TaskNotFound');
    expect(one.detail.replace(hidden.task.id, NO_TASK)).toBe(other.detail);
  });

  it('make a graph that is asked for and watched, and grows', async () => {
    const { item, submitAll, complete } = await newRoom();
    const [first, second, last] = await submitAll([
      item({ ref: 'first' }),
      item({ ref: 'second', dependsOn: [{ ref: 'first' }] }),
      item({ dependsOn: [{ ref: 'first' }, { ref: 'second', onFailure: 'RUN' }] }),
      item(),
    ]);
    const [from, middle, to] = [first.task.id, second.task.id, last.task.id];
    const graph = await admin.ask(GRAPH, { id: middle });
    expect(graph.truncated).toBe(false);
    expect(graph.nodes.map(({ id }: { id: string }) => id).sort()).toEqual([from, middle, to].sort());
    expect(graph.edges).toHaveLength(3);
    expect(graph.edges).toContainEqual({ from: middle, to, onFailure: 'RUN', settled: false });

    const stream = admin.subscribe('WebSocket', EVENTS, { id: middle, after: graph.streamCursor });
    await complete(1);
    const { task: late } = await admin.submit(item({ dependsOn: [{ taskId: to }] }));
    // What is behind a position may come again, where the position stood still for another transaction.
    const known = new Set(graph.nodes.map(({ id }: { id: string }) => `${id} SUBMITTED`));
    const seen: string[] = [];
    while (seen.length < 5) {
      const { task, transition } = await stream.event();
      if (known.has(`${task.id} ${transition.reason}`)) continue;
      known.add(`${task.id} ${transition.reason}`);
      seen.push(`${[from, middle, to, late.id].indexOf(task.id)} ${transition.reason}`);
    }
    stream.close();
    expect(seen.filter((event) => event.startsWith('0'))).toEqual(['0 CLAIMED', '0 STARTED', '0 COMPLETED']);
    expect(seen).toContain('1 UNBLOCKED');
    expect(seen).toContain('3 SUBMITTED');
    expect((await admin.ask(GRAPH, { id: late.id })).nodes).toHaveLength(4);
  });
});
