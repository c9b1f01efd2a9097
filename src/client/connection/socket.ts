/**
 * What the client sends over WebSockets: streams, and single operations.
 *
 * A server takes 50 operations a socket and closes one that sends more, with everything on it. So single operations
 * wait for their turn on the first socket, and streams that are too many for it go on further ones.
 */

import { ConnectionError } from '../errors.ts';
import {
  createWebSocketConnection,
  type OperationSink,
  type SocketOperation,
  type WebSocketConnection,
  type WebSocketConnectionOptions,
} from './websocket-connection.ts';

export interface Socket {
  /** Starts a subscription; the returned function ends it at once, without a further call of the sink. */
  subscribe(operation: SocketOperation, sink: OperationSink): () => void;
  /** Runs a query or mutation; resolves with its data. When the signal is aborted, the server learns that nobody waits. */
  send(operation: SocketOperation, signal?: AbortSignal): Promise<unknown>;
  /** Ends every operation with an error, and closes the sockets. */
  close(): Promise<void>;
}

const MAX_STREAMS = 40;
/** On the first socket, beside the single operations. */
const MAX_STREAMS_BESIDE = 8;
const MAX_SENDING = 40;

export function createSocket(options: WebSocketConnectionOptions): Socket {
  const first = { lane: createWebSocketConnection(options), streams: 0, capacity: MAX_STREAMS_BESIDE };
  const lanes = [first];
  const turns: (() => void)[] = [];
  let sending = 0;

  function laneForStream(): { lane: WebSocketConnection; streams: number } {
    let chosen = lanes.find(({ streams, capacity }) => streams < capacity);
    if (!chosen) {
      chosen = { lane: createWebSocketConnection(options), streams: 0, capacity: MAX_STREAMS };
      lanes.push(chosen);
    }
    return chosen;
  }

  function subscribe(operation: SocketOperation, sink: OperationSink): () => void {
    const chosen = laneForStream();
    chosen.streams++;
    let counted = true;
    const release = () => {
      if (counted) chosen.streams--;
      counted = false;
    };
    const stop = chosen.lane.subscribe(operation, {
      opened: () => sink.opened?.(),
      next: (data) => sink.next(data),
      error(error) {
        release();
        sink.error(error);
      },
      complete() {
        release();
        sink.complete();
      },
    });
    return () => {
      release();
      stop();
    };
  }

  async function send(operation: SocketOperation, signal?: AbortSignal): Promise<unknown> {
    if (sending >= MAX_SENDING) await new Promise<void>((turn) => turns.push(turn));
    else sending++;
    try {
      signal?.throwIfAborted();
      return await sendNow(first.lane, operation, signal);
    } finally {
      // The place goes to the next one, where one waits.
      const next = turns.shift();
      if (next) next();
      else sending--;
    }
  }

  return {
    subscribe,
    send,
    close: async () => void (await Promise.all(lanes.map(({ lane }) => lane.close()))),
  };
}

function sendNow(
  lane: WebSocketConnection,
  operation: SocketOperation,
  signal?: AbortSignal,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const settle = (call: (value: unknown) => void) => (value: unknown) => {
      answered = true;
      signal?.removeEventListener('abort', abandon);
      call(value);
    };
    const fail = settle(reject);
    const stop = lane.subscribe(operation, {
      next: settle(resolve),
      error: fail,
      complete() {
        if (!answered) fail(new ConnectionError('The operation ended without an answer.'));
      },
    });
    const abandon = () => {
      stop();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abandon, { once: true });
  });
}
