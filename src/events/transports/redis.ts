/**
 * The transport between processes: Redis pub/sub. What REDIS_URL names is asked whether it is a single server or part
 * of a cluster; where nobody answers yet, the transport is there all the same and becomes healthy when somebody does.
 */
import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '../logger.ts';
import { silentLogger } from '../logger.ts';
import { openConnectingTransport } from './connecting.ts';
import { redisUrls } from './redis-address.ts';
import { connectClusterTransport } from './redis-cluster.ts';
import { probeRedis, RedisUnreachable } from './redis-probe.ts';
import { describeMissingRights } from './redis-rights.ts';
import { connectSingleTransport } from './redis-single.ts';
import type { Transport } from './transport.ts';

export interface RedisTransportOptions {
  /** `redis:` or `rediss:` URL; several with commas between them are members of one cluster. */
  url: string;
  /** Put before every channel. Servers on different databases must not share one. No braces. */
  prefix?: string;
  /** Begins the names of the connections in `CLIENT LIST`. */
  name?: string;
  connectTimeoutMs?: number;
  /** How often the connections are checked; a dead one is noticed within twice that. */
  pingIntervalMs?: number;
  /** Of `rediss:` URLs, see redis-tls.ts. */
  tls?: ConnectionOptions | undefined;
  logger?: Logger;
}

/** What Redis lets us do is less than changes need to travel. */
class RightsMissing extends Error {
  override readonly name = 'RightsMissing';
}

/**
 * Connects; a loss, at the start as well as later, is mended for ever.
 * @throws an error of one sentence when the URL is none of Redis, or the server refuses us
 */
export async function connectRedisTransport({
  url,
  prefix = 'sb:',
  name = 'signalbox',
  connectTimeoutMs = 5000,
  pingIntervalMs = 5000,
  tls,
  logger = silentLogger,
}: RedisTransportOptions): Promise<Transport> {
  const urls = redisUrls(url);

  async function connect(): Promise<Transport> {
    const facts = await probeRedis(urls, { timeoutMs: connectTimeoutMs, tls, prefix });
    const missing = facts.missing.filter(({ purpose }) => purpose === 'changes');
    if (missing.length > 0) throw new RightsMissing(describeMissingRights(missing, facts.url).join(' '));
    const { cluster, info } = facts;
    const options = { urls, prefix, name, connectTimeoutMs, pingIntervalMs, tls, info, logger };
    if (!cluster) return connectSingleTransport(options);
    return connectClusterTransport(options).catch((error: Error) => {
      throw new RedisUnreachable(`The nodes of the Redis Cluster cannot be asked: ${error.message}`, {
        cause: error,
      });
    });
  }

  try {
    return await connect();
  } catch (error) {
    if (error instanceof RightsMissing) logger.warn({}, error.message);
    else if (error instanceof RedisUnreachable)
      logger.warn({ err: error }, 'Redis cannot be reached: going on without it, and trying again');
    else throw error;
    return openConnectingTransport(connect, error, logger);
  }
}

/** What both kinds of Redis transports are opened with. */
export type ConnectedRedisOptions = Required<Omit<RedisTransportOptions, 'url' | 'tls'>> & {
  urls: string[];
  tls: ConnectionOptions | undefined;
  /** See RedisFacts. */
  info: boolean;
};
