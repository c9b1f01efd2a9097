/** Wraps what the server does for its callers so that metrics and tracing can observe it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionArgs, getOperationAST } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { Context } from '../graphql/context.ts';

/** An operation that is about to be executed, or a subscription that is about to be accepted. */
export interface OperationUnderWay {
  transport: 'http' | 'sse' | 'socket';
  type: 'query' | 'mutation' | 'subscription';
  /** As the caller calls it. */
  name: string | undefined;
  context: Context;
}

/** Runs it, with something before and after it. Must give what it gives. */
export type InstrumentOperation = (
  operation: OperationUnderWay,
  run: () => Promise<{ failed: boolean }>,
) => Promise<{ failed: boolean }>;

/** Runs a request to its end; `route` is of a bounded set. */
export type InstrumentRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  route: string,
  run: () => Promise<void>,
) => Promise<void>;

/** Nests the inner instrument in the outer one, where there is one. */
export function nestOperation(
  outer: InstrumentOperation | undefined,
  inner: InstrumentOperation,
): InstrumentOperation {
  return outer ? (operation, run) => outer(operation, () => inner(operation, run)) : inner;
}

/** Nests instruments of requests in the same way. */
export function nestRequest(
  outer: InstrumentRequest | undefined,
  inner: InstrumentRequest,
): InstrumentRequest {
  if (!outer) return inner;
  return (request, response, route, run) =>
    outer(request, response, route, () => inner(request, response, route, run));
}

/** Runs an operation with its instruments. */
export async function observe<Result>(
  instrument: InstrumentOperation,
  args: ExecutionArgs,
  run: (args: ExecutionArgs) => Result | Promise<Result>,
): Promise<Result> {
  const operation = underWay(args);
  if (!operation) return run(args);
  let result: Result | undefined;
  await instrument(operation, async () => {
    result = await run(args);
    return { failed: hasErrors(result) };
  });
  return result as Result;
}

function underWay(args: ExecutionArgs): OperationUnderWay | null {
  const operation = getOperationAST(args.document, args.operationName);
  if (!operation) return null;
  const context = args.contextValue as Context & { request?: unknown };
  const type = operation.operation;
  const transport = context.request === undefined ? 'socket' : type === 'subscription' ? 'sse' : 'http';
  return { transport, type, name: operation.name?.value, context };
}

function hasErrors(result: unknown): boolean {
  if (isAsyncIterable(result)) return false;
  return ((result as { errors?: readonly unknown[] } | null)?.errors?.length ?? 0) > 0;
}
