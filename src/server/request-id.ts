/** The id under which a request is found in the log. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Short, and nothing in it that could be mistaken for another part of a log line. */
const SANE = /^[\w.:-]{1,128}$/;

/** Gives the request the id that its caller or a proxy has chosen, or a new one, and returns it in the answer. */
export function nameRequest(request: IncomingMessage, response: ServerResponse): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
  request.headers['x-request-id'] = id;
  response.setHeader('x-request-id', id);
}

/** The id that the request was given. */
export function idOf(request: IncomingMessage): string {
  return String(request.headers['x-request-id']);
}
