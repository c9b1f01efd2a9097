/** The graphql-transport-ws protocol as clients may speak it, rightly and wrongly. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { connectSocket, type Message, openSocket, SUBPROTOCOL } from '../socket.ts';
import { dial, exchange, parseAnswer, readToEnd } from '../wire.ts';

let app: TestApp;
const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` };
const INIT = { type: 'connection_init', payload: AUTHORIZATION };
const VIEWER = { query: '{ viewer { id } }' };
const WATCH = { query: 'subscription { roomEvents(room: "a") { __typename } }' };

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(async () => {
  await app.stop();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

/** The server still answers. */
async function expectService(): Promise<void> {
  const socket = await openSocket(app.url, ADMIN_TOKEN);
  socket.send({ type: 'subscribe', id: '1', payload: VIEWER });
  expect(await socket.next()).toMatchObject({ payload: { data: { viewer: { id: '@admin' } } } });
  socket.close();
}

const UPGRADE = [
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

describe('a socket', () => {
  it('runs queries, mutations and subscriptions, many at the same time, each answered under its id', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send({ type: 'subscribe', id: 'watch', payload: WATCH });
    const register =
      'mutation R($name: String!) { registerWorker(input: { name: $name }) { ... on RegisterWorkerSuccess { worker { name } } } }';
    const ids = Array.from({ length: 40 }, (_, index) => `operation-${index}`);
    for (const id of ids) {
      const payload = id.endsWith('0') ? { query: register, variables: { name: id } } : VIEWER;
      socket.send({ type: 'subscribe', id, payload });
    }
    const messages: Message[] = [];
    while (messages.length < 2 * ids.length) messages.push(await socket.next());
    for (const id of ids) {
      const data = id.endsWith('0')
        ? { registerWorker: { worker: { name: id } } }
        : { viewer: { id: '@admin' } };
      expect(messages.filter((message) => message.id === id)).toEqual([
        { id, type: 'next', payload: { data } },
        { id, type: 'complete' },
      ]);
    }
    socket.close();
  });

  it('goes on after a refused operation, whose id is free again', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    for (const query of [
      '{ viewer { secret } }',
      '{ viewer',
      'query A($n: Int!) { tasks(first: $n) { nodes { id } } }',
    ]) {
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      const refusal = await socket.next();
      // Before it began, or as its only result.
      const errors = refusal.type === 'error' ? refusal.payload : refusal.payload.errors;
      expect(errors).toMatchObject([{ message: expect.any(String) }]);
      if (refusal.type === 'next') expect(await socket.next()).toEqual({ type: 'complete', id: '1' });
    }
    socket.send({ type: 'subscribe', id: '1', payload: VIEWER });
    expect(await socket.next()).toMatchObject({ type: 'next', id: '1', payload: { data: { viewer: {} } } });
    socket.close();
  });

  it('takes pings and pongs, with and without a payload, before and after signing in', async () => {
    const socket = await connectSocket(app.url);
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { n: 1 } });
    socket.send({ type: 'pong' });
    socket.send(INIT);
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.close();
  });

  it('does not mind the end of an operation that it does not know', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send({ type: 'complete', id: 'unknown' });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.close();
  });

  it('takes text that comes as bytes', async () => {
    const socket = await connectSocket(app.url);
    socket.send(Buffer.from(JSON.stringify(INIT)));
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.close();
  });
});

