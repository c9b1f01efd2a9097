/**
 * The hub of a server process: one upstream subscription per watched room, however many subscribers, and every
 * transition to each of them once and in order.
 *
 * What arrives over the transport is sequenced per room at once (sequencer.ts). Besides, on a slow beat and right
 * after every interruption, the catch-up reads the log onwards from the watermark, for all watched rooms by one
 * statement, and feeds it through the same sequencer: what was lost on the way, or never sent because its publisher
 * died after the commit, still arrives.
 */
import { LRUCache } from 'lru-cache';
import { coalesce } from '../../async/coalesce.ts';
import { earlierPosition, havingSeen, laterTransaction, type Position } from '../../domain/position.ts';
import { LogReplaced, type RoomSet, type TransitionLog } from '../../store/log/log.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { ALL_ROOMS, QUIET_MS } from '../messages/message.ts';
import type { Transport } from '../transports/transport.ts';
import { createCatchUp } from './catch-up.ts';
import { type KnownVersion, type RoomServices, WatchedRoom } from './room.ts';
import { createRoomStarts } from './room-start.ts';
import { SubscriberQueue, type Watch } from './subscriber-queue.ts';
import { createVersionReader } from './version-reader.ts';

export interface HubOptions {
  transport: Transport;
  log: TransitionLog;
  logger?: ServerLogger;
  /** How often the log is read onwards while the transport is healthy (5 s). */
  healthyBeatMs?: number;
  /** How often the log is read onwards while it is not (1 s). */
  unhealthyBeatMs?: number;
  /** How long what a hint announces may take to follow before the log is read (200 ms). */
  hintGraceMs?: number;
  /** How long a new room waits for the transport before it goes on without (1 s). */
  acknowledgementTimeoutMs?: number;
  /** Tasks whose version is remembered; a forgotten one costs a read (100,000). */
  maxKnownTasks?: number;
  /** Changes that wait for one subscriber at most (10,000). */
  watchLimit?: number;
  /** Rows that the catch-up reads at a time (500). */
  pageSize?: number;
}

/** What is watched; all rooms are one channel, which costs their publishers a second message. */
export interface WatchScope {
  rooms: RoomSet;
  /** Of the one room that is named. */
  taskId?: string | undefined;
}

export interface Hub {
  /**
   * Watches rooms, or one task of a room. Resolves when changes committed from now on will come; whatever was committed
   * before is to be read afterwards. Rejects when the database cannot be asked where the log stands.
   */
  watch(scope: WatchScope): Promise<Watch>;
  /** The log's horizon, asked at most once for all who ask in the same moment. */
  horizon(): Promise<Position>;
  /** Reads versions that somebody missed, together with what others miss. */
  readVersions: RoomServices['readVersions'];
  /** Reads the end of the log now: it may have grown in a way that nothing announces to the transport. */
  readLog(): void;
  /** What is watched now. */
  stats(): { rooms: number; watches: number };
  /** Ends every watch, the upstream subscriptions and the beat. */
  close(): Promise<void>;
}

/** The position up to which everything of the rooms was delivered. What still begins owes nothing of before. */
function lowestOf(rooms: readonly WatchedRoom[]): Position {
  const watermarks = rooms.filter(({ isStarted }) => isStarted).map(({ watermark }) => watermark);
  return watermarks.reduce((lowest, one) =>
    havingSeen(earlierPosition(one, lowest), laterTransaction(one.removal, lowest.removal)),
  );
}

/** Others that commit all the time make us read twenty times a second at most. */
const READ_SOON_MS = 50;

/** Calls that come within READ_SOON_MS lead to one read at its end. */
function createReadSoon(read: () => void): () => void {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(() => {
      isPlanned = false;
      read();
    }, READ_SOON_MS).unref();
  };
}

interface WatchedRooms {
  all(): WatchedRoom[];
  has(name: string): boolean;
  watchCount(): number;
  /** The room of the name, which is watched from now on. */
  enter(name: string): WatchedRoom;
  /** Closes the room if nobody watches it any more. */
  leave(room: WatchedRoom): void;
  /** Removes every room, open as it is. @returns them */
  clear(): WatchedRoom[];
}

