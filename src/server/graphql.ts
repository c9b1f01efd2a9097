/** GraphQL over HTTP and SSE: who may ask, what a request must look like, and when its streams end. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../domain/access.ts';
import { sendError } from './answer.ts';
import type { Authenticate, Authentication } from './auth.ts';
import { MAX_BODY_BYTES, readBody } from './body.ts';
import { idOf } from './request-id.ts';
import { END_ID, openEventSink } from './streams/event-stream.ts';
import type { Caller, Yoga } from './yoga.ts';

export interface GraphqlEndpoint {
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Cuts every stream: clients take that for a lost connection, and come again. */
  endStreams(): void;
}

export function createGraphqlEndpoint(yoga: Yoga, authenticate: Authenticate): GraphqlEndpoint {
  const streams = new Set<ServerResponse>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization, 'x-admin-token': adminToken } = request.headers;
    const result = await authenticate({
      authorization,
      adminToken: typeof adminToken === 'string' ? adminToken : undefined,
    });
    if (!result.ok) return refuseCaller(response, result);
    const problem = problemOf(request);
    if (problem) return sendError(response, problem.status, problem.message, 'BAD_REQUEST');
    const lastEventId = request.headers['last-event-id'] as string | undefined;
    if (lastEventId === END_ID) {
      response.writeHead(204).end();
      return;
    }
    const body = await readBody(request);
    if (body === 'gone') return;
    if (body === 'too-large') {
      const message = `A request may have ${MAX_BODY_BYTES} bytes at most.`;
      return sendError(response, 413, message, 'PAYLOAD_TOO_LARGE');
    }
    // The adapter takes a body that has been read already.
    if (body.length > 0) (request as IncomingMessage & { body?: Buffer }).body = body;
    const { viewer } = result;
    const handle = yoga as unknown as (
      request: IncomingMessage,
      response: ServerResponse,
      caller: Caller,
    ) => Promise<void>;
    await handle(request, response, {
      viewer,
      requestId: idOf(request),
      traceparent: request.headers.traceparent,
      lastEventId: lastEventId || undefined,
      openSink() {
        keep(response, viewer);
        return openEventSink(response);
      },
    });
  }

  /** Remembers a stream until it ends, and lets it live no longer than the token that opened it. */
  function keep(response: ServerResponse, { expiresAt }: Viewer): void {
    if (response.closed) return;
    const expiry = endAt(response, expiresAt);
    streams.add(response);
    response.once('close', () => {
      streams.delete(response);
      clearTimeout(expiry);
    });
  }

  return {
    serve,
    endStreams() {
      for (const response of streams) response.destroy();
    },
  };
}

function refuseCaller(response: ServerResponse, result: Extract<Authentication, { ok: false }>): void {
  if (result.reason === 'unavailable') {
    sendError(response, 503, result.message, 'UNAVAILABLE');
    return;
  }
  response.setHeader('www-authenticate', 'Bearer');
  sendError(response, 401, result.message, 'UNAUTHENTICATED');
}

/** What is wrong with the form of a request; what it asks for is judged by GraphQL. */
function problemOf(request: IncomingMessage): { status: number; message: string } | undefined {
  if (request.method === 'POST' && !isJsonType(request.headers['content-type'])) {
    return { status: 415, message: 'Send JSON, with Content-Type: application/json.' };
  }
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  for (const name of ['variables', 'extensions']) {
    const text = searchParams.get(name);
    if (text && !isJson(text)) return { status: 400, message: `The parameter "${name}" is no JSON.` };
  }
}

function isJsonType(type: string | undefined): boolean {
  return /^application\/(graphql\+)?json\s*(;|$)/i.test(type ?? '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function endAt(response: ServerResponse, expiresAt: Date | null): NodeJS.Timeout | undefined {
  const left = expiresAt ? expiresAt.getTime() - Date.now() : Number.POSITIVE_INFINITY;
  // Longer than timers can wait, and than connections live.
  if (left > 2 ** 31 - 1) return undefined;
  return setTimeout(() => response.destroy(), Math.max(left, 0)).unref();
}
