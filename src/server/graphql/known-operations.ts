/**
 * The short way of what nearly every operation is: a query or mutation whose document was asked for before, in the same
 * words. It was parsed, judged and found valid then, so only what differs from call to call is left to do. Yoga, which
 * every other operation goes through, would ask each of its plugins at each step.
 */
import { type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql';
import type { Context } from '../../graphql/context.ts';
import { schema } from '../../graphql/schema.ts';
import type { MaskError } from '../mask.ts';
import type { Caller } from './caller.ts';
import type { DocumentCache } from './document-cache.ts';
import type { GraphqlOperations } from './operations.ts';

/** An operation as it is asked for. */
export interface OperationParams {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
  extensions?: Record<string, unknown> | null;
}

/** Whether it is an operation and nothing else, in the form that every protocol gives it. */
export function isPlainOperation(value: unknown): value is OperationParams {
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) if (!KNOWN.has(name)) return false;
  const { query, variables, operationName, extensions } = value;
  return (
    typeof query === 'string' &&
    (variables == null || isObject(variables)) &&
    (operationName == null || typeof operationName === 'string') &&
    (extensions == null || isObject(extensions))
  );
}

const KNOWN = new Set(['query', 'variables', 'operationName', 'extensions']);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Runs the operation, and never rejects; undefined, having done nothing, for one that has to go the long way. */
export type RunKnown = (params: OperationParams, caller: Caller) => Promise<ExecutionResult> | undefined;

export interface KnownOperationsOptions {
  /** The documents that the long way has found valid. */
  documents: DocumentCache;
  contextOf: (caller: Caller) => Context;
  operations: GraphqlOperations;
  mask: MaskError;
}

export function createRunKnown({ documents, contextOf, operations, mask }: KnownOperationsOptions): RunKnown {
  return ({ query, variables, operationName }, caller) => {
    const document = documents.get(query);
    const operation = document && getOperationAST(document, operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    return operations
      .execute({
        schema,
        document,
        contextValue: { ...caller, ...contextOf(caller) },
        variableValues: variables,
        operationName,
      })
      .catch((error: unknown) => ({ errors: [mask(error, caller.requestId)] }));
  };
}
