/** GraphQL over WebSocket (graphql-transport-ws), on the path and port of the HTTP API. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Viewer } from '../domain/access.ts';
import type { Authenticate, Authentication } from './auth.ts';
import type { ClientAddress } from './client-address.ts';
import type { Lifetimes } from './lifetimes.ts';
import type { MaskError } from './mask.ts';
import { createPlaces } from './places.ts';
import type { Meter, RateLimits } from './rate-limits.ts';
import { joinSocket } from './socket.ts';
import { withoutHttp } from './streams/encode.ts';
import { openOperationSink } from './streams/operation-sink.ts';
import { createSocketWriter, type SocketWriter } from './streams/socket-writer.ts';
import type { DocumentParams, Documents } from './trusted-documents.ts';
import { type Caller, GRAPHQL_PATH, type Yoga } from './yoga.ts';

/** Bytes of one message from a client at most; a larger one closes the socket with 1009. */
const MAX_MESSAGE_BYTES = 131_072;
const MAX_OPERATIONS = 50;
const INIT_TIMEOUT_MS = 5_000;
/** How long a client may take to say goodbye when the server stops. */
const GOODBYE_MS = 1_000;
/** After which clients connect again, a little later. */
const TRY_AGAIN_LATER = 1013;

export interface WebSocketEndpoint {
  /** Takes over an upgrade request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1001, after which clients connect again. */
  close(): Promise<void>;
  /** Open sockets. */
  size(): number;
}

export interface WebSocketOptions {
  /** Sockets of one caller, and of one address, at a time at most. */
  socketsPerCaller: number;
  socketsPerAddress: number;
  yoga: Yoga;
  documents: Documents;
  authenticate: Authenticate;
  clientAddress: ClientAddress;
  limits: RateLimits;
  lifetimes: Lifetimes;
  mask: MaskError;
  logger: Logger;
}

/** What is known of one socket. */
interface Extra {
  socket: WebSocket;
  /** What the socket writes to. */
  connection: Duplex;
  writer: SocketWriter;
  address: string;
  viewer?: Viewer;
  /** By the id of the operation: told when nobody waits for its answer any more. */
  leaving: Map<string, () => void>;
  /** Stops watching when the credential ends. */
  leave?: () => void;
}

type SignIn = { authorization?: unknown };

export function createWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  const protocol = createProtocol(options);
  const placeOfAddress = createPlaces(options.socketsPerAddress);
  return {
    upgrade(request, socket, head) {
      // Until ws listens, a reset would end the process.
      const ignore = () => socket.destroy();
      socket.on('error', ignore);
      if (request.url?.split('?', 1)[0] !== GRAPHQL_PATH) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      const address = options.clientAddress(request);
      const leavePlace = placeOfAddress(address);
      if (!leavePlace) {
        socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 10\r\n\r\n');
        return;
      }
      socket.once('close', leavePlace);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', ignore);
        const writer = createSocketWriter(webSocket, socket);
        const extra = { socket: webSocket, connection: socket, writer, address, leaving: new Map() };
        joinSocket(extra, protocol, options);
      });
    },
    size: () => server.clients.size,
    async close() {
      for (const client of server.clients) client.close(1001, 'Going away');
      const force = setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, GOODBYE_MS);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(force);
    },
  };
}

