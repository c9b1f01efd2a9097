/**
 * Which web pages may talk to this server: its own, and those of the origins that are named. Browsers name where a
 * request comes from and let no page change that; whatever is no browser names none, and passes. Tokens travel in
 * headers, which pages of other sites cannot send unasked anyway: this holds when a proxy or a later way to sign in
 * adds what browsers send by themselves.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Origins {
  /** False for a request that a page of another site has caused. */
  allows(request: IncomingMessage): boolean;
  /** Lets pages of named origins read the answer. */
  share(request: IncomingMessage, response: ServerResponse): void;
}

/** What pages of named origins may send beyond what browsers let everybody send. */
const ALLOWED_HEADERS =
  'authorization, content-type, last-event-id, traceparent, tracestate, x-admin-token, x-request-id';
const EXPOSED_HEADERS =
  'retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id';
/** Seconds that a browser may remember the answer to what it asks before a request. */
const PREFLIGHT_SECONDS = 7_200;

/** @param named origins as browsers write them: https://app.example.com */
export function createOrigins(named: readonly string[]): Origins {
  const isNamed = new Set(named);
  return {
    allows({ headers }) {
      const { origin } = headers;
      if (origin !== undefined) return isNamed.has(origin) || isOwn(origin, headers);
      const site = headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none';
    },
    share({ headers, method }, response) {
      if (named.length === 0) return;
      response.setHeader('vary', 'Origin');
      const { origin } = headers;
      if (origin === undefined || !isNamed.has(origin)) return;
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
      if (method !== 'OPTIONS') return;
      response.setHeader('access-control-allow-methods', 'GET, POST');
      response.setHeader('access-control-allow-headers', ALLOWED_HEADERS);
      response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
    },
  };
}

/** Whether a browser asks for leave to send a request. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** Proxies that change the Host say so in X-Forwarded-Host, which no page can send unasked. */
function isOwn(origin: string, headers: IncomingMessage['headers']): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  const forwarded = [headers['x-forwarded-host'] ?? []].flat().join(',').split(',', 1)[0]?.trim();
  return host !== '' && (host === headers.host || host === forwarded);
}
