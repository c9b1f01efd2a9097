/** The HTTP server: probes, the explorer, GraphQL for those who have a token, and sockets. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Authenticate } from './auth.ts';
import { explorerPage } from './explorer.ts';
import type { Readiness } from './health.ts';
import type { WebSocketEndpoint } from './websocket.ts';
import { type Caller, GRAPHQL_PATH, type Yoga } from './yoga.ts';

/** Bytes of a request body at most. */
const MAX_BODY_BYTES = 262_144;

export interface HttpServerOptions {
  host: string;
  port: number;
  yoga: Yoga;
  authenticate: Authenticate;
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

/** @throws AddressUnavailable when the port is taken or the address is none of this machine */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { webSocket, logger } = options;
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    route(options, request, response, streams).catch((error: unknown) => {
      logger.error({ err: error, method: request.method, url: pathOf(request) }, 'A request broke off');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, errorBody('Something went wrong on our side.', 'INTERNAL_SERVER_ERROR'));
    });
  });
  server.on('upgrade', (request, socket, head) => webSocket.upgrade(request, socket, head));
  await listen(server, options.host, options.port);
  return {
    url: urlOf(server, options.host),
    close: (graceMs) => close(server, webSocket, streams, graceMs),
  };
}

async function route(
  { yoga, authenticate, readiness }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  streams: Set<ServerResponse>,
): Promise<void> {
  switch (pathOf(request)) {
    case GRAPHQL_PATH:
      return serveGraphql(yoga, authenticate, request, response, streams);
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
      sendJson(response, 404, errorBody('There is nothing here. The API is at /graphql.', 'NOT_FOUND'));
  }
}

async function serveGraphql(
  yoga: Yoga,
  authenticate: Authenticate,
  request: IncomingMessage,
  response: ServerResponse,
  streams: Set<ServerResponse>,
): Promise<void> {
  const { authorization, 'x-admin-token': adminToken } = request.headers;
  const result = await authenticate({
    authorization,
    adminToken: typeof adminToken === 'string' ? adminToken : undefined,
  });
  if (!result.ok) {
    response.setHeader('www-authenticate', 'Bearer');
    return sendJson(response, 401, errorBody(result.message, 'UNAUTHENTICATED'));
  }
  const body = await readBody(request);
  if (body === null) {
    response.setHeader('connection', 'close');
    return sendJson(
      response,
      413,
      errorBody(`A request may have ${MAX_BODY_BYTES} bytes at most.`, 'PAYLOAD_TOO_LARGE'),
    );
  }
  // The adapter takes a body that has been read already.
  if (body.length > 0) (request as IncomingMessage & { body?: Buffer }).body = body;
  if (request.headers.accept?.includes('text/event-stream')) {
    streams.add(response);
    response.once('close', () => streams.delete(response));
    const expiry = endAtExpiry(response, result.viewer.expiresAt);
    response.once('close', () => clearTimeout(expiry));
  }
  await (yoga as unknown as (req: IncomingMessage, res: ServerResponse, caller: Caller) => Promise<void>)(
    request,
    response,
    { viewer: result.viewer },
  );
}

/** The whole body, or null when it is too large: then the rest is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** A stream lives no longer than the token that opened it. */
function endAtExpiry(response: ServerResponse, expiresAt: Date | null): NodeJS.Timeout | undefined {
  const left = expiresAt ? expiresAt.getTime() - Date.now() : Number.POSITIVE_INFINITY;
  if (left > 2 ** 31 - 1) return undefined;
  return setTimeout(() => response.destroy(), Math.max(left, 0)).unref();
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
  webSocket: WebSocketEndpoint,
  streams: Set<ServerResponse>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await webSocket.close();
  // Streams would never end by themselves.
  for (const response of streams) response.destroy();
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
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

function errorBody(message: string, code: string) {
  return { errors: [{ message, extensions: { code } }] };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
