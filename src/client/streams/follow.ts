/** Streams in callback style. */

/** What is called, each where it is given. */
export interface FollowHandlers<TEvent> {
  /** With each event, in order; the next one waits for a promise that it returns. */
  event?(event: TEvent): unknown;
  /** Once, when the stream has ended by itself. */
  end?(): void;
  /** Once, when it has broken off for good, or a handler has thrown. */
  error?(error: unknown): void;
}

/**
 * Reads a stream of the client by callbacks instead of a loop; the returned function ends it, without a further call.
 *
 *     const stop = follow(client.watch(id), { event: (event) => console.log(event.kind) });
 */
export function follow<TEvent>(
  stream: AsyncIterableIterator<TEvent>,
  handlers: FollowHandlers<TEvent>,
): () => void {
  let stopped = false;

  async function read(): Promise<void> {
    for await (const event of stream) {
      if (stopped) return;
      await handlers.event?.(event);
    }
  }

  read().then(
    () => stopped || handlers.end?.(),
    (error) => stopped || handlers.error?.(error),
  );
  return () => {
    stopped = true;
    void stream.return?.();
  };
}
