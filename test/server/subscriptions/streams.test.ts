/** Streams over WebSocket and SSE: how they begin and end, and that nothing is held for those who have left. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Caller } from '../../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { availableDatabases, createTestDatabase, testRedisUrl } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { openSocket } from '../socket.ts';
import { post } from '../transports.ts';
import { dial } from '../wire.ts';

let app: TestApp;
let admin: Caller;

/** One server for the protocol, whatever it stands on. */
describe('a stream of events (SSE)', () => {
  beforeAll(async () => {
    app = await startApp({ database: (await createTestDatabase('pglite')).db });
    admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
  });

  afterAll(async () => {
    await app.stop();
    expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });

  it('answers a query, or a mutation, as one event and its end', async () => {
    for (const query of [
      '{ viewer { id } }',
      'mutation { registerWorker(input: { name: "w" }) { __typename } }',
    ]) {
      const events = await openEvents(app.url, ADMIN_TOKEN, { query });
      expect(await events.next()).toMatchObject({ event: 'next', data: { data: expect.any(Object) } });
      expect(await events.next()).toEqual({ event: 'complete', data: null });
      expect(await events.next()).toBeUndefined();
    }
  });

  it('ends when the subscription does, and not before', async () => {
    const task = await newTask('ends');
    const query = `subscription { taskEvents(taskId: "${task}") { __typename } }`;
    const events = await openEvents(app.url, ADMIN_TOKEN, { query });
    expect(events.status).toBe(200);
    expect(events.headers.get('content-type')).toBe('text/event-stream');
    expect(events.headers.get('cache-control')).toContain('no-cache');
    expect(await events.next()).toEqual({
      event: 'next',
      data: { data: { taskEvents: { __typename: 'TaskSnapshot' } } },
    });
    await admin.ask(`mutation { cancelTask(input: { taskId: "${task}" }) { __typename } }`);
    expect(await events.next()).toEqual({
      event: 'next',
      data: { data: { taskEvents: { __typename: 'TaskTransitioned' } } },
    });
    expect(await events.next()).toEqual({ event: 'complete', data: null });
    expect(await events.next()).toBeUndefined();
  });

  it('can be asked for with a GET', async () => {
    const query = 'subscription { taskEvents(taskId: "task_01h455vb4pex5vsknk084sn02q") { __typename } }';
    const response = await fetch(`${app.url}/graphql?${new URLSearchParams({ query })}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(await response.text()).toMatch(
      /^:\n\nevent: next\ndata: .*"NOT_FOUND".*\n\nevent: complete\ndata:\n\n$/,
    );
  });

  it.each(['application/json', 'multipart/mixed', 'text/html'])(
    'is not what a subscription gives to who accepts %s alone: it is refused, and does not hang',
    async (accept) => {
      const query = 'subscription { roomEvents(room: "a") { __typename } }';
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
        body: JSON.stringify({ query }),
      });
      expect(response.status).toBe(406);
      expect(response.headers.get('accept')).toContain('text/event-stream');
      await response.text();
    },
  );
});

/** A submitted task of a job in a room of its own. */
async function newTask(room: string): Promise<string> {
  await admin.registerJob({ room, name: 'work' });
  const answer =
    await admin.ask(`mutation { submitTask(input: { room: "${room}", job: "${room}:general:work" }) {
    ... on SubmitTaskSuccess { task { id } } } }`);
  return answer.task.id;
}

const redisUrl = testRedisUrl();
const hasBoth = availableDatabases().includes('postgres') && redisUrl !== undefined;

// Redis tells from outside what a server is subscribed to.
describe.runIf(hasBoth)('a subscriber that leaves', () => {
  let redis: Redis;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase('postgres');
    app = await startApp({ databaseUrl: database.url, redisUrl });
    admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
    redis = new Redis(redisUrl as string);
    close = async () => {
      redis.disconnect();
      await app.stop();
      await database.close();
    };
  });

  afterAll(async () => {
    await close();
    expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });

  /** Resolves when the server watches the room so often: once, however many do, or not at all. */
  async function watched(room: string, count: 0 | 1): Promise<void> {
    await vi.waitFor(
      async () => expect(await redis.pubsub('CHANNELS', `*room:${room}`)).toHaveLength(count),
      { timeout: 10_000, interval: 20 },
    );
  }

  const watch = (room: string) => ({ query: `subscription { roomEvents(room: "${room}") { __typename } }` });
  const newRoom = () => `room-${randomUUID()}`;

  it.each([
    [
      'by ending the operation',
      (socket: Awaited<ReturnType<typeof openSocket>>) => socket.send({ type: 'complete', id: '1' }),
    ],
    ['by closing the socket', (socket) => socket.close()],
    ['without a word', (socket) => socket.raw.terminate()],
  ])('a socket, %s, is let go at once', async (_how, leave) => {
    const room = newRoom();
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send({ type: 'subscribe', id: '1', payload: watch(room) });
    await watched(room, 1);
    leave(socket);
    await watched(room, 0);
    socket.close();
  });

  it('a socket while its subscription is still beginning is let go', async () => {
    const rooms = Array.from({ length: 10 }, newRoom);
    for (const room of rooms) {
      const socket = await openSocket(app.url, ADMIN_TOKEN);
      socket.send({ type: 'subscribe', id: '1', payload: watch(room) });
      socket.raw.terminate();
    }
    // Each may have been watched for a moment, or never; a later one is, and then the others are not.
    const last = await openSocket(app.url, ADMIN_TOKEN);
    const room = newRoom();
    last.send({ type: 'subscribe', id: '1', payload: watch(room) });
    await watched(room, 1);
    await Promise.all(rooms.map((left) => watched(left, 0)));
    last.close();
  });

  it('a stream (SSE) is let go at once', async () => {
    const room = newRoom();
    const events = await openEvents(app.url, ADMIN_TOKEN, watch(room));
    await watched(room, 1);
    events.close();
    await watched(room, 0);
  });

  it('a stream whose connection is reset is let go at once', async () => {
    const room = newRoom();
    const body = JSON.stringify(watch(room));
    const wire = await dial(app.url);
    const head = [
      'POST /graphql HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${ADMIN_TOKEN}`,
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    wire.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    await watched(room, 1);
    wire.resetAndDestroy();
    await watched(room, 0);
  });

  it('is let go when its subscription ends by itself, on both', async () => {
    const room = newRoom();
    const task = await newTask(room);
    const query = `subscription { taskEvents(taskId: "${task}") { __typename } }`;
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    const events = await openEvents(app.url, ADMIN_TOKEN, { query });
    await watched(room, 1);
    await post(app.url, ADMIN_TOKEN, {
      query: `mutation { cancelTask(input: { taskId: "${task}" }) { __typename } }`,
    });
    await watched(room, 0);
    socket.close();
    events.close();
  });

  it('does not take along others who watch the same', async () => {
    const room = newRoom();
    const stays = await openSocket(app.url, ADMIN_TOKEN);
    stays.send({ type: 'subscribe', id: '1', payload: watch(room) });
    const leaves = await openSocket(app.url, ADMIN_TOKEN);
    leaves.send({ type: 'subscribe', id: '1', payload: watch(room) });
    leaves.send({ type: 'subscribe', id: '2', payload: watch(room) });
    await watched(room, 1);
    leaves.send({ type: 'complete', id: '1' });
    leaves.raw.terminate();
    await leaves.closed;
    await newTask(room);
    expect(await stays.next()).toMatchObject({ id: '1', payload: { data: { roomEvents: {} } } });
    stays.close();
    await watched(room, 0);
  });
});
