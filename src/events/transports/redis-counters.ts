/**
 * A connection to Redis to count in, apart from the transport's: what waits on one must not hold up the other. A single
 * server or a cluster; where nobody answers yet, there is none until somebody does.
 */
import { Cluster, type Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import { redisUrls } from './redis-address.ts';
import { openRedisConnection, retryDelayMs } from './redis-connection.ts';
import { probeRedis, RedisUnreachable } from './redis-probe.ts';

export interface RedisCounters {
  /** Undefined before Redis was reached for the first time; later it may be lost, which its status tells. */
  client(): Redis | Cluster | undefined;
  close(): void;
}

export interface RedisCountersOptions {
  /** As of the transport. */
  url: string;
  logger: Logger;
}

const CONNECT_TIMEOUT_MS = 5_000;
const PING_INTERVAL_MS = 5_000;
// Who counts does not wait for longer.
const COMMAND_TIMEOUT_MS = 500;
const NAME = 'signalbox-counters';

/**
 * Connects; a loss, at the start as well as later, is mended for ever.
 * @throws an error of one sentence when the URL is none of Redis, or the server refuses us
 */
export async function openRedisCounters({ url, logger }: RedisCountersOptions): Promise<RedisCounters> {
  const urls = redisUrls(url);
  let connected: { redis: Redis | Cluster; close(): void } | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let attempts = 0;

  async function attempt(): Promise<void> {
    try {
      const { cluster } = await probeRedis(urls, CONNECT_TIMEOUT_MS);
      if (!closed)
        connected = cluster ? openCluster(urls, logger) : await openSingle(urls[0] as string, logger);
      if (closed) connected?.close();
    } catch (error) {
      // A refusal at the start ends it; later whoever mends it at the server need not restart us.
      if (attempts === 0 && !(error instanceof RedisUnreachable)) throw error;
      logger.debug({ err: error }, 'Redis cannot be reached yet to count in');
      if (!closed) timer = setTimeout(() => void attempt(), retryDelayMs(++attempts)).unref();
    }
  }

  await attempt();
  return {
    client: () => connected?.redis,
    close() {
      closed = true;
      clearTimeout(timer);
      connected?.close();
    },
  };
}

async function openSingle(url: string, logger: Logger) {
  const connection = openRedisConnection({
    ...{ url, logger, name: NAME, onReady: () => {}, onLost: () => {} },
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    pingIntervalMs: PING_INTERVAL_MS,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  await connection.attempted;
  return connection;
}

function openCluster(urls: readonly string[], logger: Logger) {
  const [first] = urls.map((url) => new URL(url));
  const redis = new Cluster([...urls], {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelayMs,
    redisOptions: {
      username: decodeURIComponent(first?.username ?? '') || undefined,
      password: decodeURIComponent(first?.password ?? '') || undefined,
      tls: first?.protocol === 'rediss:' ? {} : undefined,
      connectionName: NAME,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
    },
  });
  redis.on('error', (error) => logger.debug({ err: error }, 'An error of the Redis Cluster to count in'));
  return { redis, close: () => redis.disconnect() };
}
