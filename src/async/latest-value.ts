/** A value that changes, for one who follows it at its own pace: of several changes it is given the last. */
import { pullIterator } from './pull-iterator.ts';

/** One subscriber: what it has not taken is replaced by what is newer. */
export class LatestValue<T> {
  readonly iterator: AsyncIterableIterator<T>;
  #woken = true;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(value: () => T | undefined, onClose: () => void) {
    this.iterator = pullIterator<T>({
      pull: async () => {
        while (!this.#woken && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#woken = false;
        return this.#closed ? undefined : value();
      },
      close: () => {
        this.close();
        onClose();
      },
    });
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }
}
