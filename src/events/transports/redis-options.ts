/** The options of the transports over Redis. */
import type { ConnectionOptions } from 'node:tls';
import type { ServerLogger } from '../logger.ts';

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
  logger?: ServerLogger;
}

/** What both kinds of Redis transports are opened with. */
export type ConnectedRedisOptions = Required<Omit<RedisTransportOptions, 'url' | 'tls'>> & {
  urls: string[];
  tls: ConnectionOptions | undefined;
  /** See RedisFacts. */
  info: boolean;
};
