/** An async iterator that lets go at once. */

export interface PullSource<T> {
  /** The next value; undefined at the end. Called again only after it has settled. */
  pull(): Promise<T | undefined>;
  /** Releases everything at once, also while a pull is under way. Called once. */
  close(): void;
}

/**
 * Not an async generator: the `return` of one that waits inside `next` waits with it, so a subscriber that left
 * would stay attached until the next event. Here `return` closes the source and ends every pending `next` at once.
 * After an error or the end the source is closed as well.
 */
export function pullIterator<T>({ pull, close }: PullSource<T>): AsyncIterableIterator<T> {
  const pending = new Set<(result: IteratorResult<T>) => void>();
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  function finish(): void {
    if (closed) return;
    closed = true;
    close();
    for (const resolve of pending) resolve({ done: true, value: undefined });
    pending.clear();
  }

  async function step(resolve: (result: IteratorResult<T>) => void, reject: (error: unknown) => void) {
    if (closed) return;
    try {
      const value = await pull();
      if (value === undefined) finish();
      else resolve({ done: false, value });
    } catch (error) {
      reject(error);
      finish();
    } finally {
      pending.delete(resolve);
    }
  }

  return {
    next() {
      if (closed) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        pending.add(resolve);
        last = last.then(() => step(resolve, reject));
      });
    },
    async return() {
      finish();
      return { done: true, value: undefined };
    },
    async throw(error) {
      finish();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
