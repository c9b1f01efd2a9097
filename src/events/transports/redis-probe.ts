/** Asks a Redis what it is, and distinguishes one that is not there yet from one that will never do. */

import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import { errorCode } from '../../domain/thrown.ts';
import { withoutCredentials } from './redis-address.ts';
import { otherProtocol } from './redis-protocol.ts';
import { findMissingRights, type MissingRight } from './redis-rights.ts';
import { tlsFor, tlsWayOut } from './redis-tls.ts';

/** Nobody answers, or not now: trying again later makes sense. */
export class RedisUnreachable extends Error {
  override readonly name = 'RedisUnreachable';
}

/** After which a server is suspected to wait for another protocol. */
const SILENCE_MS = 1_000;

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

export interface RedisProbeOptions {
  timeoutMs: number;
  /** Of `rediss:` URLs. */
  tls?: ConnectionOptions | undefined;
  /** Begins our channels and keys, on which the rights are tried. */
  prefix: string;
}

/** What a Redis is, and what of it may be used. */
export interface RedisFacts {
  cluster: boolean;
  missing: MissingRight[];
  /** Whether it may be asked how it is. */
  info: boolean;
  /** Of the server that has answered. */
  url: string;
}

/**
 * Connects once, to the first of the servers that answers.
 * @throws RedisUnreachable when none answers within the time, and any other error with one sentence when one refuses
 */
export async function probeRedis(urls: readonly string[], options: RedisProbeOptions): Promise<RedisFacts> {
  let unreachable: unknown;
  for (const url of urls) {
    try {
      return await probe(url, options);
    } catch (error) {
      if (!(error instanceof RedisUnreachable)) throw error;
      unreachable = error;
    }
  }
  throw unreachable;
}

async function probe(url: string, { timeoutMs, tls, prefix }: RedisProbeOptions): Promise<RedisFacts> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    // It asks for INFO, which is asked for here, and complains on the console when it may not.
    enableReadyCheck: false,
    ...tlsFor(url, tls),
  });
  let firstError: Error | undefined;
  redis.on('error', (error: Error) => {
    firstError ??= error;
  });
  const at = `Redis at ${withoutCredentials(url)}`;
  try {
    return await within(timeoutMs, async () => {
      await unlessOtherProtocol(url, redis.connect());
      const info = await readInfo(redis);
      const cluster = isCluster(info, at);
      const missing = await findMissingRights(redis, { prefix, cluster });
      return { cluster, missing, info: info !== '', url };
    });
  } catch (error) {
    const reason = firstError ?? (error as Error);
    if (error instanceof WrongProtocol || error instanceof Sentinel) throw error;
    const wayOut = tlsWayOut(reason) ?? loginWayOut(reason);
    const sentence = `Cannot connect to ${at}: ${messageOf(reason)}${wayOut ? `; ${wayOut}` : ''}`;
    if (isPassing(reason)) throw new RedisUnreachable(sentence, { cause: reason });
    throw new Error(sentence, { cause: reason });
  } finally {
    redis.disconnect();
  }
}

/** The URL says TLS where the server has none, or the other way round. */
class WrongProtocol extends Error {}
/** What answers only knows where the Redis is. */
class Sentinel extends Error {}

/**
 * Waits for a connection. When it breaks or nothing comes for a while, as when one side expects TLS and the other does
 * not, the server is asked in the other way: that no retry mends.
 */
async function unlessOtherProtocol(url: string, connecting: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), SILENCE_MS);
  });
  try {
    if (await Promise.race([connecting.then(() => true), silence])) return;
  } catch (error) {
    await refuseOtherProtocol(url);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  await Promise.race([connecting, refuseOtherProtocol(url).then(() => connecting)]);
}

async function refuseOtherProtocol(url: string): Promise<void> {
  const other = await otherProtocol(url, SILENCE_MS);
  if (!other) return;
  const { host, protocol } = new URL(url);
  const speaks = other === 'rediss' ? 'speaks TLS' : 'speaks Redis without TLS';
  throw new WrongProtocol(
    `the server at ${host} ${speaks}: begin the URL with ${other}:// instead of ${protocol}//`,
  );
}

/** Empty where the login may not ask: then it is used as a single server. */
async function readInfo(redis: Redis): Promise<string> {
  try {
    return await redis.info();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOPERM')) return '';
    throw error;
  }
}

function isCluster(info: string, at: string): boolean {
  if (/^redis_mode:sentinel/m.test(info)) {
    throw new Sentinel(
      `${at} is a Sentinel, which is not supported: name the Redis itself, by an address that moves with the master, or use a cluster`,
    );
  }
  if (/^loading:1/m.test(info)) throw new Error('LOADING: it is still reading its data');
  return /^cluster_enabled:1/m.test(info);
}

/** What to do about a login that Redis refuses. */
function loginWayOut({ message }: Error): string | undefined {
  return /^(WRONGPASS|NOAUTH)/.test(message)
    ? 'write the user and the password into REDIS_URL, as redis://user:password@host:6379, with special characters percent-encoded'
    : undefined;
}

/** A name with several addresses gives an AggregateError without a message: one address that may come is enough. */
function isPassing(error: Error): boolean {
  if (error instanceof AggregateError) return (error.errors as Error[]).some(isPassing);
  const code = errorCode(error);
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
