/** The stores of two servers on one database. */
import { openPostgres } from '../../src/store/database/postgres.ts';
import type { DatabaseKind } from './database.ts';
import { createTestStore, type TestStore } from './test-store.ts';

export interface TwoServers {
  servers: [TestStore, TestStore];
  close(): Promise<void>;
}

/** Each with connections of its own; embedded, where there can be no second one, they share one. */
export async function createTwoServers(kind: DatabaseKind): Promise<TwoServers> {
  const testStore = await createTestStore(kind);
  const { url, directUrl, db } = testStore;
  const other = url === undefined ? db : await openPostgres({ url, directUrl });
  return {
    servers: [testStore, await createTestStore(kind, other)],
    async close() {
      await other.close();
      await testStore.close();
    },
  };
}
