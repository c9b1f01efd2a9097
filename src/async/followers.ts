/** Those who follow one value that is replaced, each at its own pace. When the last one leaves, nobody needs it any more. */
import { LatestValue } from './latest-value.ts';

export class Followers<T> {
  readonly #value: () => T | undefined;
  readonly #onEmpty: () => void;
  readonly #followers = new Set<LatestValue<T>>();

  /**
   * @param value what it is now
   * @param onEmpty called when the last follower has left; not by `close`
   */
  constructor(value: () => T | undefined, onEmpty: () => void) {
    this.#value = value;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#followers.size;
  }

  /** Follows from now on. Resolves when there is a value; rejects, and has left again, when there will be none. */
  async join(started: Promise<void>): Promise<AsyncIterableIterator<T>> {
    const follower = new LatestValue<T>(this.#value, () => this.#leave(follower));
    this.#followers.add(follower);
    try {
      await started;
    } catch (error) {
      this.#leave(follower);
      throw error;
    }
    return follower.iterator;
  }

  /** The value is another one. */
  wake(): void {
    for (const follower of this.#followers) follower.wake();
  }

  close(): void {
    for (const follower of this.#followers) follower.close();
    this.#followers.clear();
  }

  #leave(follower: LatestValue<T>): void {
    this.#followers.delete(follower);
    if (this.#followers.size === 0) this.#onEmpty();
  }
}
