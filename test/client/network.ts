/** A TCP proxy in front of a server: the network between a client and it, which can be cut, or fall silent. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** http://127.0.0.1:port */
  url: string;
  /** Open connections of clients. */
  connections(): number;
  /** Resolves when no client is connected. */
  idle(): Promise<void>;
  /** Cuts every connection. */
  cut(): void;
  /** Lets nothing through, without closing anything: both sides believe in the connection. New ones work. */
  silence(): void;
  /** From now on refuses to upgrade a connection to a WebSocket, as some proxies do, and cuts the present ones. */
  blockSockets(): void;
  /** Takes no connections until `up`, and cuts the present ones. */
  down(): void;
  /** Answers every request with 502, as a proxy does whose server is away, until `up`; cuts the present connections. */
  badGateway(): void;
  up(): void;
  /** Cuts the connection over which the server is about to send this text, in its stead. Once; resolves when done. */
  cutInsteadOf(text: string): Promise<void>;
  /** Lets this text of the server's disappear. Once; resolves when done. */
  swallow(text: string): Promise<void>;
  close(): Promise<void>;
}

const BAD_GATEWAY =
  'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n\r\n<h1>Bad Gateway</h1>';

export async function startNetwork(target: string): Promise<Network> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ client: Socket; silent: boolean }>();
  const whenIdle: (() => void)[] = [];
  let refusing = false;
  let blocking = false;
  let standingIn = false;
  let trap: { text: string; cuts: boolean; sprung: () => void } | undefined;

  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    if (standingIn) {
      client.on('error', () => {});
      client.once('data', () => client.end(BAD_GATEWAY));
      return;
    }
    const pair = { client, silent: false };
    pairs.add(pair);
    const upstream = connect(Number(port), hostname);
    client.on('data', (data) => {
      if (blocking && /^upgrade: websocket/im.test(data.toString('latin1'))) {
        client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      } else if (!pair.silent) upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (trap && data.includes(trap.text)) {
        const { text, cuts, sprung } = trap;
        trap = undefined;
        if (cuts) client.destroy();
        // What came in the same packet, as the answer to a heartbeat, is not lost with it.
        else for (const frame of framesOf(data)) if (!frame.includes(text)) client.write(frame);
        sprung();
      } else if (!pair.silent) client.write(data);
    });
    client.on('error', () => {});
    upstream.on('error', () => {});
    upstream.on('close', () => client.destroy());
    client.on('close', () => {
      upstream.destroy();
      pairs.delete(pair);
      if (pairs.size === 0) for (const resolve of whenIdle.splice(0)) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function cut(): void {
    for (const { client } of pairs) client.destroy();
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => pairs.size,
    idle: () => (pairs.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
    cut,
    silence() {
      for (const pair of pairs) pair.silent = true;
    },
    blockSockets() {
      blocking = true;
      cut();
    },
    down() {
      refusing = true;
      cut();
    },
    badGateway() {
      standingIn = true;
      cut();
    },
    up() {
      refusing = false;
      standingIn = false;
    },
    cutInsteadOf: (text) =>
      new Promise((sprung) => {
        trap = { text, cuts: true, sprung };
      }),
    swallow: (text) =>
      new Promise((sprung) => {
        trap = { text, cuts: false, sprung };
      }),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The WebSocket frames of a packet from a server, which masks none; what is left over counts as one. */
function framesOf(data: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let start = 0; start < data.length; ) {
    const short = (data[start + 1] ?? 0) & 0x7f;
    const [header, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, data.length >= start + 4 ? data.readUInt16BE(start + 2) : 0]
          : [10, data.length >= start + 10 ? Number(data.readBigUInt64BE(start + 2)) : 0];
    frames.push(data.subarray(start, start + header + length));
    start += header + length;
  }
  return frames;
}
