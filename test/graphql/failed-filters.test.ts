/** Filters over what has failed or is held; counts of any filter, asked for and live. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const FIND = 'query ($filter: TaskFilter) { tasks(filter: $filter) { searchedTo nodes { id } } }';
const COUNT = `query ($room: String, $filter: TaskFilter) {
  taskCounts(room: $room, filter: $filter) { total atLeast byStatus { status count } }
}`;
const COUNTS = `subscription ($room: String, $filter: TaskFilter) {
  taskCountEvents(room: $room, filter: $filter) { total atLeast }
}`;

describe.each(availableDatabases())('what has failed or is held on %s', (kind) => {
  let api: Api;
  let mia: Caller;
  let una: Caller;
  let job: Awaited<ReturnType<typeof newJob>>;
  let workerId: string;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    api = await startApi(kind);
    mia = await api.caller('mia', 'MEMBER', ['main']);
    una = await api.caller('una', 'USER', ['main']);
    job = await newJob(api.admin, 'main');
    workerId = await api.admin.newWorker(job);
    for (const [name, error] of Object.entries({
      refused: { code: 'ECONNREFUSED', message: 'Connection refused: 10.0.0.1 is away', retryable: false },
      gone: { code: 'GONE', message: 'The PICTURE is gone', retryable: false },
      retried: { code: 'ECONNRESET', message: 'connection reset', retryable: true },
    })) {
      const { task } = await mia.submit({ room: 'main', job: job.fullName });
      ids[name] = task.id;
      const { tasks } = await api.admin.claim({ workerId, start: true });
      await api.admin.act('failTask', { taskId: task.id, workerId, attempt: tasks[0].attempt, error });
    }
    ids['held'] = (await una.submit({ room: 'main', job: job.fullName })).task.id;
    await api.admin.claim({ workerId, start: true });
  });
  afterAll(() => api?.close());

  it.each<[string, () => object, string[]]>([
    ['the code of the error', () => ({ errorCode: 'ECONNREFUSED' }), ['refused']],
    ['a word of the error', () => ({ text: 'picture' }), ['gone']],
    ['words of the error', () => ({ text: 'Refused, CONNECTION!' }), ['refused']],
    [
      'a word of several errors, whatever became of the task',
      () => ({ text: 'connection' }),
      ['refused', 'retried'],
    ],
    ['a part of a word', () => ({ text: 'connect' }), []],
    ['no word at all', () => ({ text: '?!' }), []],
    ['the worker that holds it', () => ({ workerId }), ['held']],
    ['the worker and another status', () => ({ workerId, statuses: ['CLAIMED'] }), []],
    ['dead letters', () => ({ statuses: ['FAILED'], discarded: false }), ['refused', 'gone']],
  ])('is found by %s, and counted', async (_name, filter, names) => {
    const { nodes, searchedTo } = await mia.ask(FIND, { filter: filter() });
    expect(nodes.map(({ id }: { id: string }) => id).sort()).toEqual(names.map((name) => ids[name]).sort());
    expect(searchedTo).toBeNull();
    expect(await mia.ask(COUNT, { filter: filter() })).toMatchObject({ total: names.length, atLeast: false });
  });

  it('is counted for each by its own rights', async () => {
    expect(await mia.ask(COUNT)).toMatchObject({ total: 4 });
    expect(await una.ask(COUNT)).toMatchObject({ total: 1 });
    const { byStatus } = await mia.ask(COUNT, { room: 'main', filter: { statuses: ['FAILED'] } });
    expect(byStatus.filter(({ count }: { count: number }) => count > 0)).toEqual([
      { status: 'FAILED', count: 2 },
    ]);
  });

  it('is counted live: first as it is, then when it has changed', async () => {
    const labels = { live: kind };
    const streams = [
      mia.subscribe('WebSocket', COUNTS, { filter: { labels } }),
      una.subscribe('SSE', COUNTS, { room: 'main', filter: { labels } }),
    ];
    const next = () => Promise.all(streams.map(async (stream) => (await stream.event()).total));
    expect(await next()).toEqual([0, 0]);
    const { task } = await una.submit({ room: 'main', job: job.fullName, labels });
    expect(await next()).toEqual([1, 1]);
    await una.act('updateTask', { taskId: task.id, labels: {} });
    expect(await next()).toEqual([0, 0]);
    for (const stream of streams) stream.close();
  });

  it('is submitted again, as a task of its own that names the first', async () => {
    const again = `mutation ($input: ResubmitTaskInput!) { resubmitTask(input: $input) {
      __typename ... on Problem { detail } ... on SubmitTaskSuccess { task { id copyOf status maxAttempts payload labels } }
    } }`;
    const { task: first } = await mia.submit({
      ...{ room: 'main', job: job.fullName, payload: { n: 1 }, labels: { a: 'b' }, maxAttempts: 7 },
    });
    const { task } = await mia.ask(again, { input: { taskId: first.id, payload: { n: 2 }, maxAttempts: 2 } });
    expect(task).toEqual({
      ...{ id: expect.not.stringMatching(first.id), copyOf: first.id, status: 'PENDING' },
      ...{ maxAttempts: 2, payload: { n: 2 }, labels: { a: 'b' } },
    });
    expect(await mia.ask(`{ task(id: "${first.id}") { maxAttempts copyOf } }`)).toEqual({
      ...{ maxAttempts: 7, copyOf: null },
    });
    expect(await una.ask(again, { input: { taskId: first.id } })).toMatchObject({
      __typename: 'TaskNotFound',
    });
  });
});
