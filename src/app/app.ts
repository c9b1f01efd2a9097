/** The composition root: every part of a server, put together from the settings. */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import type { TaskChange } from '../domain/task.ts';
import { logFailures } from '../events/failure-log.ts';
import { monitorHorizon } from '../events/horizon-monitor.ts';
import { createHub } from '../events/hub/hub.ts';
import { EVENTS_CHANNEL, RUNS_CHANNEL, SCHEDULES_CHANNEL } from '../events/messages/message.ts';
import { createPublisher } from '../events/publishing/publisher.ts';
import { createRevocations } from '../events/publishing/revocations.ts';
import { createEventFeed, createRunFeed } from '../events/streams/audit-feeds.ts';
import { createLiveCounts } from '../events/streams/live-counts.ts';
import { attach } from '../events/transports/channel-subscription.ts';
import { createMemoryTransport } from '../events/transports/memory.ts';
import { connectRedisTransport } from '../events/transports/redis.ts';
import { openRedisCounters } from '../events/transports/redis-counters.ts';
import type { Transport } from '../events/transports/transport.ts';
import type { PipelinedClaims } from '../events/workers/pipelined-claims.ts';
import { createSignals, type WorkerSignals } from '../events/workers/signals.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import type { Services } from '../graphql/context.ts';
import { createJobDirectory } from '../graphql/job/directory.ts';
import { cleanUpEvents } from '../maintenance/cleanup-events.ts';
import type { Operation } from '../maintenance/operation.ts';
import { createOperations, type Operations } from '../maintenance/operations.ts';
import { retireJobs } from '../maintenance/retire-jobs.ts';
import { rollUpStatistics, trimStatistics } from '../maintenance/roll-up-statistics.ts';
import { rollUpEvents } from '../maintenance/rollup-events.ts';
import {
  isEndOfScheduledTask,
  RUN_SCHEDULES,
  runSchedules,
  trimScheduleRuns,
} from '../maintenance/run-schedules.ts';
import { createRunner, type Routine, type Runner } from '../maintenance/runner.ts';
import { startScheduledOperation } from '../maintenance/start-scheduled-operation.ts';
import { sweepWorkers } from '../maintenance/sweep-workers.ts';
import { timeOutTasks } from '../maintenance/time-out-tasks.ts';
import { createDeliverer } from '../maintenance/webhooks/deliver.ts';
import { createWebhookRegistry } from '../maintenance/webhooks/registry.ts';
import { createWebhooks, DELIVER_WEBHOOKS } from '../maintenance/webhooks/routine.ts';
import { countOperations, countRequests } from '../metrics/instrument.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createApiKeyCache } from '../server/auth/api-key-cache.ts';
import { createAuthenticate } from '../server/auth/authenticate.ts';
import { createCredentialExpiry } from '../server/auth/credential-expiry.ts';
import { createSignInFailures } from '../server/auth/sign-in-failures.ts';
import { createClientAddress } from '../server/client-address.ts';
import { ANY_DOCUMENTS, readTrustedDocuments } from '../server/graphql/trusted-documents.ts';
import { createPipeline, GRAPHQL_PATH } from '../server/graphql/yoga.ts';
import { createGraphqlEndpoint } from '../server/http/graphql-endpoint.ts';
import { readiness } from '../server/http/health.ts';
import { startHttpServer, type Timeouts } from '../server/http/http.ts';
import { createMetricsEndpoint } from '../server/http/metrics.ts';
import { createOrigins } from '../server/http/origins.ts';
import { within, withinRequest } from '../server/instrument.ts';
import { createRateLimits } from '../server/limits/rate-limits.ts';
import { WITHOUT_SECRETS } from '../server/logging.ts';
import { createMask } from '../server/mask.ts';
import { createStreamCounts, type StreamCounts } from '../server/subscriptions/stats.ts';
import { createWebSocketEndpoint } from '../server/websocket/websocket.ts';
import { findEvents, readEvents } from '../store/audit/events.ts';
import type { Database } from '../store/database/database.ts';
import { instrumentStatements } from '../store/database/instrument.ts';
import { createMigrationCheck, migrate } from '../store/database/migrate.ts';
import { openPglite } from '../store/database/pglite.ts';
import { openPostgres } from '../store/database/postgres.ts';
import { openLog } from '../store/log/log.ts';
import { findRunning, findRuns, readRuns } from '../store/operations/operation-runs.ts';
import type { DueOperation } from '../store/schedules/run-schedules.ts';
import { createStore, type Store } from '../store/store.ts';
import { createTracing, type Tracing } from '../tracing/tracing.ts';

