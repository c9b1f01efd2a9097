import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { bucketChannel, bucketOf } from '../../../src/events/transports/buckets.ts';
import { createMemoryTransport } from '../../../src/events/transports/memory.ts';
import { createPostgresTransport } from '../../../src/events/transports/postgres.ts';
import { connectRedisTransport } from '../../../src/events/transports/redis.ts';
import { slotOf } from '../../../src/events/transports/redis-topology.ts';
import type { Transport } from '../../../src/events/transports/transport.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { type Cluster, type Service, startOwnCluster, startOwnRedis } from '../../chaos/services.ts';
import { redisPrefix, testRedisUrl } from '../../support/database.ts';
import { Inbox, once, recordingLogger, untilHealthy } from '../inbox.ts';
import { startProxy } from './redis-proxy.ts';

const redisUrl = testRedisUrl();
const prefix = redisPrefix();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

let cluster: Cluster;
let connected = 0;

interface ConnectOptions {
  logger?: ReturnType<typeof recordingLogger>;
  name?: string;
  prefix?: string;
}

/** A kind of transport: what it needs, and another one that reaches the others of its kind. */
interface Adapter {
  name: string;
  /** The servers behind it. */
  urls: () => string[];
  connect: (options?: ConnectOptions) => Promise<Transport>;
}

const networked: Adapter[] = [];
if (redisUrl) {
  const urls = () => [redisUrl];
  const connect = (options: ConnectOptions = {}) =>
    connectRedisTransport({ url: redisUrl, prefix, ...options });
  networked.push({ name: 'redis', urls, connect });
  const nodes = () => cluster.nodes.map(({ url }) => url);
  networked.push({
    name: 'redis cluster',
    urls: nodes,
    connect: (options = {}) => connectRedisTransport({ url: nodes()[0] as string, prefix, ...options }),
  });
}

const adapters: Adapter[] = [
  {
    name: 'memory',
    urls: () => [],
    connect: async ({ logger } = {}) => createMemoryTransport(logger && { logger }),
  },
  ...networked,
];
const postgresUrl = inject('testPostgres')?.url;
if (postgresUrl) {
  adapters.push({
    name: 'postgres',
    urls: () => [],
    async connect({ logger } = {}) {
      const channel = `sb_test_${process.pid}_${++connected}`;
      const { openNotices, close } = await openPostgres({ url: postgresUrl });
      if (!openNotices) throw new Error('PostgreSQL has notices.');
      closers.push(close);
      const transport = createPostgresTransport({
        openSession: (listener) => openNotices(channel, listener),
        ...(logger && { logger }),
      });
      await untilHealthy(transport);
      return transport;
    },
  });
}

beforeAll(async () => {
  if (!redisUrl) return;
  const started = await startOwnCluster();
  if (!started) throw new Error('The tests of the cluster need the program of Redis.');
  cluster = started;
}, 60_000);
afterAll(() => cluster?.stop());

async function opened(connecting: Promise<Transport>): Promise<Transport> {
  const transport = await connecting;
  closers.push(() => transport.close());
  return transport;
}

async function withAdmin<T>(url: string, work: (admin: Redis) => Promise<T>): Promise<T> {
  const admin = new Redis(url);
  try {
    return await work(admin);
  } finally {
    admin.disconnect();
  }
}

