/** Joins a WebSocket to the GraphQL protocol: messages in and out, a heartbeat, and one end whatever happens. */
import type { Duplex } from 'node:stream';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { MaskError } from './mask.ts';
import { gather, type SocketWriter } from './streams/socket-writer.ts';

const HEARTBEAT_MS = 12_000;
const MAX_UNREAD_BYTES = 1_048_576;

interface JoinedSocket {
  socket: WebSocket;
  connection: Duplex;
  writer: SocketWriter;
  leaving: ReadonlyMap<string, () => void>;
}

/** @param extra what the protocol's hooks find as `extra` for this socket */
export function joinSocket<Extra extends JoinedSocket>(
  extra: Extra,
  protocol: Server<Extra>,
  { mask, logger }: { mask: MaskError; logger: Logger },
): void {
  const { socket, connection, writer, leaving } = extra;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve, reject) => {
          // An operation may still answer while its socket is closing.
          if (socket.readyState !== socket.OPEN) return resolve();
          gather(connection);
          // Results of streams that were before it.
          writer.flush();
          socket.send(text, (error) => (error ? reject(error) : resolve()));
          // The next message waits only where this one cannot leave.
          if (!connection.writableNeedDrain) resolve();
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data) => {
          // Who does not take the answers is not asked for more questions.
          if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
            socket.pause();
            writer.whenReady(() => socket.resume());
          }
          const message = String(data);
          if (leaving.size > 0) leaving.get(completed(message) ?? '')?.();
          handle(message).catch((error: unknown) => closeAfter(socket, error, mask));
        });
      },
    },
    extra,
  );
  const stopHeartbeat = beat(socket);
  // Whatever is no WebSocket frame, or too large: ws closes the socket with the fitting code by itself.
  socket.on('error', (error) => logger.debug({ err: error }, 'A socket broke'));
  socket.once('close', (code, reason) => {
    stopHeartbeat();
    closed(code, String(reason)).catch(mask);
  });
}

/** The operation that a client lets go of: the library only tells subscriptions. */
function completed(message: string): string | undefined {
  if (!/"type":\s*"complete"/.test(message)) return undefined;
  try {
    const { type, id } = JSON.parse(message);
    return type === 'complete' && typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

function closeAfter(socket: WebSocket, error: unknown, mask: MaskError): void {
  if (socket.readyState !== socket.OPEN) return;
  if (error instanceof Error && error.message.startsWith('Unexpected message of type')) {
    socket.close(CloseCode.BadRequest, 'Invalid message received');
  } else {
    const { requestId } = mask(error).extensions;
    socket.close(CloseCode.InternalServerError, `Internal server error, request id ${requestId}`);
  }
}

/** Ends a socket whose other side has gone without a word. */
function beat(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