function createProtocol(options: WebSocketOptions) {
  const { yoga, documents, authenticate, limits, lifetimes, mask, socketsPerCaller } = options;
  const placeOfCaller = createPlaces(socketsPerCaller);
  return makeServer<SignIn, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    execute: (args) => guarded(mask, () => enveloped(args).execute(args)),
    subscribe: (args) => guarded(mask, () => enveloped(args).subscribe(args)),
    async onConnect({ connectionParams, extra }) {
      const { authorization } = connectionParams ?? {};
      const result = await authenticate({
        authorization: typeof authorization === 'string' ? authorization : undefined,
        address: extra.address,
      });
      if (extra.socket.readyState !== extra.socket.OPEN) return false;
      if (!result.ok) {
        extra.socket.close(closeCodeOf(result), result.message);
        return false;
      }
      const leavePlace = placeOfCaller(result.viewer.id);
      if (!leavePlace) {
        const why = `A caller may have ${socketsPerCaller} sockets at a time: close one`;
        extra.socket.close(TRY_AGAIN_LATER, why);
        return false;
      }
      extra.socket.once('close', leavePlace);
      extra.viewer = result.viewer;
      extra.leave = lifetimes.watch(result.viewer, (why) => extra.socket.close(CloseCode.Forbidden, why));
    },
    onClose({ extra }) {
      extra.leave?.();
      for (const leave of extra.leaving.values()) leave();
    },
    onNext(_connection, _id, _payload, _args, { errors, ...result }): FormattedExecutionResult {
      return errors ? { ...result, errors: withoutHttp(errors) } : result;
    },
    onError: (_connection, _id, _payload, errors) => withoutHttp(errors),
    async onSubscribe({ extra, subscriptions }, id, payload) {
      // This one is counted already.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS) return [TOO_MANY_OPERATIONS];
      const meter = extra.viewer && limits.meter(extra.viewer);
      const refusal = meter?.refusal();
      if (refusal) return [refusal];
      try {
        const query = documents.textOf(payload as DocumentParams) ?? '';
        const prepared = await prepare(yoga, extra, { id, payload: { ...payload, query }, meter });
        if (Array.isArray(prepared)) await meter?.settle();
        return prepared;
      } catch (error) {
        return [mask(error)];
      }
    },
  });
}

const TOO_MANY_OPERATIONS = new GraphQLError(
  `A socket takes ${MAX_OPERATIONS} operations at a time at most.`,
  { extensions: { code: 'TOO_MANY_OPERATIONS' } },
);

// As over HTTP.
const NO_OPERATION = new GraphQLError('Could not determine what operation to execute.', {
  extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
});

function closeCodeOf({ reason }: Extract<Authentication, { ok: false }>): number {
  switch (reason) {
    // An expired token can be renewed: clients may come back.
    case 'expired':
      return CloseCode.Forbidden;
    case 'unavailable':
    case 'too-many':
      return TRY_AGAIN_LATER;
    // Fatal for clients: the same token will not do better.
    default:
      return CloseCode.Unauthorized;
  }
}

/** Parses and validates an operation in the pipeline that HTTP has, too. */
async function prepare(
  yoga: Yoga,
  { viewer, writer, leaving }: Extra,
  { id, payload, meter }: { id: string; payload: SubscribePayload; meter: Meter | undefined },
) {
  const { query, operationName, variables, extensions } = payload;
  const { schema, parse, validate, contextFactory, ...run } = yoga.getEnveloped({
    viewer: viewer ?? null,
    // A message has no headers.
    traceparent: extensions?.traceparent,
    meter,
    whenGone(leave: () => void) {
      leaving.set(id, leave);
      return () => leaving.delete(id);
    },
    openSink: () => openOperationSink(writer, id),
    params: { query, operationName, variables },
  } as unknown as Caller);
  const document: ExecutionArgs['document'] = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  if (!getOperationAST(document, operationName)) return [NO_OPERATION];
  return {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: await contextFactory(),
    rootValue: run,
  };
}

/** An error that is thrown here would take the socket, with all its operations, along. */
async function guarded<Result>(mask: MaskError, run: () => Result): Promise<Awaited<Result>> {
  try {
    return await run();
  } catch (error) {
    return { errors: [mask(error)] } as Awaited<Result>;
  }
}

// The enveloped functions of an operation travel to its execution as its root value.
function enveloped(args: ExecutionArgs): Pick<ReturnType<Yoga['getEnveloped']>, 'execute' | 'subscribe'> {
  return args.rootValue as never;
}