/** A server that has started. */
export interface StartedServer {
  /** http://host:port */
  url: string;
  /** The token of the administrator. */
  adminToken: string;
  /** Whether the token was made at this start. */
  adminTokenIsNew: boolean;
  /** Where data is kept, for people. */
  storage: string;
  /** How changes travel, for people. */
  spreading: string;
}

export interface App {
  /**
   * Opens the database, migrates it, and serves.
   * @throws DocumentsUnavailable, DatabaseUnavailable, TransportUnavailable or AddressUnavailable with a sentence for whoever starts it
   */
  start(): Promise<StartedServer>;
  /** Ends streams, lets requests finish, closes everything. */
  stop(): Promise<void>;
  /** How streams are shared and kept up with; grows while it runs. */
  readonly streams: Readonly<StreamCounts>;
}

/** The Redis that REDIS_URL names cannot be used, in one sentence. */
export class TransportUnavailable extends Error {
  override readonly name = 'TransportUnavailable';
}

const STOP_GRACE_MS = 5_000;
/** How long the transport is waited for before changed schedules are only noticed by the beat. */
const CHANNEL_MS = 1_000;
const WORKER_OWNERS_KEPT = 10_000;

export interface AppOptions {
  /** Where the server logs to; without it to stdout as JSON. */
  logger?: Logger;
  /** A database that is open already, instead of the one that the settings name; it is closed with the server. */
  database?: Database;
  /** How long clients may take, where it is not what is usual. */
  timeouts?: Partial<Timeouts>;
}

