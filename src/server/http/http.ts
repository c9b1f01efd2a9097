/** The HTTP server: probes, pages, GraphQL for those who have a token, and sockets; and how long clients may take. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { GRAPHQL_PATH } from '../graphql/yoga.ts';
import type { AroundRequest } from '../instrument.ts';
import { idOf, nameRequest } from '../request-id.ts';
import type { WebSocketEndpoint } from '../websocket/websocket.ts';
import type { Dashboard } from './dashboard.ts';
import { EXPLORER_PATH, explorerPage } from './explorer.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import type { Readiness } from './health.ts';
import type { MetricsEndpoint } from './metrics.ts';
import { isPreflight, type Origins } from './origins.ts';
import { PROBLEMS_PATH, serveProblems } from './problem-pages.ts';
import { sendError, sendJson } from './respond.ts';
import { protectData, sendPage } from './security-headers.ts';

export interface HttpServerOptions {
  host: string;
  port: number;
  graphql: GraphqlEndpoint;
  webSocket: WebSocketEndpoint;
  readiness: () => Promise<Readiness>;
  metrics: MetricsEndpoint;
  /** What stands around every request. */
  around: AroundRequest;
  origins: Origins;
  /** Whether the page for trying out operations is there. */
  hasExplorer: boolean;
  /** The dashboard, where there is one. */
  dashboard?: Dashboard;
  /** Connections at a time at most; further ones are closed at once. */
  maxConnections: number;
  /** Other times than usual. */
  timeouts?: Partial<Timeouts>;
  logger: Logger;
}

/** Milliseconds that a client may take; whoever is slower is closed with 408. */
export interface Timeouts {
  /** For the headers of a request, from the beginning of a connection. */
  headersTimeout: number;
  /** For a whole request. */
  requestTimeout: number;
  /** Between two requests on one connection: longer than proxies in front keep theirs, which would meet a closed one. */
  keepAliveTimeout: number;
  /** Between two looks for clients that are too slow. */
  connectionsCheckingInterval: number;
}

const TIMEOUTS: Timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
};
const MAX_HEADERS = 100;
const MAX_HEADER_BYTES = 16_384;

export interface HttpServer {
  /** Where it listens, as http://host:port. */
  url: string;
  /** Lets requests under way finish within the grace period, and ends streams and sockets. */
  close(graceMs: number): Promise<void>;
}

/** The address cannot be listened on, in one sentence. */
export class AddressUnavailable extends Error {
  override readonly name = 'AddressUnavailable';
}

const IDLE_CHECK_MS = 100;

/** @throws AddressUnavailable when the port is taken or the address is none of this machine */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { webSocket, origins, logger } = options;
  const limits = { ...TIMEOUTS, ...options.timeouts, maxHeaderSize: MAX_HEADER_BYTES };
  const server = createServer(limits, (request, response) => {
    nameRequest(request, response);
    protectData(response);
    options
      .around(request, response, routeOf(request), () => route(options, request, response))
      .catch((error: unknown) => breakOff(request, response, error, logger));
  });
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = options.maxConnections;
  server.on('drop', () =>
    logger.debug('A connection was refused: there are as many as SIGNALBOX_MAX_CONNECTIONS'),
  );
  server.on('upgrade', (request, socket, head) => {
    if (!isWellFormed(request)) refuseUpgrade(socket, '400 Bad Request');
    else if (!origins.allows(request)) refuseUpgrade(socket, '403 Forbidden');
    else webSocket.upgrade(request, socket, head);
  });
  const endUnused = trackUnused(server);
  await listen(server, options.host, options.port);
  // As when there is no file descriptor left for a connection: without a listener it would end the process.
  server.on('error', (error) =>
    logger.error({ err: error }, 'The HTTP server could not accept a connection'),
  );
  return {
    url: urlOf(server, options.host),
    close(graceMs) {
      const closed = close(server, options, graceMs);
      endUnused();
      return closed;
    },
  };
}

/**
 * Browsers connect ahead of need. For Node such a connection is in the middle of its first request: it would be waited
 * for when the server closes.
 */
function trackUnused(server: Server): () => void {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return () => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The caller gets the id under which the log has the cause. */
function breakOff(request: IncomingMessage, response: ServerResponse, error: unknown, logger: Logger): void {
  const requestId = idOf(request);
  logger.error(
    { err: error, requestId, method: request.method, url: pathOf(request) },
    'A request broke off',
  );
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const message = `Something went wrong on our side. Quote the request id ${requestId} when you report it.`;
  sendError(response, 500, message, 'INTERNAL_SERVER_ERROR');
}

async function route(
  { graphql, origins, readiness, metrics, hasExplorer, dashboard }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isWellFormed(request)) {
    return sendError(response, 400, 'The path or the Host header is malformed.', 'BAD_REQUEST');
  }
  const path = pathOf(request);
  if (path === PROBLEMS_PATH || path.startsWith(`${PROBLEMS_PATH}/`)) {
    return serveProblems(request, response, path.slice(PROBLEMS_PATH.length));
  }
  switch (path) {
    case GRAPHQL_PATH:
      origins.share(request, response);
      if (!origins.allows(request)) {
        const message =
          'Web pages of other origins may not use this server, unless SIGNALBOX_CORS_ORIGINS names theirs.';
        return sendError(response, 403, message, 'FORBIDDEN_ORIGIN');
      }
      if (!isPreflight(request)) return graphql.serve(request, response);
      response.writeHead(204).end();
      return;
    case '/health/live':
      return sendJson(response, 200, { status: 'ok' });
    case '/health/ready': {
      const state = await readiness();
      return sendJson(response, state.status === 'ready' ? 200 : 503, state);
    }
    case '/metrics':
      return metrics(request, response);
    case EXPLORER_PATH:
      if (hasExplorer) return sendPage(request, response, await explorerPage());
  }
  if (dashboard?.serve(path, request, response)) return;
  sendError(response, 404, nothingHere(hasExplorer), 'NOT_FOUND');
}

function nothingHere(hasExplorer: boolean): string {
  return `There is nothing here. The API is at /graphql${hasExplorer ? `, its explorer at ${EXPLORER_PATH}` : ''}; /problems explains errors.`;
}

const ROUTES = [GRAPHQL_PATH, '/health/live', '/health/ready', '/metrics', EXPLORER_PATH, '/'];

/** The path where there is something, for what must not have ever new names. */
function routeOf(request: IncomingMessage): string {
  const path = pathOf(request);
  return ROUTES.includes(path) ? path : 'other';
}

/** Whether path and Host make a URL: everything behind takes that for granted. */
function isWellFormed({ url = '/', headers }: IncomingMessage): boolean {
  const host = headers.host || 'localhost';
  // Nearly every request is for the same path and Host as the last one.
  if (url === wellFormed.url && host === wellFormed.host) return true;
  if (!URL.canParse(url, `http://${host}`)) return false;
  wellFormed = { url, host };
  return true;
}

let wellFormed = { url: '', host: '' };

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one.`
          : `Cannot listen on ${host}:${port} (${error.code}). Check HOST and PORT.`;
      reject(new AddressUnavailable(why, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

async function close(
  server: Server,
  { graphql, webSocket }: HttpServerOptions,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  graphql.endStreams();
  // A connection that is kept alive may become idle only now.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await Promise.all([closed, webSocket.close()]);
  clearInterval(idle);
  clearTimeout(force);
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
