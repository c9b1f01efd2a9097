/** First step: the database, migrated and measured, and the store on it. */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Database } from '../store/database/database.ts';
import { instrumentStatements } from '../store/database/instrument.ts';
import { createMigrationCheck, type MigrationState, migrate } from '../store/database/migrate.ts';
import { createWriteCheck, type WriteCheck } from '../store/database/write-check.ts';
import { openLog, type TransitionLog } from '../store/log/log.ts';
import { createStore, type Store } from '../store/store.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { type CommitBus, createCommitBus } from './commit-bus.ts';
import { openDatabase } from './open-database.ts';
import type { Resources } from './resources.ts';

export interface Storage {
  /** The database, with every statement measured and traced. */
  database: Database;
  prisma: PrismaClient;
  log: TransitionLog;
  store: Store;
  /** What the store commits. */
  commits: CommitBus;
  checkMigrations: () => Promise<MigrationState>;
  checkWrites: WriteCheck['check'];
}

export interface StorageOptions {
  config: Config;
  logger: Logger;
  resources: Resources;
  metrics: Metrics;
  tracing: Tracing | undefined;
  /** A database that is open already, instead of the one that the settings name. */
  database: Database | undefined;
}

export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { config, logger, resources, metrics, tracing } = options;
  const stored = await resources.open(
    options.database ??
      openDatabase(config, {
        onConnectionError: (error) =>
          logger.warn({ err: error }, 'An idle connection to PostgreSQL was lost'),
      }),
  );
  const applied = await migrate(stored);
  if (applied.length > 0) logger.info({ migrations: applied }, 'The database was migrated');
  const checkMigrations = await createMigrationCheck(stored);
  const measured = instrumentStatements(stored, metrics.statement);
  const traced = tracing ? instrumentStatements(measured, tracing.statement) : measured;
  const { database, check: checkWrites } = createWriteCheck(traced);
  const commits = createCommitBus();
  const store = createStore(database, {
    ...commits.store,
    instrumentBatch: tracing?.batch,
    workerTimeoutSeconds: config.workerTimeoutSeconds,
  });
  const prisma = new PrismaClient({ adapter: database.prismaAdapter });
  return { database, prisma, log: await openLog(database), store, commits, checkMigrations, checkWrites };
}
