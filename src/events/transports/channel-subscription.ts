/** Listens on a channel without depending on the transport being there. */
import type { ServerLogger } from '../logger.ts';
import type { Transport } from './transport.ts';

export interface ChannelSubscription {
  /**
   * Resolves when the upstream acknowledged the subscription, or after the time limit or a refusal: the listener
   * goes on without it, on its slow beat, and hears the transport's interruption when the channel comes after all.
   */
  acknowledged: Promise<void>;
  /** Stops listening at once, acknowledged or not. */
  unsubscribe(): void;
}

/** After which a channel that was refused is asked for again. */
const REFUSED_RETRY_MS = 10_000;

/** Subscribes `onMessage` to a channel; nothing is delivered to it after `unsubscribe`. */
export function subscribeToChannel(
  transport: Transport,
  channel: string,
  onMessage: (message: string) => void,
  { timeoutMs, logger }: { timeoutMs: number; logger: ServerLogger },
): ChannelSubscription {
  const unsubscribed = new AbortController();
  const { signal } = unsubscribed;

  async function subscribe(): Promise<void> {
    try {
      await transport.subscribe(
        channel,
        (message) => {
          if (!signal.aborted) onMessage(message);
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return;
      logger.error({ err: error, channel }, 'Going on without the channel: changes arrive late');
      const timer = setTimeout(() => void subscribe(), REFUSED_RETRY_MS).unref();
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
  }

  return {
    acknowledged: within(subscribe(), timeoutMs),
    unsubscribe: () => unsubscribed.abort(),
  };
}

function within(work: Promise<void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs).unref();
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
