/**
 * One graphql-ws socket, opened when it is first needed.
 *
 * graphql-ws would reconnect by itself, but it then sends the original variables again: a stream must go on from
 * where it is, and a mutation must not be repeated unasked. So every operation ends with its socket, and who
 * holds a stream opens it anew (stream.ts).
 */

import { type Client, createClient } from 'graphql-ws/client';
import { ConnectionError, RequestError, type RequestErrorEntry } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { loadCorkedWebSocket } from './corked-websocket.ts';
import { connectThrough, proxyFor } from './proxy.ts';
import { lossOf } from './socket-loss.ts';

/** What an operation delivers to; exactly one of `error` and `complete` ends it. */
export interface OperationSink {
  /** The operation goes to the server. */
  opened?(): void;
  next(data: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** One operation as it is sent. */
export interface SocketOperation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  /** The trace that it belongs to. */
  extensions?: { traceparent: string } | undefined;
}

export interface WebSocketConnection {
  /** Operations that have not ended. */
  readonly size: number;
  /** Starts an operation; the returned function ends it at once, without a further call of the sink. */
  subscribe(operation: SocketOperation, sink: OperationSink): () => void;
  /** Ends every operation with an error, and closes the socket. */
  close(): Promise<void>;
}

export interface WebSocketConnectionOptions {
  url: string;
  token(): Promise<string | undefined>;
  /** It gives the same token each time. */
  fixedToken?: boolean;
  /** Left out: on Node that of corked-websocket.ts, else the runtime's own. */
  webSocketImpl?: unknown;
  logger: Logger;
  /** Milliseconds of silence after which the server is asked whether it is there. */
  keepAliveMs?: number;
  /** Milliseconds that it has to answer, before the socket counts as lost. */
  pongTimeoutMs?: number;
}

interface Live {
  sink: OperationSink;
  /** Whether the server may have got it. */
  sent: boolean;
  unsubscribe?: () => void;
}

const isNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
/** How long an unused socket stays open for the next operation. */
const LINGER_MS = 1_000;
const REGULAR_CLOSE = 1000;

export function createWebSocketConnection(options: WebSocketConnectionOptions): WebSocketConnection {
  const { url, fixedToken = false } = options;
  const operations = new Set<Live>();
  let client: Promise<Client> | undefined;
  let acknowledged = false;
  let closed = false;

  function onConnected(): void {
    acknowledged = true;
    for (const operation of operations) markSent(operation);
  }

  function markSent(operation: Live): void {
    if (operation.sent) return;
    operation.sent = true;
    operation.sink.opened?.();
  }

  function onClosed(event: unknown): void {
    acknowledged = false;
    // After this one graphql-ws itself would connect anew and send everything again.
    if ((event as { code?: number }).code === REGULAR_CLOSE) loseAll(event);
  }

  function loseAll(reason: unknown): void {
    for (const operation of [...operations]) {
      operation.unsubscribe?.();
      lose(operation, reason);
    }
  }

  function lose(operation: Live, reason: unknown): void {
    if (operations.delete(operation))
      operation.sink.error(lossOf(reason, { url, fixedToken, unsent: !operation.sent }));
  }

  async function start(operation: Live, request: SocketOperation): Promise<void> {
    client ??= openClient(options, { onConnected, onClosed });
    const connection = await client;
    if (!operations.has(operation)) return;
    if (acknowledged) markSent(operation);
    operation.unsubscribe = connection.subscribe(request as SocketOperation & Record<string, unknown>, {
      next({ data, errors }) {
        if (!operations.has(operation)) return;
        if (!errors?.length) return operation.sink.next(data);
        operation.unsubscribe?.();
        lose(operation, RequestError.from(errors as RequestErrorEntry[]));
      },
      error: (reason) => lose(operation, reason),
      complete() {
        if (operations.delete(operation)) operation.sink.complete();
      },
    });
  }

  return {
    get size() {
      return operations.size;
    },
    subscribe(request, sink) {
      const operation: Live = { sink, sent: false };
      operations.add(operation);
      if (closed) queueMicrotask(() => lose(operation, closedError()));
      else start(operation, request).catch((error) => lose(operation, error));
      return () => {
        operations.delete(operation);
        operation.unsubscribe?.();
      };
    },
    async close() {
      closed = true;
      loseAll(closedError());
      // A socket that never opened rejects here; there is nothing to close then.
      await client?.then((connection) => connection.dispose()).catch(() => {});
    },
  };
}

/** What every operation ends with when the application closes its client. */
export function closedError(): ConnectionError {
  return new ConnectionError('The client was closed.', { retriable: false });
}

interface ClientListeners {
  onConnected(): void;
  onClosed(event: unknown): void;
}

async function openClient(
  options: WebSocketConnectionOptions,
  { onConnected, onClosed }: ClientListeners,
): Promise<Client> {
  const { url, logger, keepAliveMs = 10_000, pongTimeoutMs = 5_000 } = options;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let operations = 0;

  function expectPong(): void {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      // When this process itself was busy, the timer comes before the answer that has long arrived: one more turn
      // for that.
      waiting = setTimeout(() => {
        logger.warn(`No answer from ${url} for ${pongTimeoutMs} ms: connecting anew`);
        client.terminate();
      }, 200);
    }, pongTimeoutMs);
  }

  const client = createClient({
    url,
    webSocketImpl: options.webSocketImpl ?? (await webSocketFor(url)),
    generateID: () => String(++operations),
    connectionParams: async () => {
      const token = await options.token();
      return token === undefined ? undefined : { authorization: `Bearer ${token}` };
    },
    retryAttempts: 0,
    lazyCloseTimeout: LINGER_MS,
    keepAlive: keepAliveMs,
    connectionAckWaitTimeout: 10_000,
    on: {
      connecting: () => logger.debug(`Connecting to ${url}`),
      connected: onConnected,
      ping: (received) => received || expectPong(),
      pong: (received) => received && clearTimeout(waiting),
      closed(event) {
        clearTimeout(waiting);
        onClosed(event);
      },
    },
  });
  return client;
}

async function webSocketFor(url: string): Promise<unknown> {
  if (!isNode) return globalThis.WebSocket;
  const proxy = proxyFor(url);
  return proxy === undefined ? loadCorkedWebSocket() : (await connectThrough(proxy)).webSocketImpl;
}
