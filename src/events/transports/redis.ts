/**
 * The transport between processes: Redis pub/sub. What REDIS_URL names is asked whether it is a single server or part
 * of a cluster; where nobody answers yet, the transport is there all the same and becomes healthy when somebody does.
 */
import { silentServerLogger } from '../logger.ts';
import { openConnectingTransport } from './connecting.ts';
import { redisUrls } from './redis-address.ts';
import { connectClusterTransport } from './redis-cluster.ts';
import type { RedisTransportOptions } from './redis-options.ts';
import { probeRedis, RedisUnreachable } from './redis-probe.ts';
import { describeMissingRights } from './redis-rights.ts';
import { connectSingleTransport } from './redis-single.ts';
import type { Transport } from './transport.ts';

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
  logger = silentServerLogger,
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
