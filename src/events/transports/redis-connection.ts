/** One supervised connection to Redis: told when it comes and goes, never silent, never half open for long. */
import { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';

export interface RedisConnectionOptions {
  /** `redis:` or `rediss:` URL. */
  url: string;
  /** Shown in `CLIENT LIST` and in the logs. */
  name: string;
  /** How long the first connection, and later each attempt, may take. */
  connectTimeoutMs: number;
  /** How often a silent connection is asked whether it still lives; as long again without an answer, and it is cut. */
  pingIntervalMs: number;
  logger: Logger;
  /** The connection is ready, for the first time or again. */
  onReady(): void;
  /** A connection that was ready is gone. */
  onLost(): void;
}

export interface RedisConnection {
  readonly redis: Redis;
  ready(): boolean;
  close(): void;
}

const MAX_RETRY_DELAY_MS = 2000;

/**
 * Connects. Rejects with one sentence when the first connection cannot be made; from then on a lost connection is
 * made again for ever. Commands are neither queued while it is lost nor sent again: whoever uses it starts over.
 */
export async function openRedisConnection(options: RedisConnectionOptions): Promise<RedisConnection> {
  const { url, name, connectTimeoutMs, pingIntervalMs, logger } = options;
  let established = false;
  let ready = false;
  let lastError: Error | undefined;

  const redis = new Redis(requireRedisUrl(url), {
    lazyConnect: true,
    connectionName: name,
    connectTimeout: connectTimeoutMs,
    // Cuts a connection that owes an answer for so long; the pings make sure that there is always one owed.
    socketTimeout: pingIntervalMs,
    retryStrategy: (times) => (established ? retryDelayMs(times) : null),
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
  });
  redis.on('error', (error: Error) => {
    lastError = error;
    logger.debug({ err: error, connection: name }, 'Redis connection error');
  });

  try {
    await withTimeout(redis.connect(), connectTimeoutMs);
  } catch (error) {
    redis.disconnect();
    const reason = lastError ?? (error as Error);
    throw new Error(`Cannot connect to Redis at ${withoutCredentials(url)}: ${describe(reason)}`, {
      cause: reason,
    });
  }
  established = ready = true;
  options.onReady();

  redis.on('close', () => {
    if (!ready) return; // one more attempt that failed
    ready = false;
    logger.warn({ err: lastError, connection: name }, 'The connection to Redis is lost; trying again');
    options.onLost();
  });
  redis.on('ready', () => {
    ready = true;
    logger.info({ connection: name }, 'The connection to Redis is back');
    options.onReady();
  });
  const pings = setInterval(() => {
    if (ready) redis.ping().catch(() => {}); // a failure shows as a closed connection
  }, pingIntervalMs);
  pings.unref();

  return {
    redis,
    ready: () => ready,
    close() {
      ready = false;
      clearInterval(pings);
      redis.disconnect();
    },
  };
}

function requireRedisUrl(url: string): string {
  // ioredis takes anything else for the path of a socket, and then waits for it.
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new Error(`Not a Redis URL (redis://host:port): ${withoutCredentials(url)}`);
  }
  return url;
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

// A refused connection to a name with several addresses is an AggregateError without a message.
function describe(error: Error): string {
  const causes = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return causes.map((cause) => cause.message).join('; ');
}

function retryDelayMs(times: number): number {
  return Math.min(50 * 2 ** Math.min(times - 1, 10), MAX_RETRY_DELAY_MS) * (0.75 + Math.random() / 2);
}

async function withTimeout(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {}); // when the timeout was first, nobody listens any more
  }
}
