/**
 * Failures that pass by themselves: the one list that streams, results, submissions, claims, heartbeats and reports go
 * by. What each of them repeats also depends on what a repeat may do; see the callers of {@link retryUntilAnswered}.
 */

import { ConnectionError, RequestError, TOKEN_EXPIRED, TOKEN_REFUSED } from '../errors.ts';

/** Codes of errors that are about the moment and not about the request. */
const TEMPORARY = new Set([
  'DATABASE_UNAVAILABLE',
  'OVERLOADED',
  'UNAVAILABLE',
  'RATE_LIMITED',
  'TOO_MANY_OPERATIONS',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
]);

/** Of these: the server says that it has not done what it was sent. */
const NOT_DONE = new Set(['OVERLOADED', 'UNAVAILABLE', 'RATE_LIMITED', 'TOO_MANY_OPERATIONS']);

/** Codes about the caller: another token, or the same one after a change of its rights, would do. */
const ABOUT_CALLER = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

/** Statuses below 500 that are about the moment: Request Timeout, Too Early, Too Many Requests. */
const TEMPORARY_STATUSES = new Set([408, 425, 429]);

/** Whether the same request can be answered later, without anybody doing anything about it. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.retriable;
  if (!(error instanceof RequestError)) return false;
  if (error.code !== undefined && TEMPORARY.has(error.code)) return true;
  const { status } = error;
  if (status === undefined) return false;
  if (status >= 500 || TEMPORARY_STATUSES.has(status)) return true;
  // Not GraphQL at all: a proxy that stands in for a server that is away.
  return error.code === undefined && status < 300;
}

/** Of temporary failures: those that can as well last for ever, as a fault of the server's, or a token that is not renewed. */
export function mayLast(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.closeCode === TOKEN_EXPIRED;
  return error instanceof RequestError && error.code === 'INTERNAL_SERVER_ERROR';
}

/** Whether the server surely did nothing: it was not reached, or said so. */
export function wasNotDone(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.unsent;
  return error instanceof RequestError && error.code !== undefined && NOT_DONE.has(error.code);
}

/**
 * Whether a report can never be taken as it is: the server has read and refused it, or it cannot be written. Everything
 * else is about the way to the server, or about the caller, and no reason to throw away what a handler has done.
 */
export function isRefusedReport(error: unknown): boolean {
  if (error instanceof ConnectionError || isTemporary(error)) return false;
  if (!(error instanceof RequestError)) return true;
  return error.code !== undefined && !ABOUT_CALLER.has(error.code);
}

/** Whether the server does not take the token, and connecting anew with it is no use. */
export function isRefusedToken(error: unknown): boolean {
  if (error instanceof RequestError) return error.code === 'UNAUTHENTICATED';
  return (
    error instanceof ConnectionError &&
    !error.retriable &&
    (error.closeCode === TOKEN_REFUSED || error.closeCode === TOKEN_EXPIRED)
  );
}
