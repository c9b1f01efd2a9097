/**
 * A subscription over Server-Sent Events: GraphQL over SSE in its distinct connections mode, by a POST, because
 * EventSource cannot send the token.
 */

import { createParser } from 'eventsource-parser';
import { ConnectionError, messageOf, RequestError, type RequestErrorEntry } from '../errors.ts';
import { type HttpTarget, readAnswer, send } from './http.ts';
import type { OperationSink, SocketOperation } from './websocket-connection.ts';

/** A server sends a comment every 12 s; after this silence the connection counts as lost. */
const SILENCE_MS = 30_000;

/** Starts a subscription; the returned function ends it at once, without a further call of the sink. */
export function subscribeBySse(
  target: HttpTarget,
  operation: SocketOperation,
  sink: OperationSink,
  silenceMs = SILENCE_MS,
): () => void {
  const stop = new AbortController();
  let ended = false;

  /** The one end that the sink gets. */
  function end(notify: () => void): void {
    if (ended) return;
    ended = true;
    stop.abort();
    notify();
  }

  function take(result: Result | undefined): void {
    if (ended) return;
    const errors = result?.errors;
    if (result === undefined) end(() => sink.complete());
    else if (errors?.length) end(() => sink.error(RequestError.from(errors)));
    else sink.next(result.data);
  }

  receive({ target, operation, stop, silenceMs }, { opened: () => sink.opened?.(), take }).catch((error) =>
    end(() => sink.error(error)),
  );

  return () => end(() => {});
}

interface Result {
  data?: unknown;
  errors?: RequestErrorEntry[];
}

interface Request {
  target: HttpTarget;
  operation: SocketOperation;
  stop: AbortController;
  silenceMs: number;
}

/** Hands on each result, and undefined when the server says that it was the last. Rejects in every other case. */
async function receive(
  { target, operation, stop, silenceMs }: Request,
  { opened, take }: { opened(): void; take(result: Result | undefined): void },
): Promise<void> {
  const watchdog = watch(stop, silenceMs);
  try {
    const response = await send(target, operation, 'text/event-stream', stop.signal);
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
      throw await refusal(response, stop.signal);
    }
    opened();
    const parser = createParser({
      onEvent({ event, data }) {
        if (event === 'next') take(JSON.parse(data) as Result);
        else if (event === 'complete') take(undefined);
      },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream() as never).getReader();
    // The runtime may lose the signal once it has answered, and then neither the read nor the connection would end.
    if (stop.signal.aborted) void reader.cancel().catch(() => {});
    stop.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}), { once: true });
    for (;;) {
      const { done, value } = (await reader.read()) as ReadableStreamReadResult<string>;
      if (done) throw new ConnectionError(`The stream from ${target.url} broke off.`);
      watchdog.heard();
      parser.feed(value);
    }
  } catch (error) {
    if (watchdog.silent()) throw new ConnectionError(`No sign of ${target.url} for ${silenceMs} ms.`);
    if (error instanceof RequestError || error instanceof ConnectionError) throw error;
    throw new ConnectionError(`The stream from ${target.url} was lost: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    watchdog.end();
  }
}

/** What a server, or a proxy before it, answers that does not open a stream. */
async function refusal(response: Response, signal: AbortSignal): Promise<RequestError> {
  const { errors } = await readAnswer(response, signal);
  if (errors?.length) return RequestError.from(errors, response.status);
  return new RequestError(`The server answered ${response.status} instead of a stream.`, {
    status: response.status,
  });
}

/** Aborts when nothing was heard for too long. */
function watch(stop: AbortController, silenceMs: number) {
  let silent = false;
  let timer: ReturnType<typeof setTimeout>;
  // Nobody waits for what was stopped, whatever of it is still under way.
  stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  const wait = () => {
    if (stop.signal.aborted) return;
    timer = setTimeout(() => {
      silent = true;
      stop.abort();
    }, silenceMs);
  };
  wait();
  return {
    heard() {
      clearTimeout(timer);
      wait();
    },
    silent: () => silent,
    end: () => clearTimeout(timer),
  };
}
