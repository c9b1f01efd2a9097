/**
 * The transport between processes: Redis pub/sub, over one connection that publishes and one that listens.
 *
 * ioredis would subscribe again by itself after a loss, but says `ready` before that is acknowledged: what is
 * published in between is missed without a word. So the channels are kept here, subscribed again here, and the
 * end of the interruption is told when all of them are acknowledged.
 */
import type { Logger } from '../logger.ts';
import { silentLogger } from '../logger.ts';
import type { Transport } from '../transport.ts';
import { Channels } from './channels.ts';
import { openRedisConnection, type RedisConnection } from './redis-connection.ts';

export interface RedisTransportOptions {
  /** `redis:` or `rediss:` URL. */
  url: string;
  /** Put before every channel. Servers on different databases must not share one. */
  prefix?: string;
  /** Names the connections in `CLIENT LIST`: `<name>-subscriber` and `<name>-publisher`. */
  name?: string;
  connectTimeoutMs?: number;
  /** How often the connections are checked; a dead one is noticed within twice that. */
  pingIntervalMs?: number;
  logger?: Logger;
}

// A Redis that takes in nothing must not fill our memory: beyond this, messages are dropped.
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;
const RESUBSCRIBE_AFTER_MS = 1000;

/** Connects both connections; rejects with one sentence when that fails. Later losses are mended for ever. */
export async function connectRedisTransport({
  url,
  prefix = 'sb:',
  name = 'signalbox',
  connectTimeoutMs = 5000,
  pingIntervalMs = 5000,
  logger = silentLogger,
}: RedisTransportOptions): Promise<Transport> {
  const listeners = new Set<() => void>();
  const connections: RedisConnection[] = [];
  let listening = false;
  let closed = false;
  let attempts = 0;
  let retry: NodeJS.Timeout | undefined;

  const channels = new Channels(
    {
      subscribe: async (channel) => subscriber.redis.subscribe(prefix + channel),
      unsubscribe: async (channel) => subscriber.redis.unsubscribe(prefix + channel),
    },
    logger,
    false,
  );

  function interrupted(): void {
    if (closed) return;
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        logger.error({ err: error }, 'A listener for interruptions failed');
      }
    }
  }

  async function resubscribe(): Promise<void> {
    const attempt = ++attempts;
    const complete = await channels.connected();
    if (attempt !== attempts) return;
    listening = complete;
    if (listening) interrupted();
    else if (subscriber?.ready() && !closed) {
      retry = setTimeout(() => void resubscribe(), RESUBSCRIBE_AFTER_MS).unref();
    }
  }

  async function open(role: string, onReady: () => void, onLost: () => void): Promise<RedisConnection> {
    const options = {
      url,
      name: `${name}-${role}`,
      connectTimeoutMs,
      pingIntervalMs,
      logger,
      onReady,
      onLost,
    };
    const connection = await openRedisConnection(options);
    connections.push(connection);
    return connection;
  }

  let subscriber: RedisConnection;
  let publisher: RedisConnection;
  try {
    subscriber = await open(
      'subscriber',
      () => void resubscribe(),
      () => {
        clearTimeout(retry);
        attempts++; // what is under way no longer counts
        listening = false;
        channels.disconnected();
        interrupted();
      },
    );
    publisher = await open('publisher', interrupted, interrupted);
  } catch (error) {
    for (const connection of connections) connection.close();
    throw error;
  }
  subscriber.redis.on('message', (channel: string, message: string) => {
    if (!closed) channels.deliver(channel.slice(prefix.length), message);
  });

  const send = createSender(() => publisher, logger);
  return {
    publish: (channel, message) => (closed ? Promise.resolve() : send(prefix + channel, message)),
    subscribe: (channel, onMessage) => channels.subscribe(channel, onMessage),
    onInterruption(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    healthy: () => !closed && listening && subscriber.ready() && publisher.ready(),
    channelCount: () => channels.size,
    async close() {
      closed = true;
      clearTimeout(retry);
      listeners.clear();
      channels.close();
      for (const connection of connections) connection.close();
    },
  };
}

/** Publishes without ever rejecting; logs once when it begins to drop messages and once when it no longer does. */
function createSender(publisher: () => RedisConnection, logger: Logger) {
  let waiting = 0;
  let dropped = 0;

  function drop(channel: string, reason: unknown): void {
    if (dropped++ === 0)
      logger.warn({ err: reason, channel }, 'Messages cannot be published and are dropped');
  }

  return async (channel: string, message: string): Promise<void> => {
    if (!publisher().ready()) return drop(channel, new Error('Not connected'));
    if (waiting + message.length > MAX_WAITING_CHARACTERS) return drop(channel, new Error('Too much waits'));
    waiting += message.length;
    try {
      await publisher().redis.publish(channel, message);
      if (dropped > 0) logger.info({ dropped }, 'Messages are published again');
      dropped = 0;
    } catch (error) {
      drop(channel, error);
    } finally {
      waiting -= message.length;
    }
  };
}
