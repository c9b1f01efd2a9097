/** The long way of an operation that comes by no HTTP request: parsed and validated in the pipeline that HTTP has, too. */
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { Caller } from './caller.ts';
import type { Yoga } from './yoga.ts';

/** An operation as it is asked for. */
export interface PreparedParams {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

// As over HTTP.
const NO_OPERATION = new GraphQLError('Could not determine what operation to execute.', {
  extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
});

/** What to execute or subscribe to by {@link enveloped}, or what is wrong with it. */
export async function prepare(
  yoga: Yoga,
  { query, operationName, variables }: PreparedParams,
  caller: Caller,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const params = { query, operationName, variables };
  const { schema, parse, validate, contextFactory, ...run } = yoga.getEnveloped({
    ...caller,
    params,
  } as never);
  const document: ExecutionArgs['document'] = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  if (!getOperationAST(document, operationName)) return [NO_OPERATION];
  return {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: await contextFactory(),
    rootValue: run,
  };
}

/** The enveloped functions of an operation travel to its execution as its root value. */
export function enveloped(
  args: ExecutionArgs,
): Pick<ReturnType<Yoga['getEnveloped']>, 'execute' | 'subscribe'> {
  return args.rootValue as never;
}
