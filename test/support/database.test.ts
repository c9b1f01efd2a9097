import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { availableDatabases, createTestDatabase } from './database.ts';
import { createDatabase, dropDatabase, dropForgottenDatabases } from './postgres-databases.ts';

const epoch = { name: 'test_epoch', text: 'SELECT epoch::text FROM log_epoch' };
const migrations = { name: 'test_migrations', text: 'SELECT migration_name FROM _prisma_migrations' };
const workers = { name: 'test_workers', text: 'SELECT name FROM worker' };

describe.each(availableDatabases())('a test database on %s', (kind) => {
  it('is migrated, empty, and apart from every other one', async () => {
    const [one, other] = await Promise.all([createTestDatabase(kind), createTestDatabase(kind)]);
    await one.db.script(
      "INSERT INTO worker (id, name, owner, capacity) VALUES (gen_random_uuid(), 'w', 'o', 1)",
    );
    expect(await one.db.query(workers)).toHaveLength(1);
    expect(await other.db.query(workers)).toHaveLength(0);
    expect(await other.db.query(migrations)).not.toHaveLength(0);
    expect(await one.db.query(epoch)).not.toEqual(await other.db.query(epoch));
    await Promise.all([one.close(), other.close()]);
  });
});

describe.runIf(availableDatabases().includes('postgres'))('databases on a shared PostgreSQL', () => {
  const server = inject('testPostgres')?.url as string;

  async function exists(name: string): Promise<boolean> {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    await client.end();
    return rowCount === 1;
  }

  it('are gone after close', async () => {
    const database = await createTestDatabase('postgres');
    const name = new URL(database.url as string).pathname.slice(1);
    expect(await exists(name)).toBe(true);
    await database.close();
    expect(await exists(name)).toBe(false);
  });

  it('are dropped when a crashed run left them behind more than an hour ago, and only then', async () => {
    const minute = 60_000;
    const old = `sb_test_${Date.now() - 61 * minute}_1_${process.pid}`;
    const young = `sb_test_${Date.now() - 59 * minute}_1_${process.pid}`;
    await createDatabase(server, old);
    await createDatabase(server, young);
    await dropForgottenDatabases(server);
    expect([await exists(old), await exists(young)]).toEqual([false, true]);
    await dropDatabase(server, young);
  });
});
