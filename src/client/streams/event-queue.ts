/**
 * Between a stream that pushes and a loop that pulls.
 *
 * Not an async generator: its return() would wait for a next() that is still pending, and a stream must end at
 * once when its reader goes.
 */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  #items: T[] = [];
  #readers: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }[] = [];
  /** Set when nothing more comes; holds the error until a reader has got it. */
  #end: { error?: unknown } | undefined;
  #drained: (() => void)[] = [];
  readonly #onReturn: () => void;

  /** `onReturn` is called once, when the reader leaves before the end. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  /** How many events wait for the reader. */
  get size(): number {
    return this.#items.length;
  }

  /** Resolves when nothing waits any more, or when the stream has ended. */
  drained(): Promise<void> {
    if (this.#items.length === 0 || this.#end) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Ignored after the end. */
  push(item: T): void {
    if (this.#end) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value: item });
    else this.#items.push(item);
  }

  /** Puts `item` in the place of the last waiting one that `matches`; false where none does. */
  replace(item: T, matches: (waiting: T) => boolean): boolean {
    const place = this.#items.findLastIndex(matches);
    if (place >= 0) this.#items[place] = item;
    return place >= 0;
  }

  /** The reader gets what waits, and then the end: the error, if there is one, is thrown once. */
  end(error?: unknown): void {
    if (this.#end) return;
    const reader = this.#readers.shift();
    this.#end = error === undefined || reader ? {} : { error };
    if (error === undefined) reader?.resolve({ done: true, value: undefined });
    else reader?.reject(error);
    for (const other of this.#readers.splice(0)) other.resolve({ done: true, value: undefined });
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** The same, but what waits is dropped. */
  abort(error: unknown): void {
    this.#items = [];
    this.end(error);
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift() as T;
      if (this.#items.length === 0) for (const resolve of this.#drained.splice(0)) resolve();
      return { done: false, value };
    }
    if (!this.#end) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    const { error } = this.#end;
    this.#end = {};
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T>> {
    const early = this.#end === undefined;
    this.#items = [];
    this.end();
    if (early) this.#onReturn();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
