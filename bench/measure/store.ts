/** A store for one measurement, on a database of its own. */
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { createTestStore, type TestStore } from '../../test/support/test-store.ts';
import { createBenchDatabase } from './database.ts';

/** On the PostgreSQL of DATABASE_URL, or the default local one. The database is dropped afterwards. */
export async function withBenchStore(
  name: string,
  run: (testStore: TestStore) => Promise<void>,
): Promise<void> {
  const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  const bench = await createBenchDatabase(server, `signalbox_${name}_${process.pid}`);
  try {
    const database = await openPostgres({ url: bench.url });
    try {
      await migrate(database);
      await run(await createTestStore('postgres', database));
    } finally {
      await database.close();
    }
  } finally {
    await bench.drop();
  }
}
