/** How large a request may be, and which way takes it: a socket message less than the body of a POST. */

import { RequestError } from '../errors.ts';
import type { SocketOperation } from './websocket-connection.ts';

/** Servers take socket messages of 128 KB; the frame around the operation has some of it. */
const MAX_SOCKET_BYTES = 131_072 - 256;
/** Bytes of a body that servers take at most. */
export const MAX_REQUEST_BYTES = 262_144;

/** Whether a socket would be closed for it, with all that is under way there. */
export function isTooLargeForSocket({ query, variables }: SocketOperation): boolean {
  // Nearly all are so small that nothing needs to be counted: a character is three bytes at most, an escaped one as well.
  const written = JSON.stringify(variables ?? {});
  if ((query.length + written.length) * 3 <= MAX_SOCKET_BYTES) return false;
  return bytesOf(`{"query":${JSON.stringify(query)},"variables":${written}}`) > MAX_SOCKET_BYTES;
}

/** @throws RequestError for a body that every server refuses, before it is sent */
export function checkBody(body: string): void {
  if (body.length * 3 <= MAX_REQUEST_BYTES) return;
  const bytes = bytesOf(body);
  if (bytes <= MAX_REQUEST_BYTES) return;
  throw new RequestError(
    `The request has ${bytes} bytes, and servers take ${MAX_REQUEST_BYTES} at most. Keep large values in a storage and send where they are; send long lists in parts.`,
    { code: 'PAYLOAD_TOO_LARGE', status: 413 },
  );
}

/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
