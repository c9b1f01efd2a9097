import { once } from 'node:events';
import { type AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { loadCorkedWebSocket } from '../../../src/client/connection/corked-websocket.ts';

const prototype = Socket.prototype as unknown as Record<'_write' | '_writev', (...args: unknown[]) => void>;
let server: WebSocketServer;
let port: number;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => server.close());

/** Sends ten messages, half of them a few promises later; how many writes that took, and what arrived. */
async function sendTen(Class: typeof WebSocket) {
  const socket = new Class(`ws://127.0.0.1:${port}`, 'test');
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(socket, 'open')])) as [
    [WebSocket],
    unknown,
  ];
  const arrived: string[] = [];
  const all = new Promise<void>((resolve) => {
    peer.on('message', (data) => {
      if (arrived.push(String(data)) === 10) resolve();
    });
  });
  let writes = 0;
  for (const name of ['_write', '_writev'] as const) {
    const write = prototype[name] as (...args: unknown[]) => void;
    vi.spyOn(prototype, name).mockImplementation(function (this: Socket, ...args: unknown[]) {
      if (this.remotePort === port) writes++;
      write.apply(this, args);
    });
  }
  for (let n = 0; n < 5; n++) socket.send(String(n));
  await Promise.resolve().then(() => {});
  for (let n = 5; n < 10; n++) socket.send(String(n));
  await all;
  const taken = { writes, arrived };
  socket.close();
  return taken;
}

it('what is sent in one turn leaves by one write, in order', async () => {
  const { writes, arrived } = await sendTen((await loadCorkedWebSocket()) as typeof WebSocket);
  expect(arrived).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(writes).toBe(1);
});

it('as it would not without', async () => {
  expect((await sendTen(WebSocket)).writes).toBeGreaterThanOrEqual(10);
});
