/** One operation, one POST. */

import { ConnectionError, messageOf, RequestError, type RequestErrorEntry } from '../errors.ts';
import { checkBody } from './request-size.ts';
import type { SocketOperation } from './websocket-connection.ts';

/** What {@link postOperation} needs to know of its connection. */
export interface HttpTarget {
  url: string;
  fetch: typeof fetch;
  token(): Promise<string | undefined>;
}

interface Answer {
  data?: unknown;
  errors?: RequestErrorEntry[] | undefined;
}

/**
 * Sends one query or mutation and returns its data.
 * Rejects with a {@link RequestError} for an answer with errors, a {@link ConnectionError} when there was no
 * answer, and the signal's reason when it was aborted.
 */
export async function postOperation(
  target: HttpTarget,
  operation: SocketOperation,
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await send(
    target,
    operation,
    'application/graphql-response+json, application/json',
    signal,
  );
  const answer = await readAnswer(response, signal);
  if (answer.errors?.length) throw RequestError.from(answer.errors, response.status);
  if (!response.ok || answer.data === undefined || answer.data === null) {
    throw new RequestError(`The server answered ${response.status} ${response.statusText}`.trimEnd(), {
      status: response.status,
      retryAfterSeconds: secondsOf(response.headers.get('retry-after')),
    });
  }
  return answer.data;
}

/**
 * POSTs an operation, whatever is answered. Rejects with a {@link ConnectionError} when there is no answer, and with a
 * {@link RequestError} when it is larger than servers take.
 */
export async function send(
  target: HttpTarget,
  operation: SocketOperation,
  accept: string,
  signal?: AbortSignal,
): Promise<Response> {
  const body = JSON.stringify(operation);
  checkBody(body);
  const token = await target.token();
  const headers: Record<string, string> = { 'content-type': 'application/json', accept };
  if (operation.extensions) headers['traceparent'] = operation.extensions.traceparent;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  try {
    return await target.fetch(target.url, { method: 'POST', headers, body, signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const { code } = (cause ?? {}) as { code?: string };
    throw new ConnectionError(`Cannot reach ${target.url}: ${messageOf(cause) || code || 'no connection'}`, {
      unsent: code !== undefined && NEVER_CONNECTED.has(code),
      cause: error,
    });
  }
}

/** What Node says when there was no connection to send anything over; browsers do not say. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A Retry-After header in its usual form, a number of seconds. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** The answer's JSON; an empty one where the body is something else, as a proxy's error page is. */
export async function readAnswer(response: Response, signal?: AbortSignal): Promise<Answer> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    throw new ConnectionError(`The connection was lost while the answer arrived: ${messageOf(error)}`, {
      cause: error,
    });
  }
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}
