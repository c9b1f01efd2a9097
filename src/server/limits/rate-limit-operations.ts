/** Counts operations of callers that have a limit: before anything of them runs, on every transport alike. */
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { pointsOf } from './operation-points.ts';
import type { Meter } from './rate-limits.ts';

export interface Metered {
  /** Counts this request; there is none for a caller without a limit. */
  meter?: Meter;
  /** Only over HTTP. */
  request?: unknown;
}

/** The refusal of an operation that its caller has no points for. */
export function charge(args: ExecutionArgs, meter: Meter): Promise<GraphQLError | undefined> {
  return meter.charge(pointsOf(args));
}

export function withRateLimit(result: ExecutionResult, meter: Meter): ExecutionResult {
  return { ...result, extensions: { ...result.extensions, rateLimit: meter.state } };
}

/** Counts what did not get so far over HTTP, as a query that is not valid. */
export function useSettlement(): Plugin {
  return { onResultProcess: ({ serverContext }) => (serverContext as Metered).meter?.settle() };
}
