/** Makes of an execution result what is sent: masked, serialised once. */
import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { MaskError } from '../mask.ts';

/** JSON of a result, in which unexpected errors are masked. */
export type Encode = (result: ExecutionResult) => Buffer;

export function createEncode(mask: MaskError): Encode {
  return (result) =>
    Buffer.from(JSON.stringify(result.errors ? masked(result, result.errors, mask) : result));
}

function masked(result: ExecutionResult, errors: readonly GraphQLError[], mask: MaskError) {
  return { ...result, errors: withoutHttp(errors.map((error) => mask(error))) };
}

/** What errors say to the HTTP server is not for clients. */
export function withoutHttp(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { extensions: { http: _, ...extensions } = {}, ...rest } = error.toJSON();
    return Object.keys(extensions).length > 0 ? { ...rest, extensions } : rest;
  });
}
