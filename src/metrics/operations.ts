/** What the server is asked, and how it answers: operations of GraphQL and requests of HTTP. */
import type { Registry } from 'prom-client';
import { seriesOf } from './series.ts';
import { register, Tally } from './tally.ts';

const SECONDS = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

export interface ObservedOperation {
  transport: 'http' | 'sse' | 'socket';
  type: 'query' | 'mutation' | 'subscription';
  /** Whether there are errors in the answer; problems that are data are an answer. */
  outcome: 'ok' | 'error';
  /** To its answer; left out for a subscription. */
  seconds?: number | undefined;
}

export interface OperationMetrics {
  /** An operation was answered, or a subscription was accepted or refused. */
  operation(operation: ObservedOperation): void;
  /** A request of HTTP was answered; a stream, when it has ended. `route` is of a bounded set. */
  request(request: { route: string; status: number }): void;
}

export function createOperationMetrics(registry: Registry, prefix: string): OperationMetrics {
  const operations = new Map<string, { labels: Record<string, string>; count: number }>();
  const seconds = new Map<string, { labels: Record<string, string>; tally: Tally }>();
  const requests = new Map<string, { labels: Record<string, string>; count: number }>();

  const counts = (of: typeof operations) => () =>
    [...of.values()].map(({ labels, count }) => ({ labels, value: count }));
  register(
    registry,
    {
      name: `${prefix}operations_total`,
      help: 'GraphQL operations by transport, type and outcome; problems that are data are no errors.',
      type: 'counter',
    },
    counts(operations),
  );
  const duration = `${prefix}operation_duration_seconds`;
  register(
    registry,
    {
      name: duration,
      help: 'Seconds from the start of the execution of a query or mutation to its answer.',
      type: 'histogram',
    },
    () => [...seconds.values()].flatMap(({ labels, tally }) => tally.samples(duration, labels)),
  );
  register(
    registry,
    {
      name: `${prefix}http_requests_total`,
      help: 'HTTP requests by route and status; 429 are those over a rate limit.',
      type: 'counter',
    },
    counts(requests),
  );

  return {
    operation({ transport, type, outcome, seconds: took }) {
      seriesOf(operations, `${transport} ${type} ${outcome}`, () => ({
        labels: { transport, type, outcome },
        count: 0,
      })).count++;
      if (took === undefined) return;
      const made = () => ({ labels: { transport, type }, tally: new Tally(SECONDS) });
      seriesOf(seconds, `${transport} ${type}`, made).tally.add(took);
    },
    request({ route, status }) {
      const made = () => ({ labels: { route, status: String(status) }, count: 0 });
      seriesOf(requests, `${route} ${status}`, made).count++;
    },
  };
}
