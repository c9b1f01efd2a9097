/** A connection lives no longer than the token that opened it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, tokenFor } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { connectSocket, openSocket } from '../socket.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(async () => {
  await app.stop();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

const WATCH = { query: 'subscription { roomEvents(room: "a") { __typename } }' };

/** A token that ends two to three seconds from now, and when it does. */
async function shortToken(): Promise<{ token: string; endsAt: number }> {
  const endsAt = (Math.floor(Date.now() / 1_000) + 3) * 1_000;
  return { token: await tokenFor('mo', 'MEMBER', ['a'], new Date(endsAt)), endsAt };
}

describe('when the token of a connection ends', () => {
  it('its socket is closed with 4403, at that time', async () => {
    const { token, endsAt } = await shortToken();
    const socket = await openSocket(app.url, token);
    socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'The token has expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
  });

  it.each(['text/event-stream', '*/*'])('its stream is cut, whatever it accepts: %s', async (accept) => {
    const { token, endsAt } = await shortToken();
    const events = await openEvents(app.url, token, WATCH, { accept });
    expect(events.headers.get('content-type')).toBe('text/event-stream');
    // Cut, and not ended: a client takes it for a lost connection, and comes again with a new token.
    await expect(events.next()).rejects.toThrow('terminated');
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
  });

  it('connections of tokens that live on are left alone', async () => {
    const { token } = await shortToken();
    const [short, long] = [
      await openSocket(app.url, token),
      await openSocket(app.url, await tokenFor('mo', 'MEMBER', ['a'], '400d')),
    ];
    await short.closed;
    long.send({ type: 'ping' });
    expect(await long.next()).toEqual({ type: 'pong' });
    long.close();
  });

  it('while it signs in, it is refused', async () => {
    const socket = await connectSocket(app.url);
    const token = await tokenFor('mo', 'MEMBER', ['a'], new Date(Date.now() - 1_000));
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect((await socket.closed).code).toBe(4403);
  });
});
