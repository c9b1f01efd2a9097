/** Where the results of a subscription go: one operation of a socket, or one response. */

/** One result, ready to be sent. Many sinks may be given the same bytes: nobody changes them. */
export interface Payload {
  /** JSON of the execution result, without line breaks. */
  bytes: Buffer;
  /** Where to resume after it; null for what cannot be resumed. */
  cursor: string | null;
}

export interface Sink {
  /** Whether the other side takes more now. What is sent all the same is kept in memory until it does. */
  readonly ready: boolean;
  /** Hands a result to the connection; after the connection's end it does nothing. */
  send(payload: Payload): void;
  /** Calls once when the sink has become ready again; never, when the connection ends before. */
  whenReady(resume: () => void): void;
}
