/** graphql-ws for ever: connects again however often it takes, and goes on from the latest position. */
import { type Client, type ClientOptions, createClient, type Sink, type SubscribePayload } from 'graphql-ws';

/** Codes of errors that pass by themselves. */
const TEMPORARY = new Set([
  'DATABASE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'OVERLOADED',
  'RATE_LIMITED',
  'TOO_MANY_OPERATIONS',
  'UNAVAILABLE',
]);
const PONG_MS = 5_000;
const MOST_MS = 10_000;

export function createResumingClient(options: ClientOptions): Client {
  let pong: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, waitMs(retries))),
    // A connection can be lost without a notice.
    keepAlive: 10_000,
    on: {
      ping(received) {
        if (!received) pong = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong(received) {
        if (received) clearTimeout(pong);
      },
      closed: () => clearTimeout(pong),
    },
    ...options,
  });
  return {
    ...client,
    subscribe: (payload, sink) => resume(client, payload as SubscribePayload, sink as Sink),
  };
}

function resume(client: Client, payload: SubscribePayload, sink: Sink): () => void {
  // With every reconnection graphql-ws sends this object again; by then the position in it has moved on.
  const variables = { ...payload.variables };
  let failures = 0;
  let leave = () => {};

  function begin(): void {
    const end = client.subscribe<Record<string, unknown>>(
      { ...payload, variables },
      {
        next(result) {
          failures = 0;
          const [event] = Object.values(result.data ?? {}) as { cursor?: string }[];
          if (event?.cursor) variables['after'] = event.cursor;
          sink.next(result);
        },
        error(error) {
          if (!passes(error)) return sink.error(error);
          const timer = setTimeout(begin, waitMs(failures++));
          leave = () => clearTimeout(timer);
        },
        complete: () => sink.complete(),
      },
    );
    leave = end;
  }

  begin();
  return () => leave();
}

/** Whether it is about the moment: all but a refused token, and what is wrong with the operation itself. */
function passes(error: unknown): boolean {
  if (!Array.isArray(error)) return (error as { code?: number }).code === 4500;
  return error.every(({ extensions }) => TEMPORARY.has(extensions?.code));
}

/** A second, two, four … ten, each by ±30 %: not all pages come back in the same moment. */
function waitMs(failures: number): number {
  return Math.min(1_000 * 2 ** failures, MOST_MS) * (0.7 + Math.random() * 0.6);
}
