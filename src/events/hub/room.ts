/** One watched room, or all rooms as one: its upstream subscription, the order of its changes, and who watches. */
import type { LRUCache } from 'lru-cache';
import {
  compareDecimal,
  comparePositions,
  havingSeen,
  laterTransaction,
  type Position,
} from '../../domain/position.ts';
import type { TaskChange, TransitionChange } from '../../domain/task.ts';
import { PositionExpired, type Removal, type VersionRange } from '../../store/log/log.ts';
import type { ServerLogger } from '../logger.ts';
import { ALL_ROOMS, decodeChanges, READ, roomChannel } from '../messages/message.ts';
import { type ChannelSubscription, subscribeToChannel } from '../transports/channel-subscription.ts';
import type { Transport } from '../transports/transport.ts';
import type { StartingRoom } from './room-start.ts';
import { type KnownVersions, Sequencer } from './sequencer.ts';
import type { SubscriberQueue } from './subscriber-queue.ts';

/** A delivered version. It no longer counts once the watch of the room that delivered it has ended. */
export interface KnownVersion {
  /** By number: the entry outlives the room, and must not keep it in memory. */
  room: number;
  version: number;
}

let roomsSoFar = 0;

export interface RoomServices {
  transport: Transport;
  logger: ServerLogger;
  /** Shared by all rooms, so that memory is bounded however many there are. */
  known: LRUCache<string, KnownVersion>;
  readVersions: (ranges: readonly VersionRange[]) => Promise<TransitionChange[]>;
  begin: (room: StartingRoom) => Promise<Position>;
  /** Reads the log onwards. */
  readLog: () => void;
  /** The same, once for all who ask within a moment. */
  readSoon: () => void;
  hintGraceMs: number;
  acknowledgementTimeoutMs: number;
}

const MAX_EARLY_CHANGES = 10_000;

export class WatchedRoom implements StartingRoom {
  readonly name: string;
  /** Resolves when changes that are committed from now on reach the watches. */
  readonly started: Promise<void>;
  readonly #services: RoomServices;
  readonly #subscription: ChannelSubscription;
  readonly #known: KnownVersions;
  readonly #sequencer: Sequencer;
  readonly #watches = new Set<SubscriberQueue>();
  // A room can have thousands of watchers of one task each: an event must only touch its own.
  readonly #taskWatches = new Map<string, Set<SubscriberQueue>>();
  #watermark: Position | undefined;
  /** By room, the last removal of tasks that is owed to nobody any more. */
  readonly #removals = new Map<string, string>();
  /** The latest of them. */
  #lastRemoval: string | undefined;
  #early: TaskChange[] = [];
  #hinted: NodeJS.Timeout | undefined;

