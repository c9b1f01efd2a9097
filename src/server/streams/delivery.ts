/** One subscription on its way to one sink: executes its events and sends the results, no faster than they are taken. */
import type { ExecutionResult } from 'graphql';
import type { Payload, Sink } from './sink.ts';

export interface DeliveryOptions<Event> {
  source: AsyncIterator<Event>;
  execute: (event: Event) => Promise<Payload>;
  /** Opens the sink; called once, when the delivery begins. */
  sink: () => Sink;
}

/**
 * The subscription as the protocols see it: without results of its own, since these go straight to the sink. The first
 * `next` begins the delivery, and is answered when it is over; it rejects with what broke it. `return` ends it at once.
 */
export function deliver<Event>({
  source,
  execute,
  sink: openSink,
}: DeliveryOptions<Event>): AsyncIterableIterator<ExecutionResult> {
  const over = { value: undefined, done: true } as const;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let begun = false;

  async function run(): Promise<void> {
    const sink = openSink();
    try {
      for (let item = await source.next(); !item.done; item = await source.next()) {
        const payload = await execute(item.value);
        if (!sink.ready) await Promise.race([ended, new Promise<void>((resume) => sink.whenReady(resume))]);
        sink.send(payload);
      }
    } finally {
      await source.return?.();
    }
  }

  return {
    async next() {
      if (begun) return over;
      begun = true;
      await Promise.race([run(), ended]);
      return over;
    },
    // Not a generator: ending the source must not wait for its next event.
    async return() {
      end();
      await source.return?.();
      return over;
    },
    async throw(error: unknown) {
      end();
      await source.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
