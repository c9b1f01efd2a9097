/** A transport whose server was not there at the start: it waits for it, and then becomes the real one. */
import type { Logger } from '../logger.ts';
import { createInterruptions } from './interruptions.ts';
import { retryDelayMs } from './redis-connection.ts';
import type { Transport } from './transport.ts';

/**
 * Calls `connect` until it resolves. Until then nothing is published, subscriptions wait, and the transport is not
 * healthy. When those that waited are acknowledged, the interruption is told: what was missed can be read.
 */
export function openConnectingTransport(connect: () => Promise<Transport>, logger: Logger): Transport {
  const interruptions = createInterruptions(logger);
  const waiting = new Set<Promise<unknown>>();
  let transport: Transport | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let attempts = 0;
  let arrive: (transport: Transport) => void = () => {};
  let giveUp: (error: Error) => void = () => {};
  const arrived = new Promise<Transport>((resolve, reject) => {
    arrive = resolve;
    giveUp = reject;
  });
  arrived.catch(() => {}); // told to whoever subscribes

  function tryLater(): void {
    timer = setTimeout(() => void attempt(), retryDelayMs(++attempts)).unref();
  }

  async function attempt(): Promise<void> {
    try {
      const connected = await connect();
      if (closed) return void connected.close();
      await begin(connected);
    } catch (error) {
      // A refusal as well: whoever mends it at the server need not restart us.
      logger.debug({ err: error }, 'Redis cannot be reached yet');
      if (!closed) tryLater();
    }
  }

  async function begin(connected: Transport): Promise<void> {
    transport = connected;
    connected.onInterruption(interruptions.tell);
    arrive(connected);
    await Promise.allSettled(waiting);
    if (closed) return;
    logger.info({}, 'Redis is reached');
    interruptions.tell();
  }

  tryLater();
  return {
    publish: async (channel, message) => transport?.publish(channel, message),
    async subscribe(channel, onMessage) {
      if (transport) return transport.subscribe(channel, onMessage);
      const subscribed = arrived.then((late) => late.subscribe(channel, onMessage));
      waiting.add(subscribed);
      return subscribed.finally(() => waiting.delete(subscribed));
    },
    onInterruption: interruptions.listen,
    healthy: () => transport?.healthy() ?? false,
    channelCount: () => transport?.channelCount() ?? waiting.size,
    async close() {
      closed = true;
      clearTimeout(timer);
      interruptions.clear();
      giveUp(new Error('The transport is closed'));
      await transport?.close();
    },
  };
}
