/** A transport whose server was not there at the start: it waits for it, and then becomes the real one. */
import { errorMessage } from '../../domain/thrown.ts';
import type { ServerLogger } from '../logger.ts';
import { createInterruptions } from './interruptions.ts';
import { retryDelayMs } from './redis-connection.ts';
import { RIGHTS_RETRY_MS } from './redis-listener.ts';
import { RedisUnreachable } from './redis-probe.ts';
import type { Transport, Unsubscribe } from './transport.ts';

const CLOSED = 'The transport is closed';

interface WaitingSubscription {
  begin(connected: Transport): Promise<void>;
  reject(error: Error): void;
}

/**
 * Calls `connect` until it resolves. Until then nothing is published, subscriptions wait, and the transport is not
 * healthy. `reason`, known and logged already, is why it has not done so before. When those that waited are acknowledged,
 * the interruption is announced: what was missed can be read.
 */
export function openConnectingTransport(
  connect: () => Promise<Transport>,
  reason: Error,
  logger: ServerLogger,
): Transport {
  const interruptions = createInterruptions(logger);
  const waiting = new WaitingSubscriptions();
  let transport: Transport | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let attempts = 0;
  /** What the server has said last, where it was there and refused us. */
  let refusal: string | undefined = reason instanceof RedisUnreachable ? undefined : reason.message;

  function tryLater(): void {
    const delayMs = refusal === undefined ? retryDelayMs(++attempts) : RIGHTS_RETRY_MS;
    timer = setTimeout(() => void attempt(), delayMs).unref();
  }

  async function attempt(): Promise<void> {
    try {
      const connected = await connect();
      if (closed) return void connected.close();
      await begin(connected);
    } catch (error) {
      // A refusal as well: whoever mends it at the server need not restart us.
      const isRefusal = !(error instanceof RedisUnreachable);
      const message = errorMessage(error);
      if (isRefusal && message !== refusal) logger.warn({}, message);
      else logger.debug({ err: error }, 'Redis cannot be reached yet');
      refusal = isRefusal ? message : undefined;
      if (!closed) tryLater();
    }
  }

  async function begin(connected: Transport): Promise<void> {
    transport = connected;
    connected.onInterruption(interruptions.report);
    await waiting.begin(connected);
    if (closed) return;
    logger.info({}, 'Redis is reached');
    interruptions.report();
  }

  tryLater();
  return {
    publish: async (channel, message) => transport?.publish(channel, message),
    async subscribe(channel, onMessage, signal) {
      if (transport) return transport.subscribe(channel, onMessage, signal);
      if (closed) throw new Error(CLOSED);
      if (signal?.aborted) return async () => {};
      return waiting.add((connected) => connected.subscribe(channel, onMessage, signal), signal);
    },
    onInterruption: interruptions.listen,
    healthy: () => transport?.healthy() ?? false,
    channelCount: () => transport?.channelCount() ?? waiting.size,
    async close() {
      closed = true;
      clearTimeout(timer);
      interruptions.clear();
      waiting.reject(new Error(CLOSED));
      await transport?.close();
    },
  };
}

/** Subscriptions that wait for the server; one that is given up is forgotten. */
class WaitingSubscriptions {
  readonly #waiting = new Set<WaitingSubscription>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when the subscription has begun, or was given up. */
  add(
    subscribe: (connected: Transport) => Promise<Unsubscribe>,
    signal: AbortSignal | undefined,
  ): Promise<Unsubscribe> {
    return new Promise((resolve, reject) => {
      const settled = () => {
        this.#waiting.delete(subscription);
        signal?.removeEventListener('abort', abandon);
      };
      const abandon = () => {
        settled();
        resolve(async () => {});
      };
      const subscription: WaitingSubscription = {
        async begin(connected) {
          await subscribe(connected).then(resolve, reject);
          settled();
        },
        reject(error) {
          settled();
          reject(error);
        },
      };
      this.#waiting.add(subscription);
      signal?.addEventListener('abort', abandon, { once: true });
    });
  }

  async begin(connected: Transport): Promise<void> {
    await Promise.allSettled([...this.#waiting].map((one) => one.begin(connected)));
  }

  reject(error: Error): void {
    for (const one of [...this.#waiting]) one.reject(error);
  }
}
