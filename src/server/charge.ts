/** Counts operations of callers that have a limit: before anything of them runs, on every transport alike. */
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { costOf } from './operation-cost.ts';
import type { Meter } from './rate-limits.ts';

interface Metered {
  /** Counts this request; there is none for a caller without a limit. */
  meter?: Meter;
  /** Only over HTTP. */
  request?: unknown;
}

interface Judged {
  args: ExecutionArgs;
  setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void;
}

export function useCharge(): Plugin {
  // Nothing of it waits for the sake of those who have no limit.
  const judge = (judged: Judged) => {
    const { meter, request } = judged.args.contextValue as Metered;
    return meter && charge(judged, meter, request !== undefined);
  };
  return {
    onExecute: judge as never,
    onSubscribe: judge as never,
    // What did not get so far, as a query that is not valid.
    onResultProcess: ({ serverContext }) => (serverContext as Metered).meter?.settle(),
  };
}

async function charge({ args, setResultAndStopExecution }: Judged, meter: Meter, isHttp: boolean) {
  const refusal = await meter.charge(costOf(args));
  if (refusal) return setResultAndStopExecution({ errors: [refusal] });
  // Over HTTP it stands in the headers; a result on a socket has no other place for it.
  return isHttp ? undefined : { onExecuteDone: extendResult(meter) };
}

interface Done {
  result: ExecutionResult;
  setResult: (result: ExecutionResult) => void;
}

function extendResult(meter: Meter) {
  return ({ result, setResult }: Done) =>
    setResult({ ...result, extensions: { ...result.extensions, rateLimit: meter.state } });
}
