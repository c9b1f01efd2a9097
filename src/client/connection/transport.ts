/**
 * Sockets first, and where they are blocked plain HTTP: streams by Server-Sent Events, single operations by POST. What
 * is too large for a socket goes by POST in any case.
 *
 *     socket ──cannot be opened, and HTTP works──▶ HTTP
 *        ▲                                          │
 *        └────────HTTP does not work either─────────┘
 *
 * Only what surely never reached the server is tried the other way: nothing is done twice.
 */

import { ConnectionError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type HttpTarget, postOperation } from './http.ts';
import { isTooLargeForSocket } from './request-size.ts';
import { createSocket, type Socket } from './socket.ts';
import { subscribeBySse } from './sse.ts';
import { closedError, type OperationSink, type SocketOperation } from './websocket-connection.ts';

type Carrier = Socket;

export interface TransportOptions {
  socket: Parameters<typeof createSocket>[0];
  http: HttpTarget;
  logger: Logger;
}

export function createTransport({ socket: socketOptions, http, logger }: TransportOptions): Carrier {
  const socket = createSocket(socketOptions);
  const streams = new Set<() => void>();
  let blocked = false;
  let closed = false;

  function httpWorks(): void {
    if (!blocked) logger.warn(`No WebSocket to ${socketOptions.url}: going on by HTTP`);
    blocked = true;
  }

  function httpFailed(error: unknown): void {
    if (error instanceof ConnectionError) blocked = false;
  }

  /** The streams by SSE end with the client, as those of the socket do. */
  function openSse(operation: SocketOperation, sink: OperationSink): () => void {
    const leave = () => {
      stop();
      streams.delete(abandon);
    };
    const abandon = () => {
      leave();
      sink.error(closedError());
    };
    const stop = subscribeBySse(http, operation, {
      opened() {
        httpWorks();
        sink.opened?.();
      },
      next: (data) => sink.next(data),
      error(error) {
        streams.delete(abandon);
        httpFailed(error);
        sink.error(error);
      },
      complete() {
        streams.delete(abandon);
        sink.complete();
      },
    });
    streams.add(abandon);
    return leave;
  }

  return {
    subscribe(operation, sink) {
      if (blocked && !closed) return openSse(operation, sink);
      let stop = socket.subscribe(operation, {
        ...sink,
        error(error) {
          if (closed || !isBlocked(error)) return sink.error(error);
          stop = openSse(operation, sink);
        },
      });
      return () => stop();
    },
    async send(operation, signal) {
      if (isTooLargeForSocket(operation)) return postOperation(http, operation, signal);
      if (!blocked) {
        try {
          return await socket.send(operation, signal);
        } catch (error) {
          if (closed || !isBlocked(error)) throw error;
        }
      }
      try {
        const data = await postOperation(http, operation, signal);
        httpWorks();
        return data;
      } catch (error) {
        httpFailed(error);
        throw error;
      }
    },
    async close() {
      closed = true;
      for (const abandon of [...streams]) abandon();
      await socket.close();
    },
  };
}

// What a socket ends with that never was one: no close frame (1006), no TLS (1015), no acknowledgement (4504).
const NEVER_OPENED = new Set<number | undefined>([undefined, 1006, 1015, 4504]);

/** Whether the socket could not be opened at all; a server that closes it has said why. */
function isBlocked(error: unknown): boolean {
  return (
    error instanceof ConnectionError && error.unsent && error.retriable && NEVER_OPENED.has(error.closeCode)
  );
}
