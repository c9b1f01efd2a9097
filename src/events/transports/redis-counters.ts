/**
 * A connection to Redis to count in, apart from the transport's: what waits on one must not hold up the other. A single
 * server or a cluster; where nobody answers yet, there is none until somebody does.
 */

import type { ConnectionOptions } from 'node:tls';
import { Cluster, type Redis } from 'ioredis';
import { present } from '../../domain/present.ts';
import type { ServerLogger } from '../logger.ts';
import { redisUrls } from './redis-address.ts';
import { openRedisConnection, retryDelayMs } from './redis-connection.ts';
import { RIGHTS_RETRY_MS } from './redis-listener.ts';
import { probeRedis, RedisUnreachable } from './redis-probe.ts';
import { describeMissingRights } from './redis-rights.ts';

export interface RedisCounters {
  /** Undefined before Redis was reached for the first time; later it may be lost, see its status. */
  client(): Redis | Cluster | undefined;
  /** Whether what is counted now is counted together with the other servers. */
  healthy(): boolean;
  close(): void;
}

export interface RedisCountersOptions {
  /** As of the transport. */
  url: string;
  tls?: ConnectionOptions | undefined;
  /** Begins every key. */
  prefix: string;
  logger: ServerLogger;
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
export async function openRedisCounters({
  url,
  tls,
  prefix,
  logger,
}: RedisCountersOptions): Promise<RedisCounters> {
  const urls = redisUrls(url);
  let connected: { redis: Redis | Cluster; close(): void } | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let attempts = 0;
  let lacks: string | undefined;

  async function attempt(): Promise<void> {
    try {
      const facts = await probeRedis(urls, { timeoutMs: CONNECT_TIMEOUT_MS, tls, prefix });
      const missing = facts.missing.filter(({ purpose }) => purpose === 'counters');
      if (missing.length > 0) return waitForRights(describeMissingRights(missing, facts.url).join(' '));
      if (!closed)
        connected = facts.cluster
          ? openCluster(urls, tls, logger)
          : await openSingle(present(urls[0]), { tls, info: facts.info, logger });
      if (closed) connected?.close();
    } catch (error) {
      // A refusal at the start ends it; later whoever mends it at the server need not restart us.
      if (attempts === 0 && !(error instanceof RedisUnreachable)) throw error;
      logger.debug({ err: error }, 'Redis cannot be reached yet to count in');
      if (!closed) timer = setTimeout(() => void attempt(), retryDelayMs(++attempts)).unref();
    }
  }

  function waitForRights(sentence: string): void {
    if (sentence !== lacks) logger.warn({}, sentence);
    lacks = sentence;
    attempts++;
    if (!closed) timer = setTimeout(() => void attempt(), RIGHTS_RETRY_MS).unref();
  }

  await attempt();
  return {
    client: () => connected?.redis,
    healthy: () => connected?.redis.status === 'ready',
    close() {
      closed = true;
      clearTimeout(timer);
      connected?.close();
    },
  };
}

async function openSingle(
  url: string,
  options: { tls: ConnectionOptions | undefined; info: boolean; logger: ServerLogger },
) {
  const connection = openRedisConnection({
    ...options,
    ...{ url, name: NAME, onReady: () => {}, onLost: () => {} },
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    pingIntervalMs: PING_INTERVAL_MS,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  await connection.attempted;
  return connection;
}

function openCluster(urls: readonly string[], tls: ConnectionOptions | undefined, logger: ServerLogger) {
  const [first] = urls.map((url) => new URL(url));
  const redis = new Cluster([...urls], {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelayMs,
    redisOptions: {
      username: decodeURIComponent(first?.username ?? '') || undefined,
      password: decodeURIComponent(first?.password ?? '') || undefined,
      tls: first?.protocol === 'rediss:' ? (tls ?? {}) : undefined,
      connectionName: NAME,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
    },
  });
  redis.on('error', (error) => logger.debug({ err: error }, 'An error of the Redis Cluster to count in'));
  return { redis, close: () => redis.disconnect() };
}
