/** urql: queries and mutations over HTTP, subscriptions over graphql-ws; and all of it over one socket. */
import { Client, fetchExchange, type OperationResult, subscriptionExchange } from '@urql/core';
import { createClient, type Client as Socket, type SubscribePayload } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AUTHORIZATION, INPUT, JOBS, SEEN, SUBMIT, useApiFixture, WATCH } from './api-fixture.ts';

const fixture = useApiFixture();
let socket: Socket;

beforeEach(() => {
  socket = createClient({
    url: fixture.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: AUTHORIZATION },
  });
});

afterEach(() => socket.dispose());

describe.each([
  ['with HTTP beside its socket', false],
  ['with a socket alone', true],
])('urql %s', (_name, enableAllOperations) => {
  let client: Client;

  beforeEach(() => {
    const overSocket = subscriptionExchange({
      enableAllOperations,
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe(request as SubscribePayload, sink as never),
        }),
      }),
    });
    client = new Client({
      url: fixture.graphqlUrl,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization: AUTHORIZATION } },
      exchanges: enableAllOperations ? [overSocket] : [overSocket, fetchExchange],
    });
  });

  it('runs a query', async () => {
    const { data, error } = await client.query(JOBS, { room: INPUT.room }).toPromise();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ jobs: { nodes: [{ fullName: INPUT.job }] } });
  });

  it('runs a mutation, and watches its task to the end', async () => {
    const { data } = await client.mutation(SUBMIT, { input: INPUT }).toPromise();
    expect(data.submitTask).toMatchObject({ __typename: 'SubmitTaskSuccess' });
    const taskId = data.submitTask.task.id;

    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const { unsubscribe } = client
        .subscription(WATCH, { id: taskId })
        .subscribe(({ data, error }: OperationResult) => {
          if (error) return reject(error);
          const { __typename, task } = data.taskEvents;
          seen.push(`${__typename} ${task.status}`);
          if (__typename === 'TaskSnapshot') fixture.work().catch(reject);
          if (seen.length < SEEN.length) return;
          unsubscribe();
          resolve();
        });
    });
    expect(seen).toEqual(SEEN);
  });

  it('gets a problem as data', async () => {
    const input = { ...INPUT, job: 'clients:general:unknown' };
    const { data } = await client.mutation(SUBMIT, { input }).toPromise();
    expect(data.submitTask).toMatchObject({ __typename: 'JobNotFound' });
  });

  it('gets a refusal as an error', async () => {
    const { error } = await client.query('query { jobs(room: "a:b") { nodes { id } } }', {}).toPromise();
    expect(error?.graphQLErrors).toMatchObject([{ extensions: { code: 'INVALID_ROOM_ID' } }]);
  });
});

describe('urql with HTTP alone', () => {
  it('queries by GET, and subscribes over SSE', async () => {
    const client = new Client({
      url: fixture.graphqlUrl,
      preferGetMethod: 'force',
      fetchSubscriptions: true,
      fetchOptions: { headers: { authorization: AUTHORIZATION } },
      exchanges: [fetchExchange],
    });
    const { data } = await client.query(JOBS, { room: INPUT.room }).toPromise();
    expect(data).toMatchObject({ jobs: { nodes: [{ fullName: INPUT.job }] } });

    const { task } = await fixture.admin.submit(INPUT);
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscription(WATCH, { id: task.id }).subscribe(({ data, error }: OperationResult) => {
        if (error) return reject(error);
        const { __typename, task: now } = data.taskEvents;
        seen.push(`${__typename} ${now.status}`);
        if (__typename === 'TaskSnapshot') fixture.work().catch(reject);
        if (seen.length === SEEN.length) resolve();
      });
    });
    expect(seen).toEqual(SEEN);
  });
});
