/** Where the results of a subscription go: one operation of a socket, or one response. */
import type { Payload } from '../../events/hub/subscriber-queue.ts';

export interface ResultSink {
  /** Whether the other side takes more now. What is sent all the same is kept in memory until it does. */
  readonly ready: boolean;
  /** Hands a result to the connection; after the connection's end it does nothing. */
  send(payload: Payload): void;
  /**
   * Calls once when the sink has become ready again; never, when the connection ends before.
   * @returns how to wait no longer
   */
  whenReady(resume: () => void): () => void;
  /** Ends the connection of a consumer that is too slow, in a way after which it connects again and resumes. */
  abandon(): void;
}
