/** Why an operation over a socket ended badly, as an error of ours. */

import { ConnectionError, RequestError, TOKEN_EXPIRED, TOKEN_REFUSED } from '../errors.ts';

/**
 * Close codes after which connecting anew cannot help: our fault, or the server's refusal. Not 1009: it is about
 * one message that was too big, and every other operation of the socket may go on.
 */
const FINAL_CLOSE_CODES = new Set([1002, 1003, 1007, 1010, 4400, TOKEN_REFUSED, 4406, 4409, 4429]);

/** Where, and with what, an operation was lost. */
export interface LossContext {
  url: string;
  /** The token is always the same one, so that one that has expired stays expired. */
  fixedToken: boolean;
  /** See ConnectionError. */
  unsent: boolean;
}

/** From what graphql-ws reports: GraphQL errors, a close event, an error event, an error. */
export function lossOf(reason: unknown, { url, fixedToken, unsent }: LossContext): Error {
  if (Array.isArray(reason)) return RequestError.from(reason);
  if (reason instanceof RequestError || reason instanceof ConnectionError) return reason;
  if (isClose(reason)) {
    return new ConnectionError(closeText(reason, url), {
      closeCode: reason.code,
      retriable: !FINAL_CLOSE_CODES.has(reason.code) && !(fixedToken && reason.code === TOKEN_EXPIRED),
      unsent,
    });
  }
  // An error event of the socket (ws puts the cause in `error`), or an Error of graphql-ws itself.
  const cause = (reason as { error?: unknown } | null)?.error ?? reason;
  const { message, code } = (cause ?? {}) as { message?: unknown; code?: unknown };
  const said =
    [message, code].find((text) => typeof text === 'string' && text !== '') ?? 'the connection failed';
  return new ConnectionError(`Cannot reach ${url}: ${said}`, { cause, unsent });
}

function closeText({ code, reason }: { code: number; reason: string }, url: string): string {
  const said = reason ? `: ${reason}` : '';
  if (code === TOKEN_REFUSED) return `${url} refused the token${said}`;
  return `The connection to ${url} was closed (${code}${said})`;
}

function isClose(value: unknown): value is { code: number; reason: string } {
  return typeof value === 'object' && value !== null && 'code' in value && 'reason' in value;
}
