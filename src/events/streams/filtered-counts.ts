/**
 * How many tasks match a filter, live: one count for each filter that somebody watches on this server, however many
 * watch it.
 *
 *   read ──▶ count ──▶ a transition of a task that matches, or did ──▶ read again, a second later at the earliest
 *
 * A filter can look at what no transition shows, and a count can stop at its bound: so it is read, and not added up.
 */
import { Followers } from '../../async/followers.ts';
import { PositionExpired, type RoomSet } from '../../store/log/log.ts';
import type { Hub } from '../hub/hub.ts';
import type { Watch } from '../hub/subscriber-queue.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import type { Judge } from './stream.ts';

export interface FilteredCountsOptions {
  hub: Pick<Hub, 'watch'>;
  logger?: ServerLogger;
  /** From one read to the next at least (1 s). */
  pauseMs?: number;
  /** From one read to the next at most, for what was deleted (15 s). */
  correctionMs?: number;
}

/** What is counted. */
export interface CountedTasks<Count> {
  /** The same for callers who see the same count. */
  key: string;
  rooms: RoomSet;
  /** Which changes can change the count. */
  judge: Judge;
  read(): Promise<Count>;
}

export interface FilteredCountsFeed {
  /** The count as it is, then whenever it has changed. */
  watch<Count>(tasks: CountedTasks<Count>): Promise<AsyncIterableIterator<Count>>;
  /** Ends every watch. */
  close(): void;
}

/** A read that takes long is made less often: it takes a fifth of the time at most. */
const PAUSE_PER_READ = 4;

export function createFilteredCounts(options: FilteredCountsOptions): FilteredCountsFeed {
  const counters = new Map<string, Counter<unknown>>();
  return {
    async watch<Count>(tasks: CountedTasks<Count>) {
      const { key } = tasks;
      const counter = counters.get(key) ?? new Counter(tasks, options, () => counters.delete(key));
      counters.set(key, counter);
      return (await counter.join()) as AsyncIterableIterator<Count>;
    },
    close() {
      for (const counter of [...counters.values()]) counter.close();
    },
  };
}

class Counter<Count> {
  readonly #tasks: CountedTasks<Count>;
  readonly #options: Required<FilteredCountsOptions>;
  readonly #onEnd: () => void;
  readonly #subscribers = new Followers<Count>(
    () => this.#count,
    () => this.close(),
  );
  readonly #started: Promise<void>;
  #watch: Watch | undefined;
  #count: Count | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #changed = false;
  #readAt = 0;
  #pauseMs = 0;
  #closed = false;

  constructor(tasks: CountedTasks<Count>, options: FilteredCountsOptions, onEnd: () => void) {
    this.#tasks = tasks;
    this.#options = { logger: silentServerLogger, pauseMs: 1_000, correctionMs: 15_000, ...options };
    this.#onEnd = onEnd;
    this.#started = this.#start();
    this.#started.catch(() => this.close()); // whoever joins gets it
  }

  join(): Promise<AsyncIterableIterator<Count>> {
    return this.#subscribers.join(this.#started);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watch?.close();
    this.#subscribers.close();
    this.#onEnd();
  }

  /** Watches before it reads: what is committed after the read is heard of. */
  async #start(): Promise<void> {
    await this.#follow();
    await this.#read();
    this.#schedule();
  }

  async #follow(): Promise<void> {
    const watch = await this.#options.hub.watch({ rooms: this.#tasks.rooms });
    if (this.#closed) return watch.close();
    this.#watch = watch;
    void this.#take(watch).catch((error: unknown) => {
      if (!(error instanceof PositionExpired))
        this.#options.logger.warn({ err: error }, 'A live count fell behind; it is read again');
      watch.close();
      this.#watch = undefined;
      this.#note();
    });
  }

  async #take(watch: Watch): Promise<void> {
    for (let change = await watch.next(); change; change = await watch.next()) {
      if (this.#changed || change.kind !== 'transition') continue;
      if ((await this.#tasks.judge(change)) !== undefined) this.#note();
    }
  }

  #note(): void {
    this.#changed = true;
    if (!this.#reading) this.#schedule();
  }

  #schedule(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const wait = this.#changed ? this.#pauseMs : this.#options.correctionMs;
    const left = Math.max(0, this.#readAt + wait - performance.now());
    this.#timer = setTimeout(() => void this.#again(), left).unref();
  }

  async #again(): Promise<void> {
    try {
      if (!this.#watch) await this.#follow();
      await this.#read();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'A live count could not be read; trying again');
    }
    this.#schedule();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    this.#changed = false;
    const begun = performance.now();
    try {
      const before = JSON.stringify(this.#count);
      this.#count = await this.#tasks.read();
      if (before === JSON.stringify(this.#count)) return;
      this.#subscribers.wake();
    } finally {
      this.#reading = false;
      this.#readAt = performance.now();
      this.#pauseMs = Math.max(this.#options.pauseMs, (this.#readAt - begun) * PAUSE_PER_READ);
    }
  }
}
