/** GET /metrics: what Prometheus reads, for administrators and for whoever has the token that is made for it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from '../auth/authenticate.ts';
import { sendError } from './respond.ts';

export type MetricsEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface MetricsEndpointOptions {
  authenticate: Authenticate;
  /** A token that opens this and nothing else. */
  token: string | undefined;
  text: () => Promise<{ type: string; body: string }>;
}

export function createMetricsEndpoint({
  authenticate,
  token,
  text,
}: MetricsEndpointOptions): MetricsEndpoint {
  async function mayRead(request: IncomingMessage): Promise<'yes' | 'no' | 'unknown'> {
    const { authorization, 'x-admin-token': adminToken } = request.headers;
    if (token !== undefined && equals(authorization?.replace(/^Bearer +/i, '') ?? '', token)) return 'yes';
    const result = await authenticate({
      authorization,
      adminToken: typeof adminToken === 'string' ? adminToken : undefined,
    });
    if (!result.ok) return 'unknown';
    return result.viewer.role === 'ADMIN' ? 'yes' : 'no';
  }

  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendError(response, 405, 'Metrics are read by GET.', 'METHOD_NOT_ALLOWED');
    }
    switch (await mayRead(request)) {
      case 'unknown':
        response.setHeader('www-authenticate', 'Bearer');
        return sendError(response, 401, 'Send a token: Authorization: Bearer ….', 'UNAUTHENTICATED');
      case 'no':
        return sendError(response, 403, 'Only an ADMIN may read metrics.', 'FORBIDDEN');
    }
    const { type, body } = await text();
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(body);
  };
}

// Digests have one length and tell nothing about how much of a guess was right.
function equals(a: string, b: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
