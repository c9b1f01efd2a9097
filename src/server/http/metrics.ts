/** GET /metrics: what Prometheus reads, for administrators and for whoever has the token that is made for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignIn } from '../auth/authenticate.ts';
import type { ClientAddress } from '../client-address.ts';
import { refuseCaller, sendError } from './respond.ts';

export type MetricsEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface MetricsEndpointOptions {
  mayReadMetrics: SignIn['mayReadMetrics'];
  clientAddress: ClientAddress;
  text: () => Promise<{ type: string; body: string }>;
}

export function createMetricsEndpoint({
  mayReadMetrics,
  clientAddress,
  text,
}: MetricsEndpointOptions): MetricsEndpoint {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendError(response, 405, 'Metrics are read by GET.', 'METHOD_NOT_ALLOWED');
    }
    const { authorization, 'x-admin-token': adminToken } = request.headers;
    const may = await mayReadMetrics({
      authorization,
      adminToken: typeof adminToken === 'string' ? adminToken : undefined,
      address: clientAddress(request),
      request,
    });
    if (may === false) return sendError(response, 403, 'Only an ADMIN may read metrics.', 'FORBIDDEN');
    if (may !== true) return refuseCaller(response, may);
    const { type, body } = await text();
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(body);
  };
}
