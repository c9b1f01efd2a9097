import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql } from '../../src/client/generated/index.ts';
import {
  type Client,
  ConnectionError,
  createClient,
  ProblemError,
  type TaskHandle,
} from '../../src/client/index.ts';
import { tokenFor } from '../support/app.ts';
import { type ClientFixture, defineJob, openClientFixture, scenes } from './client-fixture.ts';
import { startNetwork } from './network.ts';

const Viewer = graphql(`
  query TestViewer {
    viewer {
      id
      role
    }
  }
`);

const Node = graphql(`
  query TestNode($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`);

describe.each(scenes)('the client, on %s', (_name, kind) => {
  let fixture: ClientFixture;
  let client: Client;
  let job: string;

  beforeAll(async () => {
    fixture = await openClientFixture(kind);
    client = fixture.client();
    job = await defineJob(client, 'client', {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    });
  });

  afterAll(() => fixture.close());

  it('submits a task, and answers with it', async () => {
    const labels = { commit: 'abc' };
    const handle = await client.submit({ room: 'lab', job, payload: { n: 1 }, priority: 3, labels });
    expect(handle).toMatchObject({ id: expect.stringMatching(/^task_/), duplicate: false });
    expect(handle.task).toMatchObject({ status: 'PENDING', version: 1, priority: 3, room: 'lab' });
    expect(await client.task(handle.id)).toMatchObject({ payload: { n: 1 }, result: null, labels });
  });

  it('says when a task will run, or why that is not known', async () => {
    const handle = await client.submit({ room: 'lab', job, payload: { n: 1 } });
    expect(await handle.estimate()).toMatchObject({
      ...{ start: null, end: null, unknown: 'NO_WORKER', slots: 0, ahead: expect.any(Number) },
      detail: expect.stringContaining('No living worker'),
    });
    await client.cancel(handle.id);
    expect(await client.estimate(handle.id)).toBeNull();
    expect(await client.estimate('task_01h455vb4pex5vsknk084sn02q')).toBeNull();
  });

  it('gives the first task again for the same idempotency key', async () => {
    const input = { room: 'lab', job, payload: { n: 1 }, idempotencyKey: 'once' };
    const first = await client.submit(input);
    expect(await client.submit(input)).toMatchObject({ id: first.id, duplicate: true });
  });

  it('throws the problem of a submission that is refused', async () => {
    const unknown = client.submit({ room: 'lab', job: 'lab:general:unknown', payload: {} });
    await expect(unknown).rejects.toBeInstanceOf(ProblemError);
    await expect(unknown).rejects.toMatchObject({ name: 'JobNotFound', status: 404 });
    await expect(client.submit({ room: 'lab', job, payload: { n: 'x', m: 1 } })).rejects.toMatchObject({
      name: 'InvalidInput',
      status: 400,
      issues: expect.arrayContaining([expect.objectContaining({ path: ['payload', 'n'] })]),
    });
  });

  it('submits many, with a handle or the problem for each, in order', async () => {
    const results = await client.submitMany([
      { room: 'lab', job, payload: { n: 1 } },
      { room: 'lab', job, payload: {} },
      { room: 'la b', job, payload: { n: 3 } },
      { room: 'lab', job, payload: { n: 4 } },
    ]);
    expect(results[1]).toMatchObject({ name: 'InvalidInput' });
    expect(results[2]).toMatchObject({ name: 'InvalidRoomId' });
    const payloads = [0, 3].map(
      async (index) => (await client.task((results[index] as TaskHandle).id))?.payload,
    );
    expect(await Promise.all(payloads)).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it('submits more than one request takes', async () => {
    const inputs = Array.from({ length: 600 }, (_, n) => ({
      room: 'crowd',
      job: '@global:general:crowd',
      payload: { n },
      correlationId: 'crowd',
    }));
    await client.request(
      graphql(`
        mutation DefineCrowdJob {
          registerJob(input: { category: "general", name: "crowd" }) {
            __typename
          }
        }
      `),
    );
    const handles = (await client.submitMany(inputs)) as TaskHandle[];
    expect(new Set(handles.map(({ id }) => id)).size).toBe(600);
    expect((await client.task(handles[599]?.id ?? ''))?.payload).toEqual({ n: 599 });
  });

  it('lists tasks, newest first, by page and filter', async () => {
    const inputs = [1, 2, 3].map((n) => ({ room: 'lab', job, payload: { n }, correlationId: 'list' }));
    const ids = ((await client.submitMany(inputs)) as TaskHandle[]).map(({ id }) => id).reverse();
    const first = await client.tasks('lab', { correlationId: 'list', first: 2 });
    expect(first.tasks.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await client.tasks('lab', {
      correlationId: 'list',
      first: 2,
      after: first.pageInfo.endCursor ?? undefined,
    });
    expect(rest.tasks.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  it('lists the jobs of a room', async () => {
    const { jobs } = await client.jobs('lab');
    expect(jobs).toContainEqual(
      expect.objectContaining({ fullName: job, category: 'general', workerCount: 0 }),
    );
  });

  it('cancels a task, once', async () => {
    const { id } = await client.submit({ room: 'lab', job, payload: { n: 1 } });
    expect(await client.cancel(id, 'not needed')).toMatchObject({ id, status: 'CANCELLED' });
    await expect(client.cancel(id)).rejects.toMatchObject({ name: 'InvalidTransition', from: 'CANCELLED' });
    await expect(client.retry(id)).rejects.toMatchObject({ name: 'InvalidTransition', allowed: [] });
  });

  it('finds no task where there is none', async () => {
    expect(await client.task('task_01h455vb4pex5vsknk084sn02q')).toBeNull();
    await expect(client.cancel('task_01h455vb4pex5vsknk084sn02q')).rejects.toMatchObject({
      name: 'TaskNotFound',
    });
  });

  it('runs any operation, with variables where it has some', async () => {
    expect((await client.request(Viewer)).viewer).toEqual({ id: '@admin', role: 'ADMIN' });
    const { id } = await client.submit({ room: 'lab', job, payload: { n: 1 } });
    expect((await client.request(Node, { id })).node).toEqual({ __typename: 'Task', id });
    expect(await client.request('{ __typename }')).toEqual({ __typename: 'Query' });
  });

  it('does everything over its socket too, more than a server takes at a time', async () => {
    const overSocket = fixture.client({ transport: 'socket' });
    const handles = await Promise.all(
      Array.from({ length: 200 }, (_, n) => overSocket.submit({ room: 'lab', job, payload: { n } })),
    );
    expect(new Set(handles.map(({ id }) => id)).size).toBe(200);
    await expect(overSocket.submit({ room: 'lab', job, payload: {} })).rejects.toMatchObject({
      name: 'InvalidInput',
    });
    await expect(overSocket.request('{ nonsense }')).rejects.toMatchObject({ name: 'RequestError' });
  });

  it('rejects with what the server says against an operation', async () => {
    await expect(client.request('{ nonsense }')).rejects.toMatchObject({
      name: 'RequestError',
      message: expect.stringContaining('nonsense'),
    });
  });

  it('asks for its token each time', async () => {
    const tokens = [await tokenFor('alice', 'MEMBER', ['lab']), await tokenFor('bob', 'MEMBER', ['lab'])];
    const changing = fixture.client({ token: async () => tokens.shift() });
    expect((await changing.request(Viewer)).viewer.id).toBe('alice');
    expect((await changing.request(Viewer)).viewer.id).toBe('bob');
    await expect(changing.request(Viewer)).rejects.toMatchObject({ name: 'RequestError', status: 401 });
  });

  it('rejects when it has no token to send', async () => {
    const broken = fixture.client({ token: () => Promise.reject(new Error('vault is sealed')) });
    await expect(broken.request(Viewer)).rejects.toThrow('No token: vault is sealed');
    await expect(broken.watch('task_01h455vb4pex5vsknk084sn02q').next()).rejects.toThrow(
      'No token: vault is sealed',
    );
  });

  it('rejects when the token is refused, on every way', async () => {
    const stranger = fixture.client({ token: 'wrong' });
    await expect(stranger.request(Viewer)).rejects.toMatchObject({ name: 'RequestError', status: 401 });
    const { id } = await client.submit({ room: 'lab', job, payload: { n: 1 } });
    await expect(stranger.watch(id).next()).rejects.toMatchObject({
      name: 'ConnectionError',
      closeCode: 4401,
    });
    await expect(stranger.result(id)).rejects.toMatchObject({ closeCode: 4401 });
    await expect(
      fixture.client({ token: 'wrong', transport: 'socket' }).request(Viewer),
    ).rejects.toMatchObject({
      closeCode: 4401,
    });
  });
});

describe('the client without a server', () => {
  it('says which address it cannot reach, and why', async () => {
    const url = await freedAddress();
    for (const transport of ['http', 'socket'] as const) {
      const client = createClient({ url, transport });
      const refused = client.request('{ __typename }');
      await expect(refused).rejects.toBeInstanceOf(ConnectionError);
      await expect(refused).rejects.toThrow(/127\.0\.0\.1:\d+.*ECONNREFUSED/);
      await client.close();
    }
  });
});

/** An address at which nothing listens: something just did. */
async function freedAddress(): Promise<string> {
  const network = await startNetwork('http://127.0.0.1:1');
  await network.close();
  return network.url;
}
