/**
 * One subscription on its way to one sink, no faster than the sink takes results.
 *
 *   event ──has a payload: made for all who share it──▶ sent
 *     └─────otherwise (beginnings, refills): executed for this subscription alone, several at a time──▶ sent in order
 *
 * While the stream has caught up and the sink is ready, shared payloads go to the sink the moment they are made.
 */
import type { ExecutionResult } from 'graphql';
import { type Payload, SlowConsumer } from '../../events/hub/subscriber-queue.ts';
import { payloadOf } from '../../events/streams/stream.ts';
import type { ResultSink } from './sink.ts';
import type { StreamCounts } from './stats.ts';

/** What is subscribed to. */
export interface Source<Event> {
  next(): Promise<IteratorResult<Event>>;
  return?(): Promise<unknown>;
  /** See EventStream. */
  offerTo?(taker: (payload: Payload) => boolean): void;
}

export interface DeliveryOptions<Event> {
  source: Source<Event>;
  execute: (event: Event) => Payload | Promise<Payload>;
  /** Opens the sink; called once, when the delivery begins. */
  openSink: () => ResultSink;
  counts: StreamCounts;
  /** Milliseconds that a sink may take nothing before its consumer is given up. */
  stallMs?: number;
}

const STALL_MS = 15_000;
/** Results of one subscription that are executed, or wait for the sink, at a time at most. */
const MAX_IN_LINE = 32;

/**
 * The subscription as the protocols see it: without results of its own, since these go straight to the sink. The first
 * `next` begins the delivery, and is answered when it is over; it rejects with what broke it. `return` ends it at once.
 */
export function deliver<Event>(options: DeliveryOptions<Event>): AsyncIterableIterator<ExecutionResult> {
  const { source, execute, counts, stallMs = STALL_MS } = options;
  const over = { value: undefined, done: true } as const;
  const readiness = createReadiness(stallMs);
  let isOver = false;
  let resolveEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });
  let begun = false;

  function end(): void {
    isOver = true;
    resolveEnded();
    readiness.stopWaiting();
  }

  async function run(): Promise<void> {
    const sink = options.openSink();
    counts.subscribers++;
    const line = createLine(sink, {
      untilReady: () => readiness.of(sink),
      isOver: () => isOver,
      onFailure: () => source.return?.(),
    });
    source.offerTo?.((payload) => {
      if (!sink.ready || line.length > 0) return false;
      sink.send(payload);
      return true;
    });
    try {
      for (let item = await source.next(); !item.done; item = await source.next()) {
        // Left meanwhile: under the same id there may be another operation by now.
        if (isOver) return;
        const payload = payloadOf(item.value) ?? execute(item.value);
        if (line.length === 0 && sink.ready && !(payload instanceof Promise)) sink.send(payload);
        else line.push(payload);
        if (line.length >= MAX_IN_LINE || !sink.ready) await line.sent();
      }
      await line.sent();
    } catch (error) {
      if (!(error instanceof SlowConsumer)) throw error;
      counts.consumersClosed++;
      await source.return?.();
      sink.abandon();
      // Only the end of the connection is reported.
      await ended;
    } finally {
      counts.subscribers--;
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

interface LineOptions {
  untilReady: () => Promise<void>;
  /** Whether nobody wants the results any more. */
  isOver: () => boolean;
  /** Called when a result could not be made or sent; the failure itself is what `sent` rejects with. */
  onFailure: () => unknown;
}

/** Results on their way to the sink, in order. */
interface Line {
  readonly length: number;
  push(payload: Payload | Promise<Payload>): void;
  /** Resolves when all that was pushed has been sent. */
  sent(): Promise<void>;
}

/** Several are executed at a time: so what they read is one read, and who resumes catches up. */
function createLine(sink: ResultSink, { untilReady, isOver, onFailure }: LineOptions): Line {
  let length = 0;
  let last: Promise<void> = Promise.resolve();

  async function send(payload: Payload | Promise<Payload>, before: Promise<void>): Promise<void> {
    const [made] = await Promise.all([payload, before]);
    if (!sink.ready) await untilReady();
    if (!isOver()) sink.send(made);
    length--;
  }

  return {
    get length() {
      return length;
    },
    push(payload) {
      length++;
      last = send(payload, last);
      last.catch(onFailure);
    },
    sent: () => last,
  };
}

interface Readiness {
  /**
   * Resolves when the sink takes more, or nobody waits for it any more.
   * @throws SlowConsumer when it has taken nothing for too long
   */
  of(sink: ResultSink): Promise<void>;
  /** Resolves the wait that is under way. */
  stopWaiting(): void;
}

function createReadiness(stallMs: number): Readiness {
  let endWait = () => {};
  return {
    of: (sink) =>
      new Promise((resolve, reject) => {
        const settle = (how: () => void) => () => {
          clearTimeout(timer);
          stopListening();
          endWait = () => {};
          how();
        };
        const timer = setTimeout(
          settle(() => reject(new SlowConsumer('The subscriber takes nothing'))),
          stallMs,
        ).unref();
        const stopListening = sink.whenReady(settle(resolve));
        // Not a race with the end of the subscription: that would keep every wait until then.
        endWait = settle(resolve);
      }),
    stopWaiting: () => endWait(),
  };
}
