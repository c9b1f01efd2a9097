/** Apollo Client runs a query, a mutation and a subscription. */
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { defineJob, EVENTS, finish, SUBMIT, VIEWER } from './operations.ts';

describe('Apollo Client', () => {
  let app: TestApp;
  let client: ApolloClient;

  beforeAll(async () => {
    const { db } = await createTestDatabase('pglite');
    app = await startApp({ database: db });
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    const http = new HttpLink({ uri: `${app.url}/graphql`, headers: { authorization } });
    const socket = new GraphQLWsLink(
      createClient({
        url: `${app.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
      }),
    );
    client = new ApolloClient({
      link: ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        socket,
        http,
      ),
      cache: new InMemoryCache({ possibleTypes: { TaskEvent: ['TaskSnapshot', 'TaskTransitioned'] } }),
    });
    await defineJob(app.url);
  });
  afterAll(async () => {
    client.stop();
    await app.stop();
  });

  it('runs a query, a mutation and a subscription', async () => {
    const { data: viewer } = await client.query<{ viewer: object }>({ query: gql(VIEWER) });
    expect(viewer?.viewer).toMatchObject({ id: 'admin', role: 'ADMIN' });

    const { data } = await client.mutate<{ submitTask: { task: { id: string } } }>({ mutation: gql(SUBMIT) });
    const taskId = data?.submitTask.task.id as string;

    const seen: string[] = [];
    await new Promise<void>((complete, error) => {
      client
        .subscribe<{ taskEvents: { __typename: string; task: { status: string } } }>({
          query: gql(EVENTS),
          variables: { taskId },
        })
        .subscribe({
          next({ data }) {
            if (data?.taskEvents.__typename === 'TaskSnapshot') void finish(app.url);
            seen.push(data?.taskEvents.task.status ?? 'nothing');
          },
          complete,
          error,
        });
    });
    expect(seen).toEqual(['PENDING', 'CLAIMED', 'RUNNING', 'COMPLETED']);
  });
});
