#!/usr/bin/env node
/** The command line. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Logger, pino } from 'pino';
import { PinoPretty as pretty } from 'pino-pretty';
import { buildApp, type StartedServer, TransportUnavailable } from './app/app.ts';
import { type Config, ConfigError, readConfig, unknownSettings } from './config.ts';
import { DocumentsUnavailable } from './server/graphql/trusted-documents.ts';
import { AddressUnavailable } from './server/http/http.ts';
import { WITHOUT_SECRETS } from './server/logging.ts';
import { DatabaseUnavailable } from './store/database/database.ts';
import { migrate } from './store/database/migrate.ts';
import { openPglite } from './store/database/pglite.ts';
import { openPostgres } from './store/database/postgres.ts';

const SAME_SIGNAL_MS = 500;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = new Command('signalbox')
  .description('Job orchestration behind one typed GraphQL API. Settings come from the environment and .env.')
  .version(version)
  .showHelpAfterError();

program
  .command('serve', { isDefault: true })
  .description('start a server: the API, streams and health probes')
  .action(serve);

program
  .command('migrate')
  .description('bring the database up to date, as a server does at its start')
  .action(async () => {
    const config = readConfig();
    const database = await (config.databaseUrl
      ? openPostgres({ url: config.databaseUrl })
      : openPglite({ dataDir: config.dataDir }));
    try {
      const applied = await migrate(database);
      const name = nameOfDatabase(config);
      console.log(
        applied.length > 0 ? `Applied ${applied.join(', ')} to the ${name}.` : `The ${name} is up to date.`,
      );
    } finally {
      await database.close();
    }
  });

await program.parseAsync().catch(fail);

async function serve(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config);
  for (const name of unknownSettings())
    logger.warn(`${name} is no setting and has no effect: check how it is written`);
  const app = buildApp(config, { logger });
  const isStopping = stopOnSignals(app.stop, logger);
  try {
    const started = await app.start();
    if (!isStopping()) announce(started, logger);
  } catch (error) {
    // Stopped in the middle of its start, it finds things closed: that is no failure.
    if (!isStopping()) throw error;
  }
}

/** Which one it is, without user and password. */
function nameOfDatabase({ databaseUrl, dataDir }: Config): string {
  if (!databaseUrl) return `embedded database in ${resolve(dataDir)} (DATABASE_URL is not set)`;
  const { host, pathname, searchParams } = new URL(databaseUrl);
  return `database ${decodeURIComponent(pathname.slice(1))} on ${host || searchParams.get('host')}`;
}

/** @returns whether it has been asked to stop */
function stopOnSignals(stop: () => Promise<void>, logger: Logger): () => boolean {
  let stoppingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        // One Ctrl-C can come twice: from the terminal and, passed on, from npm.
        if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
        return;
      }
      stoppingSince = performance.now();
      logger.info({ signal }, 'Stopping');
      void stop().then(() => process.exit(0));
    });
  }
  return () => stoppingSince !== undefined;
}

/** Readable lines for a terminal, JSON for everything else. */
function createLogger({ logLevel }: Config): Logger {
  const options = { level: logLevel, base: undefined, ...WITHOUT_SECRETS };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }));
}

function announce(started: StartedServer, logger: Logger): void {
  const { url, adminToken, adminTokenIsNew, storage, spreading } = started;
  logger.info({ url, storage, spreading }, 'Signalbox is ready');
  const lines = [
    '',
    `  Signalbox is ready: ${storage}, changes spread ${spreading === 'Redis' ? 'by Redis' : spreading}.`,
    '',
    `  API       ${url}/graphql   (HTTP, SSE and WebSocket)`,
    `  Explorer  ${url}/${adminTokenIsNew ? `#token=${adminToken}` : ''}`,
    ...(adminTokenIsNew ? [] : ['            (put your token into its headers)']),
    ...(adminTokenIsNew
      ? [
          '',
          `  Admin token, made for this run: ${adminToken}`,
          '  Set SIGNALBOX_ADMIN_TOKEN to choose one that stays.',
        ]
      : []),
    '',
  ];
  // Beside JSON logs the lines for people go to stderr, so that stdout stays JSON.
  (process.stdout.isTTY ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
}

/** What whoever starts it can mend is told in a sentence; anything else with its stack. */
function fail(error: unknown): never {
  const expected = [
    ConfigError,
    DatabaseUnavailable,
    TransportUnavailable,
    DocumentsUnavailable,
    AddressUnavailable,
  ];
  const isExpected = error instanceof Error && expected.some((kind) => error instanceof kind);
  process.stderr.write(
    `${isExpected ? error.message : (error instanceof Error && error.stack) || String(error)}\n`,
  );
  process.exit(1);
}
