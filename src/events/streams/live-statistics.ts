/**
 * The counts of a scope with the points of its series that are moving: the one under way, and the one before as it has
 * ended. One reader for each scope and interval on this server, however many watch.
 *
 *   live counts change ──▶ read, a second after the last one ──▶ subscribers
 *   a point has ended  ──▶
 */
import { Followers } from '../../async/followers.ts';
import { pullIterator } from '../../async/pull-iterator.ts';
import {
  millisecondsOf,
  type Span,
  type StatisticGrain,
  type StatisticScope,
  type StatusCounts,
} from '../../domain/statistics.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import type { LiveCounts } from './live-counts.ts';

/** What subscribers get. */
export interface StatisticsNow {
  counts: StatusCounts;
  /** The one before and the one under way. */
  points: Span[];
}

export interface LiveStatisticsOptions {
  counts: Pick<LiveCounts, 'watch'>;
  /** Reads the last two points, and the time of the database. */
  readPoints: (scope: StatisticScope, grain: StatisticGrain) => Promise<{ points: Span[]; now: Date }>;
  logger?: ServerLogger;
  /** From one read to the next at least (1 s). */
  pauseMs?: number;
}

export interface LiveStatistics {
  /**
   * First as they are, then whenever something has changed or a point has ended; of several changes the last. Without a
   * grain there are no points, and the counts come as live counts do.
   */
  watch(scope: StatisticScope, grain: StatisticGrain | null): Promise<AsyncIterableIterator<StatisticsNow>>;
  /** How many scopes are followed now. */
  followed(): number;
  close(): void;
}

/** Behind the end of a point: what was committed in its last moment is there by then. */
const AFTER_END_MS = 250;

export function createLiveStatistics(options: LiveStatisticsOptions): LiveStatistics {
  const followers = new Map<string, Follower>();
  return {
    async watch(scope, grain) {
      if (grain === null) return withoutPoints(await options.counts.watch(scope));
      const key = JSON.stringify([scope.rooms && [...scope.rooms].sort(), scope.jobId, grain]);
      const follower =
        followers.get(key) ?? new Follower({ ...options, scope, grain }, () => followers.delete(key));
      followers.set(key, follower);
      return follower.join();
    },
    followed: () => followers.size,
    close() {
      for (const follower of [...followers.values()]) follower.close();
    },
  };
}

function withoutPoints(followed: AsyncIterableIterator<StatusCounts>) {
  return pullIterator<StatisticsNow>({
    async pull() {
      const { done, value } = await followed.next();
      return done ? undefined : { counts: value, points: [] };
    },
    close: () => void followed.return?.(),
  });
}

type Followed = LiveStatisticsOptions & { scope: StatisticScope; grain: StatisticGrain };

/** Follows one scope. */
class Follower {
  readonly #options: Followed;
  readonly #onEmpty: () => void;
  readonly #subscribers = new Followers<StatisticsNow>(
    () => this.#now,
    () => this.close(),
  );
  readonly #started: Promise<void>;
  #counts: AsyncIterableIterator<StatusCounts> | undefined;
  #now: StatisticsNow | undefined;
  #end: NodeJS.Timeout | undefined;
  #pause: { timer: NodeJS.Timeout; over: () => void } | undefined;
  #closed = false;

  constructor(options: Followed, onEmpty: () => void) {
    this.#options = options;
    this.#onEmpty = onEmpty;
    this.#started = this.#start();
    this.#started.catch(() => this.close()); // whoever joins gets it
  }

  /** Resolves when there is something to show. */
  join(): Promise<AsyncIterableIterator<StatisticsNow>> {
    return this.#subscribers.join(this.#started);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#end);
    clearTimeout(this.#pause?.timer);
    this.#pause?.over();
    void this.#counts?.return?.();
    this.#subscribers.close();
    this.#onEmpty();
  }

  async #start(): Promise<void> {
    const { counts, scope } = this.#options;
    const followed = await counts.watch(scope);
    if (this.#closed) return void followed.return?.();
    this.#counts = followed;
    const first = await followed.next();
    if (!first.done) await this.#read(first.value);
    void this.#follow(followed);
  }

  async #follow(counts: AsyncIterableIterator<StatusCounts>): Promise<void> {
    const { logger = silentServerLogger, pauseMs = 1_000 } = this.#options;
    await this.#wait(pauseMs);
    for await (const now of counts) {
      try {
        await this.#read(now);
      } catch (error) {
        logger.warn({ err: error }, 'Live statistics could not be read; trying again with the next change');
      }
      await this.#wait(pauseMs);
    }
    this.close();
  }

  /** Between two reads; what changes meanwhile is the last that the counts give then. */
  async #wait(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#pause = { timer: setTimeout(resolve, ms).unref(), over: resolve };
    });
  }

  async #read(counts: StatusCounts): Promise<void> {
    const { readPoints, scope, grain } = this.#options;
    const { points, now } = await readPoints(scope, grain);
    this.#now = { counts, points };
    const length = millisecondsOf(grain);
    clearTimeout(this.#end);
    if (this.#closed) return;
    this.#end = setTimeout(
      () => void this.#pointEnded(),
      length - (now.getTime() % length) + AFTER_END_MS,
    ).unref();
    this.#subscribers.wake();
  }

  /** Nothing need have changed for the point that was under way to be over. */
  async #pointEnded(): Promise<void> {
    const { logger = silentServerLogger } = this.#options;
    try {
      if (this.#now) await this.#read(this.#now.counts);
    } catch (error) {
      logger.warn({ err: error }, 'Live statistics could not be read; trying again with the next change');
    }
  }
}