  constructor(name: string, services: RoomServices) {
    this.name = name;
    this.#services = services;
    const { transport, logger, known, acknowledgementTimeoutMs } = services;
    const room = ++roomsSoFar;
    this.#known = {
      get: (taskId) => {
        const entry = known.get(taskId);
        return entry?.room === room ? entry.version : undefined;
      },
      set: (taskId, version) => void known.set(taskId, { room, version }),
    };
    this.#sequencer = new Sequencer({
      known: this.#known,
      since: () => this.watermark.xid,
      deliver: (change) => this.#deliver(change),
      read: services.readVersions,
    });
    this.#subscription = subscribeToChannel(
      transport,
      roomChannel(name),
      (message) => this.#receive(message),
      {
        timeoutMs: acknowledgementTimeoutMs,
        logger,
      },
    );
    this.started = this.#start();
    this.started.catch(() => {}); // reported to whoever wants to watch
  }

  /**
   * Everything of the room below it was delivered, or was committed before the room was watched. It carries
   * the last removal that was delivered, or was there before.
   */
  get watermark(): Position {
    if (!this.#watermark) throw new Error('The room is not watched yet');
    return this.#watermark;
  }

  get isStarted(): boolean {
    return this.#watermark !== undefined;
  }

  get watchCount(): number {
    let count = this.#watches.size;
    for (const watches of this.#taskWatches.values()) count += watches.size;
    return count;
  }

  add(watch: SubscriberQueue, taskId: string | undefined): void {
    if (taskId === undefined) this.#watches.add(watch);
    else if (!this.#taskWatches.get(taskId)?.add(watch)) this.#taskWatches.set(taskId, new Set([watch]));
  }

  remove(watch: SubscriberQueue, taskId: string | undefined): void {
    if (taskId === undefined) this.#watches.delete(watch);
    else {
      const watches = this.#taskWatches.get(taskId);
      watches?.delete(watch);
      if (watches?.size === 0) this.#taskWatches.delete(taskId);
    }
  }

  get isWatched(): boolean {
    return this.#watches.size > 0 || this.#taskWatches.size > 0;
  }

  /** Whether the version has been delivered, as far as is remembered, or is owed to nobody. */
  knows(taskId: string, version: number): boolean {
    return version <= (this.#known.get(taskId) ?? 0);
  }

  /** Takes rows of the log; resolves when each was delivered or already had been. */
  offer(changes: readonly TransitionChange[]): Promise<void> {
    return this.#sequencer.offer(changes);
  }

  /** The log was read up to the position, and all of it was delivered. */
  advance(position: Position): void {
    if (comparePositions(position, this.watermark) > 0) this.#stand(position);
  }

  /** The log was trimmed beyond the watermark: whoever watches may lack something. New watches begin at the horizon. */
  expire(error: PositionExpired, horizon: Position): void {
    for (const watch of this.#allWatches()) watch.fail(error);
    this.advance(horizon);
  }

  markPast({ task }: TransitionChange): void {
    this.#known.set(task.id, Math.max(task.version, this.#known.get(task.id) ?? 0));
  }

  markRemoval({ room, xid }: Removal): void {
    this.#removals.set(room, xid);
    this.#lastRemoval = laterTransaction(xid, this.#lastRemoval);
    if (this.#watermark) this.#stand(this.#watermark);
  }

  /**
   * Tasks were removed, which no transition shows: whoever watches many tasks must read again, and so must whoever
   * watches one that is gone. They get the same word as after a trim of the log, which says nothing of whose tasks they were.
   */
  async noteRemoval(removal: Removal): Promise<void> {
    if (compareDecimal(this.#removals.get(removal.room) ?? '0', removal.xid) >= 0) return;
    const ids = [...this.#taskWatches.keys()];
    const firsts = await this.#services.readVersions(ids.map((taskId) => ({ taskId, from: 1, to: 2 })));
    // After what can fail: the next beat tries again.
    this.markRemoval(removal);
    const error = new PositionExpired(this.watermark);
    for (const watch of [...this.#watches]) watch.fail(error);
    const present = new Set(firsts.map(({ task }) => task.id));
    for (const id of ids) {
      if (!present.has(id)) for (const watch of [...(this.#taskWatches.get(id) ?? [])]) watch.fail(error);
    }
  }

  /** Ends every watch and the upstream subscription. */
  close(): void {
    this.#unsubscribe();
    for (const watch of this.#allWatches()) watch.close();
  }

  /** The same, but whoever watches gets the reason. */
  abandon(error: PositionExpired): void {
    this.#unsubscribe();
    for (const watch of this.#allWatches()) watch.fail(error);
  }

  #unsubscribe(): void {
    this.#subscription.unsubscribe();
    clearTimeout(this.#hinted);
    // A read that ends only now must not overwrite what the room's successor knows.
    this.#sequencer.close();
  }

  async #start(): Promise<void> {
    await this.#subscription.acknowledged;
    const horizon = await this.#services.begin(this);
    this.#stand(horizon);
    const early = this.#early;
    this.#early = [];
    this.#sequence(early);
  }

  #stand(position: Position): void {
    this.#watermark = havingSeen(position, this.#lastRemoval);
  }

  #receive(message: string): void {
    if (message === READ) {
      this.#services.readSoon();
      return;
    }
    const changes = decodeChanges(message, this.#services.logger);
    // What is not understood, as of a newer server, says at least that there is something.
    this.#expectWhatFollows(!changes || changes.length === 0);
    if (!changes) return;
    const own = this.name === ALL_ROOMS ? changes : changes.filter(({ task }) => task.room === this.name);
    if (this.isStarted) this.#sequence(own);
    // The start does not need them, it only gets them delivered sooner: the catch-up reads from the same horizon.
    else if (this.#early.length < MAX_EARLY_CHANGES) this.#early.push(...own);
  }

  /** After a hint changes follow. Where none do, as when their publisher has died meanwhile, the log has them. */
  #expectWhatFollows(isHint: boolean): void {
    if (isHint && this.#hinted) return;
    clearTimeout(this.#hinted);
    this.#hinted = undefined;
    if (!isHint) return;
    this.#hinted = setTimeout(() => {
      this.#hinted = undefined;
      this.#services.readLog();
    }, this.#services.hintGraceMs).unref();
  }

  #sequence(changes: readonly TaskChange[]): void {
    this.#sequencer.offer(changes).catch((error: unknown) => {
      const details = { err: error, room: this.name };
      this.#services.logger.warn(details, 'Missing versions could not be read; the tail brings them');
    });
  }

  #deliver(change: TaskChange): void {
    for (const watch of this.#watches) watch.push(change);
    for (const watch of this.#taskWatches.get(change.task.id) ?? []) watch.push(change);
  }

  *#allWatches(): Iterable<SubscriberQueue> {
    yield* [...this.#watches];
    for (const watches of [...this.#taskWatches.values()]) yield* [...watches];
  }
}
