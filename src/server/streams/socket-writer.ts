/**
 * Writes frames that were built elsewhere to the connection of a WebSocket, those of one turn of the event loop in one
 * piece: sending costs by the system call, not by the byte. Whoever sends over the socket itself meanwhile must flush first.
 *
 * The library neither compresses nor fragments what this server sends, so its frames and these only alternate.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface SocketWriter {
  /** Whether the other side takes what is sent: nothing waits for it in this process. */
  readonly ready: boolean;
  /** Sends a whole frame, with what else is sent in this turn; nothing, once the socket closes. */
  write(frame: Buffer): void;
  /** Sends now. */
  flush(): void;
  /** Calls once when the socket is ready again. */
  whenReady(resume: () => void): void;
  /** Closes the socket, in a way after which clients connect again. */
  abandon(): void;
}

/** Try again later. */
const TOO_SLOW = 1013;
const MAX_HELD_BYTES = 65_536;

/** What is to be flushed at the end of this turn, and what is let go after that. */
let held: (() => void)[] = [];
let gathering: Duplex[] = [];

function atTurnEnd(): void {
  if (held.length + gathering.length === 0) setImmediate(endTurn);
}

function endTurn(): void {
  const [flushes, connections] = [held, gathering];
  held = [];
  gathering = [];
  for (const flush of flushes) flush();
  for (const connection of connections) connection.uncork();
}

/** What is written to the connection in this turn, as the answers that a batch brings, leaves by one write. */
export function gather(connection: Duplex): void {
  if (connection.writableCorked > 0) return;
  atTurnEnd();
  gathering.push(connection);
  connection.cork();
}

export function createSocketWriter(socket: WebSocket, connection: Duplex): SocketWriter {
  let frames: Buffer[] = [];
  let bytes = 0;

  function flush(): void {
    if (frames.length === 0) return;
    const whole = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames, bytes);
    frames = [];
    bytes = 0;
    if (socket.readyState === socket.OPEN) connection.write(whole);
  }

  return {
    get ready() {
      return bytes < MAX_HELD_BYTES && !connection.writableNeedDrain;
    },
    write(frame) {
      if (frames.length === 0) {
        atTurnEnd();
        held.push(flush);
      }
      frames.push(frame);
      bytes += frame.length;
    },
    flush,
    whenReady(resume) {
      flush();
      if (connection.writableNeedDrain) connection.once('drain', resume);
      else queueMicrotask(resume);
    },
    abandon() {
      flush();
      socket.close(TOO_SLOW, 'The socket does not keep up: connect again and resume');
    },
  };
}
