/**
 * A list that stays what the server has, outside React.
 *
 *     pages ──▶ rows by id ◀── events, newer versions only
 *                  │ one flush a frame
 *                  ▼
 *     order of ids (changes only when rows enter or leave) ─▶ the list
 *     a row by id                                          ─▶ that row alone
 *
 * Nothing jumps under the pointer: while the list is held (scrolled, something selected, or held by hand), rows that
 * enter wait and are counted, and rows that leave stay and are grey.
 */

export interface LiveRow {
  /** Sorts as the list does: the greatest comes first. */
  id: string;
  /** Grows with every change; what is not newer is a repeat. */
  version: number;
}

export interface ListPage<T> {
  rows: T[];
  /** Of the last row; undefined where there are no more. */
  next: string | undefined;
}

/** What the list shows; a new object whenever something in it changes. */
export interface ListView {
  ids: readonly string[];
  /** Rows that have entered and wait until the list is let go. */
  waiting: number;
  /** There are more pages. */
  more: boolean;
  /** More rows than the list may hold: the oldest were let go. */
  truncated: boolean;
  /** Nothing has been read yet. */
  reading: boolean;
}

export interface LiveListOptions<T extends LiveRow> {
  /** Whether a row belongs to the list. Conditions that never change may be left to the server. */
  matches(row: T): boolean;
  /** Rows that it holds at most. */
  limit: number;
}

const LEAVES_AFTER_MS = 2_000;
/** Changes that may wait for a hidden page; past that it reads anew when it is seen again. */
const HIDDEN_CHANGES = 1_000;

export class LiveList<T extends LiveRow> {
  readonly #options: LiveListOptions<T>;
  #rows = new Map<string, T>();
  #order: string[] = [];
  /** Entered while held. */
  #waiting = new Map<string, T>();
  /** Rows that do not match any more, and when they go. */
  #leaving = new Map<string, number>();
  #pinned = new Set<string>();
  #held = false;
  #next: string | undefined;
  #truncated = false;
  #view: ListView = { ids: [], waiting: 0, more: false, truncated: false, reading: true };

