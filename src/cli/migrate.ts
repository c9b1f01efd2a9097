/** `signalbox migrate`: brings the database up to date, as a server does at its start. */
import { resolve } from 'node:path';
import { openDatabase } from '../app/open-database.ts';
import { type Config, readConfig } from '../config.ts';
import { migrate } from '../store/database/migrate.ts';

/** Applies the pending migrations and prints their names. @throws as `migrate` and `readConfig` */
export async function runMigrate(): Promise<void> {
  const config = readConfig();
  const database = await openDatabase(config);
  try {
    const applied = await migrate(database);
    const name = nameOfDatabase(config);
    console.log(
      applied.length > 0 ? `Applied ${applied.join(', ')} to the ${name}.` : `The ${name} is up to date.`,
    );
  } finally {
    await database.close();
  }
}

/** Which one it is, without user and password. */
function nameOfDatabase({ databaseUrl, dataDir }: Config): string {
  if (!databaseUrl) return `embedded database in ${resolve(dataDir)} (DATABASE_URL is not set)`;
  const { host, pathname, searchParams } = new URL(databaseUrl);
  return `database ${decodeURIComponent(pathname.slice(1))} on ${host || searchParams.get('host')}`;
}
