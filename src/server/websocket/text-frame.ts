/**
 * WebSocket frames (RFC 6455, 5.2) as a server sends them: whole text messages, unmasked, uncompressed.
 *
 * Compression of messages (permessage-deflate, RFC 7692) must stay off, see `perMessageDeflate` in websocket.ts: these
 * frames never set the bit of a compressed message, and one frame goes to every socket that shares an execution, while a
 * compressor has a state of its own for each socket.
 */

const FIN_AND_TEXT = 0x81;
const LARGEST_SHORT = 125;
const LARGEST_MEDIUM = 65_535;

/** One text message, made of parts. */
export function textFrame(...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const headerLength = length <= LARGEST_SHORT ? 2 : length <= LARGEST_MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FIN_AND_TEXT;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  let at = headerLength;
  for (const part of parts) at += part.copy(frame, at);
  return frame;
}
