/** GraphQL over WebSocket (graphql-transport-ws), on the path and port of the HTTP API. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../domain/access.ts';
import type { Authenticate } from './auth.ts';
import { type Caller, GRAPHQL_PATH, type Yoga } from './yoga.ts';

/** Bytes of one message from a client at most; a larger one closes the socket with 1009. */
const MAX_MESSAGE_BYTES = 131_072;
const MAX_SUBSCRIPTIONS = 50;
// The longest delay that a timer takes; a token that lives longer is looked at again then.
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface WebSocketEndpoint {
  /** Takes over an upgrade request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1001, after which clients connect again. */
  close(): Promise<void>;
}

type Extra = { viewer?: Viewer; expiry?: NodeJS.Timeout };

export function createWebSocketEndpoint(yoga: Yoga, authenticate: Authenticate): WebSocketEndpoint {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const disposable = useServer<{ authorization?: unknown }, Extra>(
    {
      connectionInitWaitTimeout: 5_000,
      execute: (args) => enveloped(args).execute(args),
      subscribe: (args) => enveloped(args).subscribe(args),
      async onConnect({ connectionParams, extra }) {
        const { authorization } = connectionParams ?? {};
        const result = await authenticate({
          authorization: typeof authorization === 'string' ? authorization : undefined,
        });
        if (!result.ok) {
          // Fatal for clients: the same token will not do better. An expired one can be renewed: they may retry.
          extra.socket.close(
            result.reason === 'expired' ? CloseCode.Forbidden : CloseCode.Unauthorized,
            result.message,
          );
          return;
        }
        extra.viewer = result.viewer;
        watchExpiry(extra, result.viewer);
      },
      onDisconnect({ extra }) {
        clearTimeout(extra.expiry);
      },
      async onSubscribe({ extra, subscriptions }, _id, payload) {
        if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS) {
          extra.socket.close(CloseCode.BadRequest, `${MAX_SUBSCRIPTIONS} operations at a time at most`);
          return [];
        }
        const { schema, parse, validate, contextFactory, ...run } = yoga.getEnveloped({
          viewer: extra.viewer ?? null,
          params: payload,
        } as unknown as Caller);
        let document: ExecutionArgs['document'];
        try {
          document = parse(payload.query);
        } catch (error) {
          return [error as Error] as never;
        }
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        return {
          schema,
          document,
          operationName: payload.operationName,
          variableValues: payload.variables,
          contextValue: await contextFactory(),
          rootValue: run,
        };
      },
    },
    server,
  );

  return {
    upgrade(request, socket, head) {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (pathname !== GRAPHQL_PATH) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) =>
        server.emit('connection', webSocket, request),
      );
    },
    async close() {
      await disposable.dispose();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

// The enveloped functions of an operation travel to its execution as its root value.
function enveloped(args: ExecutionArgs): Pick<ReturnType<Yoga['getEnveloped']>, 'execute' | 'subscribe'> {
  return args.rootValue as never;
}

function watchExpiry(
  extra: Extra & { socket: { close: (code: number, reason: string) => void } },
  viewer: Viewer,
): void {
  if (!viewer.expiresAt) return;
  const left = viewer.expiresAt.getTime() - Date.now();
  extra.expiry = setTimeout(
    () => {
      if (left > MAX_TIMER_MS) watchExpiry(extra, viewer);
      else extra.socket.close(CloseCode.Forbidden, 'The token has expired');
    },
    Math.min(Math.max(left, 0), MAX_TIMER_MS),
  ).unref();
}
