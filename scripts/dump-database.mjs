// Dumps a migrated embedded database, for servers in memory to start from: `node scripts/dump-database.mjs FILE`. Of the built
// server.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { root } from './run.mjs';

const built = (path) => import(join(root, 'dist/store/database', path));
const { openPglite } = await built('pglite.js');
const { migrate } = await built('migrate.js');

const directory = await mkdtemp(join(tmpdir(), 'signalbox-dump-'));
try {
  const database = await openPglite({ dataDir: directory });
  await migrate(database);
  await database.close();
  const files = await PGlite.create({ dataDir: join(directory, 'db') });
  const dump = await files.dumpDataDir('gzip');
  await files.close();
  await writeFile(process.argv[2], Buffer.from(await dump.arrayBuffer()));
} finally {
  await rm(directory, { recursive: true, force: true });
}
