import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '../../src/events/transport.ts';
import { createMemoryTransport } from '../../src/events/transports/memory.ts';
import { connectRedisTransport } from '../../src/events/transports/redis.ts';
import { redisPrefix, testRedisUrl } from '../support/database.ts';
import { Inbox, once, recordingLogger } from './inbox.ts';
import { startProxy } from './redis-proxy.ts';

const redisUrl = testRedisUrl();
const prefix = redisPrefix();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** `count` transports that reach each other; with the in-process one that is the same one. */
const adapters: {
  name: string;
  connect: (logger?: ReturnType<typeof recordingLogger>) => Promise<Transport>;
}[] = [{ name: 'memory', connect: async (logger) => createMemoryTransport({ logger }) }];
if (redisUrl) {
  adapters.push({
    name: 'redis',
    connect: (logger) => connectRedisTransport({ url: redisUrl, prefix, logger }),
  });
}

async function opened(connecting: Promise<Transport>): Promise<Transport> {
  const transport = await connecting;
  closers.push(() => transport.close());
  return transport;
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
    const transport = await opened(connect(logger));
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

describe.runIf(redisUrl)('the redis transport', () => {
  const url = redisUrl as string;

  async function withAdmin<T>(work: (admin: Redis) => Promise<T>): Promise<T> {
    const admin = new Redis(url);
    try {
      return await work(admin);
    } finally {
      admin.disconnect();
    }
  }

  let connected = 0;

  async function connectNamed(logger?: ReturnType<typeof recordingLogger>) {
    const name = `${prefix}${++connected}`;
    const transport = await opened(connectRedisTransport({ url, prefix, name, logger }));
    return { transport, name };
  }

  /** Kills one connection of the transport; resolves when it has noticed. */
  async function kill(transport: Transport, name: string): Promise<void> {
    const lost = once(transport.onInterruption);
    await withAdmin(async (admin) => {
      const clients = String(await admin.client('LIST')).split('\n');
      const [client] = clients.filter((line) => line.includes(`name=${name} `));
      await admin.call('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(client as string)?.[1] as string);
    });
    await lost;
  }

  it('reaches listeners of other processes', async () => {
    const { transport: here } = await connectNamed();
    const { transport: there } = await connectNamed();
    const inbox = new Inbox<string>();
    await there.subscribe('room:a', inbox.put);
    await here.publish('room:a', 'hello');
    expect(await inbox.take(1)).toEqual(['hello']);
  });

  it('keeps prefixes apart', async () => {
    const { transport: here } = await connectNamed();
    const there = await opened(connectRedisTransport({ url, prefix: `${prefix}other:` }));
    const inbox = new Inbox<string>();
    await here.subscribe('room:a', inbox.put);
    await there.publish('room:a', 'not for here');
    await here.publish('room:a', 'for here');
    expect(await inbox.take(1)).toEqual(['for here']);
  });

  it('is unsubscribed at Redis when the last listener has gone', async () => {
    const { transport } = await connectNamed();
    const subscribers = () => withAdmin((admin) => admin.pubsub('NUMSUB', `${prefix}room:counted`));
    const first = await transport.subscribe('room:counted', () => {});
    const second = await transport.subscribe('room:counted', () => {});
    expect(await subscribers()).toEqual([`${prefix}room:counted`, 1]);
    await first();
    await second();
    expect(await subscribers()).toEqual([`${prefix}room:counted`, 0]);
  });

  it('tells the loss and the return of its subscriptions, and delivers afterwards', async () => {
    const { transport, name } = await connectNamed();
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    await transport.subscribe('room:b', inbox.put);
    for (let round = 0; round < 3; round++) {
      await kill(transport, `${name}-subscriber`);
      if (!transport.healthy()) await once(transport.onInterruption);
      expect(transport.healthy()).toBe(true);
      await transport.publish('room:a', `a ${round}`);
      await transport.publish('room:b', `b ${round}`);
      expect(await inbox.take(2)).toEqual([`a ${round}`, `b ${round}`]);
    }
  });

  it('drops what is published while the connection is lost, and publishes again when it is back', async () => {
    const logger = recordingLogger();
    const { transport, name } = await connectNamed(logger);
    const inbox = new Inbox<string>();
    await transport.subscribe('room:a', inbox.put);
    await kill(transport, `${name}-publisher`);
    expect(transport.healthy()).toBe(false);
    await transport.publish('room:a', 'dropped');
    await transport.publish('room:a', 'dropped as well');
    await once(transport.onInterruption);
    await transport.publish('room:a', 'delivered');
    expect(await inbox.take(1)).toEqual(['delivered']);
    expect(logger.lines.filter(({ message }) => message.includes('dropped'))).toHaveLength(1);
    expect(logger.lines.at(-1)?.details).toMatchObject({ dropped: 2 });
  });

  it('serves who subscribes while the connection is lost as soon as it is back', async () => {
    const { transport, name } = await connectNamed();
    await kill(transport, `${name}-subscriber`);
    const inbox = new Inbox<string>();
    await transport.subscribe('room:late', inbox.put);
    await transport.publish('room:late', 'x');
    expect(await inbox.take(1)).toEqual(['x']);
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

  it('refuses to start without a Redis, in one sentence and without the password', async () => {
    const failure = connectRedisTransport({ url: 'redis://user:secret@127.0.0.1:1' });
    await expect(failure).rejects.toThrow(
      /^Cannot connect to Redis at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
    );
    await expect(failure).rejects.not.toThrow('secret');
  });

  it('refuses to start on something that takes connections and never answers', async () => {
    const server = await startProxy(url);
    closers.push(server.close);
    server.freeze();
    const failure = connectRedisTransport({ url: server.url, connectTimeoutMs: 100 });
    await expect(failure).rejects.toThrow(/^Cannot connect to Redis at redis:\/\/127\.0\.0\.1:\d+: /);
  });

  it('refuses a URL that is none of Redis', async () => {
    for (const wrong of ['localhost', 'http://127.0.0.1:6379', '/tmp/redis.sock', '']) {
      await expect(connectRedisTransport({ url: wrong })).rejects.toThrow('Not a Redis URL');
    }
  });
});
