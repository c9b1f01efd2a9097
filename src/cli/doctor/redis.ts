/** Looks at Redis: whether it answers, as what. */
import type { Config } from '../../config.ts';
import { redisUrls } from '../../events/transports/redis-address.ts';
import { probeRedis } from '../../events/transports/redis-probe.ts';
import { bad, type Finding, good, messageOf } from './finding.ts';

const TIMEOUT_MS = 5_000;

/** Everything about the Redis that the settings name. */
export async function examineRedis({ redisUrl }: Config): Promise<Finding[]> {
  if (redisUrl === undefined) {
    return [good('redis', 'none; changes travel in the process and through the database')];
  }
  try {
    const { cluster } = await probeRedis(redisUrls(redisUrl), TIMEOUT_MS);
    return [good('redis', cluster ? 'a cluster answers' : 'a single server answers')];
  } catch (error) {
    return [bad('redis', `REDIS_URL cannot be used: ${messageOf(error)}`)];
  }
}
