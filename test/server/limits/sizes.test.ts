/** How large a request may be: 256 KiB of body, 128 KiB of socket message, 50 operations on one socket. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { openSocket } from '../socket.ts';
import { post } from '../transports.ts';
import { dial, parseAnswer, readToEnd } from '../wire.ts';

const MAX_BODY = 262_144;
const MAX_MESSAGE = 131_072;

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(async () => {
  await app.stop();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

/** A query as a body of exactly so many bytes, not characters. */
function bodyOf(bytes: number): string {
  const body = (padding: string) => JSON.stringify({ query: '{ viewer { id } }', variables: { padding } });
  const free = bytes - Buffer.byteLength(body('ü'));
  return body(`ü${'x'.repeat(free)}`);
}

const TOO_LARGE = {
  errors: [
    {
      message:
        'A request may have 262144 bytes at most. Keep large values in a storage and send where they are; send long lists in parts.',
      extensions: { code: 'PAYLOAD_TOO_LARGE' },
    },
  ],
};

/** Sends a body in pieces without saying how long it will be. */
function sendChunked(body: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${app.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    });
    request.on('error', reject).on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, text });
    });
    for (let at = 0; at < body.length; at += 10_000) request.write(body.slice(at, at + 10_000));
    request.end();
  });
}

describe('a body', () => {
  it('may have 256 KiB', async () => {
    const { status, body } = await post(app.url, ADMIN_TOKEN, bodyOf(MAX_BODY));
    expect({ status, body }).toEqual({ status: 200, body: { data: { viewer: { id: '@admin' } } } });
    expect((await sendChunked(bodyOf(MAX_BODY))).text).toBe('{"data":{"viewer":{"id":"@admin"}}}');
  });

  it('may not have one byte more', async () => {
    const { status, body } = await post(app.url, ADMIN_TOKEN, bodyOf(MAX_BODY + 1));
    expect({ status, body }).toEqual({ status: 413, body: TOO_LARGE });
  });

  it('may not have more when it does not say its length', async () => {
    const { status, text } = await sendChunked(bodyOf(MAX_BODY + 1));
    expect({ status, body: JSON.parse(text) }).toEqual({ status: 413, body: TOO_LARGE });
  });

  it('that is much too large is answered all the same, to clients that send all of it first', async () => {
    const body = bodyOf(4 * MAX_BODY);
    const answers = await Promise.all([
      post(app.url, ADMIN_TOKEN, body),
      sendChunked(body).then(({ status, text }) => ({ status, body: JSON.parse(text) })),
    ]);
    for (const { status, body } of answers)
      expect({ status, body }).toEqual({ status: 413, body: TOO_LARGE });
  });

  it('is refused over SSE as well', async () => {
    const padding = 'x'.repeat(MAX_BODY);
    const events = await openEvents(app.url, ADMIN_TOKEN, {
      query: '{ viewer { id } }',
      variables: { padding },
    });
    expect(events.status).toBe(413);
    expect(await events.next()).toEqual({ event: 'body', data: TOO_LARGE });
  });

  it.each([
    ['with a token', 413, [`Authorization: Bearer ${ADMIN_TOKEN}`, 'Content-Type: application/json']],
    ['of the anonymous', 401, []],
    ['of a wrong type', 415, [`Authorization: Bearer ${ADMIN_TOKEN}`]],
  ])('that does not end, %s, is not read for ever', async (_whose, status, headers) => {
    const socket = await dial(app.url);
    const answer = readToEnd(socket);
    const head = ['POST /graphql HTTP/1.1', 'Host: x', ...headers];
    socket.write(`${[...head, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    let sent = 0;
    const send = () => {
      while (!socket.destroyed) {
        sent += chunk.length;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on('drain', send);
    send();
    expect(parseAnswer(await answer).status).toBe(status);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('whose client leaves before its end is no error', async () => {
    const socket = await dial(app.url);
    const head = ['POST /graphql HTTP/1.1', 'Host: x', `Authorization: Bearer ${ADMIN_TOKEN}`];
    const json = [...head, 'Content-Type: application/json', 'Content-Length: 1000'];
    socket.write(`${json.join('\r\n')}\r\n\r\n{"query":`);
    socket.resetAndDestroy();
    expect((await post(app.url, ADMIN_TOKEN, { query: '{ viewer { id } }' })).status).toBe(200);
  });

  it('of the anonymous is refused without being read', async () => {
    const { status } = await post(app.url, null, bodyOf(MAX_BODY + 1));
    expect(status).toBe(401);
  });
});

describe('a socket message', () => {
  const subscribe = (bytes: number) => {
    const message = (padding: string) =>
      JSON.stringify({
        type: 'subscribe',
        id: '1',
        payload: { query: '{ viewer { id } }', variables: { padding } },
      });
    return message('x'.repeat(bytes - message('').length));
  };

  it('may have 128 KiB', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send(subscribe(MAX_MESSAGE));
    expect(await socket.next()).toMatchObject({
      type: 'next',
      payload: { data: { viewer: { id: '@admin' } } },
    });
    socket.close();
  });

  it('with one byte more closes its socket, and no other', async () => {
    const [socket, other] = await Promise.all([1, 2].map(() => openSocket(app.url, ADMIN_TOKEN)));
    socket?.send(subscribe(MAX_MESSAGE + 1));
    expect(await socket?.closed).toMatchObject({ code: 1009 });
    other?.send({ type: 'ping' });
    expect(await other?.next()).toEqual({ type: 'pong' });
    other?.close();
  });
});

describe('a socket', () => {
  const WATCH = { query: 'subscription { roomEvents(room: "crowded") { __typename } }' };

  it('takes 50 operations at a time; one more is refused, and those under way go on', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    for (let id = 1; id <= 51; id++) socket.send({ type: 'subscribe', id: String(id), payload: WATCH });
    expect(await socket.next()).toEqual({
      type: 'error',
      id: '51',
      payload: [
        {
          message: 'A socket takes 50 operations at a time at most.',
          extensions: { code: 'TOO_MANY_OPERATIONS' },
        },
      ],
    });
    // One is given up, and there is room for another.
    socket.send({ type: 'complete', id: '7' });
    socket.send({ type: 'subscribe', id: '52', payload: { query: '{ viewer { id } }' } });
    expect(await socket.next()).toMatchObject({ type: 'next', id: '52' });
    socket.close();
  });
});
