/** How refusals leave fields that have no result union: as errors with a code. */
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { CheckTimeUsedUp } from '../checks/schema-checks.ts';
import { InvalidInput, Problem } from '../domain/problems.ts';
import { BatcherOverloaded } from '../store/database/batcher.ts';
import { isConnectionError } from '../store/database/database.ts';

/** A problem that was thrown in a field without a result union: the same facts in the error's extensions. */
function problemError(problem: Problem, at: Pick<GraphQLErrorOptions, 'nodes' | 'path'>): GraphQLError {
  const { code, type, title, status, detail } = problem;
  const issues = problem instanceof InvalidInput ? { issues: problem.issues } : {};
  return new GraphQLError(detail, {
    ...at,
    extensions: { code, problem: { type, title, status, detail, ...issues } },
  });
}

/** What the caller may not see, or what is not there: the same answer for both. */
export function notFoundError(what: string): GraphQLError {
  return new GraphQLError(`${what} was not found.`, { extensions: { code: 'NOT_FOUND' } });
}

/** Something does not keep up or is not there: the caller may try again. Undefined for other errors. */
function unavailableError(
  error: unknown,
  at: Pick<GraphQLErrorOptions, 'nodes' | 'path'>,
): GraphQLError | undefined {
  const http = { status: 503 };
  if (error instanceof BatcherOverloaded) {
    return new GraphQLError(error.message, { ...at, extensions: { code: 'OVERLOADED', http } });
  }
  if (error instanceof CheckTimeUsedUp) {
    const { message, retryAfterSeconds } = error;
    const headers = { 'Retry-After': String(retryAfterSeconds) };
    return new GraphQLError(message, {
      ...at,
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds, http: { status: 429, headers } },
    });
  }
  if (!isConnectionError(error)) return undefined;
  return new GraphQLError(
    'The database cannot be reached at the moment. Try again; what you sent may or may not have been done.',
    { ...at, extensions: { code: 'DATABASE_UNAVAILABLE', http } },
  );
}

/** What a caller is told of an error that is none of a GraphQL field's own; undefined when it must not be told. */
export function tellableError(
  error: unknown,
  at: Pick<GraphQLErrorOptions, 'nodes' | 'path'>,
): GraphQLError | undefined {
  return error instanceof Problem ? problemError(error, at) : unavailableError(error, at);
}

/**
 * What graphql-js says of variables and arguments has no code: a value that is missing, or not of its type. What it says
 * of documents has got one when it was parsed and validated.
 */
export function withCode(error: GraphQLError): GraphQLError {
  error.extensions.code ??= 'BAD_USER_INPUT';
  return error;
}
