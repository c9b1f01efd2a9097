/**
 * How many tasks there are in each status, live: one count for each scope that somebody watches on this server, however
 * many watch it.
 *
 *   read ──▶ count ──▶ every transition that the read has not seen moves one task from a status to another
 *     ▲                  │
 *     └── slow beat ─────┘   what was deleted, and whatever else no transition shows
 *
 * A read gives the snapshot of transactions that it has seen. So each transition counts once, whether it reaches the hub
 * before, during or after the read. Without rooms there is nothing that the hub sees all of: then the beat is quicker,
 * and each beat is a read.
 */

import { Followers } from '../../async/followers.ts';
import type { StatisticScope, StatusCounts } from '../../domain/statistics.ts';
import type { TaskChange } from '../../domain/task.ts';
import { PositionExpired } from '../../store/log/log.ts';
import type { Hub } from '../hub/hub.ts';
import type { Watch } from '../hub/subscriber-queue.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';

export interface LiveCountsOptions {
  hub: Pick<Hub, 'watch'>;
  /** Reads the counts, and which transactions they have seen: pg_current_snapshot() as text. */
  read: (scope: StatisticScope) => Promise<{ counts: StatusCounts; snapshot: string }>;
  logger?: ServerLogger;
  /** From one push to the next at least (250 ms). */
  pushMs?: number;
  /** From one read to the next, where the hub sees what happens (15 s). */
  correctionMs?: number;
  /** From one read to the next, where it does not (1 s). */
  pollMs?: number;
}

export interface LiveCounts {
  /** The counts as they are, then whenever they have changed; of several changes in a short time the last. */
  watch(scope: StatisticScope): Promise<AsyncIterableIterator<StatusCounts>>;
  /** What is watched now. */
  stats(): { scopes: number; watches: number };
  /** Ends every watch. */
  close(): Promise<void>;
}

/** Rooms of one scope that the hub is asked to watch; a scope of more is read. */
const MAX_WATCHED_ROOMS = 50;

export function createLiveCounts(options: LiveCountsOptions): LiveCounts {
  const counters = new Map<string, Counter>();
  let closed = false;

  return {
    async watch(scope) {
      if (closed) throw new Error('The live counts are closed');
      const key = JSON.stringify([scope.rooms && [...scope.rooms].sort(), scope.jobId]);
      const counter = counters.get(key) ?? new Counter(scope, options, () => counters.delete(key));
      counters.set(key, counter);
      return counter.join();
    },
    stats: () => ({
      scopes: counters.size,
      watches: [...counters.values()].reduce((sum, { watchers }) => sum + watchers, 0),
    }),
    async close() {
      closed = true;
      for (const counter of [...counters.values()]) counter.close();
    },
  };
}

