/**
 * The short way for what nearly every request is: a query or mutation by POST, answered with one JSON. Of what such a
 * request costs, Yoga's adapter between node:http and the Fetch API is the largest part, and here it is left out: the
 * pipeline behind it, with its plugins, limits and masking, is the same, and so is what makes an answer of a result.
 *
 * Whatever is not so plain goes the long way, through Yoga, before anything of it has run: subscriptions, other media
 * types, documents and requests that are not valid.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { MaskError } from './mask.ts';
import { type Caller, GRAPHQL_PATH, type Yoga } from './yoga.ts';

/** Answers the request, or gives false, having done nothing, when it has to go the long way. */
export type AnswerPlainPost = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  caller: Caller,
) => Promise<boolean>;

export function createPlainPost(yoga: Yoga, mask: MaskError): AnswerPlainPost {
  return async (request, response, body, caller) => {
    const mediaType = mediaTypeOf(request);
    const params = mediaType && paramsOf(body);
    if (!mediaType || !params) return false;
    const operation = prepare(yoga, { ...caller, request, params });
    if (!operation) return false;
    send(response, await run(operation, params, (error) => mask(error, caller.requestId)), mediaType);
    return true;
  };
}

interface Params {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
  extensions?: Record<string, unknown> | null;
}

type Enveloped = ReturnType<Yoga['getEnveloped']>;
type Operation = Enveloped & { document: ExecutionArgs['document'] };

/** A parsed and valid query or mutation; undefined for anything else. */
function prepare(yoga: Yoga, context: Caller & { request: IncomingMessage; params: Params }) {
  try {
    const enveloped = yoga.getEnveloped(context as never);
    const document: Operation['document'] = enveloped.parse(context.params.query);
    if (enveloped.validate(enveloped.schema, document).length > 0) return undefined;
    const operation = getOperationAST(document, context.params.operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    return { ...enveloped, document };
  } catch {
    // The long way meets the same error, and tells it.
    return undefined;
  }
}

async function run(
  { schema, document, contextFactory, execute }: Operation,
  { variables, operationName }: Params,
  mask: (error: unknown) => GraphQLError,
): Promise<ExecutionResult> {
  try {
    const contextValue = await contextFactory();
    return await execute({ schema, document, contextValue, variableValues: variables, operationName });
  } catch (error) {
    return { errors: [mask(error)] };
  }
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

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

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

const KNOWN = new Set(['query', 'variables', 'operationName', 'extensions']);

function paramsOf(body: Buffer): Params | undefined {
  let params: unknown;
  try {
    params = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  if (!isObject(params) || !Object.keys(params).every((name) => KNOWN.has(name))) return undefined;
  const { query, variables, operationName, extensions } = params;
  const isPlain =
    typeof query === 'string' &&
    (variables == null || isObject(variables)) &&
    (operationName == null || typeof operationName === 'string') &&
    (extensions == null || isObject(extensions));
  return isPlain ? (params as unknown as Params) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
