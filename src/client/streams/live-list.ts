/**
 * A list that is read once and then followed: rows by id, changed in place, and an order that changes only when rows
 * enter or leave. For views of any kind: React reads it by useSyncExternalStore.
 *
 *     read (rows, cursor) ──▶ follow, after the cursor ──▶ changes ──one flush a frame──▶ listeners
 *        ▲                          │ resync, too much waits, too few rows are left
 *        └──────────────────────────┘
 *
 * Nothing jumps under the pointer: while the list is held, rows that enter wait and are counted. A row that leaves stays
 * for a moment, marked, and for as long as it is pinned.
 */

import { backoffMs, pause } from '../connection/backoff.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { present } from '../present.ts';
import type {
  LiveChange,
  LiveListOptions,
  LiveListSnapshot,
  LiveListSource,
  LiveRow,
} from './live-list-types.ts';

const byIdDescending = (a: LiveRow, b: LiveRow) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
/** Rows that have left are known for a while: their changes may come again. */
const REMEMBERED = 10_000;
/** When so few rows are left of a list that had more, the next ones are read. */
const REFILL_BELOW = 0.8;

/** Starts with {@link LiveList.start}. */
export class LiveList<TRow extends LiveRow> {
  readonly #source: LiveListSource<TRow>;
  #limit: number;
  readonly #leaveMs: number;
  readonly #schedule: (flush: () => void) => void;
  readonly #compare: (a: TRow, b: TRow) => number;
  readonly #closed = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #rowListeners = new Map<string, Set<() => void>>();
  readonly #pinned = new Set<string>();
  readonly #holds = new Set<symbol>();

  #rows = new Map<string, TRow>();
  #entering = new Map<string, TRow>();
  #leaving = new Map<string, ReturnType<typeof setTimeout> | undefined>();
  #gone = new Set<string>();
  #versions = new Map<string, number>();
  #dirty = new Set<string>();
  #isPlanned = false;
  /** So many have come that reading again is less work. */
  #overflowed = 0;
  #following: AbortController | undefined;
  #snapshot: LiveListSnapshot = { state: 'loading', ids: [], waiting: 0, hasMore: false };

  constructor(
    source: LiveListSource<TRow>,
    { limit = 500, leaveMs = 2_000, schedule = nextFrame }: LiveListOptions = {},
  ) {
    this.#source = source;
    this.#limit = limit;
    this.#leaveMs = leaveMs;
    this.#schedule = schedule;
    this.#compare = source.compare ?? byIdDescending;
  }

  /** The same object until something changes that is not a row's own. */
  readonly getSnapshot = (): LiveListSnapshot => this.#snapshot;

  /** Calls `listener` after each change of the snapshot; returns the function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** The same object until the row changes. */
  row(id: string): TRow | undefined {
    return this.#rows.get(id);
  }

