/** Counts what the server does for its callers. */
import type { InstrumentOperation, InstrumentRequest } from '../server/instrument.ts';
import type { OperationMetrics } from './operations.ts';

export function countOperations({ operation }: OperationMetrics): InstrumentOperation {
  return async ({ transport, type, context }, run) => {
    const start = performance.now();
    let failed = true;
    try {
      const result = await run();
      failed = result.failed;
      return result;
    } finally {
      const milliseconds = performance.now() - start - context.waitedMs;
      const seconds = type === 'subscription' ? undefined : milliseconds / 1_000;
      operation({ transport, type, outcome: failed ? 'error' : 'ok', seconds });
    }
  };
}

export function countRequests({ request }: OperationMetrics): InstrumentRequest {
  return (_request, response, route, run) => {
    // Also of a client that left: what would have been answered.
    response.once('close', () => request({ route, status: response.statusCode }));
    return run();
  };
}
