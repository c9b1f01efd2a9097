/** Errors that nobody expected: outside only a request id, inside the same id once with everything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { ADMIN_TOKEN, request, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { openSocket, type TestSocket } from '../socket.ts';
import { type Answer, ask, post, TRANSPORTS } from '../transports.ts';

let db: Database;
let app: TestApp;
let taskId: string;
let cursor: string;

beforeAll(async () => {
  ({ db } = await createTestDatabase('pglite'));
  app = await startApp({ database: db });
  const run = async (query: string) => (await request(app.url, ADMIN_TOKEN, query)).data;
  await run('mutation { registerJob(input: { room: "a", category: "general", name: "b" }) { __typename } }');
  const { submitTask } = await run(`mutation { submitTask(input: { room: "a", job: "a:general:b" }) {
    ... on SubmitTaskSuccess { cursor task { id } } } }`);
  taskId = submitTask.task.id;
  cursor = submitTask.cursor;
});

afterAll(() => app.stop());

/** Lets the work run while a table is missing under the server. */
async function without<T>(table: string, work: () => Promise<T>): Promise<T> {
  await db.script(`ALTER TABLE ${table} RENAME TO lost_${table}`);
  try {
    return await work();
  } finally {
    await db.script(`ALTER TABLE lost_${table} RENAME TO ${table}`);
  }
}

/** The error says no more than an id, under which there is one entry in the log with the cause. */
function expectMasked({ errors, data }: Answer, path?: string): void {
  expect(data ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  const [error] = errors ?? [];
  expect(error).toMatchObject({
    message: 'Something went wrong on our side. Quote the request id when you report it.',
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      requestId: expect.stringMatching(/^([0-9a-f-]{36}|chosen-1)$/),
    },
  });
  expect(error?.extensions).not.toHaveProperty('http');
  expect(error?.path).toEqual(path === undefined ? undefined : [path]);
  expect(JSON.stringify(error)).not.toMatch(/relation|select|prisma|postgres|stack|\.ts/i);
  const entries = app.logged.filter((line) => line.includes(String(error?.extensions?.['requestId'])));
  expect(entries).toHaveLength(1);
  expect(JSON.parse(entries[0] as string)).toMatchObject({ level: 50, err: { stack: expect.any(String) } });
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  const asked = (query: string) => ask(transport, app.url, ADMIN_TOKEN, { query });

  it('an unexpected error of a query is masked', async () => {
    const answer = await without('worker', () =>
      asked(`{ nodes(ids: ["worker_01h455vb4pex5vsknk084sn02q"]) { id } }`),
    );
    expectMasked(answer, 'nodes');
  });

  it('an unexpected error of a mutation is masked', async () => {
    const register = 'mutation { registerWorker(input: { name: "w" }) { __typename } }';
    expectMasked(await without('worker', () => asked(register)), 'registerWorker');
  });

  it('an unexpected error before a stream begins is masked', async () => {
    const watch = `subscription { taskEvents(taskId: "${taskId}") { __typename } }`;
    expectMasked(await without('task', () => asked(watch)), 'taskEvents');
  });

  it('an unexpected error of a field is masked, and the rest is answered', async () => {
    const answer = await without('task_transition', () =>
      asked(`{ viewer { id } task(id: "${taskId}") { id transitions { nodes { version } } } }`),
    );
    expect(answer.data).toEqual({ viewer: { id: '@admin' }, task: null });
    expect(answer.errors).toMatchObject([
      { path: ['task', 'transitions'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });
});

it('an error has the id of its request, which the caller may choose', async () => {
  const query = '{ nodes(ids: ["worker_01h455vb4pex5vsknk084sn02q"]) { id } }';
  const headers = { 'x-request-id': 'chosen-1', accept: 'application/graphql-response+json' };
  const answer = await without('worker', () => post(app.url, ADMIN_TOKEN, { query }, headers));
  expect(answer.headers.get('x-request-id')).toBe('chosen-1');
  expectMasked(answer.body, 'nodes');
  expect(answer.body.errors?.[0]?.extensions?.['requestId']).toBe('chosen-1');
});

describe('an unexpected error in the middle of a stream', () => {
  let keeper: TestSocket;

  beforeAll(async () => {
    // The server watches the room already, so that the next subscription begins well.
    keeper = await openSocket(app.url, ADMIN_TOKEN);
    const query = `subscription { taskEvents(taskId: "${taskId}", follow: true) { __typename } }`;
    keeper.send({ type: 'subscribe', id: '1', payload: { query } });
    expect(await keeper.next()).toMatchObject({ type: 'next' });
  });

  afterAll(() => keeper.close());

  const resume = () => ({
    query: `subscription { taskEvents(taskId: "${taskId}", after: "${cursor}") { __typename } }`,
  });

  it('is masked over WebSocket, and ends that stream alone', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    const message = await without('task_transition', async () => {
      socket.send({ type: 'subscribe', id: '1', payload: resume() });
      return socket.next();
    });
    expect(message).toMatchObject({ type: 'error', id: '1' });
    expectMasked({ errors: message.payload });
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ viewer { id } }' } });
    let next = await socket.next();
    if (next.type === 'complete') next = await socket.next();
    expect(next).toMatchObject({ type: 'next', payload: { data: { viewer: { id: '@admin' } } } });
    socket.close();
  });

  it('is masked over SSE, and ends the stream', async () => {
    const events = await without('task_transition', async () => {
      const opened = await openEvents(app.url, ADMIN_TOKEN, resume());
      return [await opened.next(), await opened.next(), await opened.next()];
    });
    expect(events.map((event) => event?.event)).toEqual(['next', 'complete', undefined]);
    expectMasked(events[0]?.data);
  });
});

it('logs each of them once, and nothing else as an error', async () => {
  const errors = app.logged.filter((line) => line.includes('"level":50')).map((line) => JSON.parse(line));
  // Maintenance misses its tables as well.
  const ids = errors.filter(({ routine }) => routine === undefined).map(({ requestId }) => requestId);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(ids.length);
});
