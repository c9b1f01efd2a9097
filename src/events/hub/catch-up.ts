/**
 * The slow beat that reads the end of the log for all watched rooms, so that no change depends on its message. Nearly all
 * that it finds has been delivered: it asks for numbers of versions, and reads only those that nobody knows.
 */
import { groupBy } from '../../domain/group-by.ts';
import { comparePositions, type Position } from '../../domain/position.ts';
import type { TransitionChange } from '../../domain/task.ts';
import {
  type LoggedVersion,
  PositionExpired,
  type TransitionLog,
  type VersionRange,
} from '../../store/log/log.ts';
import { LogSweep } from '../log-pages.ts';
import type { ServerLogger } from '../logger.ts';
import { ALL_ROOMS } from '../messages/message.ts';
import type { WatchedRoom } from './room.ts';

export interface CatchUpOptions {
  log: TransitionLog;
  logger: ServerLogger;
  /** The rooms that are watched now. */
  rooms: () => WatchedRoom[];
  /** Time to the next beat. */
  beatMs: () => number;
  pageSize: number;
}

export interface CatchUp {
  /** Begins to beat. */
  start(): void;
  /** Stops beating, until it is started again. */
  stop(): void;
  /** Reads now; when it is just reading, once more after that. */
  readNow(): void;
  /** Stops for good; resolves when nothing is being read any more. */
  close(): Promise<void>;
}

// Where the log has much above a horizon that some open transaction holds back, every beat reads all of it: then
// the beat slows down, so that reading takes at most a quarter of the time.
const PAUSE_PER_READ = 3;

export function createCatchUp({ log, logger, rooms, beatMs, pageSize }: CatchUpOptions): CatchUp {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let started = false;
  const isStopped = () => !started;
  const expire = (error: unknown) => expireRooms(error, rooms(), log, logger);

  function schedule(lastTookMs = 0): void {
    clearTimeout(timer);
    if (started) timer = setTimeout(readNow, Math.max(beatMs(), lastTookMs * PAUSE_PER_READ)).unref();
  }

  function readNow(): void {
    if (!started) return;
    if (running) {
      again = true;
      return;
    }
    const begun = performance.now();
    running = readUntilQuiet().finally(() => {
      running = undefined;
      schedule(performance.now() - begun);
    });
  }

  async function readUntilQuiet(): Promise<void> {
    do {
      again = false;
      try {
        await readEnd(log, rooms(), { pageSize, isStopped }).catch(expire);
      } catch (error) {
        logger.warn({ err: error }, 'The tail of the log could not be read; trying again with the next beat');
      }
    } while (again && started);
  }

  return {
    start() {
      started = true;
      schedule();
    },
    stop() {
      started = false;
      clearTimeout(timer);
    },
    readNow,
    async close() {
      started = false;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Reads the log from the lowest watermark on, and offers the rooms what they do not know. */
async function readEnd(
  log: TransitionLog,
  watched: readonly WatchedRoom[],
  { pageSize, isStopped }: { pageSize: number; isStopped: () => boolean },
): Promise<void> {
  const start = lowest(watched);
  if (!start) return;
  const byName = new Map(watched.map((room) => [room.name, room]));
  const all = byName.get(ALL_ROOMS);
  const named = all ? null : [...byName.keys()];
  const skimmed = {
    async read(after: Position, limit: number) {
      const { removals, ...page } = await log.skim(named, after, limit, start);
      // The oldest first: a watch of several rooms that begins meanwhile has seen no removal that it lacks one before.
      for (const removal of removals) {
        await byName.get(removal.room)?.noteRemoval(removal);
        await all?.noteRemoval(removal);
      }
      return page;
    },
    positionOf: (row: LoggedVersion) => row,
  };
  const sweep = new LogSweep(skimmed, start, pageSize);
  for (let page = await sweep.nextPage(); page; page = await sweep.nextPage()) {
    const missing = page.filter(({ room, taskId, version }) =>
      [byName.get(room), all].some((watching) => watching && !watching.knows(taskId, version)),
    );
    const changes = await readVersions(log, missing);
    const offered = [...groupBy(changes, ({ task }) => task.room)].map(([name, ofRoom]) =>
      byName.get(name)?.offer(ofRoom),
    );
    await Promise.all([...offered, all?.offer(changes)]);
    // Only when all of the page was delivered, holes below it included: a watermark is a promise.
    for (const room of watched) room.advance(sweep.position);
    if (isStopped()) return;
  }
}

async function readVersions(
  log: TransitionLog,
  versions: readonly LoggedVersion[],
): Promise<TransitionChange[]> {
  const ranges = new Map<string, VersionRange>();
  for (const { taskId, version } of versions) {
    const { from, to } = ranges.get(taskId) ?? { from: version, to: 0 };
    ranges.set(taskId, { taskId, from: Math.min(from, version), to: Math.max(to, version + 1) });
  }
  const changes = ranges.size === 0 ? [] : await log.readVersions([...ranges.values()]);
  const found = new Set(changes.map(({ task }) => `${task.id} ${task.version}`));
  // Deleted in between. By the next beat the log says so.
  if (!versions.every(({ taskId, version }) => found.has(`${taskId} ${version}`)))
    throw new Error('What was just in the log is no longer there');
  return changes;
}

/** After a failure: as when this server could not read for longer than finished tasks are kept. */
async function expireRooms(
  error: unknown,
  rooms: readonly WatchedRoom[],
  log: TransitionLog,
  logger: ServerLogger,
): Promise<void> {
  if (!(error instanceof PositionExpired)) throw error;
  logger.warn({ err: error }, 'The log was trimmed beyond what was read of it; watchers must read again');
  const horizon = await log.horizon();
  for (const room of rooms) {
    if (comparePositions(room.watermark, error.trimmed) < 0) room.expire(error, horizon);
  }
}

function lowest(rooms: readonly WatchedRoom[]): Position | undefined {
  return rooms.map(({ watermark }) => watermark).sort(comparePositions)[0];
}
