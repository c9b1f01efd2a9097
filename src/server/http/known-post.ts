/**
 * The short way for what nearly every request is: a query or mutation by POST that is known (known-operations.ts),
 * answered with one JSON. Of what such a request costs, Yoga's adapter between node:http and the Fetch API is the largest
 * part, and here it is left out. What makes an answer of a result is the same.
 *
 * Whatever is not so plain goes the long way, through Yoga, before anything of it has run: subscriptions, other media
 * types, documents that come for the first time, documents and requests that are not valid.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { Caller } from '../graphql/caller.ts';
import { isPlainOperation, type OperationParams, type RunKnown } from '../graphql/known-operations.ts';
import { GRAPHQL_PATH } from '../graphql/yoga.ts';
import { JSON_TYPE, RESPONSE_TYPE } from './respond.ts';

/** Answers the request, or gives false, having done nothing, when it has to go the long way. */
export type AnswerKnownPost = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  caller: Caller,
) => Promise<boolean>;

export function createKnownPost(runKnown: RunKnown): AnswerKnownPost {
  return async (request, response, body, caller) => {
    const mediaType = mediaTypeOf(request);
    const params = mediaType && paramsOf(body);
    const result = params && runKnown(params, { ...caller, request });
    if (!mediaType || !result) return false;
    send(response, await result, mediaType);
    return true;
  };
}

/** What Yoga would make a Response of. */
class Answer {
  readonly body: string;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(body: string, { status, headers }: { status: number; headers: Record<string, string> }) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

function send(response: ServerResponse, result: ExecutionResult, mediaType: string): void {
  const made: unknown = processRegularResult(
    result as never,
    { Response: Answer } as never,
    mediaType as never,
  );
  const { body, status, headers } = made as Answer;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** What plain callers accept, and what they then are sent: as the long way chooses. */
const MEDIA_TYPES = new Map<string | undefined, string>([
  [undefined, JSON_TYPE],
  ['*/*', JSON_TYPE],
  [JSON_TYPE, JSON_TYPE],
  [RESPONSE_TYPE, RESPONSE_TYPE],
  [`${RESPONSE_TYPE}, ${JSON_TYPE}`, RESPONSE_TYPE],
]);

function mediaTypeOf({ method, url, headers }: IncomingMessage): string | undefined {
  const isPlain =
    method === 'POST' &&
    url === GRAPHQL_PATH &&
    headers['content-encoding'] === undefined &&
    /^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '');
  return isPlain ? MEDIA_TYPES.get(headers.accept) : undefined;
}

function paramsOf(body: string): OperationParams | undefined {
  let params: unknown;
  try {
    params = JSON.parse(body);
  } catch {
    return undefined;
  }
  return isPlainOperation(params) ? params : undefined;
}
