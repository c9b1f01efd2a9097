/** The settings of a mounted server: from its options, never from the environment of the application. */
import { type Config, IN_MEMORY, readConfig } from '../config.ts';

/** As much of a pool of `pg` as its address is taken from. */
export interface PoolLike {
  options: {
    connectionString?: string;
    host?: string;
    port?: number;
    user?: string;
    /** Only a text can be taken over. */
    password?: unknown;
    database?: string | undefined;
    ssl?: unknown;
  };
}

/** Where everything is kept. */
export type DatabaseOption =
  /** `postgres://…`; anything else is the directory of an embedded database, or `:memory:`. */
  | string
  /**
   * The application's pool of `pg`: its address is taken over. Connections are opened beside it, since sessions of
   * Signalbox have settings of their own, which the application's must not be given.
   */
  | PoolLike;

/** Settings by their names in docs/configuration.md: `{ SIGNALBOX_CATEGORIES: 'import,export' }`. */
export type NamedSettings = Record<string, string>;

export interface SettingsOptions {
  database?: DatabaseOption | undefined;
  redis?: string | undefined;
  settings?: NamedSettings | undefined;
}

const POSTGRES = /^postgres(ql)?:\/\//;

/** @throws ConfigError that names every wrong setting; TypeError for a pool whose address cannot be taken over */
export function configOf({ database = IN_MEMORY, redis, settings = {} }: SettingsOptions): Config {
  const url = typeof database === 'string' ? database : urlOf(database);
  return readConfig({
    ...(POSTGRES.test(url) ? { DATABASE_URL: url } : { SIGNALBOX_DATA_DIR: url }),
    ...(redis !== undefined && { REDIS_URL: redis }),
    ...settings,
  });
}

function urlOf({ options }: PoolLike): string {
  const { connectionString, host, port, user, password, database, ssl } = options;
  if (ssl && ssl !== true) {
    throw new TypeError(
      'The TLS options of a pool cannot be taken over: give a URL, with SIGNALBOX_DATABASE_TLS and SIGNALBOX_DATABASE_CA_FILE.',
    );
  }
  if (connectionString !== undefined) return connectionString;
  if (host === undefined || (password !== undefined && typeof password !== 'string')) {
    throw new TypeError('The address of this pool cannot be taken over: give it a connectionString.');
  }
  const url = new URL(`postgres://localhost/${encodeURIComponent(database ?? user ?? '')}`);
  if (host.startsWith('/')) url.searchParams.set('host', host);
  else url.hostname = host;
  url.port = String(port ?? 5432);
  url.username = encodeURIComponent(user ?? '');
  url.password = encodeURIComponent(password ?? '');
  if (ssl) url.searchParams.set('sslmode', 'verify-full');
  return url.href;
}
