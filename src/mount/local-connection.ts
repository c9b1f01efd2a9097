/** The way of a client within the process: no socket, no HTTP, no token. */
import type { FormattedExecutionResult } from 'graphql';
import type { Connection, TypedDocument, TypedSink } from '../client/connection/connection.ts';
import { createStatuses } from '../client/connection/status.ts';
import { ConnectionError, RequestError, type RequestErrorEntry } from '../client/errors.ts';
import type { Logger } from '../client/logger.ts';
import type { Viewer } from '../domain/access.ts';
import type { LocalCalls } from '../server/local-calls.ts';

export interface LocalConnectionOptions {
  /** Resolves when the server is ready; rejects when it has been stopped. */
  calls: () => Promise<LocalCalls>;
  viewer: Viewer;
  logger: Logger;
}

const IN_PROCESS = 'in this process';

export function createLocalConnection({ calls, viewer, logger }: LocalConnectionOptions): Connection {
  const closed = new AbortController();

  async function send<TData, TVariables>(
    document: TypedDocument<TData, TVariables>,
    variables: TVariables,
    signal?: AbortSignal,
  ): Promise<TData> {
    if (closed.signal.aborted) throw closedError();
    const { data, errors } = await (await calls()).execute(viewer, paramsOf(document, variables), signal);
    signal?.throwIfAborted();
    if (errors?.length) throw errorOf(errors);
    return data as TData;
  }

  return {
    address: { http: IN_PROCESS, socket: IN_PROCESS },
    logger,
    statuses: createStatuses(),
    closed: closed.signal,
    post: send,
    send,
    subscribe(document, variables, sink) {
      let stop = () => {};
      let isOver = false;
      const end = (call: () => void) => {
        if (isOver) return;
        isOver = true;
        closed.signal.removeEventListener('abort', abandon);
        stop();
        call();
      };
      const abandon = () => end(() => sink.error(closedError()));
      closed.signal.addEventListener('abort', abandon);
      calls().then(
        (ready) => {
          if (isOver) return;
          stop = ready.subscribe(viewer, paramsOf(document, variables), toSink(sink, end));
          sink.opened?.();
        },
        (error) => end(() => sink.error(error)),
      );
      return () => end(() => {});
    },
    bindTrace: () => (run) => run(),
    async close() {
      closed.abort();
    },
  };
}

function toSink<TData>(sink: TypedSink<TData>, end: (call: () => void) => void) {
  return {
    next({ data, errors }: FormattedExecutionResult) {
      if (errors?.length) end(() => sink.error(errorOf(errors)));
      else sink.next(data as TData);
    },
    end: (errors?: FormattedExecutionResult['errors']) =>
      end(() => (errors?.length ? sink.error(errorOf(errors)) : sink.complete())),
    abandon: (why: string) => end(() => sink.error(new ConnectionError(`${why}.`))),
  };
}

/** As over a wire: what the caller does to its variables afterwards is its own. */
function paramsOf(document: { toString(): string }, variables: unknown) {
  return { query: String(document), variables: JSON.parse(JSON.stringify(variables ?? {})) };
}

function errorOf(errors: NonNullable<FormattedExecutionResult['errors']>): RequestError {
  return RequestError.from(errors as RequestErrorEntry[]);
}

function closedError(): ConnectionError {
  return new ConnectionError('The client was closed.', { retriable: false });
}
