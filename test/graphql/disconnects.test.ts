/** Whoever leaves a stream leaves nothing behind: seen from Redis, where every watched room and worker is a channel. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { openIdentity } from '../../src/store/log/identity.ts';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases, testRedisUrl } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const redisUrl = testRedisUrl();

describe.runIf(redisUrl && availableDatabases().includes('postgres'))('a subscriber that leaves', () => {
  let api: Api;
  let admin: Caller;
  let redis: Redis;
  let prefix: string;
  let job: Awaited<ReturnType<typeof newJob>>;
  let taskId: string;
  let workerId: string;
  let after: string;

  beforeAll(async () => {
    api = await startApi('postgres');
    admin = api.admin;
    redis = new Redis(redisUrl as string);
    job = await newJob(admin, 'main');
    workerId = await admin.newWorker(job);
    after = (await admin.ask('{ tasks { streamCursor } }')).streamCursor;
    taskId = (await admin.submit({ room: 'main', job: job.fullName })).task.id;
    // Servers share a Redis: the identity of the database keeps their channels apart.
    prefix = `sb:${(await openIdentity(api.db)).scope}:`;
  });
  afterAll(async () => {
    redis?.disconnect();
    await api?.close();
  });

  /** What is heard for subscribers; servers hear some for themselves. */
  const channels = async () =>
    ((await redis.pubsub('CHANNELS', `${prefix}*`)) as string[]).filter(
      (channel) => !/:(api-keys|schedules|events)$/.test(channel),
    );
  const nothingIsLeft = () => expect.poll(channels, { timeout: 10_000, interval: 20 }).toEqual([]);

  const STREAMS: Record<string, [query: string, channels: number]> = {
    'a task': ['subscription ($id: ID!) { taskEvents(taskId: $id) { __typename } }', 1],
    'a room': ['subscription ($after: Cursor) { roomEvents(room: "main", after: $after) { __typename } }', 1],
    'a worker': ['subscription ($worker: ID!) { workerSignals(workerId: $worker) { __typename } }', 2],
  };
  const variables = (query: string) =>
    Object.fromEntries(
      Object.entries({ id: taskId, after, worker: workerId }).filter(([name]) => query.includes(`$${name}:`)),
    );

  describe.each(PROTOCOLS)('over %s', (protocol) => {
    it.each(Object.keys(STREAMS))('ends its watch of %s while nothing happens', async (what) => {
      const [query, count] = STREAMS[what] as [string, number];
      const streams = [1, 2, 3].map(() => admin.subscribe(protocol, query, variables(query)));
      for (const stream of streams) await stream.event();
      expect(await channels()).toHaveLength(count);
      for (const stream of streams) stream.close();
      await nothingIsLeft();
    });

    it('ends its watch of a task that has ended', async () => {
      const { task } = await admin.submit({ room: 'main', job: job.fullName });
      const [query] = STREAMS['a task'] as [string, number];
      const stream = admin.subscribe(protocol, query, { id: task.id });
      await stream.event();
      await admin.act('cancelTask', { taskId: task.id });
      await stream.rest();
      await nothingIsLeft();
    });

    it('leaves others what they watch', async () => {
      const [query] = STREAMS['a room'] as [string, number];
      const [leaver, stayer] = [1, 2].map(() => admin.subscribe(protocol, query, variables(query)));
      await Promise.all([leaver?.event(), stayer?.event()]);
      leaver?.close();
      await admin.submit({ room: 'main', job: job.fullName });
      expect(await stayer?.event()).toEqual({ __typename: 'TaskTransitioned' });
      stayer?.close();
      await nothingIsLeft();
    });

    it('was never heard of when it was refused', async () => {
      const refused = admin.subscribe(protocol, 'subscription { taskEvents(taskId: "none") { __typename } }');
      expect((await refused.next()).errors).toHaveLength(1);
      expect(await channels()).toEqual([]);
      refused.close();
    });
  });

  it('ends all of its watches when its socket breaks', async () => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const watched = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () =>
        say({ type: 'connection_init', payload: { authorization: `Bearer ${admin.token}` } }),
      );
      socket.on('error', reject);
      socket.on('message', (data) => {
        const { type, id } = JSON.parse(String(data));
        if (type === 'connection_ack') {
          for (const [name, [query]] of Object.entries(STREAMS)) {
            say({ type: 'subscribe', id: name, payload: { query, variables: variables(query) } });
          }
        }
        if (type === 'next') watched.add(id);
        if (watched.size === Object.keys(STREAMS).length) resolve();
      });
    });
    expect(await channels()).toHaveLength(3);
    socket.terminate();
    await nothingIsLeft();
  });

  it('ends its watch when it leaves one of several on a socket', async () => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const [query] = STREAMS['a task'] as [string, number];
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () =>
        say({ type: 'connection_init', payload: { authorization: `Bearer ${admin.token}` } }),
      );
      socket.on('error', reject);
      socket.on('message', (data) => {
        const { type } = JSON.parse(String(data));
        if (type === 'connection_ack')
          say({ type: 'subscribe', id: '1', payload: { query, variables: { id: taskId } } });
        if (type === 'next') resolve();
      });
    });
    expect(await channels()).toHaveLength(1);
    say({ type: 'complete', id: '1' });
    await nothingIsLeft();
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  });
});
