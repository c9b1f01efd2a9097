/** Requests that are wrong in their form: each gets a clear answer, none a 500, and the server goes on. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { post } from '../transports.ts';
import { exchange, parseAnswer } from '../wire.ts';

let app: TestApp;
const AUTHORIZED = `Authorization: Bearer ${ADMIN_TOKEN}`;
// With it, what is no valid request has its own status; application/json stays at 200 for old clients.
const STRICT = { accept: 'application/graphql-response+json' };

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(async () => {
  const { body } = await post(app.url, ADMIN_TOKEN, { query: '{ viewer { id } tasks { nodes { id } } }' });
  expect(body).toEqual({ data: { viewer: { id: '@admin' }, tasks: { nodes: [] } } });
  await app.stop();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

function get(parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/graphql?${new URLSearchParams(parameters)}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
  });
}

describe('a body', () => {
  it.each([
    ['that is no JSON', '{"query": ', /invalid JSON/],
    ['that is empty', '', /invalid JSON|Must provide query/],
    ['that is null', 'null', /expected to be object/],
    ['that is a number', '42', /expected to be object/],
    ['that is text', '"{ viewer { id } }"', /expected to be object/],
    ['without a query', '{}', /Must provide query string/],
    ['whose query is no text', '{"query": {"viewer": true}}', /Expected "query" param to be a string/],
    ['whose variables are a list', '{"query": "{ viewer { id } }", "variables": []}', /"variables" param/],
    ['whose variables are text', '{"query": "{ viewer { id } }", "variables": "{}"}', /"variables" param/],
    ['whose operation name is a number', '{"query": "{ viewer { id } }", "operationName": 5}', /operation/],
    [
      'with an unknown member',
      '{"query": "{ viewer { id } }", "cookie": "x"}',
      /Unexpected parameter "cookie"/,
    ],
    ['that asks for several operations', '[{"query": "{ viewer { id } }"}]', /Batching is not supported/],
    ['that asks for none', '[]', /Batching is not supported/],
  ])('%s is refused with 400', async (_what, text, message) => {
    const { status, body } = await post(app.url, ADMIN_TOKEN, text, STRICT);
    expect(body.errors?.[0]?.message).toMatch(message);
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
  });

  it.each([
    ['text/plain', '{"query":"{ viewer { id } }"}'],
    ['application/octet-stream', '{"query":"{ viewer { id } }"}'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--\r\n',
    ],
    ['multipart/form-data', 'nonsense'],
    ['application/x-www-form-urlencoded', 'variables=%7B&query=%7Bviewer%7Bid%7D%7D'],
    ['application/json; charset=klingon', '{'],
    ['nonsense', '{"query":"{ viewer { id } }"}'],
  ])('of type %s is refused', async (type, text) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${ADMIN_TOKEN}` },
      body: text,
    });
    expect([400, 415]).toContain(response.status);
    await response.text();
  });

  it('that is compressed is refused', async () => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        authorization: `Bearer ${ADMIN_TOKEN}`,
      },
      body: gzipSync('{"query":"{ viewer { id } }"}'),
    });
    expect([400, 415]).toContain(response.status);
  });
});

describe('a GET', () => {
  it('answers queries', async () => {
    const variables = JSON.stringify({ first: 1 });
    const query = 'query Tasks($first: Int) { tasks(first: $first) { nodes { id } } }';
    const response = await get({ query, variables, operationName: 'Tasks' });
    expect(await response.json()).toEqual({ data: { tasks: { nodes: [] } } });
  });

  it('never runs a mutation', async () => {
    const query = 'mutation { registerWorker(input: { name: "by GET" }) { __typename } }';
    const response = await get({ query });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ errors: [{ message: /from a POST request/ }] });
    const named = await get({
      query: `query A { viewer { id } } ${query.replace('n {', 'n B {')}`,
      operationName: 'B',
    });
    expect(named.status).toBe(405);
    const streamed = await get({ query }, { accept: 'text/event-stream' });
    expect(await streamed.text()).toMatch(/from a POST request/);
  });

  it.each([
    ['without a query', {}],
    ['with variables that are no JSON', { query: '{ viewer { id } }', variables: '{first' }],
    ['with variables that are a number', { query: '{ viewer { id } }', variables: '1' }],
    ['with extensions that are no JSON', { query: '{ viewer { id } }', extensions: '{' }],
  ])('%s is refused with 400', async (_what, parameters) => {
    const response = await get(parameters as Record<string, string>, STRICT);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
  });
});

describe('a method', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s is not answered with data', async (method) => {
    const response = await fetch(`${app.url}/graphql?query={viewer{id}}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).not.toContain('"data"');
  });
});

describe('a path', () => {
  it.each([
    '/graphq',
    '/graphql/',
    '/GRAPHQL',
    '/health',
    '/health/live/',
    '/metrics/',
    '/favicon.ico',
    '/..%2f',
  ])('%s is not there', async (path) => {
    const response = await fetch(`${app.url}${path}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      errors: [
        {
          message:
            'There is nothing here. The API is at /graphql, its explorer at /explorer; /problems explains errors.',
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    });
  });

  it.each([
    ['//', 400],
    ['//graphql', 404],
    ['http://elsewhere/graphql', 404],
    ['/graphql?query=%zz%', 200],
    ['/%', 404],
  ])('%s, as no client library would send it, is answered with %i', async (path, status) => {
    const text = await exchange(app.url, [
      `GET ${path} HTTP/1.1`,
      'Host: x',
      AUTHORIZED,
      'Connection: close',
    ]);
    expect(parseAnswer(text).status).toBe(status);
  });
});

describe('a header', () => {
  it.each(['[', 'a b', '%', 'x:99999', '@', ''])('Host: %s does no harm', async (host) => {
    const path = '/graphql?query={viewer{id}}';
    const text = await exchange(app.url, [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}`,
      AUTHORIZED,
      'Connection: close',
    ]);
    expect(parseAnswer(text).status).toBeLessThan(500);
  });

  it.each(['text/html', 'image/png', 'nonsense', 'multipart/mixed', '*/*;q=nonsense', ','])(
    'Accept: %s does no harm',
    async (accept) => {
      const { status } = await get({ query: '{ viewer { id } }' }, { accept });
      expect(status).toBeLessThan(500);
    },
  );

  it('that is malformed is refused', async () => {
    const text = await exchange(app.url, ['GET / HTTP/1.1', 'Host: x', 'Content-Length: many']);
    expect(parseAnswer(text).status).toBe(400);
  });

  it('that is too large is refused', async () => {
    const text = await exchange(app.url, [
      'GET / HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${'x'.repeat(20_000)}`,
    ]);
    expect(parseAnswer(text).status).toBe(431);
  });
});
