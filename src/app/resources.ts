/** The resources of a server that must be closed, last opened first. */
import type { Logger } from 'pino';

/** Anything that holds a connection, a timer or a file. */
export interface Closable {
  close(): Promise<void> | void;
}

/** Keeps what was opened, and closes it in the reverse order. */
export interface Resources {
  /** Waits for the resource, keeps it for `close` and returns it. */
  open<T extends Closable>(resource: Promise<T> | T): Promise<T>;
  /** Closes every resource. One that fails to close is logged and does not keep the others open. */
  close(): Promise<void>;
}

export function createResources(logger: Logger): Resources {
  const opened: Closable[] = [];
  return {
    async open(resource) {
      const ready = await resource;
      opened.unshift(ready);
      return ready;
    },
    async close() {
      for (let resource = opened.shift(); resource; resource = opened.shift()) {
        try {
          await resource.close();
        } catch (error) {
          logger.warn({ err: error }, 'A resource of the server could not be closed');
        }
      }
    },
  };
}
