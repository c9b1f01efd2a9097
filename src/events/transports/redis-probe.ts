/** Asks a Redis what it is, and tells apart one that is not there yet from one that will never do. */
import { Redis } from 'ioredis';
import { withoutCredentials } from './redis-address.ts';

/** Nobody answers, or not now: trying again later makes sense. */
export class RedisUnreachable extends Error {
  override readonly name = 'RedisUnreachable';
}

const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);
const PASSING_MESSAGES =
  /^(no answer within|connect ETIMEDOUT|Socket timeout|Connection is closed|LOADING|MASTERDOWN|CLUSTERDOWN|BUSY|ERR max number of clients)/;

/**
 * Connects once, to the first of the servers that answers.
 * @returns whether it belongs to a cluster
 * @throws RedisUnreachable when none answers within the time, and any other error with one sentence when one refuses
 */
export async function probeRedis(urls: readonly string[], timeoutMs: number): Promise<{ cluster: boolean }> {
  let unreachable: unknown;
  for (const url of urls) {
    try {
      return await probe(url, timeoutMs);
    } catch (error) {
      if (!(error instanceof RedisUnreachable)) throw error;
      unreachable = error;
    }
  }
  throw unreachable;
}

async function probe(url: string, timeoutMs: number): Promise<{ cluster: boolean }> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let firstError: Error | undefined;
  redis.on('error', (error: Error) => {
    firstError ??= error;
  });
  try {
    return await within(timeoutMs, async () => {
      await redis.connect();
      return { cluster: /^cluster_enabled:1/m.test(await clusterInfo(redis)) };
    });
  } catch (error) {
    const reason = firstError ?? (error as Error);
    const sentence = `Cannot connect to Redis at ${withoutCredentials(url)}: ${messageOf(reason)}`;
    if (isPassing(reason)) throw new RedisUnreachable(sentence, { cause: reason });
    throw new Error(sentence, { cause: reason });
  } finally {
    redis.disconnect();
  }
}

/** Empty where the login may not ask: then it is used as a single server. */
async function clusterInfo(redis: Redis): Promise<string> {
  try {
    return await redis.info('cluster');
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOPERM')) return '';
    throw error;
  }
}

/** A name with several addresses gives an AggregateError without a message: one address that may come is enough. */
function isPassing(error: Error): boolean {
  if (error instanceof AggregateError) return (error.errors as Error[]).some(isPassing);
  const { code } = error as NodeJS.ErrnoException;
  return PASSING_CODES.has(code ?? '') || PASSING_MESSAGES.test(error.message);
}

function messageOf(error: Error): string {
  const causes = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return causes.map(({ message }) => message).join('; ');
}

async function within<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  const working = work();
  try {
    return await Promise.race([working, timeout]);
  } finally {
    clearTimeout(timer);
    working.catch(() => {}); // when the timeout was first, nobody listens any more
  }
}
