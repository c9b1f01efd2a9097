/**
 * The WebSocket of Node programs: that of `ws`, where what is sent in one turn of the event loop leaves by one write, as
 * a batch of submissions. A write costs more than all else of an operation, and the server that reads many messages at
 * once also stores them at once. Node's own WebSocket writes each message by itself, and has no way to do otherwise.
 */

/** What the messages are written to. */
interface Connection {
  readonly writableCorked: number;
  cork(): void;
  uncork(): void;
}

/** A class like the WebSocket of browsers. */
export async function loadCorkedWebSocket(): Promise<unknown> {
  const { default: WebSocket } = await import('ws');
  return class GatheringSocket extends WebSocket {
    #connection: Connection | undefined;

    constructor(url: string, protocol: string) {
      super(url, protocol, { perMessageDeflate: false });
      this.once('upgrade', ({ socket }) => {
        this.#connection = socket;
      });
    }

    override send(message: string): void {
      const connection = this.#connection;
      if (connection?.writableCorked === 0) {
        connection.cork();
        setImmediate(() => connection.uncork());
      }
      super.send(message);
    }
  };
}
