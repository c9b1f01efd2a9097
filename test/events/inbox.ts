/** Waiting for things that arrive, without sleeping. */
import type { ServerLogger } from '../../src/events/logger.ts';
import type { Transport } from '../../src/events/transports/transport.ts';

/** Collects what a listener is given, for a test to take. */
export class Inbox<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;

  readonly put = (item: T): void => {
    this.#items.push(item);
    this.#wake?.();
  };

  get size(): number {
    return this.#items.length;
  }

  /** The next `count` items, as soon as they are there. */
  async take(count: number): Promise<T[]> {
    while (this.#items.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#items.splice(0, count);
  }

  /** Takes until one is the wanted one, and gives them all. */
  async takeUntil(isLast: (item: T) => boolean): Promise<T[]> {
    const taken: T[] = [];
    do taken.push(...(await this.take(1)));
    while (!isLast(taken.at(-1) as T));
    return taken;
  }
}

/** Resolves with the next call of a listener. */
export function once(listen: (listener: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const stop = listen(() => {
      stop();
      resolve();
    });
  });
}

export interface LogLine {
  level: keyof ServerLogger;
  details: object;
  message: string;
}

/** A logger whose lines a test can look at. */
export function recordingLogger(): ServerLogger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: keyof ServerLogger) => (details: object, message: string) => {
    lines.push({ level, details, message });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A promise and how to settle it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Resolves when messages travel by it. */
export async function untilHealthy(transport: Transport): Promise<void> {
  while (!transport.healthy()) await once(transport.onInterruption);
}
