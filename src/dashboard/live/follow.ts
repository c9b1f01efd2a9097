/**
 * A read, and the SDK's stream that goes on from it, for as long as somebody looks. The stream reconnects and resumes by
 * itself; what is added here is the session: a refused token lapses it, and everything goes on with the next one.
 */
import { backoffMs, pause } from '../../client/connection/backoff.ts';
import type { TypedDocument } from '../../client/connection/connection.ts';
import { retryUntilAnswered } from '../../client/connection/retry-until-answered.ts';
import { messageOf } from '../../client/errors.ts';
import { cursorIn, subscribe } from '../../client/streams/subscribe.ts';
import { connectionNow, isSignInOver } from '../api/connection.ts';
import { isLapsed, lapse, signedIn } from '../session/session.ts';

/** Returned by {@link Follow.take}: what was missed is not in the log any more. */
export const RESYNC = Symbol('resync');

export interface Follow<TData, TVariables> {
  document: TypedDocument<TData, TVariables>;
  /** Without the position: the stream adds `after`. */
  variables: TVariables;
  /** Reads what the stream continues, and returns its cursor. Left out: the stream begins with a snapshot. */
  read?(signal: AbortSignal): Promise<string | undefined>;
  /** One event; RESYNC to read again. */
  take(data: TData): typeof RESYNC | undefined;
  /** What goes wrong for good; the stream has ended. */
  fail?(error: unknown): void;
}

/** Starts at once. Returns the function that ends it. */
export function followSubscription<TData, TVariables>(options: Follow<TData, TVariables>): () => void {
  const gone = new AbortController();
  run(options, gone.signal).catch((error) => {
    if (!gone.signal.aborted) options.fail?.(error);
  });
  return () => gone.abort();
}

async function run<TData, TVariables>(
  options: Follow<TData, TVariables>,
  signal: AbortSignal,
): Promise<void> {
  const { document, variables, read, take } = options;
  for (let failures = 0; !signal.aborted; failures++) {
    const after = read && (await readPersistently(() => read(signal), signal));
    for await (const data of streamOf(document, variables, { after, signal })) {
      failures = 0;
      if (take(data) === RESYNC) break;
    }
    // The server has ended it, or what was missed is gone: begin anew.
    await pause(backoffMs(failures), signal);
  }
}

/** Reads over lost connections and refused tokens, until there is an answer. The dot says that it is under way. */
export async function readPersistently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const status = connectionNow().statuses.track();
  try {
    return await withSession(
      () =>
        retryUntilAnswered(read, {
          until: signal,
          onFailure: (error) => status.waiting(0, error),
        }),
      signal,
    );
  } finally {
    status.end();
  }
}

/** The SDK's stream, which goes on after a new token where the present one is refused. */
export async function* streamOf<TData, TVariables>(
  document: TypedDocument<TData, TVariables>,
  variables: TVariables,
  { after, signal }: { after: string | undefined; signal: AbortSignal },
): AsyncGenerator<TData, void> {
  let position = after;
  while (!signal.aborted) {
    try {
      const options = { after: position, signal };
      for await (const data of subscribe(connectionNow(), document, variables, options)) {
        position = cursorIn(data) ?? position;
        yield data;
      }
      return;
    } catch (error) {
      await untilSignedIn(error, signal);
    }
  }
}

async function withSession<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      await untilSignedIn(error, signal);
    }
  }
}

/** Waits for a new token where the error is about the present one; throws any other. */
async function untilSignedIn(error: unknown, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw error;
  if (isSignInOver(error)) lapse(messageOf(error));
  if (!isLapsed()) throw error;
  await signedIn(signal);
}
