/** Looks at Redis: whether it answers, as what, and whether its user has every right that is needed. */
import type { Config } from '../../config.ts';
import { redisUrls } from '../../events/transports/redis-address.ts';
import { probeRedis, RedisUnreachable } from '../../events/transports/redis-probe.ts';
import { describeMissingRights } from '../../events/transports/redis-rights.ts';
import { redisTlsOptions } from '../../events/transports/redis-tls.ts';
import { bad, type Finding, good, oneLineOf, warning } from './finding.ts';

const TIMEOUT_MS = 5_000;
/** On our channels and keys, but on none that a server uses: those carry the mark of its database. */
const PREFIX = 'sb:doctor:';

/** Everything about the Redis that the settings name. */
export async function examineRedis({ redisUrl, redisTls }: Config): Promise<Finding[]> {
  if (redisUrl === undefined) {
    return [good('redis', 'none; changes travel in the process and through the database')];
  }
  try {
    const tls = redisTlsOptions(redisTls);
    const { cluster, missing, url } = await probeRedis(redisUrls(redisUrl), {
      timeoutMs: TIMEOUT_MS,
      prefix: PREFIX,
      tls,
    });
    const what = `${cluster ? 'a cluster' : 'a single server'} answers${url.startsWith('rediss:') ? ', over TLS' : ''}`;
    return [
      good('redis', what),
      ...describeMissingRights(missing, url).map((sentence) => warning('redis', sentence)),
    ];
  } catch (error) {
    // A server starts without it, and waits for it.
    const finding = error instanceof RedisUnreachable ? warning : bad;
    return [finding('redis', `REDIS_URL cannot be used: ${oneLineOf(error)}`)];
  }
}
