/**
 * An embedded database in memory, from the dump of a migrated one that the package carries: it is ready in a moment, where
 * making one takes seconds. Without the dump, as in a checkout, it is made.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import { openPglite } from './pglite.ts';

/** Written by scripts/dump-database.mjs when packages are made. */
const DUMP = fileURLToPath(new URL('../../memory-database.tar.gz', import.meta.url));

/** A copy is a database of its own: neither cursors nor tokens of another copy are for it. */
const MAKE_OWN = `
  UPDATE log_epoch SET epoch = gen_random_uuid();
  UPDATE server_key SET secret = gen_random_uuid()::text || gen_random_uuid()::text`;

export async function openInMemory(): Promise<Database> {
  if (!existsSync(DUMP)) return openPglite();
  const loadDataDir = new Blob([await readFile(DUMP)], { type: 'application/x-gzip' });
  const database = await openPglite({ loadDataDir });
  await database.script(MAKE_OWN);
  return database;
}
