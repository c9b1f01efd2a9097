/** Reading the body of a request, up to a limit. */

import type { IncomingMessage } from 'node:http';
import { present } from '../../domain/present.ts';
import { MAX_BODY_BYTES } from '../limits/request-size.ts';

// What is read beyond it, and thrown away, so that a client that sends everything first gets to the answer.
const MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES;

/**
 * The body; `too-large`, when the rest has not been read; `gone`, when the client left before its end; or `parsed`, when
 * middleware of the application has read it and kept something else.
 */
export function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'gone' | 'parsed'> {
  if (request.readableEnded) return Promise.resolve(bodyKept(request));
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= MAX_BODY_BYTES) return;
      // Not an async iteration: leaving one early would destroy the connection before it is answered.
      request.off('data', take);
      resolve('too-large');
    };
    request.on('data', take);
    request.once('end', () => resolve(chunks.length === 1 ? present(chunks[0]) : Buffer.concat(chunks)));
    request.once('error', () => resolve('gone'));
    request.once('close', () => resolve('gone'));
  });
}

function bodyKept({ body = '' }: IncomingMessage & { body?: unknown }): Buffer | 'too-large' | 'parsed' {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return 'parsed';
  return body.length > MAX_BODY_BYTES ? 'too-large' : Buffer.from(body as string);
}

/** Reads what still comes, without keeping it; a client that goes on for too long is cut off. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete) return;
  let size = 0;
  request.on('error', () => {});
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) request.destroy();
  });
}
