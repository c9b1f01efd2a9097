/**
 * One connection that listens on channels of a Redis, plain or sharded.
 *
 * ioredis would subscribe again by itself after a loss, but says `ready` before that is acknowledged: what is
 * published in between is missed without a word. So the channels are kept here, subscribed again here, and the
 * end of the interruption is reported when all of them are acknowledged.
 */
import type { ServerLogger } from '../logger.ts';
import { Channels } from './channels.ts';
import {
  openRedisConnection,
  type RedisConnection,
  type RedisConnectionOptions,
} from './redis-connection.ts';

export interface RedisListenerOptions extends Omit<RedisConnectionOptions, 'onReady' | 'onLost'> {
  /** Sharded pub/sub, as in a cluster. */
  sharded: boolean;
  logger: ServerLogger;
  /** Something may have been missed: the connection is lost, or everything is subscribed again. */
  onInterruption(): void;
  /** The server has given up some of the channels, or refuses one: it lives elsewhere now. */
  onMoved?(): void;
}

export interface RedisListener {
  readonly channels: Channels;
  readonly connection: RedisConnection;
  /** Whether everything that is wanted is subscribed. */
  listening(): boolean;
  /** Subscribes to everything once more, as if the connection were new. */
  resubscribe(): void;
  close(): void;
}

const RESUBSCRIBE_AFTER_MS = 1000;
/** Rights are given by people. */
export const RIGHTS_RETRY_MS = 10_000;

export function openRedisListener(options: RedisListenerOptions): RedisListener {
  const { sharded, logger, onInterruption } = options;
  let listening = false;
  let closed = false;
  let attempts = 0;
  let retry: NodeJS.Timeout | undefined;

  const channels = new Channels(
    {
      subscribe: (channel) =>
        (sharded ? redis.ssubscribe(channel) : redis.subscribe(channel)).catch(noteRefusal),
      unsubscribe: async (channel) => (sharded ? redis.sunsubscribe(channel) : redis.unsubscribe(channel)),
    },
    logger,
    false,
  );

  /** Without the right to a channel, what is missed there goes unnoticed: that is as bad as no connection. */
  function noteRefusal(error: Error): never {
    if (error.message.startsWith('NOPERM')) {
      listening = false;
      clearTimeout(retry);
      retry = setTimeout(resubscribe, RIGHTS_RETRY_MS).unref();
    }
    throw error;
  }

  function resubscribe(): void {
    lost();
    if (connection.ready()) void subscribeAll();
  }

  function lost(): void {
    clearTimeout(retry);
    attempts++; // what is under way no longer counts
    listening = false;
    channels.disconnected();
  }

  async function subscribeAll(): Promise<void> {
    const attempt = ++attempts;
    const complete = await channels.connected();
    if (attempt !== attempts || closed) return;
    listening = complete;
    if (complete) onInterruption();
    else retry = setTimeout(() => void subscribeAll(), RESUBSCRIBE_AFTER_MS).unref();
  }

  const connection = openRedisConnection({
    ...options,
    onReady: () => void subscribeAll(),
    onLost() {
      lost();
      onInterruption();
    },
  });
  const { redis } = connection;
  redis.on(sharded ? 'smessage' : 'message', (channel: string, message: string) => {
    if (!closed) channels.deliver(channel, message);
  });
  redis.on('moved', () => {
    if (!closed) options.onMoved?.();
  });

  return {
    channels,
    connection,
    listening: () => listening && connection.ready(),
    resubscribe,
    close() {
      closed = true;
      clearTimeout(retry);
      channels.close();
      connection.close();
    },
  };
}
