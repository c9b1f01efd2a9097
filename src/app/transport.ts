/** How changes travel between servers: by Redis where there is one, else by PostgreSQL, else within the process. */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createMemoryTransport } from '../events/transports/memory.ts';
import { createPostgresTransport } from '../events/transports/postgres.ts';
import { connectRedisTransport } from '../events/transports/redis.ts';
import { redisTlsOptions } from '../events/transports/redis-tls.ts';
import type { Transport } from '../events/transports/transport.ts';
import type { Database } from '../store/database/database.ts';
import type { TransitionLog } from '../store/log/log.ts';
import { orUnavailable } from './errors.ts';
import type { Storage } from './storage.ts';

/** Prefix of a database's keys and channels on a Redis that several servers may share. */
export function redisPrefix(log: TransitionLog): string {
  return `sb:${log.scope}:`;
}

/** The transport that the settings ask for. @throws TransportUnavailable with the reason */
export async function openTransport(
  { redisUrl: url, redisTls }: Config,
  { log, database }: Pick<Storage, 'log' | 'database'>,
  logger: Logger,
): Promise<Transport> {
  const transport = url
    ? await orUnavailable(async () =>
        connectRedisTransport({ url, tls: redisTlsOptions(redisTls), prefix: redisPrefix(log), logger }),
      )
    : withoutRedis(database, `signalbox_${log.scope}`, logger);
  // Once the log has become another one, servers that start have other channels: until this one is restarted, it reads
  // the log at the fast beat.
  return { ...transport, healthy: () => transport.healthy() && !log.hasMoved };
}

function withoutRedis({ openNotices }: Database, channel: string, logger: Logger): Transport {
  if (!openNotices) return createMemoryTransport({ logger });
  return createPostgresTransport({ openSession: (listener) => openNotices(channel, listener), logger });
}

/** How changes travel, for people. */
export function spreadingOf({ redisUrl, databaseUrl }: Config): string {
  if (redisUrl) return 'by Redis';
  return databaseUrl ? 'by PostgreSQL' : 'in this process';
}
