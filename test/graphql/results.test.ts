/** Results against the schema of their job: what violates it is refused, and the task goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { taskIn } from './task-in-status.ts';

let api: Api;
let wim: Caller;
let mia: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  wim = await api.caller('wim', 'WORKER', ['main']);
  mia = await api.caller('mia', 'MEMBER', ['main']);
});
afterAll(() => api?.close());

describe('a result that violates its schema', () => {
  const resultSchema = {
    type: 'object',
    properties: { files: { items: { type: 'integer' } } },
    required: ['files'],
  };
  const running = () =>
    taskIn('RUNNING', { worker: wim, submitter: mia, room: 'main' }, { job: { resultSchema } });

  it('is refused with its paths, and leaves the task RUNNING', async () => {
    const { taskId, workerId, attempt } = await running();
    const held = { taskId, workerId, attempt };
    for (const outcome of ['COMPLETED', 'PARTIAL']) {
      expect(
        await wim.act('completeTask', { ...held, outcome, result: { files: [1, 'x', 2.5] } }),
      ).toMatchObject({
        __typename: 'InvalidInput',
        issues: [
          { path: ['result', 'files', '1'], message: 'must be integer' },
          { path: ['result', 'files', '2'], message: 'must be integer' },
        ],
      });
    }
    expect(await wim.act('completeTask', held)).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['result'], message: 'must be object' }],
    });
    expect(await mia.task(taskId)).toMatchObject({
      status: 'RUNNING',
      version: 3,
      progress: 0,
      result: null,
    });
    expect(await wim.act('completeTask', { ...held, result: { files: [] } })).toMatchObject({
      task: { status: 'COMPLETED', result: { files: [] } },
    });
  });

  it('is refused alone among many', async () => {
    const tasks = [await running(), await running(), await running()];
    const inputs = tasks.map(({ taskId, workerId, attempt }, index) => ({
      ...{ taskId, workerId, attempt },
      result: index === 1 ? {} : { files: [index] },
    }));
    const query = `mutation ($i: [CompleteTaskInput!]!) { completeTasks(inputs: $i) {
      __typename ... on InvalidInput { issues { path } }
    } }`;
    expect(await wim.ask(query, { i: inputs })).toEqual([
      { __typename: 'TaskSuccess' },
      { __typename: 'InvalidInput', issues: [{ path: ['result', 'files'] }] },
      { __typename: 'TaskSuccess' },
    ]);
    expect((await mia.task(tasks[1]?.taskId ?? '')).status).toBe('RUNNING');
  });
});

describe('a list of completions', () => {
  it('is answered for each by itself, in order', async () => {
    const [first, second, third, last] = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const scene = { worker: wim, submitter: mia, room: 'main' };
        const { taskId, workerId, attempt } = await taskIn('RUNNING', scene);
        return { taskId, workerId, attempt };
      }),
    );
    const inputs = [
      { ...first, result: { n: 1 } },
      { ...second, taskId: 'task_nonsense' },
      { ...second, workerId: third?.workerId?.replace(/..$/, 'zz') },
      { ...first, result: { n: 2 } },
      { ...second, result: '\0' },
      { ...third, attempt: 7 },
      { ...third, outcome: 'PARTIAL' },
      { ...second, workerId: last?.workerId },
      last,
    ];
    const query = `mutation ($i: [CompleteTaskInput!]!) { completeTasks(inputs: $i) {
      __typename ... on TaskSuccess { task { id status result } }
    } }`;
    expect(await wim.ask(query, { i: inputs })).toEqual([
      { __typename: 'TaskSuccess', task: { id: first?.taskId, status: 'COMPLETED', result: { n: 1 } } },
      { __typename: 'TaskNotFound' },
      { __typename: 'Forbidden' },
      { __typename: 'InvalidTransition' },
      { __typename: 'InvalidInput' },
      { __typename: 'StaleAttempt' },
      { __typename: 'TaskSuccess', task: { id: third?.taskId, status: 'PARTIAL', result: null } },
      { __typename: 'StaleAttempt' },
      { __typename: 'TaskSuccess', task: { id: last?.taskId, status: 'COMPLETED', result: null } },
    ]);
    expect((await mia.task(second?.taskId ?? '')).status).toBe('RUNNING');
  });
});

describe('a result', () => {
  it.each([0, false, '', [], null, { a: [null] }])('comes back as it was: %j', async (result) => {
    const { taskId, workerId, attempt } = await taskIn('RUNNING', {
      worker: wim,
      submitter: mia,
      room: 'main',
    });
    const { task } = await wim.act('completeTask', { taskId, workerId, attempt, result });
    expect(task.result).toEqual(result);
    expect((await mia.task(taskId)).result).toEqual(result);
  });
});
