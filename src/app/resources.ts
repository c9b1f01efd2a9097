<<<<<<< Updated upstream
/** The parts of a server that must be closed, last opened first. */
=======
/** The resources of a server that must be closed, last opened first. */
>>>>>>> Stashed changes
import type { Logger } from 'pino';

/** Anything that holds a connection, a timer or a file. */
export interface Closable {
  close(): Promise<void> | void;
}

/** Keeps what was opened, and closes it in the reverse order. */
<<<<<<< Updated upstream
export interface Parts {
  /** Waits for the part, keeps it for `close` and returns it. */
  open<T extends Closable>(part: Promise<T> | T): Promise<T>;
  /** Closes every part. A part that fails to close is logged and does not keep the others open. */
  close(): Promise<void>;
}

export function createParts(logger: Logger): Parts {
  const opened: Closable[] = [];
  return {
    async open(part) {
      const ready = await part;
=======
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
>>>>>>> Stashed changes
      opened.unshift(ready);
      return ready;
    },
    async close() {
<<<<<<< Updated upstream
      for (let part = opened.shift(); part; part = opened.shift()) {
        try {
          await part.close();
        } catch (error) {
          logger.warn({ err: error }, 'A part of the server could not be closed');
=======
      for (let resource = opened.shift(); resource; resource = opened.shift()) {
        try {
          await resource.close();
        } catch (error) {
          logger.warn({ err: error }, 'A resource of the server could not be closed');
>>>>>>> Stashed changes
        }
      }
    },
  };
}
