/** GraphQL over HTTP and SSE: who may ask, what a request must look like, and when its streams end. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { EventLoopShare } from '../../async/event-loop-share.ts';
import type { Viewer } from '../../domain/access.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import type { CredentialExpiry } from '../auth/credential-expiry.ts';
import type { ClientAddress } from '../client-address.ts';
import type { Caller } from '../graphql/caller.ts';
import type { Pipeline, Yoga } from '../graphql/yoga.ts';
import { admitJson, TOO_DEEP } from '../incoming-json.ts';
import { createConcurrencyLimit } from '../limits/concurrency.ts';
import { type RateLimits, rateLimitHeaders } from '../limits/rate-limits.ts';
import { MAX_BODY_BYTES } from '../limits/request-size.ts';
import { idOf } from '../request-id.ts';
import { END_ID, openEventSink } from '../subscriptions/sse.ts';
import { readBody } from './body.ts';
import { createKnownPost } from './known-post.ts';
import { refuseCaller, sendError } from './respond.ts';

export interface GraphqlEndpoint {
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Cuts every stream, and what else stays open: clients take that for a lost connection, and come again. */
  endStreams(): void;
}

export interface GraphqlOptions extends Pipeline {
  authenticate: Authenticate;
  clientAddress: ClientAddress;
  limits: RateLimits;
  credentialExpiry: CredentialExpiry;
  /** Requests of one caller that are under way or stream, at a time at most. */
  requestsPerCaller: number;
  /** Shares the event loop between those who send much. */
  eventLoopShare: EventLoopShare;
}

/** A body from here on is read in turns: several at once would keep all others waiting. */
const LARGE_BYTES = 32_768;

/** Parsed JSON has lost what is checked of its text. */
const PARSED =
  'A parser has read the body of this request before Signalbox could: mount its handler before any body parser.';

/** When a slot may be free again. */
const RETRY_SECONDS = 10;

export function createGraphqlEndpoint(options: GraphqlOptions): GraphqlEndpoint {
  const { yoga, runKnown, credentialExpiry, eventLoopShare } = options;
  const answerKnownPost = createKnownPost(runKnown);
  const admit = createAdmission(options);
  const streams = new Set<ServerResponse>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admitted = await admit(request, response);
    if (!admitted) return;
    const lastEventId = request.headers['last-event-id'] as string | undefined;
    if (lastEventId === END_ID) {
      response.writeHead(204).end();
      return;
    }
    const sent = await readSent(request, response);
    if (!sent) return;
    const caller = callerOf(request, response, { ...admitted, lastEventId });
    const answer = () => answerSent(request, response, sent, caller);
    if (sent.length < LARGE_BYTES) return answer();
    await eventLoopShare.next(admitted.viewer.id);
    await eventLoopShare.run(answer);
  }

  async function answerSent(
    request: IncomingMessage,
    response: ServerResponse,
    sent: Buffer,
    caller: Caller,
  ): Promise<void> {
    const body = admitSent(sent);
    if (!body) return sendError(response, 400, TOO_DEEP, 'BAD_REQUEST');
    if (await answerKnownPost(request, response, body.text, caller)) return;
    await answerByYoga(yoga, request, response, body.bytes, caller);
  }

  function callerOf(
    request: IncomingMessage,
    response: ServerResponse,
    { viewer, meter, lastEventId }: Pick<Caller, 'viewer' | 'meter' | 'lastEventId'> & { viewer: Viewer },
  ): Caller {
    return {
      viewer,
      meter,
      requestId: idOf(request),
      traceparent: request.headers['traceparent'],
      lastEventId: lastEventId || undefined,
      whenGone(leave) {
        keep(response, viewer);
        response.once('close', leave);
        return () => response.off('close', leave);
      },
      openSink() {
        keep(response, viewer);
        return openEventSink(response);
      },
    };
  }

  /** Remembers what stays open until it ends, and lets it live no longer than the credential that opened it. */
  function keep(response: ServerResponse, viewer: Viewer): void {
    if (response.closed) return;
    const leave = credentialExpiry.watch(viewer, () => response.destroy());
    streams.add(response);
    response.once('close', () => {
      streams.delete(response);
      leave();
    });
  }

  return {
    serve,
    endStreams() {
      for (const response of streams) response.destroy();
    },
  };
}

