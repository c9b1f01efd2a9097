/** Joins a WebSocket to the GraphQL protocol: messages in and out, a heartbeat, and one end whatever happens. */
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { admitJson, TOO_DEEP } from '../incoming-json.ts';
import type { MaskError } from '../mask.ts';
import type { AnswerKnownMessage, OperatingSocket } from './known-message.ts';
import type { SocketWriter } from './socket-writer.ts';

const HEARTBEAT_MS = 12_000;
const MAX_UNREAD_BYTES = 1_048_576;
/** The id of no operation. */
const ENDED = '0';

interface JoinedSocket extends OperatingSocket {
  socket: WebSocket;
}

interface SocketOptions {
  answerKnownMessage: AnswerKnownMessage;
  mask: MaskError;
  logger: Logger;
}

/** @param extra what the protocol's hooks find as `extra` for this socket */
export function joinSocket<Extra extends JoinedSocket>(
  extra: Extra,
  protocol: Server<Extra>,
  { answerKnownMessage, mask, logger }: SocketOptions,
): void {
  const { socket, writer, ids } = extra;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => {
        writer.send(ids.address(text));
        // The next message waits only where this one cannot leave.
        return writer.ready ? undefined : new Promise((resolve) => writer.whenReady(resolve));
      },
      close: writer.close,
      onMessage: (handle) => {
        socket.on('message', (data) => {
          // Who does not take the answers is not asked for more questions.
          if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
            socket.pause();
            writer.whenReady(() => socket.resume());
          }
          const sent = String(data);
          const text = admitJson(sent);
          if (text === null) {
            refuseDeep(writer, parse(sent));
            return;
          }
          const answered = dispatch(
            extra,
            text,
            // The library takes text, or what was parsed of it already.
            (message) => answerKnownMessage(extra, message) ?? handle(message as string),
          );
          answered.catch((error: unknown) => closeAfter(writer, error, mask));
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

/** Hands a message on to be answered, with the operation's own id in place of the client's. */
async function dispatch(
  { ids, leaving, writer }: OperatingSocket,
  text: string,
  answer: (message: unknown) => Promise<void>,
): Promise<void> {
  const message = parse(text);
  const { type, id: name } = message ?? {};
  if (typeof name !== 'string' || name === '' || (type !== 'subscribe' && type !== 'complete'))
    return answer(message ?? text);
  if (type === 'complete') {
    const id = ids.free(name);
    // The library does not report it for queries and mutations.
    if (id !== undefined) leaving.get(id)?.();
    return answer({ ...message, id: id ?? ENDED });
  }
  const id = ids.begin(name);
  if (id === undefined) return writer.close(CloseCode.SubscriberAlreadyExists, alreadyExists(name));
  try {
    await answer({ ...message, id });
  } finally {
    ids.end(id);
  }
}

/** Within the 123 bytes that a close frame has for its reason. */
function alreadyExists(name: string): string {
  const reason = `Subscriber for ${name} already exists`;
  return Buffer.byteLength(reason) <= 123 ? reason : 'Subscriber for this id already exists';
}

function parse(text: string): { type?: unknown; id?: unknown } | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The operation alone is refused: what else goes on over the socket has nothing to do with it. */
function refuseDeep(writer: SocketWriter, message: ReturnType<typeof parse>): void {
  if (message?.type === 'subscribe' && typeof message.id === 'string') {
    const payload = [{ message: TOO_DEEP, extensions: { code: 'BAD_REQUEST' } }];
    writer.send(JSON.stringify({ id: message.id, type: 'error', payload }));
  } else {
    writer.close(CloseCode.BadRequest, 'Invalid message received');
  }
}

function closeAfter(writer: SocketWriter, error: unknown, mask: MaskError): void {
  if (error instanceof Error && error.message.startsWith('Unexpected message of type')) {
    writer.close(CloseCode.BadRequest, 'Invalid message received');
  } else {
    const { requestId } = mask(error).extensions;
    writer.close(CloseCode.InternalServerError, `Internal server error, request id ${requestId}`);
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
