/** urql: queries and mutations by HTTP, subscriptions by a socket that resumes. */
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createResumingClient } from './resume.ts';
import { once, type RoomEvent, socketUrl, WATCH_ROOM, type Watching } from './watch-room.ts';

export function createUrql(watching: Watching): Client {
  const authorization = `Bearer ${watching.token}`;
  const socket = createResumingClient({ url: socketUrl(watching), connectionParams: { authorization } });
  return new Client({
    url: `${watching.url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables: variables as Record<string, unknown> },
              sink as never,
            ),
          }),
        }),
      }),
    ],
  });
}

export function watchRoom(watching: Watching, onEvent: (event: RoomEvent) => void): () => void {
  const { room, after } = watching;
  const notify = once(onEvent);
  return createUrql(watching)
    .subscription<{ roomEvents: RoomEvent }>(WATCH_ROOM, { room, after })
    .subscribe(({ data, error }) => {
      if (error) console.error(error);
      else if (data) notify(data.roomEvents);
    }).unsubscribe;
}
