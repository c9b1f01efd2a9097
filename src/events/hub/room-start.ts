/** Where the log stands for rooms that begin to be watched, asked for all that begin in the same moment at once. */
import type { Position } from '../../domain/position.ts';
import type { TransitionChange } from '../../domain/task.ts';
import { PositionExpired, type Removal, type TransitionLog } from '../../store/log/log.ts';
import { LogSweep } from '../log-pages.ts';
import { ALL_ROOMS } from '../messages/message.ts';

/** A room that begins. */
export interface StartingRoom {
  readonly name: string;
  /** Takes what happened before anybody watched, and so is owed to nobody. */
  markPast(change: TransitionChange): void;
  /** The same of the last removal of tasks from a room. */
  markRemoval(removal: Removal): void;
}

interface Waiting {
  room: StartingRoom;
  resolve(horizon: Position): void;
  reject(error: unknown): void;
}

/**
 * Gives a room the horizon from which on changes are owed to its watches. Above it there may be much that happened
 * before anybody watched, as when some transaction stays open for long: it would come with the first beat as if it were
 * new, so it is marked. Asked after the room has asked: what is committed later is announced on a channel that is
 * heard already. When thousands of rooms begin at once, as after a restart, these are two statements, not thousands.
 */
export function createRoomStarts(log: Pick<TransitionLog, 'horizon' | 'read'>) {
  let waiting: Waiting[] = [];
  let reading = false;

  async function drain(): Promise<void> {
    reading = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const horizon = await begin(batch.map(({ room }) => room));
        for (const { resolve } of batch) resolve(horizon);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    reading = false;
  }

  async function begin(rooms: readonly StartingRoom[]): Promise<Position> {
    const { xid, id } = await log.horizon();
    const horizon = { xid, id };
    const byName = new Map(rooms.map((room) => [room.name, room]));
    const all = byName.get(ALL_ROOMS);
    const scope = { rooms: all ? null : [...byName.keys()] };
    const sweep = new LogSweep<TransitionChange>(
      {
        async read(after, limit) {
          const { changes, removals, ...page } = await log.read(scope, after, limit, horizon);
          for (const removal of removals) {
            byName.get(removal.room)?.markRemoval(removal);
            all?.markRemoval(removal);
          }
          return { ...page, rows: changes };
        },
        positionOf: ({ transition }) => transition,
      },
      horizon,
    );
    try {
      for (let page = await sweep.nextPage(); page; page = await sweep.nextPage()) {
        for (const change of page) {
          byName.get(change.task.room)?.markPast(change);
          all?.markPast(change);
        }
      }
    } catch (error) {
      // Of the past nothing is owed, what was trimmed least of all.
      if (!(error instanceof PositionExpired)) throw error;
    }
    return horizon;
  }

  return (room: StartingRoom): Promise<Position> =>
    new Promise((resolve, reject) => {
      waiting.push({ room, resolve, reject });
      if (!reading) void drain();
    });
}
