/** Sockets that one caller, and one address, may have at a time. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp, tokenFor } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { connectSocket, openSocket } from './socket.ts';

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
