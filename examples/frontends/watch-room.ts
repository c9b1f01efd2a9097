/** What all four recipes watch. */

/** Declares `$after`, and selects `cursor`: that is what resuming takes. */
export const WATCH_ROOM = `
  subscription WatchRoom($room: String!, $after: Cursor) {
    roomEvents(room: $room, after: $after) {
      __typename
      ... on TaskTransitioned { cursor task { id version status } }
      ... on TaskProgressed { cursor task { id version progress } }
      ... on ResyncRequired { reason }
    }
  }
`;

export interface RoomEvent {
  __typename: string;
  task?: { id: string; version: number; status?: string };
  /** Of ResyncRequired: read the list again, and watch from its `streamCursor`. */
  reason?: string;
}

/** Which room, from where: `after` is the `streamCursor` of the list that the page shows. */
export interface Watching {
  /** `http://127.0.0.1:4000` */
  url: string;
  token: string;
  room: string;
  after?: string;
}

export const socketUrl = ({ url }: Watching) => `${url.replace(/^http/, 'ws')}/graphql`;

/** After a cut events can come again: they have the same version of the task. */
export function once(onEvent: (event: RoomEvent) => void): (event: RoomEvent) => void {
  const versions = new Map<string, number>();
  return (event) => {
    if (event.__typename === 'TaskTransitioned' && event.task) {
      const { id, version } = event.task;
      if (version <= (versions.get(id) ?? 0)) return;
      versions.set(id, version);
    }
    onEvent(event);
  };
}