/** The count of one scope. */
class Counter {
  readonly #scope: StatisticScope;
  readonly #options: Required<LiveCountsOptions>;
  readonly #onEmpty: () => void;
  readonly #subscribers = new Followers<StatusCounts>(
    () => this.#counts,
    () => this.close(),
  );
  readonly #started: Promise<void>;
  #watch: Watch | undefined;
  #counts: StatusCounts | undefined;
  #seen: SeenTransactions = new SeenTransactions('0:0:');
  /** Transitions that came while the counts are being read. */
  #meanwhile: TaskChange[] | undefined;
  #beat: NodeJS.Timeout | undefined;
  #push: NodeJS.Timeout | undefined;
  #lastPush = 0;
  #closed = false;

  constructor(scope: StatisticScope, options: LiveCountsOptions, onEmpty: () => void) {
    this.#scope = scope;
    this.#options = {
      logger: silentServerLogger,
      pushMs: 250,
      correctionMs: 15_000,
      pollMs: 1_000,
      ...options,
    };
    this.#onEmpty = onEmpty;
    this.#started = this.#start();
    this.#started.catch(() => this.close()); // whoever joins gets it
  }

  get watchers(): number {
    return this.#subscribers.size;
  }

  /** Resolves when there is a count. */
  join(): Promise<AsyncIterableIterator<StatusCounts>> {
    return this.#subscribers.join(this.#started);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#beat);
    clearTimeout(this.#push);
    this.#unwatch();
    this.#subscribers.close();
    this.#onEmpty();
  }

  async #start(): Promise<void> {
    await this.#watchRooms();
    await this.#read();
    this.#schedule();
  }

  async #watchRooms(): Promise<void> {
    const { rooms } = this.#scope;
    if (rooms === null || rooms.length > MAX_WATCHED_ROOMS) return;
    if (rooms.length === 0) return;
    const watch = await this.#options.hub.watch({ rooms });
    if (this.#closed) return watch.close();
    this.#watch = watch;
    void this.#follow(watch);
  }

  async #follow(watch: Watch): Promise<void> {
    try {
      for (let change = await watch.next(); change; change = await watch.next()) this.#take(change);
    } catch (error) {
      const isExpired = error instanceof PositionExpired;
      if (!isExpired)
        this.#options.logger.warn({ err: error }, 'Live counts fell behind; they are read again');
      this.#unwatch();
      // Not while one is being read: it plans the next one.
      if (this.#beat) this.#schedule();
    }
  }

  #unwatch(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  #schedule(): void {
    clearTimeout(this.#beat);
    if (this.#closed) return;
    const { correctionMs, pollMs } = this.#options;
    this.#beat = setTimeout(() => void this.#correct(), this.#watch ? correctionMs : pollMs).unref();
  }

  async #correct(): Promise<void> {
    this.#beat = undefined;
    try {
      if (!this.#watch) await this.#watchRooms();
      await this.#read();
    } catch (error) {
      this.#options.logger.warn(
        { err: error },
        'Live counts could not be read; trying again with the next beat',
      );
    }
    this.#schedule();
  }

  async #read(): Promise<void> {
    this.#meanwhile = [];
    try {
      const { counts, snapshot } = await this.#options.read(this.#scope);
      const before = this.#counts;
      this.#counts = counts;
      this.#seen = new SeenTransactions(snapshot);
      if (before && !isEqual(before, counts)) this.#changed();
    } finally {
      const meanwhile = this.#meanwhile;
      this.#meanwhile = undefined;
      // Those that the read has seen are passed over now.
      for (const change of meanwhile) this.#take(change);
    }
  }

  #take(change: TaskChange): void {
    if (change.kind !== 'transition') return;
    const { jobId, xid, from, to } = change.transition;
    if (this.#scope.jobId !== null && this.#scope.jobId !== jobId) return;
    if (this.#meanwhile) this.#meanwhile.push(change);
    else if (this.#counts && !this.#seen.has(xid)) {
      this.#counts = { ...this.#counts, [to]: this.#counts[to] + 1 };
      if (from) this.#counts[from] = Math.max(0, this.#counts[from] - 1);
      this.#changed();
    }
  }

  /** Notifies the subscribers, now or when the time since the last notification has passed. */
  #changed(): void {
    if (this.#push || this.#closed) return;
    const wait = this.#lastPush + this.#options.pushMs - performance.now();
    const push = () => {
      this.#push = undefined;
      this.#lastPush = performance.now();
      this.#subscribers.wake();
    };
    if (wait <= 0) push();
    else this.#push = setTimeout(push, wait).unref();
  }
}

/** Which transactions a read has seen, by the rules of PostgreSQL's snapshots. */
class SeenTransactions {
  readonly #min: bigint;
  readonly #max: bigint;
  readonly #underWay: ReadonlySet<string>;

  /** @param snapshot xmin:xmax:xip,… */
  constructor(snapshot: string) {
    const [min = '0', max = '0', underWay = ''] = snapshot.split(':');
    this.#min = BigInt(min);
    this.#max = BigInt(max);
    this.#underWay = new Set(underWay.split(','));
  }

  has(xid: string): boolean {
    const id = BigInt(xid);
    return id < this.#min || (id < this.#max && !this.#underWay.has(xid));
  }
}

function isEqual(a: StatusCounts, b: StatusCounts): boolean {
  return Object.entries(a).every(([status, count]) => b[status as keyof StatusCounts] === count);
}