describe('a socket that speaks wrongly is closed, and the server goes on:', () => {
  const subscribe = (payload: unknown) => ({ type: 'subscribe', id: '1', payload });

  it.each([
    ['no JSON', 'nonsense', 4400],
    ['an empty message', '', 4400],
    ['JSON that is no object', '[]', 4400],
    ['null', 'null', 4400],
    ['no type', {}, 4400],
    ['an unknown type', { type: 'start', id: '1', payload: VIEWER }, 4400],
    ['a type of the server', { type: 'next', id: '1', payload: {} }, 4400],
    ['an acknowledgement', { type: 'connection_ack' }, 4400],
    ['an operation without an id', { type: 'subscribe', payload: VIEWER }, 4400],
    ['an operation with an empty id', { type: 'subscribe', id: '', payload: VIEWER }, 4400],
    ['an operation whose id is a number', { type: 'subscribe', id: 1, payload: VIEWER }, 4400],
    ['an operation without a payload', { type: 'subscribe', id: '1' }, 4400],
    ['an operation without a query', subscribe({}), 4400],
    ['a query that is no text', subscribe({ query: 1 }), 4400],
    ['variables that are text', subscribe({ ...VIEWER, variables: '{}' }), 4400],
    ['variables that are a list', subscribe({ ...VIEWER, variables: [] }), 4400],
    ['an operation name that is a number', subscribe({ ...VIEWER, operationName: 1 }), 4400],
    ['an end without an id', { type: 'complete' }, 4400],
    ['a second connection_init', INIT, 4429],
  ])('%s', async (_what, message, code) => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send(message as object | string);
    expect(await socket.closed).toMatchObject({ code });
    await expectService();
  });

  it('an id that is in use', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
  });

  it('an operation before signing in', async () => {
    const socket = await connectSocket(app.url);
    socket.send({ type: 'subscribe', id: '1', payload: VIEWER });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('an operation while signing in', async () => {
    const socket = await connectSocket(app.url);
    socket.send(INIT);
    socket.send({ type: 'subscribe', id: '1', payload: VIEWER });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('nothing at all', async () => {
    const socket = await connectSocket(app.url);
    expect(await socket.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('text that is no UTF-8', async () => {
    const socket = await openSocket(app.url, ADMIN_TOKEN);
    socket.raw.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect(await socket.closed).toMatchObject({ code: 1007 });
    await expectService();
  });

  it('frames that are none', async () => {
    const wire = await dial(app.url);
    const answer = readToEnd(wire);
    const head = ['GET /graphql HTTP/1.1', ...UPGRADE, `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`];
    wire.write(`${head.join('\r\n')}\r\n\r\n`);
    // Reserved bits, an unknown opcode, no mask.
    wire.write(Buffer.from([0xff, 0x00, 0xff, 0xff, 0xff]));
    expect(parseAnswer(await answer).status).toBe(101);
    await expectService();
  });
});

describe('an upgrade', () => {
  it.each([
    ['no subprotocol', []],
    ['only the old subprotocol', ['graphql-ws']],
  ])('with %s is closed with 4406', async (_what, protocols) => {
    const wire = await dial(app.url);
    const answer = readToEnd(wire);
    // Answered like this the server need not wait for the other half of the goodbye.
    wire.on('data', (chunk) => {
      if (String(chunk).endsWith('Subprotocol not acceptable')) wire.end();
    });
    const offer = protocols.map((protocol) => `Sec-WebSocket-Protocol: ${protocol}`);
    wire.write(`${['GET /graphql HTTP/1.1', ...UPGRADE, ...offer].join('\r\n')}\r\n\r\n`);
    const text = await answer;
    expect(text).toContain('101 Switching Protocols');
    expect(text).not.toMatch(/sec-websocket-protocol/i);
    // 4406 is 0x1136; its second byte and the reason are plain in the close frame.
    expect(text).toMatch(/6Subprotocol not acceptable$/);
  });

  it('takes the subprotocol from among others', async () => {
    const socket = await connectSocket(app.url, { protocols: ['graphql-ws', SUBPROTOCOL] });
    expect(socket.raw.protocol).toBe(SUBPROTOCOL);
    socket.close();
  });

  it.each([
    ['/elsewhere', 404],
    ['/', 404],
    ['//', 400],
    ['//graphql', 404],
    ['http://[/graphql', 400],
  ])('of %s is answered with %i', async (path, status) => {
    expect(parseAnswer(await exchange(app.url, [`GET ${path} HTTP/1.1`, ...UPGRADE])).status).toBe(status);
    await expectService();
  });

  it('without a key is answered with 400', async () => {
    const head = ['GET /graphql HTTP/1.1', ...UPGRADE.filter((line) => !line.includes('Key'))];
    expect(parseAnswer(await exchange(app.url, head)).status).toBe(400);
  });

  it('with a Host that is none is answered with 400', async () => {
    const head = ['GET /graphql HTTP/1.1', ...UPGRADE.map((line) => (line === 'Host: x' ? 'Host: [' : line))];
    expect(parseAnswer(await exchange(app.url, head)).status).toBe(400);
  });

  it.each(['/elsewhere', '/graphql'])('of %s that is reset at once does no harm', async (path) => {
    for (let time = 0; time < 5; time++) {
      const wire = await dial(app.url);
      wire.write(`${[`GET ${path} HTTP/1.1`, ...UPGRADE].join('\r\n')}\r\n\r\n`);
      wire.resetAndDestroy();
    }
    await expectService();
  });
});
