/** Last step: who may call, how much, and what answers requests. */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openRedisCounters } from '../events/transports/redis-counters.ts';
import { redisTlsOptions } from '../events/transports/redis-tls.ts';
import type { Services } from '../graphql/context.ts';
import type { Runner } from '../maintenance/runner.ts';
import { countOperations, countRequests } from '../metrics/instrument.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createApiKeyCache } from '../server/auth/api-key-cache.ts';
import { createSignIn, type Identify } from '../server/auth/authenticate.ts';
import { createCredentialExpiry } from '../server/auth/credential-expiry.ts';
import { createSignInFailures } from '../server/auth/sign-in-failures.ts';
import type { TaskTokenSigner } from '../server/auth/task-tokens.ts';
import { createClientAddress } from '../server/client-address.ts';
import { checkGraphqlVersion } from '../server/graphql/execution/graphql-version.ts';
import type { Documents } from '../server/graphql/trusted-documents.ts';
import { createPipeline } from '../server/graphql/yoga.ts';
import type { Dashboard } from '../server/http/dashboard.ts';
import { createGraphqlEndpoint } from '../server/http/graphql-endpoint.ts';
import { readiness } from '../server/http/health.ts';
import { createMetricsEndpoint } from '../server/http/metrics.ts';
import { createOrigins } from '../server/http/origins.ts';
import { createRequestHandler, type RequestHandler } from '../server/http/request-handler.ts';
import { nestOperation, nestRequest } from '../server/instrument.ts';
import { createRateLimits } from '../server/limits/rate-limits.ts';
import { createLocalCalls, type LocalCalls } from '../server/local-calls.ts';
import { createMask } from '../server/mask.ts';
import type { StreamCounts } from '../server/subscriptions/stats.ts';
import { createWebSocketEndpoint } from '../server/websocket/websocket.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { orUnavailable } from './errors.ts';
import type { Events } from './events.ts';
import type { Resources } from './resources.ts';
import type { Storage } from './storage.ts';
import { redisPrefix } from './transport.ts';

export interface ServerOptions {
  config: Config;
  logger: Logger;
  resources: Resources;
  metrics: Metrics;
  tracing: Tracing | undefined;
  storage: Storage;
  events: Events;
  services: Services;
  runner: Runner;
  documents: Documents;
  dashboard: Dashboard | undefined;
  hasExplorer: boolean;
  /** Below which path all is; empty at the root. */
  path: string;
  adminToken: string;
  streams: StreamCounts;
  taskTokens: TaskTokenSigner;
  /** Who requests are from, where the application knows. */
  identify: Identify | undefined;
}

/** What serves callers, over HTTP and within the process. */
export interface Server {
  requests: RequestHandler;
  local: LocalCalls;
}

export async function openServer(options: ServerOptions): Promise<Server> {
  const { config, logger, metrics, tracing, storage, events, services, documents } = options;
  checkGraphqlVersion();
  const mask = createMask(logger);
  const pipeline = createPipeline(services, {
    mask,
    introspection: config.introspection,
    documents,
    instrument: nestOperation(tracing?.operation, countOperations(metrics)),
    counts: options.streams,
  });
  const access = { ...pipeline, ...(await openAccess(options)), mask };
  const webSocket = createWebSocketEndpoint({ ...config, ...access, documents, logger });
  const transportIsHealthy = () => events.transport.healthy();
  const { countersAreHealthy } = access;
  watchMetrics(options, webSocket.size, countersAreHealthy);
  const requests = createRequestHandler({
    graphql: createGraphqlEndpoint({
      ...access,
      requestsPerCaller: config.socketsPerCaller,
      eventLoopShare: services.checks.eventLoopShare,
    }),
    webSocket,
    readiness: () => readiness({ ...storage, transportIsHealthy, countersAreHealthy }),
    metrics: createMetricsEndpoint({ ...access, text: metrics.text }),
    instrument: nestRequest(tracing?.request, countRequests(metrics)),
    origins: createOrigins(config.corsOrigins),
    dashboard: options.dashboard,
    hasExplorer: options.hasExplorer,
    path: options.path,
    endWaits: () => services.signals.endWaits(),
    logger,
  });
  return { requests, local: createLocalCalls(access) };
}

/** Who calls, from where, and how much each may. */
async function openAccess(options: ServerOptions) {
  const { config, logger, resources, storage, events, services, adminToken, identify, taskTokens } = options;
  const credentialExpiry = createCredentialExpiry();
  const keys = await resources.open(
    createApiKeyCache({
      store: storage.store,
      credentialExpiry,
      onBeatFailed: (error) => logger.warn({ err: error }, 'API keys in use could not be asked about'),
    }),
  );
  await events.revocations.listen(keys);
  const { redisUrl: url, redisTls } = config;
  const prefix = redisPrefix(storage.log);
  const counters = url
    ? await resources.open(
        orUnavailable(async () => openRedisCounters({ url, tls: redisTlsOptions(redisTls), prefix, logger })),
      )
    : undefined;
  const redis = counters?.client;
  const signIn = createSignIn({
    ...config,
    adminToken,
    ...{ identify, taskTokens },
    keys,
    failures: createSignInFailures({
      max: config.maxFailedSignIns,
      keyPrefix: `${prefix}failures`,
      redis,
    }),
    onUnavailable: (why, error) => logger.warn({ err: error }, `Tokens cannot be checked: ${why}`),
  });
  const limits = createRateLimits({
    tiers: config.rateLimits,
    defaultTier: config.defaultTier,
    keyPrefix: `${prefix}rate:`,
    redis,
    onCounted: services.rateLimitStates.note,
  });
  return {
    ...signIn,
    clientAddress: createClientAddress(config.trustedProxies),
    ...{ limits, credentialExpiry },
    countersAreHealthy: () => counters?.healthy() ?? true,
  };
}

/** Gives the metrics what they read when somebody asks for them. */
function watchMetrics(
  options: ServerOptions,
  sockets: () => number,
  countersAreHealthy: () => boolean,
): void {
  const { logger, metrics, storage, events, runner, streams } = options;
  metrics.watch({
    findJobs: storage.store.findJobs,
    measureQueue: storage.store.measureQueue,
    watermarkLagSeconds: events.horizon.lagSeconds,
    streams: () => ({ ...streams, rooms: events.hub.stats().rooms }),
    sockets,
    claimsWaiting: () => events.signals.stats().claims,
    transportIsHealthy: () => events.transport.healthy(),
    countersAreHealthy,
    routines: runner.stats,
    onError: (error) => logger.warn({ err: error }, 'Some metrics could not be read'),
  });
}
