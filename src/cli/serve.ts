/** `signalbox serve`: starts a server and stops it when a signal says so. */
import { type Logger, pino } from 'pino';
import { PinoPretty as pretty } from 'pino-pretty';
import { buildApp, type StartedServer } from '../app/app.ts';
import { type Config, readConfig, USUAL_CATEGORIES, unknownSettings } from '../config.ts';
import { WITHOUT_SECRETS } from '../server/logging.ts';

/** Time within which a second signal is taken for the same one, in milliseconds. */
const SAME_SIGNAL_MS = 500;

/** Resolves when the server is ready. @throws as `App.start` and `readConfig` */
export async function serve(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config);
  for (const name of unknownSettings())
    logger.warn(`${name} is not a known setting and is ignored: check its spelling`);
  const app = buildApp(config, { logger });
  const isStopping = stopOnSignals(app.stop, logger);
  try {
    const started = await app.start();
    if (!isStopping()) announce(started, config, logger);
  } catch (error) {
    // Stopped in the middle of its start, it finds things closed: that is no failure.
    if (!isStopping()) throw error;
  }
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
  const options = { level: logLevel, base: null, ...WITHOUT_SECRETS };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }));
}

function announce(started: StartedServer, config: Config, logger: Logger): void {
  const { url, adminToken, adminTokenIsNew, hasDashboard, hasExplorer, storage, spreading } = started;
  const link = adminTokenIsNew ? `#token=${adminToken}` : '';
  logger.info({ url, storage, spreading }, 'Signalbox is ready');
  const lines = [
    '',
    `  Signalbox is ready: ${storage}, changes spread ${spreading}.`,
    '',
    `  API       ${url}/graphql   (HTTP, SSE and WebSocket)`,
    ...(hasDashboard ? [`  Dashboard ${url}/${link}`] : []),
    ...(hasExplorer ? [`  Explorer  ${url}/explorer${hasDashboard ? '' : link}`] : []),
    ...(config.databaseUrl === undefined && config.categories === '*'
      ? [
          '',
          '  Jobs may have any category, as long as the database is embedded. On PostgreSQL they are',
          `  ${USUAL_CATEGORIES.join(', ')}, or what SIGNALBOX_CATEGORIES lists.`,
        ]
      : []),
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