  readonly #listeners = new Set<() => void>();
  readonly #rowListeners = new Map<string, Set<() => void>>();
  #dirty = new Set<string>();
  #reordered = false;
  #frame: number | undefined;
  #sweep: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: LiveListOptions<T>) {
    this.#options = options;
  }

  readonly view = (): ListView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  row(id: string): T | undefined {
    return this.#rows.get(id);
  }

  /** Whether the row does not belong to the list any more, and is still shown. */
  isLeaving(id: string): boolean {
    return this.#leaving.has(id);
  }

  subscribeRow(id: string, listener: () => void): () => void {
    let listeners = this.#rowListeners.get(id);
    if (!listeners) {
      listeners = new Set();
      this.#rowListeners.set(id, listeners);
    }
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#rowListeners.delete(id);
    };
  }

  /** Whether too much has happened while nobody looked to go on from there. */
  get isStale(): boolean {
    return (
      this.#frame !== undefined && this.#dirty.size + this.#waiting.size > HIDDEN_CHANGES && document.hidden
    );
  }

  /** Swaps everything for what was just read, in one step. */
  replace(page: ListPage<T>): void {
    const before = this.#rows;
    this.#rows = new Map(page.rows.map((row) => [row.id, newer(before.get(row.id), row)]));
    this.#order = page.rows.map(({ id }) => id);
    this.#waiting.clear();
    this.#leaving.clear();
    this.#next = page.next;
    this.#truncated = false;
    for (const id of this.#rows.keys()) this.#dirty.add(id);
    this.#view = { ...this.#view, reading: false };
    this.#reorder();
  }

  /** The next page: rows that the stream has brought meanwhile may be newer. */
  append(page: ListPage<T>): void {
    for (const row of page.rows) {
      const known = this.#rows.get(row.id) ?? this.#waiting.get(row.id);
      if (this.#rows.has(row.id)) {
        this.#rows.set(row.id, newer(known, row));
        this.#dirty.add(row.id);
      } else if (this.#options.matches(row)) {
        this.#waiting.delete(row.id);
        this.#insert(newer(known, row));
      }
    }
    this.#next = page.next;
    this.#reorder();
  }

  get next(): string | undefined {
    return this.#next;
  }

  /** A row as it is after a change. */
  put(row: T): void {
    const known = this.#rows.get(row.id) ?? this.#waiting.get(row.id);
    if (known && row.version <= known.version) return;
    const matches = this.#options.matches(row);
    if (this.#rows.has(row.id)) {
      this.#rows.set(row.id, row);
      this.#dirty.add(row.id);
      if (matches) this.#leaving.delete(row.id);
      else if (!this.#leaving.has(row.id)) this.#leave(row.id);
      this.#schedule();
      return;
    }
    if (!matches) {
      if (this.#waiting.delete(row.id)) this.#reorder();
      return;
    }
    // Below what has been read: it comes with its page.
    const last = this.#order.at(-1);
    if (this.#next !== undefined && last !== undefined && row.id < last) return;
    if (this.#held) this.#wait(row);
    else this.#insert(row);
    this.#reorder();
  }

  /** A change that is no transition, such as progress: of the version that is known, or not at all. */
  patch(id: string, version: number, changes: Partial<T>): void {
    for (const rows of [this.#rows, this.#waiting]) {
      const known = rows.get(id);
      if (!known || version < known.version) continue;
      rows.set(id, { ...known, ...changes });
      this.#dirty.add(id);
      this.#schedule();
    }
  }

  /** Takes a row away that is gone for good. */
  remove(id: string): void {
    this.#waiting.delete(id);
    if (this.#rows.has(id) && !this.#leaving.has(id)) this.#leave(id);
    this.#dirty.add(id);
    this.#schedule();
  }

  /** While held, nothing enters and nothing goes. */
  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    if (!held) this.release();
  }

  /** Shows what waits. */
  release(): void {
    for (const row of this.#waiting.values()) this.#insert(row);
    this.#waiting.clear();
    this.#sweepLeaving();
    this.#reorder();
  }

  /** Rows that stay, whatever happens: selected, opened or focused ones. */
  pin(ids: Iterable<string>): void {
    this.#pinned = new Set(ids);
    this.#sweepLeaving();
  }

  close(): void {
    this.#closed = true;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#sweep);
  }

  #wait(row: T): void {
    this.#waiting.set(row.id, row);
    if (this.#waiting.size <= this.#options.limit) return;
    // More than could be shown: the oldest of them would be let go at once.
    const [oldest] = [...this.#waiting.keys()].sort();
    this.#waiting.delete(oldest as string);
    this.#truncated = true;
  }

  #insert(row: T): void {
    this.#rows.set(row.id, row);
    this.#dirty.add(row.id);
    const at = placeOf(this.#order, row.id);
    if (this.#order[at] !== row.id) this.#order = this.#order.toSpliced(at, 0, row.id);
    if (this.#order.length <= this.#options.limit) return;
    const last = this.#order.at(-1) as string;
    this.#order = this.#order.slice(0, -1);
    this.#rows.delete(last);
    this.#truncated = true;
    this.#next = undefined;
  }

  #leave(id: string): void {
    this.#leaving.set(id, Date.now() + LEAVES_AFTER_MS);
    this.#sweep ??= setTimeout(() => {
      this.#sweep = undefined;
      this.#sweepLeaving();
    }, LEAVES_AFTER_MS + 50);
  }

  #sweepLeaving(): void {
    if (this.#held || this.#closed) return;
    const now = Date.now();
    let soonest = Number.POSITIVE_INFINITY;
    const gone = new Set<string>();
    for (const [id, due] of this.#leaving) {
      if (this.#pinned.has(id)) continue;
      if (due <= now) gone.add(id);
      else soonest = Math.min(soonest, due);
    }
    if (gone.size > 0) {
      for (const id of gone) {
        this.#rows.delete(id);
        this.#leaving.delete(id);
      }
      this.#order = this.#order.filter((id) => !gone.has(id));
      this.#reorder();
    }
    if (soonest < Number.POSITIVE_INFINITY) {
      this.#sweep ??= setTimeout(
        () => {
          this.#sweep = undefined;
          this.#sweepLeaving();
        },
        soonest - now + 50,
      );
    }
  }

  #reorder(): void {
    this.#reordered = true;
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#closed) this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = undefined;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const id of dirty) for (const listener of this.#rowListeners.get(id) ?? []) listener();
    if (!this.#reordered) return;
    this.#reordered = false;
    this.#view = {
      ids: this.#order,
      waiting: this.#waiting.size,
      more: this.#next !== undefined,
      truncated: this.#truncated,
      reading: this.#view.reading,
    };
    for (const listener of [...this.#listeners]) listener();
  }
}

function newer<T extends LiveRow>(known: T | undefined, row: T): T {
  return known && known.version > row.version ? known : row;
}

/** Where an id is, or would be, in an order from the greatest to the least. */
function placeOf(order: readonly string[], id: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] as string) > id) low = middle + 1;
    else high = middle;
  }
  return low;
}
