/** graphql-ws alone. */
import { createResumingClient } from './resume.ts';
import { once, type RoomEvent, socketUrl, WATCH_ROOM, type Watching } from './watch-room.ts';

export function watchRoom(watching: Watching, onEvent: (event: RoomEvent) => void): () => void {
  const { token, room, after } = watching;
  const client = createResumingClient({
    url: socketUrl(watching),
    connectionParams: { authorization: `Bearer ${token}` },
  });
  const notify = once(onEvent);
  return client.subscribe<{ roomEvents: RoomEvent }>(
    { query: WATCH_ROOM, variables: { room, after } },
    {
      next: ({ data }) => data && notify(data.roomEvents),
      error: console.error,
      complete: () => {},
    },
  );
}
