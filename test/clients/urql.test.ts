/** urql runs a query, a mutation and a subscription. */
import { type Client, createClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSocket } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { defineJob, EVENTS, finish, SUBMIT, VIEWER } from './operations.ts';

describe('urql', () => {
  let app: TestApp;
  let client: Client;

  beforeAll(async () => {
    const { db } = await createTestDatabase('pglite');
    app = await startApp({ database: db });
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    const socket = createSocket({
      url: `${app.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
    });
    client = createClient({
      url: `${app.url}/graphql`,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization } },
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query, variables }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query: query ?? '', variables: variables as Record<string, unknown> },
                sink as never,
              ),
            }),
          }),
        }),
      ],
    });
    await defineJob(app.url);
  });
  afterAll(() => app.stop());

  it('runs a query, a mutation and a subscription', async () => {
    const viewer = await client.query(VIEWER, {}).toPromise();
    expect(viewer.error).toBeUndefined();
    expect(viewer.data.viewer).toMatchObject({ id: 'admin', role: 'ADMIN' });

    const submitted = await client.mutation(SUBMIT, {}).toPromise();
    expect(submitted.error).toBeUndefined();
    const taskId = submitted.data.submitTask.task.id;

    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscription(EVENTS, { taskId }).subscribe(({ data, error }) => {
        if (error) return reject(error);
        if (data.taskEvents.__typename === 'TaskSnapshot') void finish(app.url);
        seen.push(data.taskEvents.task.status);
        if (data.taskEvents.task.status === 'COMPLETED') resolve();
      });
    });
    expect(seen).toEqual(['PENDING', 'CLAIMED', 'RUNNING', 'COMPLETED']);
  });
});
