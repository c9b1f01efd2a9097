/** How refusals leave fields that have no result union: as errors with a code. */
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { CheckTimeUsedUp } from '../checks/schema-checks.ts';
import { InvalidInput, Problem } from '../domain/problems.ts';
import { BatcherOverloaded } from '../store/database/batcher.ts';
import { Outage, outageOf } from '../store/database/outage.ts';
import { LogReplaced } from '../store/log/log.ts';

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

/** After how many seconds it is worth trying again. */
const RETRY_AFTER_SECONDS = 1;

/** What a caller may know of an outage, and what may have become of what it sent. */
const OUTAGES: Record<Outage['reason'], { code: string; reason?: string; message: string }> = {
  away: {
    code: 'DATABASE_UNAVAILABLE',
    reason: 'AWAY',
    message: 'The database cannot be reached at the moment. Try again;',
  },
  busy: { code: 'OVERLOADED', message: 'Too many requests wait for the database. Try again in a moment;' },
  'read-only': {
    code: 'DATABASE_UNAVAILABLE',
    reason: 'READ_ONLY',
    message: 'The database takes no changes at the moment. Try again;',
  },
  full: {
    code: 'DATABASE_UNAVAILABLE',
    reason: 'FULL',
    message: 'The database has no space left. Try again when it has;',
  },
};

/** Something does not keep up or is not there: the caller may try again. Undefined for other errors. */
function unavailableError(
  error: unknown,
  at: Pick<GraphQLErrorOptions, 'nodes' | 'path'>,
): GraphQLError | undefined {
  if (error instanceof CheckTimeUsedUp) {
    const { message, retryAfterSeconds } = error;
    const headers = { 'Retry-After': String(retryAfterSeconds) };
    return new GraphQLError(message, {
      ...at,
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds, http: { status: 429, headers } },
    });
  }
  const outage = outageFor(error);
  if (!outage) return undefined;
  const { mayBeDone } = outage;
  const { code, reason, message } = OUTAGES[outage.reason];
  const fate = mayBeDone ? 'what you sent may or may not have been done.' : 'nothing was done.';
  return new GraphQLError(`${message} ${fate}`, {
    ...at,
    extensions: { code, reason, mayBeDone, retryAfterSeconds: RETRY_AFTER_SECONDS, http: { status: 503 } },
  });
}

function outageFor(error: unknown): Outage | undefined {
  if (error instanceof BatcherOverloaded) return new Outage('busy', false, error);
  // A stream without positions of its own begins again by itself.
  if (error instanceof LogReplaced) return new Outage('away', false, error);
  return outageOf(error);
}

/** The error as a caller may see it, when it is none of a GraphQL field's own; undefined when it must stay hidden. */
export function shownError(
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
  error.extensions['code'] ??= 'BAD_USER_INPUT';
  return error;
}
