/** The short way of messages on a socket and the long way through the library: one answer, whatever is asked. */

import type { Context } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKnownMessage } from '../../../src/server/websocket/known-message.ts';
import { type Api, startApi } from '../../support/api.ts';
import { OPERATIONS } from '../graphql/compared-operations.ts';
import { type Message, openSocket, type TestSocket } from '../socket.ts';

const PAYLOADS: typeof OPERATIONS = {
  ...OPERATIONS,
  'a query with nothing beside it': { query: '{ viewer { role } }', variables: null, operationName: null },
};

let api: Api;
beforeAll(async () => {
  api = await startApi('pglite');
});
afterAll(() => api?.close());

/** All that comes until the operation has ended. */
async function ask(socket: TestSocket, payload: object): Promise<Message[]> {
  socket.send({ type: 'subscribe', id: '"1"', payload });
  const messages = [await socket.next()];
  while (messages.at(-1)?.type === 'next') messages.push(await socket.next());
  return messages;
}

it.each(Object.keys(PAYLOADS))('%s is answered as by the long way', async (what) => {
  const socket = await openSocket(api.url, api.admin.token);
  const payload = PAYLOADS[what] as { query: string };
  // A document that nobody has asked for goes the long way; then it is known.
  const first = await ask(socket, { ...payload, query: `${payload.query} # ${what}` });
  expect(await ask(socket, { ...payload, query: `${payload.query} # ${what}` })).toEqual(first);
  socket.close();
});

describe('an operation that is under way by the short way', () => {
  interface Fake {
    sent: string[];
    answer(): void;
    subscriptions: Record<string, null>;
    send(id: string): Promise<void> | undefined;
  }

  function open(): Fake {
    const sent: string[] = [];
    const subscriptions: Record<string, null> = {};
    let answer = () => {};
    const writer = { send: (text: string) => sent.push(text) };
    const plain = createKnownMessage(
      () =>
        new Promise((resolve) => {
          answer = () => resolve({ data: { n: 1 } });
        }),
      { meter: () => undefined },
    );
    const socket = {
      viewer: api.admin,
      writer,
      ids: { size: 0, nameOf: (id: string) => id },
      leaving: new Map(),
      protocol: { acknowledged: true, subscriptions } as unknown as Context,
    };
    return {
      sent,
      answer: () => answer(),
      subscriptions,
      send: (id) => plain(socket as never, { type: 'subscribe', id, payload: { query: '{ n }' } }),
    };
  }

  it('is answered with its result and its end, and then its id is free', async () => {
    const { sent, answer, subscriptions, send } = open();
    const answered = send('a"');
    expect(subscriptions).toEqual({ 'a"': null });
    answer();
    await answered;
    expect(sent.map((text) => JSON.parse(text))).toEqual([
      { id: 'a"', type: 'next', payload: { data: { n: 1 } } },
      { id: 'a"', type: 'complete' },
    ]);
    expect(subscriptions).toEqual({});
  });

  it('is not answered any more once it was let go', async () => {
    const { sent, answer, subscriptions, send } = open();
    const answered = send('1');
    delete subscriptions['1'];
    answer();
    await answered;
    expect(sent).toEqual([]);
  });

  it('counts among those that a socket may have', () => {
    const { send } = open();
    for (let n = 0; n < 50; n++) expect(send(String(n))).toBeDefined();
    expect(send('more')).toBeUndefined();
  });
});
