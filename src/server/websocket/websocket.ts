/** GraphQL over WebSocket (graphql-transport-ws), on the path and port of the HTTP API. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticate, Authentication } from '../auth/authenticate.ts';
import type { CredentialExpiry } from '../auth/credential-expiry.ts';
import type { ClientAddress } from '../client-address.ts';
import { enveloped, prepare } from '../graphql/prepare.ts';
import type { DocumentParams, Documents } from '../graphql/trusted-documents.ts';
import { GRAPHQL_PATH, type Pipeline } from '../graphql/yoga.ts';
import { createConcurrencyLimit } from '../limits/concurrency.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { MAX_MESSAGE_BYTES } from '../limits/request-size.ts';
import type { MaskError } from '../mask.ts';
import { withoutHttp } from '../subscriptions/encode.ts';
import {
  callerOf,
  createKnownMessage,
  MAX_OPERATIONS,
  MAX_UNDER_WAY,
  type OperatingSocket,
} from './known-message.ts';
import { OperationIds } from './operation-ids.ts';
import { joinSocket } from './socket.ts';
import { createSocketWriter, type SocketWriter } from './socket-writer.ts';

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

export interface WebSocketOptions extends Pipeline {
  /** Sockets of one caller, and of one address, at a time at most. */
  socketsPerCaller: number;
  socketsPerAddress: number;
  documents: Documents;
  authenticate: Authenticate;
  clientAddress: ClientAddress;
  limits: RateLimits;
  credentialExpiry: CredentialExpiry;
  mask: MaskError;
  logger: Logger;
}

/** What is known of one socket. */
interface Extra extends OperatingSocket {
  socket: WebSocket;
  address: string;
  /** By which the socket was opened. */
  request: IncomingMessage;
  /** Stops watching when the credential ends. */
  leave?: () => void;
}

type SignIn = { authorization?: unknown };

export function createWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const server = new WebSocketServer({
    noServer: true,
    // A larger message closes the socket with 1009.
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols,
    // See text-frame.ts.
    perMessageDeflate: false,
  });
  const protocol = createProtocol(options);
  const answerKnownMessage = createKnownMessage(options.runKnown, options.limits);
  const writers = new Set<SocketWriter>();
  const acquireForAddress = createConcurrencyLimit(options.socketsPerAddress);
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
      const releaseSlot = acquireForAddress(address);
      if (!releaseSlot) {
        socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 10\r\n\r\n');
        return;
      }
      socket.once('close', releaseSlot);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', ignore);
        const writer = createSocketWriter(webSocket, socket);
        writers.add(writer);
        webSocket.once('close', () => writers.delete(writer));
        joinSocket(
          { socket: webSocket, writer, address, request, ids: new OperationIds(), leaving: new Map() },
          protocol,
          {
            ...options,
            answerKnownMessage,
          },
        );
      });
    },
    size: () => server.clients.size,
    async close() {
      for (const writer of writers) writer.close(1001, 'Going away');
      const force = setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, GOODBYE_MS);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(force);
    },
  };
}

function createProtocol(options: WebSocketOptions) {
  const { yoga, documents, authenticate, limits, credentialExpiry, mask, socketsPerCaller } = options;
  const acquireForCaller = createConcurrencyLimit(socketsPerCaller);
  return makeServer<SignIn, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    execute: (args) => guarded(mask, () => enveloped(args).execute(args)),
    subscribe: (args) => guarded(mask, () => enveloped(args).subscribe(args)),
    async onConnect(context) {
      const { connectionParams, extra } = context;
      const { authorization } = connectionParams ?? {};
      const result = await authenticate({
        authorization: typeof authorization === 'string' ? authorization : undefined,
        address: extra.address,
        request: extra.request,
      });
      if (extra.socket.readyState !== extra.socket.OPEN) return false;
      if (!result.ok) {
        extra.writer.close(closeCodeOf(result), result.message);
        return false;
      }
      const releaseSlot = acquireForCaller(result.viewer.id);
      if (!releaseSlot) {
        const why = `A caller may have ${socketsPerCaller} sockets at a time: close one`;
        extra.writer.close(TRY_AGAIN_LATER, why);
        return false;
      }
      extra.socket.once('close', releaseSlot);
      extra.viewer = result.viewer;
      extra.protocol = context;
      extra.leave = credentialExpiry.watch(result.viewer, (why) =>
        extra.writer.close(CloseCode.Forbidden, why),
      );
      return true;
    },
    onClose({ extra }) {
      extra.leave?.();
      for (const leave of extra.leaving.values()) leave();
    },
    onNext(_connection, _id, _payload, _args, { errors, ...result }) {
      return errors && ({ ...result, errors: withoutHttp(errors) } as FormattedExecutionResult);
    },
    onError: (_connection, _id, _payload, errors) => withoutHttp(errors),
    async onSubscribe({ extra, subscriptions }, id, payload) {
      // This one is counted already.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS || extra.ids.size > MAX_UNDER_WAY)
        return [TOO_MANY_OPERATIONS];
      const meter = extra.viewer ? limits.meter(extra.viewer) : undefined;
      const refusal = meter?.refusal();
      if (refusal) return [refusal];
      try {
        const query = documents.textOf(payload as DocumentParams) ?? '';
        const caller = callerOf(extra, id, payload.extensions?.['traceparent'], meter);
        const prepared = await prepare(yoga, { ...payload, query }, caller);
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

/** An error that is thrown here would take the socket, with all its operations, along. */
async function guarded<Result>(mask: MaskError, run: () => Result): Promise<Awaited<Result>> {
  try {
    return await run();
  } catch (error) {
    return { errors: [mask(error)] } as Awaited<Result>;
  }
}