  /** Calls `listener` after each change of one row, and when it begins or ceases to leave. */
  subscribeRow(id: string, listener: () => void): () => void {
    const listeners = this.#rowListeners.get(id) ?? new Set();
    this.#rowListeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#rowListeners.get(id) === listeners) this.#rowListeners.delete(id);
    };
  }

  /** Whether the row has left the list and is only shown for a moment. */
  isLeaving(id: string): boolean {
    return this.#leaving.has(id);
  }

  /** Keeps a row (selected, expanded, focused) in its place even when it has left; returns the function that ends it. */
  pin(id: string): () => void {
    this.#pinned.add(id);
    return () => {
      this.#pinned.delete(id);
      if (this.#leaving.has(id)) this.#expire(id);
    };
  }

  /** Lets rows that enter wait, as while the view is not at its top; returns the function that ends it. */
  hold(): () => void {
    const hold = Symbol('hold');
    this.#holds.add(hold);
    return () => {
      if (this.#holds.delete(hold) && this.#holds.size === 0) this.#plan();
    };
  }

  /** Lets what waits enter, held or not. */
  showWaiting(): void {
    if (this.#overflowed > 0) this.#restart();
    else this.#flush(true);
  }

  /** Holds so many rows at most from now on; more of them are read, and swapped in one step. */
  resize(limit: number): void {
    if (limit === this.#limit) return;
    const grows = limit > this.#limit;
    this.#limit = limit;
    if (grows && this.#snapshot.hasMore) this.#restart();
    else if (!grows) this.#plan();
  }

  /** Reads again, also after a failure, and swaps in one step. */
  refresh(): void {
    if (this.#snapshot.state === 'failed') {
      this.#update({ state: 'loading', error: undefined });
      void this.#run();
    } else this.#restart();
  }

  /** Reads and follows until {@link LiveList.close}. */
  start(): this {
    void this.#run();
    return this;
  }

  close(): void {
    this.#closed.abort();
    for (const timer of this.#leaving.values()) clearTimeout(timer);
  }

  /** Ends the present stream; what follows is read anew. */
  #restart(): void {
    this.#following?.abort();
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#closed.signal.aborted; failures++) {
      const following = new AbortController();
      this.#following = following;
      const signal = AbortSignal.any([following.signal, this.#closed.signal]);
      try {
        const read = () => this.#source.read(this.#limit, signal);
        const { rows, cursor, hasMore } = await retryUntilAnswered(read, { until: signal });
        if (signal.aborted) continue;
        this.#swap(rows, hasMore);
        for await (const change of this.#source.follow(cursor, signal)) {
          failures = 0;
          if (change.kind === 'resync') break;
          this.#take(change);
        }
      } catch (error) {
        if (this.#closed.signal.aborted) return;
        if (following.signal.aborted) continue;
        this.#update({ state: 'failed', error });
        return;
      }
      await pause(backoffMs(failures), this.#closed.signal);
    }
  }

  /** All rows in one step; those that stayed the same stay the same objects. */
  #swap(rows: readonly TRow[], hasMore: boolean): void {
    const next = new Map<string, TRow>();
    for (const row of rows) {
      const present = this.#rows.get(row.id);
      const isKnown = present !== undefined && present.version >= row.version;
      next.set(row.id, isKnown ? present : row);
      if (!isKnown) this.#dirty.add(row.id);
      this.#remember(row);
    }
    for (const [id, row] of this.#rows) {
      if (next.has(id)) continue;
      if (this.#pinned.has(id)) next.set(id, row);
      else this.#dirty.add(id);
    }
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving = new Map(
      [...next.keys()].filter((id) => !rows.some((row) => row.id === id)).map((id) => [id, undefined]),
    );
    this.#rows = next;
    this.#entering.clear();
    this.#gone.clear();
    this.#overflowed = 0;
    this.#update({ state: 'ready', ids: this.#order(), waiting: 0, hasMore });
    this.#notifyRows();
  }

  #take({ row, keepsVersion = false, leaves = false }: Extract<LiveChange<TRow>, { kind: 'row' }>): void {
    const known = this.#versions.get(row.id) ?? 0;
    if (keepsVersion ? row.version < known : row.version <= known) return;
    this.#remember(row);
    const belongs = !leaves && (this.#source.matches?.(row) ?? true);
    if (this.#rows.has(row.id)) this.#change(row, belongs);
    else if (belongs) this.#enter(row);
    else if (!this.#entering.delete(row.id)) return;
    this.#plan();
  }

  #change(row: TRow, belongs: boolean): void {
    this.#rows.set(row.id, row);
    this.#dirty.add(row.id);
    if (belongs) {
      clearTimeout(this.#leaving.get(row.id));
      this.#leaving.delete(row.id);
      this.#gone.delete(row.id);
    } else if (!this.#leaving.has(row.id)) {
      this.#leaving.set(row.id, undefined);
      if (this.#leaveMs === 0) this.#expire(row.id);
      else
        this.#leaving.set(
          row.id,
          setTimeout(() => this.#expire(row.id), this.#leaveMs),
        );
    }
  }

  /** The moment of a row that has left is over. */
  #expire(id: string): void {
    this.#leaving.set(id, undefined);
    if (this.#pinned.has(id)) return;
    this.#gone.add(id);
    this.#plan();
  }

  #enter(row: TRow): void {
    const last = this.#snapshot.ids.at(-1);
    const lastRow = last === undefined ? undefined : this.#rows.get(last);
    // Below the end of what is shown of a longer list.
    if (this.#snapshot.hasMore && lastRow && this.#compare(row, lastRow) > 0) return;
    if (this.#entering.size >= this.#limit && !this.#entering.has(row.id)) this.#overflowed++;
    else this.#entering.set(row.id, row);
  }

  #remember({ id, version }: TRow): void {
    this.#versions.delete(id);
    this.#versions.set(id, version);
    if (this.#versions.size > this.#limit + REMEMBERED) {
      this.#versions.delete(present(this.#versions.keys().next().value));
    }
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#schedule(() => {
      this.#isPlanned = false;
      if (!this.#closed.signal.aborted) this.#flush(this.#holds.size === 0);
    });
  }

  /** Makes everything visible that has happened since the last flush. */
  #flush(lets: boolean): void {
    if (lets && this.#overflowed > 0) {
      this.#restart();
      return;
    }
    const enters = lets && this.#entering.size > 0;
    const leaves = this.#gone.size > 0;
    for (const id of this.#gone) this.#drop(id);
    this.#gone.clear();
    if (enters) {
      for (const [id, row] of this.#entering) this.#rows.set(id, row);
      this.#entering.clear();
    }
    const waiting = this.#entering.size + this.#overflowed;
    let { ids, hasMore } = this.#snapshot;
    if (enters || leaves) {
      ids = this.#order();
      if (ids.length > this.#limit) {
        hasMore = true;
        ids = ids.filter((id, index) => index < this.#limit || this.#pinned.has(id) || !this.#drop(id));
      }
    }
    if (ids !== this.#snapshot.ids || waiting !== this.#snapshot.waiting)
      this.#update({ ids, waiting, hasMore });
    this.#notifyRows();
    if (hasMore && ids.length < this.#limit * REFILL_BELOW) this.#restart();
  }

  #drop(id: string): boolean {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    this.#dirty.add(id);
    return this.#rows.delete(id);
  }

  #order(): string[] {
    return [...this.#rows.values()].sort(this.#compare).map(({ id }) => id);
  }

  #update(change: Partial<LiveListSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }

  #notifyRows(): void {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const id of dirty) {
      for (const listener of [...(this.#rowListeners.get(id) ?? [])]) listener();
    }
  }
}

/** With the next frame, in which a hidden page does not take part. */
function nextFrame(flush: () => void): void {
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(flush);
  else setTimeout(flush, 16);
}
