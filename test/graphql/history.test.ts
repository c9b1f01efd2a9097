/** The history of a task, page by page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { type TaskInStatus, taskIn } from './task-in-status.ts';

const HISTORY = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  task(id: $id) {
    transitions(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { version } }
      nodes { version from to reason attempt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

let api: Api;
let admin: Caller;
let task: TaskInStatus;
/** Rounds of claim, start and release after the submission. */
const ROUNDS = 40;
const VERSIONS = 1 + 3 * ROUNDS;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
  task = await taskIn('PENDING', { worker: admin, submitter: admin, room: 'main' });
  const { taskId, workerId } = task;
  for (let attempt = 1; attempt <= ROUNDS; attempt++) {
    await admin.claim({ workerId, start: true });
    await admin.act('releaseTask', { taskId, workerId, attempt });
  }
});
afterAll(() => api?.close());

async function read(page: object) {
  const { transitions } = await admin.ask(HISTORY, { id: task.taskId, ...page });
  const versions: number[] = transitions.nodes.map(({ version }: { version: number }) => version);
  expect(transitions.edges.map(({ node }: { node: { version: number } }) => node.version)).toEqual(versions);
  return { ...transitions, versions };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the history', () => {
  it('is oldest first, 20 at a time unless asked otherwise', async () => {
    const { nodes, pageInfo } = await read({});
    expect(nodes.slice(0, 5)).toEqual([
      { version: 1, from: null, to: 'PENDING', reason: 'SUBMITTED', attempt: 0 },
      { version: 2, from: 'PENDING', to: 'CLAIMED', reason: 'CLAIMED', attempt: 1 },
      { version: 3, from: 'CLAIMED', to: 'RUNNING', reason: 'STARTED', attempt: 1 },
      { version: 4, from: 'RUNNING', to: 'PENDING', reason: 'RELEASED', attempt: 1 },
      { version: 5, from: 'PENDING', to: 'CLAIMED', reason: 'CLAIMED', attempt: 2 },
    ]);
    expect(nodes).toHaveLength(20);
    expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it.each([1, 9, 50, 100])('can be gone through in pages of %i, there and back', async (size) => {
    const forth: number[] = [];
    for (let after: string | null = null, next = true; next && forth.length < 100; ) {
      const { versions, pageInfo } = await read({ first: size, after });
      forth.push(...versions);
      ({ hasNextPage: next, endCursor: after } = pageInfo);
    }
    expect(forth).toEqual(range(1, forth.length));
    const back: number[] = [];
    for (let before: string | null = null, more = true; more && back.length < 100; ) {
      const { versions, pageInfo } = await read({ last: size, before });
      back.unshift(...versions);
      ({ hasPreviousPage: more, startCursor: before } = pageInfo);
    }
    expect(back).toEqual(range(VERSIONS - back.length + 1, VERSIONS));
    expect(Math.min(forth.length, back.length)).toBeGreaterThanOrEqual(100);
  });

  it('ends where it ends', async () => {
    const { pageInfo } = await read({ last: 1 });
    expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const beyond = await read({ first: 1, after: pageInfo.endCursor });
    expect(beyond).toMatchObject({ versions: [], pageInfo: { hasNextPage: false, startCursor: null } });
  });

  it.each([{ first: -1 }, { last: -1 }, { first: 1, last: 1 }, { after: 'garbage' }, { before: '4' }])(
    'refuses the page %j',
    async (page) => {
      const { errors } = await admin.send(HISTORY, { id: task.taskId, ...page });
      expect(errors).toMatchObject([
        { path: ['task', 'transitions'], extensions: { code: 'INVALID_INPUT', problem: { status: 400 } } },
      ]);
    },
  );
});