interface WatchedRoomsOptions {
  /** Makes the versions that a room knows by itself. */
  ownKnown: () => RoomServices['known'];
  onFirst: () => void;
  onNone: () => void;
  /** The watch of all rooms has begun. */
  onAllRooms: () => void;
}

function createWatchedRooms(
  services: RoomServices,
  { ownKnown, onFirst, onNone, onAllRooms }: WatchedRoomsOptions,
): WatchedRooms {
  const rooms = new Map<string, WatchedRoom>();
  return {
    all: () => [...rooms.values()],
    has: (name) => rooms.has(name),
    watchCount: () => [...rooms.values()].reduce((sum, room) => sum + room.watchCount, 0),
    enter(name) {
      const present = rooms.get(name);
      if (present) return present;
      const isAll = name === ALL_ROOMS;
      // Versions are known to one room at a time: what is known to all rooms must not push out what one of them knows.
      const room = new WatchedRoom(name, isAll ? { ...services, known: ownKnown() } : services);
      rooms.set(name, room);
      if (isAll) void room.started.then(onAllRooms, () => {});
      if (rooms.size === 1) onFirst();
      return room;
    },
    leave(room) {
      if (room.isWatched || rooms.get(room.name) !== room) return;
      rooms.delete(room.name);
      room.close();
      if (rooms.size === 0) onNone();
    },
    clear() {
      const removed = [...rooms.values()];
      rooms.clear();
      return removed;
    },
  };
}

export function createHub({
  transport,
  log,
  logger = silentServerLogger,
  healthyBeatMs = 5000,
  unhealthyBeatMs = 1000,
  hintGraceMs = 200,
  acknowledgementTimeoutMs = 1000,
  maxKnownTasks = 100_000,
  watchLimit = 10_000,
  pageSize = 500,
}: HubOptions): Hub {
  const readVersions = createVersionReader(log);
  const services: RoomServices = {
    transport,
    logger,
    known: new LRUCache<string, KnownVersion>({ max: maxKnownTasks }),
    readVersions,
    begin: createRoomStarts(log),
    readLog: () => catchUp.readNow(),
    readSoon: createReadSoon(() => catchUp.readNow()),
    hintGraceMs,
    acknowledgementTimeoutMs,
  };
  const catchUp = createCatchUp({
    log,
    logger,
    rooms: () => rooms.all().filter((room) => room.isStarted),
    beatMs: () => (transport.healthy() ? healthyBeatMs : unhealthyBeatMs),
    pageSize,
  });
  const rooms = createWatchedRooms(services, {
    ownKnown: () => new LRUCache({ max: maxKnownTasks }),
    onFirst: () => catchUp.start(),
    onNone: () => catchUp.stop(),
    onAllRooms: readWhatWasKeptBack,
  });
  const stopListening = transport.onInterruption(() => {
    catchUp.readNow();
    if (rooms.has(ALL_ROOMS)) readWhatWasKeptBack();
  });
  let closed = false;
  log.onReplaced(() => {
    const error = new LogReplaced();
    catchUp.stop();
    // Versions of the same task are others now.
    services.known.clear();
    for (const room of rooms.clear()) room.abandon(error);
  });

  /** Publishers keep quiet to the listeners of all rooms for a while after they have found none. */
  function readWhatWasKeptBack(): void {
    setTimeout(() => catchUp.readNow(), QUIET_MS + hintGraceMs).unref();
  }

  return {
    async watch({ rooms: names, taskId }) {
      if (closed) throw new Error('The hub is closed');
      const entered = [...new Set(names ?? [ALL_ROOMS])].map(rooms.enter);
      const watch = new SubscriberQueue({
        limit: watchLimit,
        watermark: () => lowestOf(entered),
        readVersions,
        onClose() {
          for (const room of entered) {
            room.remove(watch, taskId);
            rooms.leave(room);
          }
        },
      });
      for (const room of entered) room.add(watch, taskId);
      try {
        await Promise.all(entered.map(({ started }) => started));
      } catch (error) {
        watch.close();
        throw error;
      }
      return watch;
    },
    horizon: coalesce(() => log.horizon()),
    readVersions,
    readLog: () => catchUp.readNow(),
    stats: () => ({ rooms: rooms.all().length, watches: rooms.watchCount() }),
    async close() {
      closed = true;
      stopListening();
      for (const room of rooms.clear()) room.close();
      await catchUp.close();
    },
  };
}
