/** Databases that live as long as a test file, on a PostgreSQL that others may use as well. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

const PREFIX = 'sb_test_';
const FORGOTTEN_AFTER_MS = 60 * 60 * 1000;

/** A name that no other run uses and that tells when it was made: sb_test_<milliseconds>_<pid>_<random>. */
export function newDatabaseName(): string {
  return `${PREFIX}${Date.now()}_${process.pid}_${randomBytes(4).toString('hex')}`;
}

/** Creates the database, as a copy of the template when one is given, and returns its URL. */
export async function createDatabase(server: string, name: string, template?: string): Promise<string> {
  await onServer(server, `CREATE DATABASE "${name}"${template ? ` TEMPLATE "${template}"` : ''}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops the database, also under those that are still connected. */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await onServer(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

/** Drops what runs left behind that crashed more than an hour ago; a younger one may still be running. */
export async function dropForgottenDatabases(server: string, now = Date.now()): Promise<void> {
  const rows = await onServer(server, `SELECT datname FROM pg_database WHERE datname LIKE '${PREFIX}%'`);
  for (const { datname } of rows) {
    const made = Number(/^sb_test_(\d+)_/.exec(datname)?.[1]);
    if (now - made > FORGOTTEN_AFTER_MS) await dropDatabase(server, datname);
  }
}

async function onServer(url: string, statement: string): Promise<{ datname: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ datname: string }>(statement)).rows;
  } finally {
    await client.end();
  }
}
