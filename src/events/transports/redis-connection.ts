/** One supervised connection to Redis: it reports when it comes and goes, and is never half open for long. */
import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import type { ServerLogger } from '../logger.ts';
import { tlsFor } from './redis-tls.ts';

export interface RedisConnectionOptions {
  /** `redis:` or `rediss:` URL. */
  url: string;
  /** Shown in `CLIENT LIST` and in the logs. */
  name: string;
  /** How long each attempt to connect may take. */
  connectTimeoutMs: number;
  /** How often a silent connection is asked whether it still lives; as long again without an answer, and it is cut. */
  pingIntervalMs: number;
  /** How long a command may take; without it as long as the connection lives. */
  commandTimeoutMs?: number;
  /** Of a `rediss:` URL. */
  tls?: ConnectionOptions | undefined;
  /** Whether INFO may be asked, by which the driver sees that the server has read its data. */
  info?: boolean;
  logger: ServerLogger;
  /** The connection is ready, for the first time or again. */
  onReady(): void;
  /** A connection that was ready is gone. */
  onLost(): void;
}

export interface RedisConnection {
  readonly redis: Redis;
  /** Resolves when the first attempt has ended, whichever way. */
  readonly attempted: Promise<void>;
  ready(): boolean;
  close(): void;
}

const MAX_RETRY_DELAY_MS = 2000;

/**
 * Connects, and connects again for ever. Commands are neither queued while there is no connection nor sent again:
 * whoever uses it starts over.
 */
export function openRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { url, tls, info = true, name, connectTimeoutMs, pingIntervalMs, commandTimeoutMs, logger } = options;
  let ready = false;
  let lastError: Error | undefined;

  const redis = new Redis(url, {
    lazyConnect: true,
    ...tlsFor(url, tls),
    enableReadyCheck: info,
    connectionName: name,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // Cuts a connection that owes an answer for so long; the pings make sure that there is always one owed.
    socketTimeout: pingIntervalMs,
    retryStrategy: retryDelayMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
  });
  redis.on('error', (error: Error) => {
    lastError = error;
    logger.debug({ err: error, connection: name }, 'Redis connection error');
  });
  redis.on('close', () => {
    if (!ready) return; // one more attempt that failed
    ready = false;
    logger.warn({ err: lastError, connection: name }, 'The connection to Redis is lost; trying again');
    options.onLost();
  });
  let established = false;
  redis.on('ready', () => {
    ready = true;
    if (established) logger.info({ connection: name }, 'The connection to Redis is back');
    established = true;
    options.onReady();
  });
  const attempted = new Promise<void>((resolve) => {
    redis.once('ready', resolve);
    redis.once('close', () => resolve());
    redis.once('end', () => resolve());
  });
  redis.connect().catch(() => {}); // it goes on trying
  const pings = setInterval(() => {
    if (ready) redis.ping().catch(() => {}); // a failure shows as a closed connection
  }, pingIntervalMs);
  pings.unref();

  return {
    redis,
    attempted,
    ready: () => ready,
    close() {
      ready = false;
      clearInterval(pings);
      redis.disconnect();
    },
  };
}

/** How long to wait before the `times`-th further attempt: doubling to two seconds, varied by a quarter. */
export function retryDelayMs(times: number): number {
  return Math.min(50 * 2 ** Math.min(times - 1, 10), MAX_RETRY_DELAY_MS) * (0.75 + Math.random() / 2);
}