/** Kills the connections whose name begins so; resolves when the transport has noticed. */
async function kill(transport: Transport, urls: string[], name: string): Promise<void> {
  const lost = once(transport.onInterruption);
  for (const url of urls) {
    await withAdmin(url, async (admin) => {
      const clients = String(await admin.client('LIST')).split('\n');
      for (const line of clients.filter((client) => client.includes(`name=${name}`))) {
        await admin.call('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(line)?.[1] as string);
      }
    });
  }
  await lost;
}

describe.each(adapters)('the $name transport', ({ connect }) => {
  it('delivers what is published after the subscription was acknowledged, in order', async () => {
    const transport = await opened(connect());
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    const sent = Array.from({ length: 200 }, (_, n) => `message ${n} ü\n"`);
    for (const message of sent) void transport.publish('room:a', message);
    expect(await inbox.take(200)).toEqual(sent);
  });

  it('keeps channels apart', async () => {
    const transport = await opened(connect());
    const [a, b] = [new Inbox<string>(), new Inbox<string>()];
    await transport.subscribe('room:a', a.put);
    await transport.subscribe('room:b', b.put);
    await transport.publish('room:b', 'for b');
    await transport.publish('room:a', 'for a');
    expect(await a.take(1)).toEqual(['for a']);
    expect(await b.take(1)).toEqual(['for b']);
  });

  it('never delivers within the call that publishes', async () => {
    const transport = await opened(connect());
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    const published = transport.publish('room:a', 'x');
    expect(inbox.size).toBe(0);
    await published;
    await inbox.take(1);
  });

  it('tells whether a message has reached anybody', async () => {
    const transport = await opened(connect());
    expect(await transport.publish('room:a', 'x')).toBe(0);
    const unsubscribe = await transport.subscribe('room:a', () => {});
    expect(await transport.publish('room:a', 'x')).toBeGreaterThan(0);
    await unsubscribe();
    expect(await transport.publish('room:a', 'x')).toBe(0);
    await transport.close();
    expect(await transport.publish('room:a', 'x')).toBeUndefined();
  });

  it('has one subscription upstream for many listeners, and none after the last has gone', async () => {
    const transport = await opened(connect());
    const inboxes = [new Inbox<string>(), new Inbox<string>(), new Inbox<string>()];
    const unsubscribes = await Promise.all(inboxes.map(({ put }) => transport.subscribe('room:a', put)));
    expect(transport.channelCount()).toBe(1);
    await unsubscribes[0]?.();
    await transport.publish('room:a', 'x');
    for (const inbox of inboxes.slice(1)) expect(await inbox.take(1)).toEqual(['x']);
    expect(inboxes[0]?.size).toBe(0);
    await Promise.all(unsubscribes.map((unsubscribe) => unsubscribe()));
    expect(transport.channelCount()).toBe(0);
  });

  it('lets one function listen twice, each for itself', async () => {
    const transport = await opened(connect());
    const inbox = new Inbox<string>();
    const unsubscribe = await transport.subscribe('room:a', inbox.put);
    await transport.subscribe('room:a', inbox.put);
    await unsubscribe();
    await unsubscribe();
    await transport.publish('room:a', 'x');
    expect(await inbox.take(1)).toEqual(['x']);
    await transport.publish('room:a', 'y');
    expect(await inbox.take(1)).toEqual(['y']);
  });

  it('survives unsubscriptions and subscriptions that cross', async () => {
    const transport = await opened(connect());
    for (let round = 0; round < 30; round++) {
      const gone = new Inbox<string>();
      const unsubscribe = await transport.subscribe('room:a', gone.put);
      const leaving = unsubscribe();
      const inbox = new Inbox<string>();
      const arriving = transport.subscribe('room:a', inbox.put);
      const stop = await arriving;
      await transport.publish('room:a', `round ${round}`);
      expect(await inbox.take(1)).toEqual([`round ${round}`]);
      expect(gone.size).toBe(0);
      await Promise.all([leaving, stop()]);
    }
    expect(transport.channelCount()).toBe(0);
  });

  it('goes on delivering when a listener throws', async () => {
    const logger = recordingLogger();
    const transport = await opened(connect({ logger }));
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', () => {
      throw new Error('broken listener');
    });
    await transport.subscribe('room:a', inbox.put);
    await transport.publish('room:a', 'x');
    expect(await inbox.take(1)).toEqual(['x']);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('delivers nothing and takes no listeners after it was closed, and publishing then does no harm', async () => {
    const transport = await connect();
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    expect(transport.healthy()).toBe(true);
    await transport.publish('room:a', 'x');
    await inbox.take(1);
    await transport.close();
    await transport.publish('room:a', 'y');
    await expect(transport.subscribe('room:a', inbox.put)).rejects.toThrow('closed');
    expect(transport.healthy()).toBe(false);
    expect(inbox.size).toBe(0);
  });
});

describe.each(networked)('the $name transport between processes', ({ urls, connect }) => {
  async function connectNamed(logger?: ReturnType<typeof recordingLogger>) {
    const name = `${prefix}${++connected}`;
    const transport = await opened(connect({ name, ...(logger && { logger }) }));
    return { transport, name };
  }

  it('reaches listeners of other processes', async () => {
    const { transport: here } = await connectNamed();
    const { transport: there } = await connectNamed();
    const inbox = new Inbox<string>();
    const channels = Array.from({ length: 50 }, (_, n) => `room:${n}`);
    await Promise.all(channels.map((channel) => there.subscribe(channel, inbox.put)));
    for (const channel of channels) {
      expect(await here.publish(channel, `hello ${channel}`)).toBeGreaterThan(0);
    }
    const expected = channels.map((channel) => `hello ${channel}`);
    expect((await inbox.take(50)).sort()).toEqual(expected.sort());
  });

  it('keeps prefixes apart', async () => {
    const { transport: here } = await connectNamed();
    const there = await opened(connect({ prefix: `${prefix}other:` }));
    const inbox = new Inbox<string>();
    await here.subscribe('room:a', inbox.put);
    await there.publish('room:a', 'not for here');
    await here.publish('room:a', 'for here');
    expect(await inbox.take(1)).toEqual(['for here']);
  });

  it('tells the loss and the return of its subscriptions, and delivers afterwards', async () => {
    const { transport, name } = await connectNamed();
    const inbox = new Inbox<string>();
    const channels = Array.from({ length: 20 }, (_, n) => `room:${n}`);
    for (const channel of channels) await transport.subscribe(channel, inbox.put);
    for (let round = 0; round < 3; round++) {
      await kill(transport, urls(), name);
      expect(transport.healthy()).toBe(false);
      await untilHealthy(transport);
      for (const channel of channels) await transport.publish(channel, `${channel} ${round}`);
      const expected = channels.map((channel) => `${channel} ${round}`);
      expect((await inbox.take(20)).sort()).toEqual(expected.sort());
    }
  });

  it('drops what is published while the connection is lost, and publishes again when it is back', async () => {
    const logger = recordingLogger();
    const { transport, name } = await connectNamed(logger);
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    await kill(transport, urls(), name);
    expect(await transport.publish('room:a', 'dropped')).toBeUndefined();
    await transport.publish('room:a', 'dropped as well');
    await untilHealthy(transport);
    await transport.publish('room:a', 'delivered');
    expect(await inbox.take(1)).toEqual(['delivered']);
    const told = logger.lines.filter(({ message }) => message.startsWith('Messages'));
    expect(told).toMatchObject([{ level: 'warn' }, { level: 'info', details: { dropped: 2 } }]);
  });

  it('serves who subscribes while the connection is lost as soon as it is back', async () => {
    const { transport, name } = await connectNamed();
    await kill(transport, urls(), name);
    const inbox = new Inbox<string>();
    await transport.subscribe('room:late', inbox.put);
    await untilHealthy(transport);
    await transport.publish('room:late', 'x');
    expect(await inbox.take(1)).toEqual(['x']);
  });
});

describe.runIf(redisUrl)('the redis transport', () => {
  const url = redisUrl as string;

  it('is unsubscribed at Redis when the last listener has gone', async () => {
    const transport = await opened(connectRedisTransport({ url, prefix }));
    const subscribers = () => withAdmin(url, (admin) => admin.pubsub('NUMSUB', `${prefix}room:counted`));
    const first = await transport.subscribe('room:counted', () => {});
    const second = await transport.subscribe('room:counted', () => {});
    expect(await subscribers()).toEqual([`${prefix}room:counted`, 1]);
    await first();
    await second();
    expect(await subscribers()).toEqual([`${prefix}room:counted`, 0]);
  });

  it('notices a Redis that no longer answers', async () => {
    const server = await startProxy(url);
    closers.push(server.close);
    const transport = await opened(
      connectRedisTransport({ url: server.url, prefix, pingIntervalMs: 50, connectTimeoutMs: 500 }),
    );
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    const lost = once(transport.onInterruption);
    server.freeze();
    await lost;
    expect(transport.healthy()).toBe(false);
    server.thaw();
    while (!transport.healthy()) await once(transport.onInterruption);
    await transport.publish('room:a', 'x');
    expect(await inbox.take(1)).toEqual(['x']);
  });

  it('starts without a Redis, tells it once and without the password, and is there when it comes', async () => {
    const logger = recordingLogger();
    const server = (await startOwnRedis()) as Service;
    closers.push(server.stop);
    await server.kill();
    const { port } = new URL(server.url);
    const transport = await opened(
      connectRedisTransport({ url: `redis://default:secret@127.0.0.1:${port}`, prefix, logger }),
    );
    expect(transport.healthy()).toBe(false);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
    expect(JSON.stringify(logger.lines)).not.toContain('secret');
    await transport.publish('room:a', 'to nobody');
    const inbox = new Inbox<string>();
    const subscribing = transport.subscribe('room:a', inbox.put);
    const gone = await Promise.race([subscribing, transport.subscribe('room:b', () => {}), 'waits']);
    expect(gone).toBe('waits');
    let told = 0;
    transport.onInterruption(() => told++);
    await server.start();
    await subscribing;
    await untilHealthy(transport);
    await expect.poll(() => told).toBeGreaterThan(0);
    await transport.publish('room:a', 'x');
    expect(await inbox.take(1)).toEqual(['x']);
  });

  it('gives up when it is closed before a Redis has come', async () => {
    const transport = await connectRedisTransport({ url: 'redis://127.0.0.1:1', prefix });
    const subscribing = transport.subscribe('room:a', () => {});
    expect(transport.channelCount()).toBe(1);
    await transport.close();
    await expect(subscribing).rejects.toThrow('closed');
    expect(transport.channelCount()).toBe(0);
  });

  it('starts on something that takes connections and never answers, and is there when it does', async () => {
    const server = await startProxy(url);
    closers.push(server.close);
    server.freeze();
    const transport = await opened(connectRedisTransport({ url: server.url, prefix, connectTimeoutMs: 100 }));
    expect(transport.healthy()).toBe(false);
    server.thaw();
    await untilHealthy(transport);
  });

  it('refuses to start where it is refused, in one sentence and without the password', async () => {
    const { host } = new URL(url);
    const failure = connectRedisTransport({ url: `redis://ann:secret@${host}` });
    await expect(failure).rejects.toThrow(
      /^Cannot connect to Redis at redis:\/\/[\w.:]+: WRONGPASS.*; write the user and the password/,
    );
    await expect(failure).rejects.not.toThrow('secret');
  });

  it('refuses a URL that is none of Redis', async () => {
    for (const wrong of ['localhost', 'http://127.0.0.1:6379', '/tmp/redis.sock', '', `${url},`]) {
      await expect(connectRedisTransport({ url: wrong })).rejects.toThrow('Not a Redis URL');
    }
  });
});

describe.runIf(redisUrl)('the redis cluster transport', () => {
  const [first, second, third] = [0, 1, 2].map((n) => () => cluster.nodes[n] as Service) as [
    () => Service,
    () => Service,
    () => Service,
  ];

  async function connectNamed() {
    const name = `${prefix}${++connected}`;
    const url = first().url;
    return {
      name,
      transport: await opened(connectRedisTransport({ url, prefix, name, pingIntervalMs: 500 })),
    };
  }

  /** Publishes on the channel until it arrives: what is on its way to a new place may be lost. */
  async function untilHeard(transport: Transport, channel: string, inbox: Inbox<string>): Promise<void> {
    const heard = async () => {
      await transport.publish(channel, 'x');
      return inbox.size;
    };
    await expect.poll(heard, { timeout: 30_000 }).toBeGreaterThan(0);
    await inbox.take(inbox.size);
  }

  const slotOfChannel = (channel: string) => slotOf(bucketChannel(prefix, bucketOf(channel)));

  /** A channel that the node serves. */
  async function channelAt(node: Service): Promise<string> {
    const slots = await withAdmin(node.url, async (admin) => String(await admin.cluster('NODES')));
    const [from, to] = (/myself.* (\d+)-(\d+)/.exec(slots) ?? []).slice(1).map(Number) as [number, number];
    for (let n = 0; ; n++) {
      const slot = slotOfChannel(`room:${n}`);
      if (slot >= from && slot <= to) return `room:${n}`;
    }
  }

  it('spreads its few subscriptions over all nodes, however many channels are listened to', async () => {
    const { transport, name } = await connectNamed();
    const channels = Array.from({ length: 5000 }, (_, n) => `room:${n}`);
    const stops = await Promise.all(channels.map((channel) => transport.subscribe(channel, () => {})));
    expect(transport.channelCount()).toBe(5000);
    const counts = async () => {
      const all: number[] = [];
      for (const { url } of cluster.nodes) {
        const clients = await withAdmin(url, async (admin) => String(await admin.client('LIST')));
        const own = clients.split('\n').filter((line) => line.includes(`name=${name}`));
        expect(own).toHaveLength(1);
        all.push(Number(/ssub=(\d+)/.exec(own[0] as string)?.[1]));
      }
      return all;
    };
    const subscribed = await counts();
    expect(subscribed.reduce((sum, count) => sum + count)).toBe(256);
    expect(Math.min(...subscribed)).toBeGreaterThan(50);
    await Promise.all(stops.map((stop) => stop()));
    await expect.poll(counts).toEqual([0, 0, 0]);
  });

  it('connects by the first of several addresses that answers', async () => {
    const url = `redis://127.0.0.1:1, ${second().url}`;
    const transport = await opened(connectRedisTransport({ url, prefix }));
    expect(transport.healthy()).toBe(true);
  });

  it('goes on without a node that is killed, and with it when it is back', { timeout: 90_000 }, async () => {
    const { transport } = await connectNamed();
    const inbox = new Inbox<string>();
    const channel = await channelAt(second());
    await transport.subscribe(channel, inbox.put);
    await untilHeard(transport, channel, inbox);
    let lost = once(transport.onInterruption);
    await second().kill();
    await lost;
    expect(transport.healthy()).toBe(false);
    await transport.publish(channel, 'dropped');
    const late = new Inbox<string>();
    const subscribing = transport.subscribe(channel, late.put);
    lost = once(transport.onInterruption);
    await second().start();
    await lost;
    await cluster.settled();
    await subscribing;
    await untilHeard(transport, channel, inbox);
    await untilHealthy(transport);
    expect(late.size).toBeGreaterThan(0);
  });

  it('follows a slot that moves, and tells that something may have been missed', async () => {
    const { transport: here } = await connectNamed();
    const { transport: there } = await connectNamed();
    const inbox = new Inbox<string>();
    const channel = await channelAt(third());
    await there.subscribe(channel, inbox.put);
    await untilHeard(here, channel, inbox);
    for (const [from, to] of [
      [third(), first()],
      [first(), third()],
    ] as const) {
      let interruptions = 0;
      const stop = there.onInterruption(() => interruptions++);
      await moveSlot(slotOfChannel(channel), from, to);
      await untilHeard(here, channel, inbox);
      await expect.poll(() => interruptions).toBeGreaterThan(0);
      stop();
    }
    await untilHealthy(there);
  });

  /** What tools for resharding do with a slot that holds no keys. */
  async function moveSlot(slot: number, from: Service, to: Service): Promise<void> {
    const idOf = ({ url }: Service) => withAdmin(url, async (admin) => String(await admin.cluster('MYID')));
    const [source, target] = [await idOf(from), await idOf(to)];
    const set = ({ url }: Service, ...change: string[]) =>
      withAdmin(url, (admin) => admin.call('CLUSTER', 'SETSLOT', String(slot), ...change));
    await set(to, 'IMPORTING', source);
    await set(from, 'MIGRATING', target);
    for (const node of [to, from, second()]) await set(node, 'NODE', target);
  }
});
