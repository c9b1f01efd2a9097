/** The ways to the server: HTTP for single operations, a socket for streams (and, on demand, for everything). */

import { ConnectionError, messageOf } from '../errors.ts';
import { type Logger, loggerOf, silentLogger } from '../logger.ts';
import { type Bound, bindTrace, type OpenTelemetry, type TraceCarrier, traceOperation } from '../tracing.ts';
import { type Address, addressOf } from './address.ts';
import { postOperation } from './http.ts';
import { connectThrough, proxyFor } from './proxy.ts';
import { createStatuses, type Statuses } from './status.ts';
import { createTransport } from './transport.ts';
import type { OperationSink, SocketOperation } from './websocket-connection.ts';

/** A GraphQL operation as text, with the types of its data and variables where codegen made it. */
export interface TypedDocument<TData, TVariables> {
  toString(): string;
  __apiType?: (variables: TVariables) => TData;
}

/** How to reach a server, and as whom. */
export interface ConnectionOptions {
  /** The server's address, as `http://127.0.0.1:4000`. */
  url: string | URL;
  /** The bearer token, or what gives it: asked for each request and each time that the socket connects. */
  token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Left out: the runtime's own; on Node through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. */
  fetch?: typeof fetch | undefined;
  /** A WebSocket class; left out: the runtime's own, on Node that of `ws`. */
  webSocketImpl?: unknown;
  /**
   * Logs lost connections and what is tried again; `console` fits, `false` logs nothing. Left out, a client logs nothing,
   * and a worker logs to the console what it does.
   */
  logger?: Logger | false | undefined;
  /** The application's module `@opentelemetry/api`: its traces then go on through the server, and into handlers. */
  opentelemetry?: OpenTelemetry | undefined;
}

/** What a subscription delivers to. */
export type TypedSink<TData> = Omit<OperationSink, 'next'> & { next(data: TData): void };

export interface Connection {
  readonly address: Address;
  readonly logger: Logger;
  readonly statuses: Statuses;
  /** Aborted by {@link Connection.close}. */
  readonly closed: AbortSignal;
  /** One query or mutation over HTTP. */
  post<TData, TVariables>(
    document: TypedDocument<TData, TVariables>,
    variables: TVariables,
    signal?: AbortSignal,
  ): Promise<TData>;
  /** One query or mutation over the socket; over HTTP where sockets are blocked. */
  send<TData, TVariables>(
    document: TypedDocument<TData, TVariables>,
    variables: TVariables,
    signal?: AbortSignal,
  ): Promise<TData>;
  /**
   * A subscription over the socket, or over Server-Sent Events where sockets are blocked; the returned function ends
   * it at once, see {@link OperationSink}.
   */
  subscribe<TData, TVariables>(
    document: TypedDocument<TData, TVariables>,
    variables: TVariables,
    sink: TypedSink<TData>,
  ): () => void;
  /** Keeps hold of the trace that the caller is in now, for what is sent later. */
  bindTrace(): Bound;
  close(): Promise<void>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { opentelemetry } = options;
  const logger = loggerOf(options.logger, silentLogger);
  const address = addressOf(options.url);
  const closed = new AbortController();
  const token = () => tokenOf(options);
  const http = { url: address.http, fetch: options.fetch ?? fetchFor(address.http), token };
  const carrier = createTransport({
    socket: {
      url: address.socket,
      token,
      fixedToken: typeof options.token !== 'function',
      webSocketImpl: options.webSocketImpl,
      logger,
    },
    http,
    logger,
  });

  return {
    address,
    logger,
    statuses: createStatuses(),
    closed: closed.signal,
    async post<TData, TVariables>(
      document: TypedDocument<TData, TVariables>,
      variables: TVariables,
      signal?: AbortSignal,
    ) {
      const operation = operationOf(document, variables);
      return (await traceOperation(opentelemetry, operation.query, (trace) =>
        postOperation(http, inTrace(operation, trace), signal),
      )) as TData;
    },
    async send<TData, TVariables>(
      document: TypedDocument<TData, TVariables>,
      variables: TVariables,
      signal?: AbortSignal,
    ) {
      const operation = operationOf(document, variables);
      return (await traceOperation(opentelemetry, operation.query, (trace) =>
        carrier.send(inTrace(operation, trace), signal),
      )) as TData;
    },
    subscribe: (document, variables, sink) =>
      carrier.subscribe(operationOf(document, variables), sink as OperationSink),
    bindTrace: () => bindTrace(opentelemetry),
    close() {
      closed.abort();
      return carrier.close();
    },
  };
}

function operationOf(document: TypedDocument<unknown, never>, variables: unknown): SocketOperation {
  return { query: String(document), variables: variables as SocketOperation['variables'] };
}

function inTrace(operation: SocketOperation, { traceparent }: TraceCarrier): SocketOperation {
  return traceparent === undefined ? operation : { ...operation, extensions: { traceparent } };
}

/** Wrapped: a browser's fetch must not be called as a method of another object. */
function fetchFor(url: string): typeof fetch {
  const proxy = proxyFor(url);
  if (proxy === undefined) return (input, init) => globalThis.fetch(input, init);
  const proxied = connectThrough(proxy);
  return async (input, init) => (await proxied).fetch(input, init);
}

/** A token that cannot be had is final for whoever needed it: the function that gives it does its own retries. */
async function tokenOf({ token }: ConnectionOptions): Promise<string | undefined> {
  if (typeof token !== 'function') return token;
  try {
    return await token();
  } catch (error) {
    throw new ConnectionError(`No token: ${messageOf(error)}`, { retriable: false, cause: error });
  }
}
