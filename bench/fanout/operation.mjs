/** What every contender is asked for, and what its events look like: the same bytes from all of them. */

export const ROOM = 'fanout';

export const QUERY = `subscription { roomEvents(room: "${ROOM}") {
  __typename ... on TaskTransitioned { task { id status entityId } transition { version to at } } } }`;

/** Marks an event, so that whoever receives it can tell when it was asked for: microseconds. */
export const MARK = 'stamp-';

export const now = () => Math.round((performance.timeOrigin + performance.now()) * 1_000);

/** An event as a server that knows no database makes it up. */
export function eventOf(stamp) {
  return {
    __typename: 'TaskTransitioned',
    task: { id: 'task_01h455vb4pex5vsknk084sn02q', status: 'PENDING', entityId: stamp },
    transition: { version: 1, to: 'PENDING', at: new Date().toISOString() },
  };
}
