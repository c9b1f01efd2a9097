/**
 * The composition root: every part of a server, put together from the settings, a step a file:
 *
 *   storage ──▶ events ──▶ services ──▶ server ──▶ an HTTP server of its own, or one of the application
 *
 * The store announces its commits on a bus (commit-bus.ts), and later steps subscribe to it.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { type Config, IN_MEMORY } from '../config.ts';
import type { MaintenanceOperation } from '../maintenance/operation.ts';
import { createMetrics } from '../metrics/metrics.ts';
import type { Identify } from '../server/auth/authenticate.ts';
import { createTaskTokens } from '../server/auth/task-tokens.ts';
import { ANY_DOCUMENTS, readTrustedDocuments } from '../server/graphql/trusted-documents.ts';
import { GRAPHQL_PATH } from '../server/graphql/yoga.ts';
import { openDashboard } from '../server/http/dashboard.ts';
import { startHttpServer, type Timeouts } from '../server/http/http.ts';
import { WITHOUT_SECRETS } from '../server/logging.ts';
import { createStreamCounts, type StreamCounts } from '../server/subscriptions/stats.ts';
import type { Database } from '../store/database/database.ts';
import { createTracing, type Tracing } from '../tracing/tracing.ts';
import { openEvents } from './events.ts';
import { createResources, type Resources } from './resources.ts';
import { openServer, type Server } from './server.ts';
import { openServices } from './services.ts';
import { openStorage, type Storage } from './storage.ts';
import { spreadingOf } from './transport.ts';

/** The operations of the dashboard, which it may ask also where only trusted documents are taken. */
const DASHBOARD_DOCUMENTS = fileURLToPath(new URL('../../dashboard-documents.json', import.meta.url));

/** A server that is ready, without a port of its own. */
export interface OpenedServer extends Server {
  /** The token of the administrator. */
  adminToken: string;
  /** Whether the token was made at this start. */
  adminTokenIsNew: boolean;
  /** Whether the dashboard is at /. */
  hasDashboard: boolean;
  /** Whether the page for trying out operations is at /explorer. */
  hasExplorer: boolean;
  /** Where data is kept, for people. */
  storage: string;
  /** How changes travel, for people. */
  spreading: string;
}

/** A server that has started. */
export interface StartedServer extends OpenedServer {
  /** http://host:port */
  url: string;
}

export interface App {
  /**
   * Opens the database, migrates it, and is ready to answer what an HTTP server hands on.
   * @throws DocumentsUnavailable, DatabaseUnavailable or TransportUnavailable with a sentence for whoever starts it
   */
  open(): Promise<OpenedServer>;
  /**
   * The same, with an HTTP server on the host and port of the settings.
   * @throws DocumentsUnavailable, DatabaseUnavailable, TransportUnavailable or AddressUnavailable with a sentence for whoever starts it
   */
  start(): Promise<StartedServer>;
  /** Ends streams, lets requests finish, closes everything. */
  stop(): Promise<void>;
  /** How streams are shared and kept up with; grows while it runs. */
  readonly streams: Readonly<StreamCounts>;
}

export interface AppOptions {
  /** Where the server logs to; without it to stdout as JSON. */
  logger?: Logger | undefined;
  /** A database that is open already, instead of the one that the settings name; it is closed with the server. */
  database?: Database | undefined;
  /** How long clients may take, where it is not what is usual. */
  timeouts?: Partial<Timeouts> | undefined;
  /** Says who requests are from, before tokens do. */
  identify?: Identify | undefined;
  /** Operations beside those of the server. */
  operations?: readonly MaintenanceOperation[] | undefined;
  /** Called with what is behind the API before anything is answered: for tests that move the clock. */
  onOpen?: (storage: Pick<Storage, 'database' | 'store'>) => void;
  /** Below which path the application has it. Only at the root, the default, there are dashboard and explorer. */
  path?: string | undefined;
}

const STOP_GRACE_MS = 5_000;

/** Puts a server together; nothing is opened before it is started. */
export function buildApp(config: Config, options: AppOptions = {}): App {
  const logger = options.logger ?? pino({ level: config.logLevel, base: null, ...WITHOUT_SECRETS });
  const streams = createStreamCounts();
  const resources = createResources(logger);

  async function open(): Promise<OpenedServer> {
    const { path = '' } = options;
    const hasPages = path === '';
    const dashboard =
      config.dashboard === 'off' || !hasPages ? undefined : openDashboard(config.dashboard === 'read-only');
    const documents = config.trustedDocuments
      ? readTrustedDocuments([...config.trustedDocuments, ...(dashboard ? [DASHBOARD_DOCUMENTS] : [])])
      : ANY_DOCUMENTS;
    const hasExplorer = hasPages && config.introspection && documents === ANY_DOCUMENTS;
    const adminToken = config.adminToken ?? randomBytes(32).toString('base64url');
    const tracing = await openTracing(config, resources);
    const shared = { config, logger, resources, tracing, metrics: createMetrics() };
    const storage = await openStorage({ ...shared, database: options.database });
    options.onOpen?.(storage);
    const events = await openEvents({ ...shared, storage });
    const taskTokens = createTaskTokens({
      secret: config.jwtSecret ?? (await storage.store.readServerKey()),
      scope: storage.log.scope,
      adminToken: config.adminToken,
    });
    const ownOperations = options.operations ?? [];
    const { services, runner } = await openServices({
      ...shared,
      storage,
      events,
      taskTokens,
      ownOperations,
    });
    const server = await openServer({
      ...shared,
      ...{ storage, events, services, runner, documents, adminToken, streams },
      ...{ dashboard, hasExplorer, path },
      ...{ taskTokens, identify: options.identify },
    });
    await resources.open(server.requests);
    runner.start();
    return {
      ...server,
      adminToken,
      adminTokenIsNew: config.adminToken === undefined,
      hasDashboard: dashboard !== undefined,
      hasExplorer,
      storage: config.databaseUrl ? 'PostgreSQL' : embeddedIn(config),
      spreading: spreadingOf(config),
    };
  }

  async function start(): Promise<StartedServer> {
    const opened = await open();
    const server = await startHttpServer({ ...config, ...options, requests: opened.requests, logger });
    await resources.open({ close: () => server.close(STOP_GRACE_MS) });
    return { ...opened, url: server.url };
  }

  return {
    open: () => orClose(open),
    start: () => orClose(start),
    stop: () => resources.close(),
    streams,
  };

  async function orClose<T>(begin: () => Promise<T>): Promise<T> {
    try {
      return await begin();
    } catch (error) {
      await resources.close();
      throw error;
    }
  }
}

function embeddedIn({ dataDir }: Config): string {
  return dataDir === IN_MEMORY
    ? 'embedded database in memory, gone with the server'
    : `embedded database in ${dataDir}`;
}

async function openTracing(config: Config, resources: Resources): Promise<Tracing | undefined> {
  const { otlpEndpoint, serviceName } = config;
  if (!otlpEndpoint) return undefined;
  return resources.open(createTracing({ endpoint: otlpEndpoint, serviceName, tracedRoute: GRAPHQL_PATH }));
}
