/**
 * How messages travel between the server processes.
 *
 * A transport is only a hint: it may lose, repeat and reorder messages between publishers. Whoever listens
 * reads the transition log for what did not arrive, so correctness never depends on a message.
 */

/** Ends one listener's subscription. Calling it again does nothing. */
export type Unsubscribe = () => Promise<void>;

export interface Transport {
  /**
   * Sends to all subscribers of the channel in every process, this one included. Best effort: it never rejects;
   * what cannot be sent (the connection is lost, too much waits) is dropped, counted and logged.
   * The messages of one process on one channel arrive in the order of the calls.
   * Resolves with how many subscriptions it has reached: 0 only when no subscription was acknowledged before the call;
   * more than listen where channels share a subscription; undefined where that is not known.
   */
  publish(channel: string, message: string): Promise<number | undefined>;
  /**
   * Listens on a channel. However many listeners a channel has, there is one subscription upstream.
   * Resolves after the upstream acknowledged it: what is published from then on arrives. While the connection is
   * lost it waits; rejects when the upstream refuses the subscription or the transport is closed.
   * @param signal ends the subscription, acknowledged or not, and with it the waiting: then it resolves, and nothing of
   *   the listener is kept
   */
  subscribe(
    channel: string,
    onMessage: (message: string) => void,
    signal?: AbortSignal,
  ): Promise<Unsubscribe>;
  /**
   * Calls the listener whenever messages may have been missed: the connection was lost, or every subscription
   * stands again after a loss. Returns how to stop it.
   */
  onInterruption(listener: () => void): () => void;
  /** Whether messages flow now, in both directions. */
  healthy(): boolean;
  /** How many channels are subscribed, or wait for it. */
  channelCount(): number;
  /** Ends everything; nothing is delivered afterwards. */
  close(): Promise<void>;
}
