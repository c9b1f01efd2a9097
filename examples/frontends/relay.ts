/** Relay: queries and mutations by HTTP, subscriptions by a socket that resumes. */
import {
  Environment,
  type GraphQLTaggedNode,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { createResumingClient } from './resume.ts';
import { once, type RoomEvent, socketUrl, type Watching } from './watch-room.ts';

export function createRelay(watching: Watching): Environment {
  const authorization = `Bearer ${watching.token}`;
  const socket = createResumingClient({ url: socketUrl(watching), connectionParams: { authorization } });
  return new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(
      async ({ text }, variables) => {
        const response = await fetch(`${watching.url}/graphql`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({ query: text, variables }),
        });
        return response.json();
      },
      ({ text }, variables) =>
        Observable.create((sink) => socket.subscribe({ query: text ?? '', variables }, sink as never)),
    ),
  });
}

/** @param subscription what the compiler makes of `` graphql`subscription WatchRoom …` `` */
export function watchRoom(
  watching: Watching,
  onEvent: (event: RoomEvent) => void,
  subscription: GraphQLTaggedNode,
): () => void {
  const { room, after } = watching;
  const notify = once(onEvent);
  const { dispose } = requestSubscription<{
    variables: { room: string; after?: string };
    response: { roomEvents: RoomEvent };
  }>(createRelay(watching), {
    subscription,
    variables: { room, ...(after !== undefined && { after }) },
    onNext: (data) => data && notify(data.roomEvents),
    onError: console.error,
  });
  return dispose;
}
