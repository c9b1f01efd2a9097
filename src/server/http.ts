/** The HTTP server: probes, the explorer, GraphQL for those who have a token, and sockets. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from 'pino';
import { sendError, sendJson } from './answer.ts';
import { explorerPage } from './explorer.ts';
import type { GraphqlEndpoint } from './graphql.ts';
import type { Readiness } from './health.ts';
import type { WebSocketEndpoint } from './websocket.ts';
import { GRAPHQL_PATH } from './yoga.ts';

export interface HttpServerOptions {
  host: string;
  port: number;
  graphql: GraphqlEndpoint;
  webSocket: WebSocketEndpoint;
  readiness: () => Promise<Readiness>;
  logger: Logger;
}

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
  const { webSocket, logger } = options;
  const server = createServer((request, response) => {
    route(options, request, response).catch((error: unknown) => {
      logger.error({ err: error, method: request.method, url: pathOf(request) }, 'A request broke off');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'Something went wrong on our side.', 'INTERNAL_SERVER_ERROR');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (isWellFormed(request)) return webSocket.upgrade(request, socket, head);
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  const endUnused = trackUnused(server);
  await listen(server, options.host, options.port);
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

async function route(
  { graphql, readiness }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isWellFormed(request)) {
    return sendError(response, 400, 'The path or the Host header is malformed.', 'BAD_REQUEST');
  }
  switch (pathOf(request)) {
    case GRAPHQL_PATH:
      return graphql.serve(request, response);
    case '/health/live':
      return sendJson(response, 200, { status: 'ok' });
    case '/health/ready': {
      const state = await readiness();
      return sendJson(response, state.status === 'ready' ? 200 : 503, state);
    }
    case '/': {
      const page = await explorerPage();
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
      response.end(page);
      return;
    }
    default:
      sendError(response, 404, 'There is nothing here. The API is at /graphql.', 'NOT_FOUND');
  }
}

/** Whether path and Host make a URL: everything behind takes that for granted. */
function isWellFormed({ url = '/', headers }: IncomingMessage): boolean {
  return URL.canParse(url, `http://${headers.host || 'localhost'}`);
}

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
