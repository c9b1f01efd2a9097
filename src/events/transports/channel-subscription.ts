/** Listening on a channel without depending on the transport being there. */
import type { Logger } from '../logger.ts';
import type { Transport, Unsubscribe } from './transport.ts';

export interface Attachment {
  /**
   * Resolves when the upstream acknowledged the subscription, or after the time limit or a refusal: the listener
   * goes on without it, on its slow beat, and hears the transport's interruption when the channel comes after all.
   */
  acknowledged: Promise<void>;
  /** Stops listening at once, acknowledged or not. */
  detach(): void;
}

/** Subscribes `onMessage` to a channel; nothing is delivered to it after `detach`. */
export function attach(
  transport: Transport,
  channel: string,
  onMessage: (message: string) => void,
  { timeoutMs, logger }: { timeoutMs: number; logger: Logger },
): Attachment {
  let detached = false;
  let unsubscribe: Unsubscribe | undefined;

  const subscribed = transport
    .subscribe(channel, (message) => {
      if (!detached) onMessage(message);
    })
    .then(
      (release) => {
        unsubscribe = release;
        if (detached) void release();
      },
      (error: unknown) => {
        if (!detached)
          logger.error({ err: error, channel }, 'Going on without the channel: changes arrive late');
      },
    );

  return {
    acknowledged: within(subscribed, timeoutMs),
    detach() {
      detached = true;
      void unsubscribe?.();
    },
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
