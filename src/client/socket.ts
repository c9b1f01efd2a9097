/**
 * One graphql-ws socket, opened when it is first needed.
 *
 * graphql-ws would reconnect by itself, but it then sends the original variables again, and a stream must go on
 * from where it is. So every operation ends with the socket here, and who holds a stream opens it anew
 * (stream.ts), with its latest cursor. The one reconnect that graphql-ws does not leave to us, after a close
 * with code 1000, is covered by variables that are read each time they are sent.
 */

import { type Client, createClient } from 'graphql-ws/client';
import { ConnectionError, RequestError, type RequestErrorEntry } from './errors.ts';
import type { Logger } from './logger.ts';

/** What a subscription delivers to; exactly one of `error` and `complete` ends it. */
export interface Sink {
  next(data: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** One operation on its way; `variables` is read whenever it is sent. */
export interface SocketOperation {
  query: string;
  variables: () => Record<string, unknown> | undefined;
}

export interface Socket {
  /** Starts any operation; the returned function ends it at once, without a further call of the sink. */
  subscribe(operation: SocketOperation, sink: Sink): () => void;
  /** Ends every operation and closes the socket; resolves when the socket was told to close. */
  close(): Promise<void>;
}

export interface SocketOptions {
  url: string;
  token(): Promise<string | undefined>;
  /** Left out: the runtime's own, or `ws` where there is none. */
  webSocketImpl?: unknown;
  logger: Logger;
  /** Milliseconds of silence after which the server is asked whether it is there. */
  keepAliveMs?: number;
  /** Milliseconds that it has to answer, before the socket counts as lost. */
  pongTimeoutMs?: number;
}

/** How long an unused socket stays open for the next operation. */
const LINGER_MS = 1_000;

/**
 * Close codes after which connecting anew cannot help: our fault, or the server's refusal. Not 1009: it is about
 * one message that was too big, and every other operation of the socket may go on.
 */
const FINAL_CLOSE_CODES = new Set([1002, 1003, 1007, 1010, 4400, 4401, 4406, 4409, 4429]);

export function createSocket(options: SocketOptions): Socket {
  let client: Promise<Client> | undefined;
  let closed = false;

  function subscribe(operation: SocketOperation, sink: Sink): () => void {
    if (closed) {
      queueMicrotask(() => sink.error(new ConnectionError('The client was closed.', { retriable: false })));
      return () => {};
    }
    let live = true;
    let sent = false;
    let unsubscribe: (() => void) | undefined;
    const request = withLiveVariables(operation, () => {
      sent = true;
    });
    client ??= connect(options);
    client.then(
      (connection) => {
        if (!live) return;
        unsubscribe = connection.subscribe(request, {
          next: ({ data, errors }) => {
            if (!live) return;
            if (!errors?.length) return sink.next(data);
            live = false;
            unsubscribe?.();
            sink.error(RequestError.from(errors as RequestErrorEntry[]));
          },
          error: (error) => {
            if (!live) return;
            live = false;
            sink.error(lossOf(error, options.url, !sent));
          },
          complete: () => {
            if (!live) return;
            live = false;
            sink.complete();
          },
        });
      },
      (error) => {
        if (live) sink.error(error);
      },
    );
    return () => {
      live = false;
      unsubscribe?.();
    };
  }

  async function close(): Promise<void> {
    closed = true;
    // A socket that never opened rejects here; there is nothing to close then.
    await client?.then((connection) => connection.dispose()).catch(() => {});
  }

  return { subscribe, close };
}

async function connect(options: SocketOptions): Promise<Client> {
  const { keepAliveMs = 10_000, pongTimeoutMs = 5_000 } = options;
  const client = createClient({
    url: options.url,
    webSocketImpl: options.webSocketImpl ?? globalThis.WebSocket ?? (await import('ws')).default,
    connectionParams: async () => {
      const token = await options.token();
      return token === undefined ? undefined : { authorization: `Bearer ${token}` };
    },
    retryAttempts: 0,
    lazyCloseTimeout: LINGER_MS,
    keepAlive: keepAliveMs,
    connectionAckWaitTimeout: 10_000,
    on: { closed: () => answered(), connecting: () => options.logger.debug(`Connecting to ${options.url}`) },
  });

  let waiting: ReturnType<typeof setTimeout> | undefined;
  const answered = () => clearTimeout(waiting);
  client.on('pong', (received) => {
    if (received) answered();
  });
  client.on('ping', (received) => {
    if (received) return;
    answered();
    waiting = setTimeout(() => {
      // When this process itself was busy, the timer comes before the answer that has long arrived: one more
      // turn for it.
      waiting = setTimeout(() => {
        options.logger.warn(`No answer from ${options.url} for ${pongTimeoutMs} ms: connecting anew`);
        client.terminate();
      }, 200);
    }, pongTimeoutMs);
  });
  return client;
}

/** graphql-ws stringifies the request anew on each (re)connect, and the getter then gives the variables of then. */
function withLiveVariables(
  operation: SocketOperation,
  onSend: () => void,
): { query: string; variables: Record<string, unknown> } {
  return {
    query: operation.query,
    get variables() {
      const variables = operation.variables() ?? {};
      onSend();
      return variables;
    },
  };
}

/** What graphql-ws reports when an operation ends badly: GraphQL errors, a close event, an error event, an error. */
function lossOf(reason: unknown, url: string, unsent: boolean): Error {
  if (Array.isArray(reason)) return RequestError.from(reason);
  if (reason instanceof RequestError || reason instanceof ConnectionError) return reason;
  if (isClose(reason)) return closeError(reason, url, unsent);
  // An error event of the socket (ws puts the cause in `error`), or an Error of graphql-ws itself.
  const cause = (reason as { error?: unknown } | null)?.error ?? reason;
  const text = (cause as { message?: unknown } | null)?.message;
  const said = typeof text === 'string' && text !== '' ? text : 'the connection failed';
  return new ConnectionError(`Cannot reach ${url}: ${said}`, { cause, unsent });
}

function closeError(event: { code: number; reason: string }, url: string, unsent: boolean): ConnectionError {
  const said = event.reason ? `: ${event.reason}` : '';
  const text =
    event.code === 4401
      ? `${url} refused the token${said}`
      : `The connection to ${url} was closed (${event.code}${said})`;
  return new ConnectionError(text, {
    closeCode: event.code,
    retriable: !FINAL_CLOSE_CODES.has(event.code),
    unsent,
  });
}

function isClose(value: unknown): value is { code: number; reason: string } {
  return typeof value === 'object' && value !== null && 'code' in value && 'reason' in value;
}
