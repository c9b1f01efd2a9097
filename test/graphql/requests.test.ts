/** Requests that are wrong before any resolver is asked, alike over HTTP, WebSocket and SSE; and lists that are too long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, PROBLEM, startApi } from '../support/api.ts';
import { PROTOCOLS, type Result } from '../support/client.ts';
import { newJob } from './task-in-status.ts';

let api: Api;
let admin: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
});
afterAll(() => api?.close());

async function everywhere(document: string, variables: Record<string, unknown> = {}): Promise<Result[]> {
  const streams = PROTOCOLS.map((protocol) => admin.subscribe(protocol, document, variables));
  const answers = [
    await admin.send(document, variables),
    ...(await Promise.all(streams.map((one) => one.next()))),
  ];
  for (const stream of streams) stream.close();
  return answers;
}

const SUBMIT = 'mutation ($input: SubmitTaskInput!) { submitTask(input: $input) { __typename } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

describe('a request is refused, and nothing of it runs', () => {
  it.each<[what: string, document: string, message: RegExp, variables?: Record<string, unknown>]>([
    ['is empty', '', /Syntax Error/],
    ['breaks off', '{ viewer { id ', /Syntax Error/],
    ['holds half a character', '{ task(id: "\\ud800") { id } }', /Syntax Error/],
    ['asks for a field that there is not', '{ viewer { id age } }', /Cannot query field "age"/],
    ['asks for what every object has', '{ __proto__ { constructor } }', /Cannot query field "__proto__"/],
    ['asks for an object without its fields', '{ viewer }', /must have a selection/],
    ['asks a mutation for a query', 'mutation { viewer { id } }', /Cannot query field "viewer"/],
    ['leaves an argument out', '{ task { id } }', /argument "id" .* is required/],
    ['gives an argument twice', '{ task(id: "a", id: "b") { id } }', /only one argument named "id"/],
    ['gives an argument of another type', '{ task(id: { a: 1 }) { id } }', /ID cannot represent/],
    ['gives a text for an enum', '{ tasks(filter: { statuses: "PENDING" }) { nodes { id } } }', /TaskStatus/],
    ['has a fragment in itself', '{ ...a } fragment a on Query { ...a }', /within itself/],
    ['has a fragment that cannot be', '{ node(id: "") { ... on Viewer { id } } }', /can never be of type/],
    ['has a directive that there is not', '{ viewer @defer { id } }', /Unknown directive/],
    ['has names that collide', '{ viewer { id id: role } }', /different fields/],
    ['has a variable of no type', 'query ($a: Nope) { viewer { id } }', /Unknown type "Nope"/],
    ['has a variable of an output type', 'query ($a: Task) { viewer { id } }', /non-input type/],
    ['lacks a variable', 'query ($id: ID!) { task(id: $id) { id } }', /"\$id" .*was not provided/],
    [
      'has null for a variable',
      'query ($id: ID!) { task(id: $id) { id } }',
      /must not be null/,
      { id: null },
    ],
    ['has null in a list', NODES, /"ids\[1\]".*not to be null/, { ids: ['x', null] }],
    ['has a list for an input', SUBMIT, /to be an object/, { input: [] }],
    ['has a text for an input', SUBMIT, /to be an object/, { input: 'x' }],
    [
      'has a field that the input has not',
      SUBMIT,
      /"nope" is not defined/,
      { input: { room: 'a', job: 'b', nope: 1 } },
    ],
    ['leaves a field of the input out', SUBMIT, /Field "job" of required type/, { input: { room: 'a' } }],
    [
      'subscribes to two things',
      'subscription { a: roomEvents(room: "a") { __typename } b: roomEvents(room: "b") { __typename } }',
      /only one top level field/,
    ],
    ['subscribes to a name', 'subscription { __typename }', /introspection/],
    ['subscribes to nothing', 'subscription { roomEvents(room: "a") @skip(if: true) { __typename } }', /./],
    [
      'subscribes to an empty fragment',
      'subscription { ... @include(if: false) { roomEvents(room: "a") { __typename } } }',
      /./,
    ],
  ])('that %s', async (_what, document, message, variables) => {
    for (const { data, errors } of await everywhere(document, variables)) {
      expect(data ?? null).toBeNull();
      expect(errors?.map((error) => error.message).join('\n')).toMatch(message);
      expect(errors?.map(({ extensions }) => extensions?.['code'])).not.toContain('INTERNAL_SERVER_ERROR');
    }
  });
});

describe('a list of inputs', () => {
  it('may have a thousand submissions, and not one more', async () => {
    const { fullName: job } = await newJob(admin, 'many');
    const inputs = Array.from({ length: 1_001 }, (_, payload) => ({ room: 'many', job, payload }));
    const query = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) {
      ... on InvalidInput { issues { path message } }
      ... on SubmitTasksSuccess { results { ... on SubmitTaskSuccess { task { id } } } }
    } }`;
    expect(await admin.ask(query, { inputs })).toEqual({
      issues: [{ path: ['inputs'], message: 'must have 1 to 1000 entries' }],
    });
    const { results } = await admin.ask(query, { inputs: inputs.slice(1) });
    expect(new Set(results.map(({ task }: { task: { id: string } }) => task.id)).size).toBe(1_000);
  });

  it('may have a thousand completions, and not one more', async () => {
    const query = 'mutation ($i: [CompleteTaskInput!]!) { completeTasks(inputs: $i) { __typename } }';
    const inputs = Array(1_001).fill({ taskId: 'x', workerId: 'y', attempt: 1 });
    expect(await admin.ask(query, { i: inputs })).toEqual([{ __typename: 'InvalidInput' }]);
    const answers = await admin.ask(query, { i: inputs.slice(1) });
    expect(answers).toEqual(Array(1_000).fill({ __typename: 'TaskNotFound' }));
    expect(await admin.ask(query, { i: [] })).toEqual([]);
  });

  it('of claimed tasks costs what it may return', async () => {
    const query = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) {
      __typename ... on ClaimTasksSuccess { tasks { transitions(first: 100) { nodes { version } } } }
    } }`;
    const workerId = await admin.newWorker();
    expect((await admin.send(query, { input: { workerId, limit: 500 } })).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
    expect(await admin.ask(query, { input: { workerId, limit: 50 } })).toMatchObject({ tasks: [] });
  });

  it('may have a hundred nodes, and not one more', async () => {
    expect((await admin.send(NODES, { ids: Array(101).fill('x') })).errors).toMatchObject([
      { message: 'Ask for 100 nodes at most.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(await admin.ask(NODES, { ids: Array(100).fill('x') })).toEqual(Array(100).fill(null));
  });

  it('may have a thousand ids in a filter, and not one more', async () => {
    const query = 'query ($ids: [ID!]) { tasks(filter: { ids: $ids }) { nodes { id } } }';
    expect((await admin.send(query, { ids: Array(1_001).fill('x') })).errors).toMatchObject([
      { extensions: { code: 'INVALID_INPUT', problem: { issues: [{ path: ['filter', 'ids'] }] } } },
    ]);
    expect(await admin.ask(query, { ids: Array(1_000).fill('x') })).toEqual({ nodes: [] });
  });

  it('may have 64 labels, and not one more', async () => {
    const { fullName: job } = await newJob(admin, 'many');
    const labels = Object.fromEntries(
      Array.from({ length: 65 }, (_, n) => [`label-${n}`, 'x'.repeat(1_024)]),
    );
    expect(await admin.submit({ room: 'many', job, labels })).toMatchObject({
      issues: [{ path: ['labels'], message: '64 labels at most' }],
    });
    const { 'label-0': _, ...fewer } = labels;
    expect((await admin.submit({ room: 'many', job, labels: fewer })).task.labels).toEqual(fewer);
  });
});

describe('a mutation with several fields', () => {
  it('answers each as things are after it', async () => {
    const { fullName: job, name } = await newJob(admin, 'steps');
    const workerId = await admin.newWorker();
    const registration = `room: "steps", category: "general", name: "${name}"`;
    const { task } = await admin.submit({ room: 'steps', job });
    const { data } = await admin.send(
      `mutation ($held: AttemptInput!, $result: CompleteTaskInput!) {
        before: registerJob(input: { ${registration} }) { ... on RegisterJobSuccess { job { workerCount } } }
        idle: heartbeat(workerId: "${workerId}") { ... on HeartbeatSuccess { worker { jobs { name } } } }
        after: registerJob(input: { ${registration}, workerId: "${workerId}" }) {
          ... on RegisterJobSuccess { job { workerCount } }
        }
        serving: heartbeat(workerId: "${workerId}") { ... on HeartbeatSuccess { worker { jobs { name } } } }
        claimTasks(input: { workerId: "${workerId}" }) { ... on ClaimTasksSuccess { tasks { id } } }
        startTask(input: $held) { ... on TaskSuccess { task { status result } } }
        completeTask(input: $result) { ... on TaskSuccess { task { status result } } }
        startAgain: startTask(input: $held) { ${PROBLEM} }
      }`,
      {
        held: { taskId: task.id, workerId, attempt: 1 },
        result: { taskId: task.id, workerId, attempt: 1, result: { done: true } },
      },
    );
    expect(data).toMatchObject({
      before: { job: { workerCount: 0 } },
      idle: { worker: { jobs: [] } },
      after: { job: { workerCount: 1 } },
      serving: { worker: { jobs: [{ name }] } },
      claimTasks: { tasks: [{ id: task.id }] },
      startTask: { task: { status: 'RUNNING', result: null } },
      completeTask: { task: { status: 'COMPLETED', result: { done: true } } },
      startAgain: { __typename: 'InvalidTransition', from: 'COMPLETED' },
    });
  });
});
