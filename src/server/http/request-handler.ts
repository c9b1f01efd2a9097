/** What answers requests and upgrades, whichever HTTP server they come from: probes, pages, GraphQL and sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { GRAPHQL_PATH } from '../graphql/yoga.ts';
import type { InstrumentRequest } from '../instrument.ts';
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

export interface RequestHandlerOptions {
  graphql: GraphqlEndpoint;
  webSocket: WebSocketEndpoint;
  readiness: () => Promise<Readiness>;
  metrics: MetricsEndpoint;
  /** Wraps every request. */
  instrument: InstrumentRequest;
  origins: Origins;
  /** Whether the page for trying out operations is there. */
  hasExplorer: boolean;
  /** Below which path all is, as callers have to write it; empty at the root. */
  path: string;
  /** The dashboard, where there is one. */
  dashboard?: Dashboard | undefined;
  /** Answers what waits for work. */
  endWaits: () => void;
  logger: Logger;
}

/** Answers requests by their path, which begins at the root. */
export interface RequestHandler {
  /** Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Takes over an upgrade request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts streams and closes sockets, after which clients connect again. Likewise when called again. */
  close(): Promise<void>;
}

export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { graphql, webSocket, origins, logger } = options;
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    options.endWaits();
    // Their answers leave before the connections are closed.
    await new Promise((resolve) => setImmediate(resolve));
    graphql.endStreams();
    await webSocket.close();
  }

  return {
    handle(request, response) {
      nameRequest(request, response);
      protectData(response);
      options
        .instrument(request, response, routeOf(request), () => route(options, request, response))
        .catch((error: unknown) => breakOff(request, response, error, logger));
    },
    upgrade(request, socket, head) {
      if (!isWellFormed(request)) refuseUpgrade(socket, '400 Bad Request');
      else if (!origins.allows(request)) refuseUpgrade(socket, '403 Forbidden');
      else webSocket.upgrade(request, socket, head);
    },
    close: () => (closing ??= close()),
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
  { graphql, origins, readiness, metrics, hasExplorer, dashboard, path: mountedAt }: RequestHandlerOptions,
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
  sendError(response, 404, nothingHere(mountedAt, hasExplorer), 'NOT_FOUND');
}

function nothingHere(path: string, hasExplorer: boolean): string {
  return `There is nothing here. The API is at ${path}${GRAPHQL_PATH}${hasExplorer ? `, its explorer at ${EXPLORER_PATH}` : ''}; ${path}${PROBLEMS_PATH} explains errors.`;
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

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
