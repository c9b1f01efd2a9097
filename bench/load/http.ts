/**
 * POST requests over kept connections, as a load balancer or a lean client sends them: one request at a time on each,
 * and next to no work for an answer, so that what is measured is the server.
 */
import { connect, type Socket } from 'node:net';

export interface HttpLoad {
  /** Sends a JSON body on a free connection; resolves with the body of the answer. Rejects unless it is a 200. */
  post(body: string): Promise<string>;
  close(): void;
}

export async function openHttpLoad(url: string, token: string, connections: number): Promise<HttpLoad> {
  const { hostname, port, host } = new URL(url);
  const head = [
    'POST /graphql HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Accept: application/json',
  ].join('\r\n');
  const all = await Promise.all(
    Array.from({ length: connections }, () => openConnection(hostname, Number(port))),
  );
  const free = [...all];
  const waiting: (() => void)[] = [];

  return {
    async post(body) {
      while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const connection = free.pop() as Connection;
      try {
        return await connection.exchange(
          `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      } finally {
        free.push(connection);
        waiting.shift()?.();
      }
    },
    close() {
      for (const { socket } of all) socket.destroy();
    },
  };
}

interface Connection {
  socket: Socket;
  exchange(request: string): Promise<string>;
}

async function openConnection(host: string, port: number): Promise<Connection> {
  const socket = connect({ host, port, noDelay: true });
  let text = '';
  let answer: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const body = bodyOf(text);
    if (body === undefined) return;
    const { resolve, reject } = answer ?? {};
    if (text.startsWith('HTTP/1.1 200')) resolve?.(body);
    else reject?.(new Error(text.slice(0, 500)));
    text = '';
  });
  socket.on('close', () => answer?.reject(new Error('The server closed a connection.')));
  socket.on('error', () => {});
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    socket,
    exchange: (request) =>
      new Promise((resolve, reject) => {
        answer = { resolve, reject };
        socket.write(request);
      }),
  };
}

/** The body of a complete answer in ASCII, or undefined. */
function bodyOf(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = /content-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
  if (length === undefined) return text.endsWith('\r\n0\r\n\r\n') ? text.slice(end + 4) : undefined;
  return text.length >= end + 4 + Number(length) ? text.slice(end + 4) : undefined;
}
