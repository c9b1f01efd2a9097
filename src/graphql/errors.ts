/** How refusals leave fields that have no result union: as errors with a code. */
import { GraphQLError } from 'graphql';
import { InvalidInput, type Problem } from '../domain/problems.ts';
import { BatcherOverloaded } from '../store/batcher.ts';

/** A problem of a field that has no result union: the same facts in the error's extensions. */
export function problemError(problem: Problem): GraphQLError {
  const { code, type, title, status, detail } = problem;
  const issues = problem instanceof InvalidInput ? { issues: problem.issues } : {};
  return new GraphQLError(detail, {
    extensions: { code, problem: { type, title, status, detail, ...issues } },
  });
}

/** What the caller may not see, or what is not there: the same answer for both. */
export function notFoundError(what: string): GraphQLError {
  return new GraphQLError(`${what} was not found.`, { extensions: { code: 'NOT_FOUND' } });
}

/** The database does not keep up: nothing was written, and the caller may try again. Undefined for other errors. */
export function overloadError(error: unknown): GraphQLError | undefined {
  if (!(error instanceof BatcherOverloaded)) return undefined;
  return new GraphQLError(error.message, { extensions: { code: 'OVERLOADED', http: { status: 503 } } });
}
