/** The HTTP server, and how long its clients may take. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from 'pino';
import type { RequestHandler } from './request-handler.ts';

export interface HttpServerOptions {
  host: string;
  port: number;
  requests: RequestHandler;
  /** Connections at a time at most; further ones are closed at once. */
  maxConnections: number;
  /** Other times than usual. */
  timeouts?: Partial<Timeouts> | undefined;
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
  const { requests, logger } = options;
  const limits = { ...TIMEOUTS, ...options.timeouts, maxHeaderSize: MAX_HEADER_BYTES };
  const server = createServer(limits, requests.handle);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = options.maxConnections;
  server.on('drop', () =>
    logger.debug('A connection was refused: there are as many as SIGNALBOX_MAX_CONNECTIONS'),
  );
  server.on('upgrade', requests.upgrade);
  const endUnused = trackUnused(server);
  await listen(server, options.host, options.port);
  // As when there is no file descriptor left for a connection: without a listener it would end the process.
  server.on('error', (error) =>
    logger.error({ err: error }, 'The HTTP server could not accept a connection'),
  );
  return {
    url: urlOf(server, options.host),
    close(graceMs) {
      const closed = close(server, requests, graceMs);
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

async function close(server: Server, requests: RequestHandler, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const ended = requests.close();
  // A connection that is kept alive may become idle only now.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await Promise.all([closed, ended]);
  clearInterval(idle);
  clearTimeout(force);
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
