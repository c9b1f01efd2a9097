/** The surroundings that the suites run in again: all at once, so that one more run is enough. */
import { afterAll, beforeAll } from 'vitest';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import type { Service } from '../chaos/services.ts';
import type { TestDatabase } from '../support/database.ts';
import { createDatabase, dropDatabase, newDatabaseName } from '../support/postgres-databases.ts';
import { certificate, onServer, ROLE, startPgbouncer, startTlsPostgres, UNUSUAL } from './services.ts';

/** It has to be quoted wherever it is written. */
export const SCHEMA = 'work queue';
const TEMPLATE = 'environment_template';

/** Another application that Prisma migrates, in public, with names that ours has, too. */
const FOREIGN_APPLICATION = [
  `CREATE TABLE public._prisma_migrations (
    id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`,
  `INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name)
    VALUES ('1', 'x', now(), '20240101000000_init')`,
  `CREATE TYPE public.task_status AS ENUM ('OPEN', 'DONE')`,
  'CREATE TABLE public.task (id INTEGER PRIMARY KEY, status public.task_status, title TEXT)',
  'CREATE TABLE public.job (id INTEGER PRIMARY KEY)',
  `INSERT INTO public.task VALUES (1, 'OPEN', 'of another application')`,
  'GRANT USAGE ON SCHEMA public TO PUBLIC',
  'GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC',
];

export interface Environment {
  /** The superuser's address of a database, straight. */
  admin(database: string): string;
  /** Addresses of a database: through the pooler, and past it; with what is after the `?`, or all that a server needs. */
  addresses(database: string, query?: string): { url: string; directUrl: string };
  /** A migrated database of one test file's own. */
  createDatabase(): Promise<TestDatabase>;
}

async function start(services: Service[]): Promise<Environment> {
  const postgres = await startTlsPostgres();
  services.unshift(postgres);
  const pooler = await startPgbouncer(postgres.url, 'transaction');
  services.unshift(pooler);

  const address = (service: Service, user: string, database: string, query = '') =>
    Object.assign(new URL(service.url), { username: user, pathname: `/${database}`, search: query }).href;
  const query = `?${new URLSearchParams({
    schema: SCHEMA,
    sslmode: 'verify-full',
    sslrootcert: certificate('authority.pem'),
  })}`;
  const addresses = (database: string, search = query) => ({
    url: address(pooler, ROLE, database, search),
    directUrl: address(postgres, ROLE, database, search),
  });

  const unusual = Object.entries(UNUSUAL).map(
    ([name, value]) => `ALTER ROLE ${ROLE} SET ${name} = ${value.includes(',') ? value : `'${value}'`}`,
  );
  await onServer(
    postgres.url,
    `CREATE ROLE ${ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE`,
    ...unusual,
    `CREATE DATABASE ${TEMPLATE}`,
  );
  await onServer(
    address(postgres, 'postgres', TEMPLATE),
    ...FOREIGN_APPLICATION,
    `CREATE SCHEMA "${SCHEMA}" AUTHORIZATION ${ROLE}`,
  );
  const template = await openPostgres(addresses(TEMPLATE));
  await migrate(template);
  await template.close();
  // The pooler keeps its connections, and a database that somebody is connected to cannot be copied.
  await pooler.crash();

  return {
    admin: (database) => address(postgres, 'postgres', database),
    addresses,
    async createDatabase() {
      const name = newDatabaseName();
      await createDatabase(postgres.url, name, TEMPLATE);
      const db = await openPostgres(addresses(name));
      return {
        db,
        ...addresses(name),
        async close() {
          await db.close();
          await dropDatabase(postgres.url, name);
        },
      };
    },
  };
}

/** Starts the surroundings for the tests of a file. */
export function environment(): () => Environment {
  const services: Service[] = [];
  let started: Environment | undefined;
  beforeAll(async () => {
    started = await start(services);
  });
  afterAll(async () => {
    for (const service of services) await service.stop();
  });
  return () => started as Environment;
}
