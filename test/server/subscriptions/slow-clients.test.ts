/** Clients that take their time, and clients that come in crowds: they are let go of, and nobody else notices. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openSocket } from '../socket.ts';
import { post } from '../transports.ts';
import { dial, parseAnswer, readToEnd } from '../wire.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({
    database: (await createTestDatabase('pglite')).db,
    timeouts: { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 },
    maxConnections: 8,
  });
});
afterAll(() => app.stop());

const HEAD = [
  'POST /graphql HTTP/1.1',
  'Host: x',
  `Authorization: Bearer ${ADMIN_TOKEN}`,
  'Content-Type: application/json',
];

it.each([
  ['that says nothing', ''],
  ['that stops in the first line', 'GET /graph'],
  ['that stops in the headers', HEAD.join('\r\n')],
  ['that stops before the body', `${HEAD.join('\r\n')}\r\nContent-Length: 9\r\n\r\n`],
  ['that stops in the body', `${HEAD.join('\r\n')}\r\nContent-Length: 9\r\n\r\n{"q`],
])('a client %s is closed with 408', async (_how, text) => {
  const socket = await dial(app.url);
  const answer = readToEnd(socket);
  if (text !== '') socket.write(text);
  expect(parseAnswer(await answer).status).toBe(408);
});

it('a client that drips header by header is closed all the same', async () => {
  const socket = await dial(app.url);
  const answer = readToEnd(socket);
  socket.write(HEAD.join('\r\n'));
  let dripped = 0;
  const drip = setInterval(() => socket.write(`\r\nX-Drip-${++dripped}: 1`), 20);
  expect(parseAnswer(await answer).status).toBe(408);
  clearInterval(drip);
  expect(dripped).toBeGreaterThan(0);
});

it('a socket that has signed in is not taken for slow', async () => {
  const socket = await openSocket(app.url, ADMIN_TOKEN);
  const slow = await dial(app.url);
  const given = readToEnd(slow);
  // By when the silent client has been given up, the socket has outlived all the times.
  await given;
  socket.send({ type: 'ping' });
  expect(await socket.next()).toEqual({ type: 'pong' });
  socket.close();
  await socket.closed;
});

it('takes as many connections as it may, and again when some have gone', async () => {
  const { hostname, port } = new URL(app.url);
  const sockets = await Promise.all(Array.from({ length: 7 }, () => openSocket(app.url, ADMIN_TOKEN)));
  const held = connect(Number(port), hostname);
  await once(held, 'connect');
  const refused = connect(Number(port), hostname);
  refused.on('error', () => {});
  await once(refused, 'close');
  expect(refused.bytesRead).toBe(0);
  held.destroy();
  for (const socket of sockets) socket.close();
  await Promise.all(sockets.map(({ closed }) => closed));
  await expect
    .poll(() =>
      post(app.url, ADMIN_TOKEN, { query: '{ viewer { id } }' }).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});
