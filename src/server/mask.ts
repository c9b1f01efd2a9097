/** What errors may tell. */
import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { tellableError } from '../graphql/errors.ts';
import type { Caller } from './yoga.ts';

/** Makes of any error one that callers may be told. */
/** @param requestId under which it is logged, if it is; without one a new one is made */
export type MaskError = (error: unknown, requestId?: string) => GraphQLError;

/** What a caller caused, it is told; anything else is logged under an id and told only that id. */
export function createMask(logger: Logger): MaskError {
  return (error, requestId = randomUUID()) => {
    const original = error instanceof GraphQLError ? error.originalError : error;
    const at = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
    const told = tellableError(original, at);
    if (told) return told;
    if (error instanceof GraphQLError && (!original || original instanceof GraphQLError)) return error;
    logger.error({ err: original, requestId, path: at.path }, 'A request failed unexpectedly');
    return new GraphQLError('Something went wrong on our side. Quote the request id when you report it.', {
      ...at,
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500 } },
    });
  };
}

/** What fails within one request is told and logged under the id of that request. */
export function useRequestId(mask: MaskError): Plugin<Pick<Caller, 'requestId'>> {
  const withId = (args: ExecutionArgs, result: ExecutionResult): ExecutionResult => {
    const { requestId } = args.contextValue as Pick<Caller, 'requestId'>;
    if (!requestId || !result.errors) return result;
    return { ...result, errors: result.errors.map((error) => mask(error, requestId)) };
  };
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!isAsyncIterable(result)) setResult(withId(args, result));
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) setResult(withId(args, result));
      },
    }),
  };
}
