/** What the server itself answers, before GraphQL does: JSON in the form of GraphQL's errors. */
import type { ServerResponse } from 'node:http';
import { discardBody } from './body.ts';

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * Refuses a request, whose body may not have been read.
 * @param code for programs, as `extensions.code`
 * @param more further extensions
 */
export function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  code: string,
  more: object = {},
): void {
  discardBody(response.req);
  sendJson(response, status, { errors: [{ message, extensions: { code, ...more } }] });
}
