/** Nothing is served to the anonymous but health and a page that holds no data. */
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { connectSocket } from '../socket.ts';
import { post } from '../transports.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(() => app.stop());

const REFUSAL = {
  errors: [{ message: 'Send a token: Authorization: Bearer ….', extensions: { code: 'UNAUTHENTICATED' } }],
};

const OPERATIONS = [
  '{ viewer { id } }',
  '{ __typename }',
  getIntrospectionQuery(),
  'mutation { registerWorker(input: { name: "w" }) { __typename } }',
  'subscription { roomEvents(room: "a") { __typename } }',
  'nonsense',
];

describe('without a token', () => {
  it.each(OPERATIONS)('%s is refused, whatever the answer is to be', async (query) => {
    for (const accept of ['application/json', 'text/event-stream', 'multipart/mixed', 'text/html', '*/*']) {
      const { status, body } = await post(app.url, null, { query }, { accept });
      expect({ status, body }).toEqual({ status: 401, body: REFUSAL });
    }
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s of /graphql is refused, to a page of another origin before anything else',
    async (method) => {
      const elsewhere = await fetch(`${app.url}/graphql?query={__typename}`, {
        method,
        headers: { origin: 'http://elsewhere' },
      });
      expect(elsewhere.status).toBe(403);
      expect([...elsewhere.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      await elsewhere.text();
      const response = await fetch(`${app.url}/graphql?query={__typename}`, {
        method,
        headers: { accept: 'text/html' },
      });
      expect(response.status).toBe(401);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      const text = await response.text();
      if (method !== 'HEAD') expect(JSON.parse(text)).toEqual(REFUSAL);
    },
  );

  it.each(OPERATIONS)(
    '%s is refused over WebSocket, before and after a refused connection_init',
    async (query) => {
      const operation = { type: 'subscribe', id: '1', payload: { query } };
      const silent = await connectSocket(app.url);
      silent.send(operation);
      expect((await silent.closed).code).toBe(4401);
      await expect(silent.next()).rejects.toThrow('4401');

      const refused = await connectSocket(app.url);
      refused.send({ type: 'connection_init' });
      refused.send(operation);
      expect((await refused.closed).code).toBe(4401);
      await expect(refused.next()).rejects.toThrow('4401');
    },
  );

  it('/metrics is refused', async () => {
    const response = await fetch(`${app.url}/metrics`);
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('signalbox_');
  });

  it.each(['/.env', '/.signalbox', '/graphiql', '/index.html'])('there is no %s', async (path) => {
    const response = await fetch(`${app.url}${path}`);
    expect(response.status).toBe(404);
    await response.text();
  });
});
