/** Opens the database that the settings name. */
import { type Config, IN_MEMORY } from '../config.ts';
import type { Database } from '../store/database/database.ts';
import { openInMemory } from '../store/database/in-memory.ts';
import { openPglite } from '../store/database/pglite.ts';
import { openPostgres, type PostgresOptions } from '../store/database/postgres.ts';

/**
 * Opens PostgreSQL where DATABASE_URL is set, else the embedded database.
 * @throws DatabaseUnavailable in a sentence for whoever starts the program
 */
export function openDatabase(
  config: Config,
  options: Pick<PostgresOptions, 'onConnectionError'> = {},
): Promise<Database> {
  const { databaseUrl: url, directDatabaseUrl: directUrl, databaseTls: tls } = config;
  if (url === undefined)
    return config.dataDir === IN_MEMORY ? openInMemory() : openPglite({ dataDir: config.dataDir });
  return openPostgres({ url, directUrl, tls, maxConnections: config.databaseConnections, ...options });
}
