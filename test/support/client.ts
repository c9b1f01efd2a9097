/** Callers of the API as tests need them: over HTTP, WebSocket and SSE, with nothing of ours between. */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { type GraphqlAnswer, request } from './app.ts';

/** What one operation or one event gives. */
export type Result = Pick<GraphqlAnswer, 'data' | 'errors'>;

/** One subscription, whose results are taken one by one. */
export interface Subscription {
  /** The next result. Rejects when the stream ends first, or nothing comes within the time limit. */
  next(withinMs?: number): Promise<Result>;
  /** The data of the next result: the one field of it. Rejects when there are errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  event(withinMs?: number): Promise<any>;
  /** Resolves with the data of what is still left when the stream has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  rest(withinMs?: number): Promise<any[]>;
  /** Leaves the stream. */
  close(): void;
}

export type Protocol = 'WebSocket' | 'SSE';
export const PROTOCOLS: readonly Protocol[] = ['WebSocket', 'SSE'];

/** One operation over HTTP. Unexpected errors of the server are never an answer that a test wants. */
export async function send(
  url: string,
  token: string | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlAnswer> {
  const answer = await request(url, token, query, variables);
  const unexpected = answer.errors?.find(
    ({ extensions }) => extensions?.['code'] === 'INTERNAL_SERVER_ERROR',
  );
  if (unexpected) throw new Error(`The server failed: ${JSON.stringify(answer.errors)} for ${query.trim()}`);
  return answer;
}

/** Opens a subscription over the protocol, each on a connection of its own. */
export function subscribe(
  protocol: Protocol,
  url: string,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Subscription {
  const inbox = createInbox();
  const leave =
    protocol === 'WebSocket'
      ? overWebSocket(url, token, { query, variables }, inbox)
      : overServerSentEvents(url, token, { query, variables }, inbox);
  return { ...inbox.taking, close: leave };
}

interface Operation {
  query: string;
  variables: Record<string, unknown>;
}

type Inbox = ReturnType<typeof createInbox>;

function overWebSocket(url: string, token: string, operation: Operation, inbox: Inbox): () => void {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const close = () => void client.dispose();
  client.subscribe(operation, {
    next: (result) => inbox.put(result as Result),
    // Refused before it began: an error message with the GraphQL errors, or the close of the socket.
    error(error) {
      if (Array.isArray(error)) inbox.put({ errors: error });
      inbox.end(Array.isArray(error) ? undefined : error);
      close();
    },
    complete() {
      inbox.end();
      close();
    },
  });
  return close;
}

function overServerSentEvents(url: string, token: string, operation: Operation, inbox: Inbox): () => void {
  const abort = new AbortController();
  void (async () => {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        signal: abort.signal,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
        body: JSON.stringify(operation),
      });
      for await (const { event, data } of eventsOf(response)) {
        if (event === 'next') inbox.put(JSON.parse(data));
        if (event === 'complete') break;
      }
      inbox.end();
    } catch (error) {
      inbox.end(abort.signal.aborted ? undefined : error);
    }
  })();
  return () => abort.abort();
}

async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim() ?? '';
      yield { event: field('event'), data: field('data') };
    }
  }
}

/** What has arrived, and who waits for it. */
function createInbox() {
  const results: Result[] = [];
  let ended: { error?: unknown } | undefined;
  let wake = () => {};

  async function arrival(withinMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Nothing came within ${withinMs} ms.`)), withinMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function next(withinMs = 10_000): Promise<Result> {
    while (results.length === 0) {
      if (ended) throw new Error('The stream has ended.', { cause: ended.error });
      await arrival(withinMs);
    }
    return results.shift() as Result;
  }

  async function event(withinMs?: number) {
    return fieldOf(await next(withinMs));
  }

  async function rest(withinMs = 10_000) {
    while (!ended) await arrival(withinMs);
    if (ended.error) throw new Error('The stream has broken off.', { cause: ended.error });
    return results.splice(0).map(fieldOf);
  }

  return {
    taking: { next, event, rest },
    put(result: Result) {
      results.push(result);
      wake();
    },
    end(error?: unknown) {
      ended ??= { error };
      wake();
    },
  };
}

/** The one field of a result. */
function fieldOf({ data, errors }: Result) {
  if (errors) throw new Error(`The operation failed: ${JSON.stringify(errors)}`);
  return Object.values(data as object)[0];
}
