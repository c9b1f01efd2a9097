/** One subscription of a WebSocket: its results, as messages of graphql-transport-ws. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Sink } from './sink.ts';

/** @param id of the operation, as the client has named it */
export function openOperationSink(socket: WebSocket, connection: Duplex, id: string): Sink {
  const before = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  const after = Buffer.from('}');
  return {
    get ready() {
      return !connection.writableNeedDrain;
    },
    send({ bytes }) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(Buffer.concat([before, bytes, after]), { binary: false });
    },
    whenReady: (resume) => void connection.once('drain', resume),
  };
}
