/** A TCP proxy in front of Redis that can fall silent without closing anything, or cut all connections. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface RedisProxy {
  url: string;
  /** Lets nothing through any more, but keeps taking connections. */
  freeze(): void;
  thaw(): void;
  /** Cuts every connection. */
  cut(): void;
  /** Refuses new connections until `thaw`, and cuts the present ones. */
  down(): void;
  close(): Promise<void>;
}

export async function startProxy(redisUrl: string): Promise<RedisProxy> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let refusing = false;

  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port || 6379), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (!frozen) to.write(data);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }

  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
      refusing = false;
      // What was swallowed left both sides out of step.
      cut();
    },
    cut,
    down() {
      refusing = true;
      cut();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
