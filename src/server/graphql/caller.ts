/** Who asks, as the transports know it. */
import type { Viewer } from '../../domain/access.ts';
import type { WhenGone } from '../../graphql/context.ts';
import type { Meter } from '../limits/rate-limits.ts';
import type { ResultSink } from '../subscriptions/sink.ts';

/** What the transports know of a request before GraphQL does. */
export interface Caller {
  /** The id of the request, under which an unexpected error is reported and logged. */
  requestId?: string | undefined;
  viewer: Viewer | null;
  /** Only over HTTP. */
  request?: unknown;
  /** The trace that the request belongs to, as it says. */
  traceparent?: unknown;
  /** Counts the request; there is none for a caller without a limit. */
  meter?: Meter | undefined;
  /** Where the caller wants to go on, when it says so beside the operation: a cursor. */
  lastEventId?: string | undefined;
  /** Calls back when nobody waits for the answer any more; gives what takes that back. */
  whenGone: WhenGone;
  /** Opens what the results are sent to, when the operation turns out to be a subscription. */
  openSink: () => ResultSink;
}
