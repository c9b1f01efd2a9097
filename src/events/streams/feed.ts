/**
 * A feed of a small log, such as the audit log: every row after a position, in order, without gaps.
 *
 * Each follower reads the log at its own pace from its own position, so one that does not keep up costs nothing and
 * misses nothing. What arrives over the transport only wakes it; so do an interruption of the transport and a slow
 * beat, and so no row depends on its message. Followers that stand at the same place share one read.
 */

import { coalesce } from '../../async/coalesce.ts';
import { pullIterator } from '../../async/pull-iterator.ts';
import { comparePositions, earlierPosition, type Position } from '../../domain/position.ts';
import { LogSweep, type SweptLog } from '../log-pages.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { type ChannelSubscription, subscribeToChannel } from '../transports/channel-subscription.ts';
import type { Transport } from '../transports/transport.ts';

/** The log that a feed follows. */
export interface FollowedLog<Row> extends SweptLog<Row> {
  /** The channel on which news of it is announced; what a message says does not matter. */
  channel: string;
  /** The same for the same state of the same row. */
  keyOf(row: Row): string;
  /** Everything below it is committed and visible to any later statement. */
  horizon(): Promise<Position>;
}

export interface FeedItem<Row> {
  row: Row;
  /** Where to resume after it: some rows may come again, none is missed. */
  position: Position;
}

/** `return` and `throw` unsubscribe at once, also while a `next` is pending. */
export interface Following<Row> extends AsyncIterableIterator<FeedItem<Row>> {
  /** Rows that are committed from now on will come. Rejects when the database cannot be asked where the log stands. */
  readonly ready: Promise<void>;
}

export interface Feed<Row> {
  /** Every row after the position, or from now on. */
  follow(after?: Position): Following<Row>;
  /** Lets all who follow fail with this. */
  abandon(error: Error): void;
  /** How many follow now. */
  stats(): { followers: number };
  close(): void;
}

export interface FeedOptions<Row> {
  transport: Transport;
  log: FollowedLog<Row>;
  logger?: ServerLogger;
  /** How often the log is read while the transport is healthy (5 s). */
  healthyBeatMs?: number;
  /** How often it is read while it is not (1 s). */
  unhealthyBeatMs?: number;
  /** How long the first follower waits for the transport before it goes on without (1 s). */
  acknowledgementTimeoutMs?: number;
}

export function createFeed<Row>({
  transport,
  log,
  logger = silentServerLogger,
  healthyBeatMs = 5_000,
  unhealthyBeatMs = 1_000,
  acknowledgementTimeoutMs = 1_000,
}: FeedOptions<Row>): Feed<Row> {
  const followers = new Set<Follower<Row>>();
  const shared: SweptLog<Row> = { read: shareReads(log), positionOf: log.positionOf };
  const stopListening = transport.onInterruption(wakeAll);
  let subscription: ChannelSubscription | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function wakeAll(): void {
    for (const follower of followers) follower.wake();
  }

  function beat(): void {
    wakeAll();
    schedule();
  }

  function schedule(): void {
    timer = setTimeout(beat, transport.healthy() ? healthyBeatMs : unhealthyBeatMs).unref();
  }

  function enter(follower: Follower<Row>): ChannelSubscription {
    followers.add(follower);
    if (!timer) schedule();
    subscription ??= subscribeToChannel(transport, log.channel, wakeAll, {
      timeoutMs: acknowledgementTimeoutMs,
      logger,
    });
    return subscription;
  }

  function leave(follower: Follower<Row>): void {
    followers.delete(follower);
    if (followers.size > 0) return;
    subscription?.unsubscribe();
    subscription = undefined;
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    follow(after) {
      if (closed) throw new Error('The feed is closed');
      const options = { log: { ...log, ...shared }, after, onClose: leave };
      return new Follower({ ...options, attached: (follower) => enter(follower).acknowledged }).following;
    },
    abandon(error) {
      for (const follower of followers) follower.fail(error);
    },
    stats: () => ({ followers: followers.size }),
    close() {
      closed = true;
      stopListening();
      for (const follower of [...followers]) follower.close();
    },
  };
}

/** Those who ask for the same page in the same moment get it by one statement that begins after all have asked. */
function shareReads<Row>(log: SweptLog<Row>): SweptLog<Row>['read'] {
  const reads = new Map<string, ReturnType<typeof coalesce<Awaited<ReturnType<SweptLog<Row>['read']>>>>>();
  return async (after, limit) => {
    const key = `${after.xid} ${after.id} ${limit}`;
    const read = reads.get(key) ?? coalesce(() => log.read(after, limit));
    reads.set(key, read);
    try {
      return await read();
    } finally {
      if (reads.get(key) === read) reads.delete(key);
    }
  };
}

interface FollowerOptions<Row> {
  log: FollowedLog<Row>;
  attached: (follower: Follower<Row>) => Promise<void>;
  after: Position | undefined;
  onClose: (follower: Follower<Row>) => void;
}

class Follower<Row> {
  readonly following: Following<Row>;
  readonly #options: FollowerOptions<Row>;
  /** What has been given and lies above the position up to which everything has. */
  readonly #given = new Map<string, Position>();
  #news = true;
  #notify: (() => void) | undefined;
  #closed = false;
  #failure: Error | undefined;

  constructor(options: FollowerOptions<Row>) {
    this.#options = options;
    const start = this.#start();
    start.catch(() => this.close()); // `next` rejects with it, whether or not anybody awaits `ready`
    const items = this.#items(start);
    const iterator = pullIterator<FeedItem<Row>>({
      pull: async () => (await items.next()).value as FeedItem<Row> | undefined,
      close: () => this.close(),
    });
    this.following = Object.assign(iterator, { ready: start.then(() => undefined) });
    this.following.ready.catch(() => {});
  }

  wake(): void {
    this.#news = true;
    this.#notify?.();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.wake();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose(this);
    this.#notify?.();
  }

  /** Where to begin. What is there already above the horizon is not new, although it will be read again. */
  async #start(): Promise<Position> {
    const { log, attached, after } = this.#options;
    await attached(this);
    if (after) return after;
    const horizon = await log.horizon();
    const sweep = new LogSweep(log, horizon);
    for (let page = await sweep.nextPage(); page; page = await sweep.nextPage()) {
      for (const row of page) this.#given.set(log.keyOf(row), log.positionOf(row));
    }
    return horizon;
  }

  async *#items(start: Promise<Position>): AsyncGenerator<FeedItem<Row>> {
    const { log } = this.#options;
    let position = await start;
    while (!this.#closed) {
      if (this.#failure) throw this.#failure;
      this.#news = false;
      const sweep = new LogSweep(log, position);
      for (let page = await sweep.nextPage(); page && !this.#closed; page = await sweep.nextPage()) {
        for (const row of page) {
          const key = log.keyOf(row);
          const at = log.positionOf(row);
          if (this.#given.has(key)) continue;
          this.#given.set(key, at);
          yield { row, position: earlierPosition({ xid: at.xid, id: at.id }, sweep.position) };
        }
        this.#forgetUpTo(sweep.position);
      }
      position = sweep.position;
      await this.#wokenUp();
    }
  }

  #forgetUpTo(position: Position): void {
    for (const [key, at] of this.#given) {
      if (comparePositions(at, position) <= 0) this.#given.delete(key);
    }
  }

  async #wokenUp(): Promise<void> {
    while (!this.#news && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
      this.#notify = undefined;
    }
  }
}
