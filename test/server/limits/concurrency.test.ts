/** Sockets, and requests with their streams, that one caller may have at a time; sockets of one address. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, request, startApp, type TestApp, tokenFor } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { connectSocket, openSocket } from '../socket.ts';

let app: TestApp;
beforeAll(async () => {
  const { db } = await createTestDatabase('pglite');
  app = await startApp({ database: db, socketsPerCaller: 2, socketsPerAddress: 4 });
});
afterAll(() => app.stop());

it('a caller may have so many sockets, another one more from the same address, and each again when one is closed', async () => {
  const mia = await tokenFor('mia', 'MEMBER', ['a']);
  const [first, second] = [await openSocket(app.url, mia), await openSocket(app.url, mia)];
  const third = await connectSocket(app.url);
  third.send({ type: 'connection_init', payload: { authorization: `Bearer ${mia}` } });
  expect(await third.closed).toEqual({ code: 1013, reason: expect.stringMatching(/2 sockets/) });
  const others = [await openSocket(app.url, ADMIN_TOKEN), await openSocket(app.url, ADMIN_TOKEN)];
  await expect(connectSocket(app.url)).rejects.toThrow('429');
  first.close();
  await first.closed;
  await expect
    .poll(() =>
      openSocket(app.url, mia)
        .then((socket) => socket.close())
        .then(
          () => true,
          () => false,
        ),
    )
    .toBe(true);
  for (const socket of [second, ...others]) socket.close();
});

it('a caller may have as many requests and event streams, another one more, and each again when one has ended', async () => {
  const ida = await tokenFor('ida', 'MEMBER', ['a']);
  const watch = { query: 'subscription { roomEvents(room: "a") { __typename } }' };
  const [first] = [await openEvents(app.url, ida, watch), await openEvents(app.url, ida, watch)];
  const ask = (token: string) => request(app.url, token, '{ __typename }');
  const refused = await ask(ida);
  expect(refused.status).toBe(429);
  expect(refused.errors).toEqual([
    {
      message: 'A caller may have 2 requests and event streams open at a time: end one.',
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 },
    },
  ]);
  expect(await ask(ADMIN_TOKEN)).toMatchObject({ status: 200 });
  await openSocket(app.url, ida).then((socket) => socket.close());
  first.close();
  await expect.poll(async () => (await ask(ida)).status).toBe(200);
});
