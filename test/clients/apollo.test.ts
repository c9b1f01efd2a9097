/** Apollo Client: queries and mutations over HTTP, subscriptions over graphql-ws; and all of it over one socket. */
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  AUTHORIZATION,
  INPUT,
  JOBS,
  POSSIBLE_TYPES,
  SEEN,
  SUBMIT,
  useApiFixture,
  WATCH,
} from './api-fixture.ts';

const fixture = useApiFixture();
let socket: Client;

beforeEach(() => {
  socket = createClient({
    url: fixture.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: AUTHORIZATION },
  });
});

afterEach(() => socket.dispose());

const LINKS: [string, () => ApolloLink][] = [
  [
    'with HTTP beside its socket',
    () =>
      ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        new GraphQLWsLink(socket),
        new HttpLink({ uri: fixture.graphqlUrl, headers: { authorization: AUTHORIZATION } }),
      ),
  ],
  ['with a socket alone', () => new GraphQLWsLink(socket)],
];

describe.each(LINKS)('Apollo Client %s', (_name, createLink) => {
  let client: ApolloClient;

  beforeEach(() => {
    client = new ApolloClient({
      link: createLink(),
      cache: new InMemoryCache({ possibleTypes: POSSIBLE_TYPES }),
    });
  });

  afterEach(() => client.stop());

  it('runs a query', async () => {
    const { data } = await client.query({ query: gql(JOBS), variables: { room: INPUT.room } });
    expect(data).toMatchObject({ jobs: { nodes: [{ fullName: INPUT.job }] } });
  });

  it('runs a mutation, and watches its task to the end', async () => {
    const { data } = await client.mutate<{ submitTask: { task: { id: string } } }>({
      mutation: gql(SUBMIT),
      variables: { input: INPUT },
    });
    expect(data?.submitTask).toMatchObject({ __typename: 'SubmitTaskSuccess' });
    const taskId = data?.submitTask.task.id as string;

    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscribe({ query: gql(WATCH), variables: { id: taskId } }).subscribe({
        next({ data }) {
          // biome-ignore lint/suspicious/noExplicitAny: no types are generated for these documents
          const { __typename, task } = (data as any).taskEvents;
          seen.push(`${__typename} ${task.status}`);
          if (__typename === 'TaskSnapshot') fixture.work().catch(reject);
        },
        error: reject,
        complete: resolve,
      });
    });
    expect(seen).toEqual(SEEN);
  });

  it('gets a problem as data', async () => {
    const { data } = await client.mutate({
      mutation: gql(SUBMIT),
      variables: { input: { ...INPUT, job: 'clients:general:unknown' } },
    });
    expect(data).toMatchObject({ submitTask: { __typename: 'JobNotFound' } });
  });

  it('gets a refusal as an error', async () => {
    const query = gql('query { jobs(room: "a:b") { nodes { id } } }');
    await expect(client.query({ query })).rejects.toMatchObject({
      errors: [{ extensions: { code: 'INVALID_ROOM_ID' } }],
    });
  });
});
