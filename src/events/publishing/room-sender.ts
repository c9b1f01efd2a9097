/**
 * Sends what happens in rooms, without paying for those that nobody watches: making a message of the changes costs more
 * than all else that is done to publish them.
 *
 *   quiet ──a hint reaches somebody──▶ heard     A hint is a message without changes. What has waited for its answer
 *     ▲                                  │       then follows in full. When it has reached nobody, that is dropped:
 *     └────a message reaches nobody──────┘       whoever listens from then on finds it in the log.
 *
 * Each hint is sent after the commit of all that its answer decides on; what is committed while it is under way waits
 * for the next one. A hint that nothing follows, since its answer was lost or is wrong, or its sender died, makes those
 * who heard it read the log.
 *
 * Listeners of all rooms are few: once there are none, they are not asked for at every commit, but after a while again.
 * Whoever begins to listen reads the log once more when that time is over.
 */
import { LRUCache } from 'lru-cache';
import type { TaskChange } from '../../domain/task.ts';
import { ALL_ROOMS, encodeChanges, HINT, QUIET_MS, roomChannel } from '../messages/message.ts';
import type { Transport } from '../transports/transport.ts';

/** A room that is forgotten is asked about by one more hint. */
const MAX_HEARD_ROOMS = 10_000;
/** Of a Redis that does not answer; what is dropped beyond it, the log's readers find. */
const MAX_WAITING_CHANGES = 20_000;

/** Resolves when the changes were handed to the transport, dropped, or wait behind others of their room. */
export type SendToRoom = (room: string, changes: readonly TaskChange[]) => Promise<void>;

export function createRoomSender({ publish }: Pick<Transport, 'publish'>): SendToRoom {
  const heard = new LRUCache<string, true>({ max: MAX_HEARD_ROOMS });
  /** Of each room that is being asked about: what was committed after its hint. */
  const later = new Map<string, (readonly TaskChange[])[]>();
  let waiting = 0;
  let quietUntil = 0;
  let last: { changes?: readonly TaskChange[]; message: string } = { message: '' };

  function remember(room: string, reached: number | undefined): void {
    if (reached) heard.set(room, true);
    else {
      heard.delete(room);
      if (room === ALL_ROOMS && reached === 0) quietUntil = performance.now() + QUIET_MS;
    }
  }

  async function announce(room: string, changes: readonly TaskChange[]): Promise<void> {
    // A commit in one room is the same message to those who listen to all.
    if (last.changes !== changes) last = { changes, message: encodeChanges(changes) };
    remember(room, await publish(roomChannel(room), last.message));
  }

  async function hint(room: string, changes: readonly TaskChange[]): Promise<void> {
    for (let decided = [changes]; decided.length > 0; ) {
      const behind: (readonly TaskChange[])[] = [];
      later.set(room, behind);
      const reached = await publish(roomChannel(room), HINT).finally(() => later.delete(room));
      for (const { length } of behind) waiting -= length;
      remember(room, reached);
      // Nobody knows whether somebody listens: whoever does finds the rest in the log.
      if (reached === undefined) {
        const unlogged = decided.map((changes) => changes.filter(({ kind }) => kind === 'progress'));
        await Promise.all(unlogged.map((each) => each.length > 0 && announce(room, each)));
      }
      // All are handed over before the first is awaited, and before anything newer of the room.
      if (reached)
        return void (await Promise.all([...decided, ...behind].map((each) => announce(room, each))));
      decided = behind;
    }
  }

  return async (room, changes) => {
    const behind = later.get(room);
    if (!behind) {
      if (heard.get(room)) return announce(room, changes);
      return room === ALL_ROOMS && performance.now() < quietUntil ? undefined : hint(room, changes);
    }
    if (waiting + changes.length > MAX_WAITING_CHANGES) return;
    waiting += changes.length;
    behind.push(changes);
  };
}