/** Puts a server together; nothing is opened before it is started. */
export function buildApp(config: Config, options: AppOptions = {}): App {
  const logger = options.logger ?? pino({ level: config.logLevel, base: undefined, ...WITHOUT_SECRETS });
  const streams = createStreamCounts();
  // What has been opened, in the order in which it must be closed: last opened first.
  const opened: { close(): Promise<void> | void }[] = [];

  async function opening<T extends { close(): Promise<void> | void }>(part: Promise<T> | T): Promise<T> {
    const ready = await part;
    opened.unshift(ready);
    return ready;
  }

  async function stop(): Promise<void> {
    for (let part = opened.shift(); part; part = opened.shift()) {
      try {
        await part.close();
      } catch (error) {
        logger.warn({ err: error }, 'A part of the server could not be closed');
      }
    }
  }

  async function start(): Promise<StartedServer> {
    const documents = config.trustedDocuments ? readTrustedDocuments(config.trustedDocuments) : ANY_DOCUMENTS;
    const tracing = await openTracing(config);
    if (tracing) await opening(tracing);
    const stored = await opening(options.database ?? openDatabase(config, logger));
    const applied = await migrate(stored);
    if (applied.length > 0) logger.info({ migrations: applied }, 'The database was migrated');
    const checkMigrations = await createMigrationCheck(stored);
    const metrics = createMetrics();
    const measured = instrumentStatements(stored, metrics.statement);
    const database = tracing ? instrumentStatements(measured, tracing.statement) : measured;
    const log = await openLog(database);
    // Servers on different databases may share a Redis: the epoch keeps them apart.
    const prefix = `sb:${log.epoch.slice(0, 8)}:`;
    const transport = await opening(openTransport(config, prefix, logger));
    const horizon = await opening(monitorHorizon({ log, logger }));
    // Its own messages about work tell it nothing new.
    const origin = randomBytes(9).toString('base64url');
    const publisher = createPublisher({ transport, logger, origin });
    const publish = tracing
      ? (changes: readonly TaskChange[]) => tracing.publish(changes.length, () => publisher.publish(changes))
      : publisher.publish;
    let runner: Runner | undefined;
    let signals: WorkerSignals | undefined;
    let startOperation: ((due: DueOperation) => void) | undefined;
    const store = createStore(database, {
      waitingClaims: {
        waitFor: (jobs) => signals?.waitingClaims.waitFor(jobs) ?? false,
        send: (jobs, session) => (signals as WorkerSignals).waitingClaims.lookBehind(jobs, session),
      },
      onCommit(changes, sent?: PipelinedClaims) {
        signals?.committed(changes, sent);
        metrics.changes(changes);
        logFailures(logger, changes);
        void publish(changes);
        // The next run of a schedule may wait for it.
        if (changes.some(isEndOfScheduledTask)) runner?.wake(RUN_SCHEDULES);
      },
      onEvents: () => void publisher.announce(EVENTS_CHANNEL),
      onOperationDue: (due) => startOperation?.(due),
      aroundBatch: tracing?.batch,
      workerTimeoutSeconds: config.workerTimeoutSeconds,
    });
    const revocations = await opening(createRevocations({ transport, logger }));
    const prisma = new PrismaClient({ adapter: database.prismaAdapter });
    const feedOptions = { transport, logger, horizon: log.horizon };
    const operations = await opening(
      createOperations({
        database,
        operations: operationsOf(database, store, config),
        onRunChange: () => {
          void publisher.announce(RUNS_CHANNEL);
          void publisher.announce(EVENTS_CHANNEL);
        },
        logger,
      }),
    );
    const scheduled = { operations, store, logger, onEnd: () => runner?.wake(RUN_SCHEDULES) };
    startOperation = (due) => void startScheduledOperation(scheduled, due);
    const hub = await opening(createHub({ transport, log, logger }));
    const webhooks = await opening(
      createWebhooks({
        ...{ database, store, logger },
        deliverer: createDeliverer({ allowPrivate: config.webhookAllowPrivate }),
        wake: () => runner?.wake(DELIVER_WEBHOOKS),
      }),
    );
    signals = await opening(
      createSignals({
        ...{ transport, logger, origin, horizon: log.horizon },
        dueJobs: store.findJobsThatBecameDue,
        findArrivals: store.findArrivals,
      }),
    );
    const services: Services = {
      store,
      log,
      prisma,
      hub,
      liveCounts: await opening(createLiveCounts({ hub, read: store.countTasks, logger })),
      signals,
      jobs: createJobDirectory(store),
      operations,
      webhooks: {
        ...createWebhookRegistry(database, () => void publisher.announce(EVENTS_CHANNEL)),
        test: webhooks.test,
      },
      operationRuns: {
        find: (ids) => findRuns(database, ids),
        running: () => findRunning(database),
        feed: await opening(
          createRunFeed({ ...feedOptions, read: (after, limit) => readRuns(database, after, limit) }),
        ),
      },
      events: {
        find: (ids) => findEvents(database, ids),
        feed: await opening(
          createEventFeed({ ...feedOptions, read: (after, limit) => readEvents(database, after, limit) }),
        ),
      },
      workerOwners: new LRUCache({ max: WORKER_OWNERS_KEPT }),
      categories: config.categories,
      assetUrlSchemes: config.assetUrlSchemes,
      announceWorkerJobs: (workerId, jobIds) => void publisher.publishWorkerJobs(workerId, jobIds),
      announceSchedules: () => void transport.publish(SCHEDULES_CHANNEL, '1'),
      tiers: config.rateLimits,
      announceRevokedKey: (keyId) => revocations.announce(keyId),
    };
    runner = await opening(
      createRunner([...routinesOf(store, operations, config), webhooks.routine], logger),
    );
    const newEvents = attach(transport, EVENTS_CHANNEL, () => runner?.wake(DELIVER_WEBHOOKS), {
      timeoutMs: CHANNEL_MS,
      logger,
    });
    opened.unshift({ close: () => newEvents.detach() });
    const changedSchedules = attach(transport, SCHEDULES_CHANNEL, () => runner?.wake(RUN_SCHEDULES), {
      timeoutMs: CHANNEL_MS,
      logger,
    });
    opened.unshift({ close: () => changedSchedules.detach() });
    const adminToken = config.adminToken ?? randomBytes(32).toString('base64url');
    const lifetimes = createCredentialExpiry();
    const keys = await opening(
      createApiKeyCache({
        store,
        lifetimes,
        onBeatFailed: (error) => logger.warn({ err: error }, 'API keys in use could not be asked about'),
      }),
    );
    await revocations.listen(keys);
    const { redisUrl } = config;
    const counters = redisUrl
      ? await opening(orUnavailable(openRedisCounters({ url: redisUrl, logger })))
      : undefined;
    const authenticate = createAuthenticate({
      ...config,
      adminToken,
      keys,
      failures: createSignInFailures({
        max: config.maxFailedSignIns,
        keyPrefix: `${prefix}failures`,
        redis: counters?.client,
      }),
      onUnavailable: (why, error) => logger.warn({ err: error }, `Tokens cannot be checked: ${why}`),
    });
    const limits = createRateLimits({
      tiers: config.rateLimits,
      defaultTier: config.defaultTier,
      keyPrefix: `${prefix}rate:`,
      redis: counters?.client,
    });
    const clientAddress = createClientAddress(config.trustedProxies);
    const mask = createMask(logger);
    const pipeline = createPipeline(services, {
      mask,
      introspection: config.introspection,
      documents,
      around: within(tracing?.operation, countOperations(metrics)),
      counts: streams,
    });
    const access = { ...pipeline, authenticate, clientAddress, limits, lifetimes, mask };
    const webSocket = createWebSocketEndpoint({ ...config, ...access, documents, logger });
    metrics.watch({
      findJobs: store.findJobs,
      measureQueue: store.measureQueue,
      watermarkLagSeconds: horizon.lagSeconds,
      streams: () => ({ ...streams, rooms: services.hub.stats().rooms }),
      sockets: webSocket.size,
      claimsWaiting: () => services.signals.stats().claims,
      transportIsHealthy: () => transport.healthy(),
      routines: runner.stats,
      onError: (error) => logger.warn({ err: error }, 'Some metrics could not be read'),
    });
    const server = await startHttpServer({
      host: config.host,
      port: config.port,
      graphql: createGraphqlEndpoint({ ...access, requestsPerCaller: config.socketsPerCaller }),
      webSocket,
      readiness: () => readiness({ checkMigrations, transportIsHealthy: () => transport.healthy() }),
      metrics: createMetricsEndpoint({ authenticate, token: config.metricsToken, text: metrics.text }),
      around: withinRequest(tracing?.request, countRequests(metrics)),
      origins: createOrigins(config.corsOrigins),
      hasExplorer: config.introspection && documents === ANY_DOCUMENTS,
      maxConnections: config.maxConnections,
      timeouts: options.timeouts,
      logger,
    });
    opened.unshift({
      async close() {
        services.signals.endWaits();
        // Their answers leave before the connections are closed.
        await new Promise((resolve) => setImmediate(resolve));
        await server.close(STOP_GRACE_MS);
      },
    });
    runner.start();
    return {
      url: server.url,
      adminToken,
      adminTokenIsNew: config.adminToken === undefined,
      storage: config.databaseUrl ? 'PostgreSQL' : `embedded database in ${config.dataDir}`,
      spreading: config.redisUrl ? 'Redis' : 'in this process',
    };
  }

  return {
    async start() {
      try {
        return await start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    streams,
  };
}

/** Every operation: what stands here is in the API, in schedules and in the metrics. */
function operationsOf(database: Database, store: Store, config: Config): Operation[] {
  const { sweepIntervalSeconds, jobIdleSeconds } = config;
  return [
    sweepWorkers(store, sweepIntervalSeconds),
    retireJobs(store, { intervalSeconds: sweepIntervalSeconds, idleSeconds: jobIdleSeconds }),
    rollUpEvents(database),
    cleanUpEvents(database, config.retentionDays),
  ];
}

function routinesOf(store: Store, operations: Operations, config: Config): Routine[] {
  return [
    timeOutTasks(store),
    runSchedules(store),
    trimScheduleRuns(store),
    ...operations.routines(config.sweepIntervalSeconds),
    rollUpStatistics(store),
    trimStatistics(store),
  ];
}

function openTracing({ otlpEndpoint, serviceName }: Config): Promise<Tracing | undefined> {
  if (!otlpEndpoint) return Promise.resolve(undefined);
  return createTracing({ endpoint: otlpEndpoint, serviceName, tracedRoute: GRAPHQL_PATH });
}

function openDatabase(config: Config, logger: Logger): Promise<Database> {
  if (!config.databaseUrl) return openPglite({ dataDir: config.dataDir });
  return openPostgres({
    url: config.databaseUrl,
    maxConnections: config.databaseConnections,
    onConnectionError: (error) => logger.warn({ err: error }, 'An idle connection to PostgreSQL was lost'),
  });
}

async function openTransport({ redisUrl: url }: Config, prefix: string, logger: Logger): Promise<Transport> {
  if (!url) return createMemoryTransport({ logger });
  return orUnavailable(connectRedisTransport({ url, prefix, logger }));
}

async function orUnavailable<T>(connection: Promise<T>): Promise<T> {
  try {
    return await connection;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TransportUnavailable(`REDIS_URL cannot be used: ${why}`, { cause: error });
  }
}
