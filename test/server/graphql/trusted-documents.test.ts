/** A server that was given a list of documents takes these, by their text and by their id, and nothing else. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as client from '../../../src/client/documents.ts';
import { createClient } from '../../../src/client/index.ts';
import * as worker from '../../../src/client/worker/documents.ts';
import { createWorker } from '../../../src/client/worker/index.ts';
import { readTrustedDocuments } from '../../../src/server/graphql/trusted-documents.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { openSocket } from '../socket.ts';
import { type Answer, ask, codeOf, post, TRANSPORTS, type TransportName } from '../transports.ts';

const SDK = fileURLToPath(new URL('../../../sdk-documents.json', import.meta.url));
const WHO = 'query Who { viewer { ...Parts } } fragment Parts on Viewer { id role }';
const WATCH = 'subscription Watch($room: String!) { roomEvents(room: $room) { __typename } }';
const directory = mkdtempSync(join(tmpdir(), 'documents-'));

let files = 0;
function write(content: unknown): string {
  const path = join(directory, `${++files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

let app: TestApp;
beforeAll(async () => {
  const generated = write({ who: WHO });
  const operations = [{ id: 'watch', name: 'Watch', type: 'subscription', body: WATCH }];
  const apollo = write({ format: 'apollo-persisted-query-manifest', version: 1, operations });
  app = await startApp({
    database: (await createTestDatabase('pglite')).db,
    trustedDocuments: [generated, apollo, SDK],
  });
});
afterAll(() => app.stop());

/** The first answer to a request with whatever members. */
async function send(transport: TransportName, payload: object): Promise<Answer> {
  if (transport === 'HTTP') return (await post(app.url, ADMIN_TOKEN, payload)).body;
  if (transport === 'SSE') {
    const events = await openEvents(app.url, ADMIN_TOKEN, payload as never);
    const first = await events.next();
    events.close();
    return first?.data;
  }
  const socket = await openSocket(app.url, ADMIN_TOKEN);
  // The protocol wants a query, be it empty.
  socket.send({ type: 'subscribe', id: '1', payload: { query: '', ...payload } });
  const message = await socket.next();
  socket.close();
  return message.type === 'error' ? { errors: message.payload } : message.payload;
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each([
    ['its text', { query: WHO }],
    [
      'its text, written otherwise',
      { query: `# me\n${WHO.split('} fragment').reverse().join('').replace(/^/, 'fragment')} }` },
    ],
    ['its id', { documentId: 'who' }],
    ['its id, as Apollo sends it', { extensions: { persistedQuery: { version: 1, sha256Hash: 'who' } } }],
  ])('a document of the list is taken by %s', async (_how, payload) => {
    expect(await send(transport, payload)).toEqual({ data: { viewer: { id: '@admin', role: 'ADMIN' } } });
  });

  it.each([
    ['another document', { query: '{ viewer { id } }' }],
    ['a document of the list with one field more', { query: WHO.replace('role', 'role rooms') }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['an unknown id', { documentId: 'whom' }],
    ['an id that is none', { documentId: { a: 1 } }],
    ['an id that has no text', { documentId: { toString: 1 } }],
    ['an id in a list', { documentId: ['who'] }],
    ['the hash of nothing', { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }],
    ['a foreign text under an id of the list', { query: '{ viewer { id } }', documentId: 'who' }],
  ])('%s is refused', async (_what, payload) => {
    const answer = await send(transport, payload);
    expect(codeOf(answer)).toBe('DOCUMENT_NOT_TRUSTED');
    expect(answer.data ?? null).toBeNull();
  });

  it('everything that the SDK sends is taken', async () => {
    const texts = Object.values({ ...client, ...worker }).map(String);
    expect(texts.length).toBeGreaterThan(15);
    for (const query of texts.filter((text) => !text.trimStart().startsWith('subscription'))) {
      const { errors } = await ask(transport, app.url, ADMIN_TOKEN, { query });
      // The variables are missing, which is told only of what is taken.
      for (const { extensions } of errors ?? [])
        expect(extensions?.['code']).not.toBe('DOCUMENT_NOT_TRUSTED');
    }
  });
});

it('a GET takes the id, and streams begin by it', async () => {
  const extensions = JSON.stringify({ persistedQuery: { sha256Hash: 'who' } });
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const got = await fetch(`${app.url}/graphql?${new URLSearchParams({ extensions })}`, { headers });
  expect(await got.json()).toEqual({ data: { viewer: { id: '@admin', role: 'ADMIN' } } });
  const variables = { room: 'demo' };
  const events = await openEvents(app.url, ADMIN_TOKEN, { documentId: 'watch', variables } as never);
  expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
  events.close();
});

it('workers and clients of the SDK go on as ever', async () => {
  const options = { url: app.url, token: ADMIN_TOKEN };
  const doubling = createWorker({
    ...options,
    name: 'w',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const handler = async ({ payload }: { payload: number }) => payload * 2;
  doubling.job({ category: 'general', name: 'double', payload: z.number(), handler });
  await doubling.start();
  const caller = createClient(options);
  const task = await caller.submit({ room: 'demo', job: '@global:general:double', payload: 21 });
  expect(await task.result()).toBe(42);
  await caller.close();
  await doubling.stop();
});

it('the explorer, which could ask nothing, is not there', async () => {
  expect((await fetch(`${app.url}/explorer`)).status).toBe(404);
});

describe('a list', () => {
  it.each([
    ['that is not there', () => join(directory, 'none.json'), /none.json cannot be read/],
    ['that is no JSON', () => write('{'), /cannot be read/],
    ['that is something else', () => write([WHO]), /is no list of documents/],
    ['with what is no document', () => write({ bad: 'query {' }), /bad in .* could never run: Syntax Error/],
    ['with what is too large', () => write({ big: `{ ${'a: b '.repeat(16)} }` }), /big in .* 16 aliases/],
  ])('%s is refused with a sentence', (_what, path, message) => {
    expect(() => readTrustedDocuments([path()])).toThrow(message);
  });
});