/** Who calls, when they may call now and the form of the request is right; undefined when it has been answered. */
function createAdmission({ authenticate, clientAddress, limits, requestsPerCaller }: GraphqlOptions) {
  const acquireForCaller = createConcurrencyLimit(requestsPerCaller);
  return async function admit(request: IncomingMessage, response: ServerResponse) {
    const { authorization, 'x-admin-token': adminToken } = request.headers;
    const result = await authenticate({
      authorization,
      adminToken: typeof adminToken === 'string' ? adminToken : undefined,
      address: clientAddress(request),
      request,
    });
    if (!result.ok) return void refuseCaller(response, result);
    if (response.closed) return undefined;
    const { viewer } = result;
    const releaseSlot = acquireForCaller(viewer.id);
    if (!releaseSlot) return void refuseCaller(response, tooManyOf(requestsPerCaller));
    response.once('close', releaseSlot);
    const meter = limits.meter(viewer, (state) => {
      for (const [name, value] of Object.entries(rateLimitHeaders(state))) response.setHeader(name, value);
    });
    const refusal = meter?.refusal();
    if (refusal) return void sendRefusal(response, refusal);
    const problem = problemOf(request);
    if (problem) return void sendError(response, problem.status, problem.message, 'BAD_REQUEST');
    return { viewer, meter };
  };
}

async function answerByYoga(
  yoga: Yoga,
  request: IncomingMessage & { body?: Buffer },
  response: ServerResponse,
  body: Buffer,
  caller: Caller,
): Promise<void> {
  // The adapter takes a body that has been read already.
  if (body.length > 0) request.body = body;
  const handle = yoga as unknown as (
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ) => Promise<void>;
  await handle(request, response, caller);
}

/** The body; undefined when it has been refused, or its sender is gone. */
async function readSent(request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
  const body = await readBody(request);
  if (body === 'gone') return undefined;
  if (body === 'parsed') return void sendError(response, 500, PARSED, 'INTERNAL_SERVER_ERROR');
  if (body === 'too-large') {
    const message = `A request may have ${MAX_BODY_BYTES} bytes at most. Keep large values in a storage and send where they are; send long lists in parts.`;
    return void sendError(response, 413, message, 'PAYLOAD_TOO_LARGE');
  }
  return body;
}

/** The body as JSON is let in; undefined when it is nested too deep. */
function admitSent(bytes: Buffer): { text: string; bytes: Buffer } | undefined {
  const sent = bytes.toString();
  const text = admitJson(sent);
  if (text === null) return undefined;
  return { text, bytes: text === sent ? bytes : Buffer.from(text) };
}

function tooManyOf(requestsPerCaller: number) {
  const message = `A caller may have ${requestsPerCaller} requests and event streams open at a time: end one.`;
  return { ok: false, reason: 'too-many', message, retryAfterSeconds: RETRY_SECONDS } as const;
}

/** A refusal that GraphQL would give, without asking it. */
function sendRefusal(response: ServerResponse, { message, extensions }: GraphQLError): void {
  const { code, http, ...more } = extensions as { code: string; http: { status: number; headers: object } };
  for (const [name, value] of Object.entries(http.headers)) response.setHeader(name, value);
  sendError(response, http.status, message, code, more);
}

/** What is wrong with the form of a request; what it asks for is judged by GraphQL. */
function problemOf(request: IncomingMessage): { status: number; message: string } | undefined {
  if (request.method === 'POST' && !isJsonType(request.headers['content-type'])) {
    return { status: 415, message: 'Send JSON, with Content-Type: application/json.' };
  }
  if (!request.url?.includes('?')) return undefined;
  const { searchParams } = new URL(request.url, 'http://localhost');
  for (const name of ['variables', 'extensions']) {
    const text = searchParams.get(name);
    if (!text) continue;
    const admitted = admitJson(text);
    if (admitted === null) return { status: 400, message: `The parameter "${name}": ${TOO_DEEP}` };
    if (!isJson(text)) return { status: 400, message: `The parameter "${name}" is no JSON.` };
    if (admitted !== text) return { status: 400, message: `The parameter "${name}" ${INEXACT}` };
  }
  return undefined;
}

const INEXACT =
  'has a number that would be rounded: numbers are exact up to 9007199254740991 (2^53 - 1); send it as a string.';

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
