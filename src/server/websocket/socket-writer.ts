/**
 * Writes frames that were built elsewhere to the connection of a WebSocket, those of one turn of the event loop in one
 * piece: sending costs by the system call, not by the byte. The library sends no messages, only what controls the
 * connection, as pings, which may stand between any two frames; and the end, which is to be sent from here.
 */

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { present } from '../../domain/present.ts';
import { textFrame } from './text-frame.ts';

export interface SocketWriter {
  /** Whether the other side takes what is sent: nothing waits for it in this process. */
  readonly ready: boolean;
  /** Sends a whole frame, with what else is sent in this turn; nothing, once the socket closes. */
  write(frame: Buffer): void;
  /** Sends a message, likewise. */
  send(text: string): void;
  /** Calls once when the socket is ready again. Returns how to wait no longer. */
  whenReady(resume: () => void): () => void;
  /** Closes the socket, after what was sent. */
  close(code?: number, reason?: string): void;
  /** Closes it in a way after which clients connect again. */
  abandon(): void;
}

/** Try again later. */
const TOO_SLOW = 1013;
const MAX_HELD_BYTES = 65_536;

/** What is to be flushed at the end of this turn. */
let held: (() => void)[] = [];

function endTurn(): void {
  const flushes = held;
  held = [];
  for (const flush of flushes) flush();
}

export function createSocketWriter(socket: WebSocket, connection: Duplex): SocketWriter {
  let frames: Buffer[] = [];
  let bytes = 0;
  const waiting = new Set<() => void>();
  let isAwaited = false;

  function flush(): void {
    if (frames.length === 0) return;
    const whole = frames.length === 1 ? present(frames[0]) : Buffer.concat(frames, bytes);
    frames = [];
    bytes = 0;
    if (socket.readyState === socket.OPEN) connection.write(whole);
  }

  function write(frame: Buffer): void {
    if (frames.length === 0) {
      if (held.length === 0) setImmediate(endTurn);
      held.push(flush);
    }
    frames.push(frame);
    bytes += frame.length;
  }

  function wake(): void {
    isAwaited = false;
    const resumed = [...waiting];
    waiting.clear();
    for (const resume of resumed) resume();
  }

  function close(code?: number, reason?: string): void {
    flush();
    socket.close(code, reason);
  }

  return {
    get ready() {
      return bytes < MAX_HELD_BYTES && !connection.writableNeedDrain;
    },
    write,
    send: (text) => write(textFrame(Buffer.from(text))),
    whenReady(resume) {
      flush();
      // A function of its own per call: one function may wait twice.
      const wait = () => resume();
      waiting.add(wait);
      if (!isAwaited) {
        isAwaited = true;
        if (connection.writableNeedDrain) connection.once('drain', wake);
        else queueMicrotask(wake);
      }
      return () => waiting.delete(wait);
    },
    close,
    abandon: () => close(TOO_SLOW, 'The socket does not keep up: connect again and resume'),
  };
}
