/**
 * What every operation goes through, on whichever way it came: what it costs is charged, what would cost too much is
 * refused before anything of it runs, it is measured and traced, and what failed unexpectedly is masked.
 */
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { type InstrumentOperation, observe } from '../instrument.ts';
import { complexityErrorOf } from '../limits/operation-complexity.ts';
import { charge, type Metered, withRateLimit } from '../limits/rate-limit-operations.ts';
import type { MaskError } from '../mask.ts';
import { execute } from './execution/execute.ts';

type Results = ExecutionResult | AsyncIterable<ExecutionResult>;

export interface GraphqlOperations {
  /** Runs a valid query or mutation. */
  execute: (args: ExecutionArgs) => Promise<ExecutionResult>;
  /** Accepts a valid subscription, or gives what it was refused for. */
  subscribe: (args: ExecutionArgs) => Promise<Results>;
}

export interface GraphqlOperationsOptions {
  mask: MaskError;
  /** Instruments every operation. */
  instrument: InstrumentOperation;
  /** Subscribes, where nothing speaks against it. */
  subscribe: (args: ExecutionArgs) => Promise<Results>;
}

export function createGraphqlOperations({
  mask,
  instrument,
  subscribe,
}: GraphqlOperationsOptions): GraphqlOperations {
  /** Unexpected errors are masked and logged under the id of the request, if it has one. */
  function masked(result: ExecutionResult, { contextValue }: ExecutionArgs): ExecutionResult {
    if (!result.errors) return result;
    const { requestId } = contextValue as { requestId?: string };
    return { ...result, errors: result.errors.map((error) => mask(error, requestId)) };
  }

  function observed<Result>(args: ExecutionArgs, run: (args: ExecutionArgs) => Result | Promise<Result>) {
    const error = complexityErrorOf(args);
    return error ? { errors: [error] } : observe(instrument, args, run);
  }

  return {
    async execute(args) {
      const { meter, request } = args.contextValue as Metered;
      // Nothing of it waits for the sake of those who have no limit.
      const refusal = meter && (await charge(args, meter));
      if (refusal) return { errors: [refusal] };
      const result = masked(await observed(args, execute), args);
      // Over HTTP it stands in the headers; a result on a socket has no other place for it.
      return meter && request === undefined ? withRateLimit(result, meter) : result;
    },
    async subscribe(args) {
      const { meter } = args.contextValue as Metered;
      const refusal = meter && (await charge(args, meter));
      if (refusal) return { errors: [refusal] };
      const result = await observed(args, subscribe);
      return isAsyncIterable(result) ? result : masked(result as ExecutionResult, args);
    },
  };
}

/** Must be the only plugin that says how operations run. */
export function useOperations({ execute, subscribe }: GraphqlOperations): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(execute as never),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe as never),
  };
}
