/** What errors may reveal. */
import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { shownError, withCode } from '../graphql/errors.ts';

/**
 * Turns any error into one that callers may see.
 *
 * @param requestId under which it is logged, if it is; without one a new one is made
 */
export type MaskError = (error: unknown, requestId?: string) => GraphQLError;

/** Shows callers what they caused. Anything else is logged under an id, and only the id is shown. */
export function createMask(logger: Logger): MaskError {
  return (error, requestId = randomUUID()) => {
    const original = error instanceof GraphQLError ? error.originalError : error;
    const at =
      error instanceof GraphQLError
        ? { ...(error.nodes && { nodes: error.nodes }), ...(error.path && { path: error.path }) }
        : {};
    const shown = shownError(original, at);
    if (shown) return shown;
    if (error instanceof GraphQLError && (!original || original instanceof GraphQLError)) {
      return withCode(error);
    }
    logger.error({ err: original, requestId, path: at.path }, 'A request failed unexpectedly');
    return new GraphQLError('Something went wrong on our side. Quote the request id when you report it.', {
      ...at,
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500 } },
    });
  };
}
