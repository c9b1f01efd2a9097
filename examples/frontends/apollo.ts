/** Apollo Client: queries and mutations by HTTP, subscriptions by a socket that resumes. */
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
// In a project of its own: from 'signalbox/possible-types.json'
import possibleTypes from '../../possible-types.json' with { type: 'json' };
import { createResumingClient } from './resume.ts';
import { once, type RoomEvent, socketUrl, WATCH_ROOM, type Watching } from './watch-room.ts';

export function createApollo(watching: Watching): ApolloClient {
  const authorization = `Bearer ${watching.token}`;
  const socket = createResumingClient({ url: socketUrl(watching), connectionParams: { authorization } });
  return new ApolloClient({
    cache: new InMemoryCache({ possibleTypes }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: `${watching.url}/graphql`, headers: { authorization } }),
    ),
  });
}

export function watchRoom(watching: Watching, onEvent: (event: RoomEvent) => void): () => void {
  const { room, after } = watching;
  const notify = once(onEvent);
  const subscription = createApollo(watching)
    .subscribe<{ roomEvents: RoomEvent }>({
      query: gql(WATCH_ROOM),
      variables: { room, after },
      // Events are no state to be kept.
      fetchPolicy: 'no-cache',
    })
    .subscribe({ next: ({ data }) => data && notify(data.roomEvents), error: console.error });
  return () => subscription.unsubscribe();
}
