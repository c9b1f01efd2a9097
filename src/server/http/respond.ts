/** What the server itself answers, before GraphQL does: JSON in the form of GraphQL's errors. */
import type { ServerResponse } from 'node:http';
import type { Refusal } from '../auth/authenticate.ts';
import { discardBody } from './body.ts';

export const JSON_TYPE = 'application/json';
export const RESPONSE_TYPE = 'application/graphql-response+json';

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  mediaType = JSON_TYPE,
): void {
  response.writeHead(status, { 'content-type': `${mediaType}; charset=utf-8` });
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
  const body = { errors: [{ message, extensions: { code, ...more } }] };
  sendJson(response, status, body, mediaTypeFor(response.req.headers.accept));
}

/**
 * The media type of an answer that GraphQL has not given: as GraphQL would, since clients look into a refusal only when
 * it comes in the type that they asked for. Of two that are accepted alike, the first.
 */
function mediaTypeFor(accept = '*/*'): string {
  let best = { type: JSON_TYPE, quality: 0 };
  for (const part of accept.slice(0, MAX_ACCEPT_LENGTH).split(',')) {
    const [name = '', ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((text) => text.trim());
    const type = name === RESPONSE_TYPE ? RESPONSE_TYPE : JSON_TYPE;
    if (!MATCHES.has(name)) continue;
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (quality > best.quality) best = { type, quality };
  }
  return best.type;
}

const MAX_ACCEPT_LENGTH = 1_000;
const MATCHES = new Set([RESPONSE_TYPE, JSON_TYPE, 'application/*', '*/*']);

/** Refuses somebody whose credential does not let it in. */
export function refuseCaller(response: ServerResponse, result: Refusal): void {
  if (result.reason === 'unavailable') {
    sendError(response, 503, result.message, 'UNAVAILABLE');
    return;
  }
  if (result.reason === 'too-many') {
    response.setHeader('retry-after', String(result.retryAfterSeconds));
    sendError(response, 429, result.message, 'RATE_LIMITED', { retryAfterSeconds: result.retryAfterSeconds });
    return;
  }
  response.setHeader('www-authenticate', 'Bearer');
  sendError(response, 401, result.message, 'UNAUTHENTICATED');
}
