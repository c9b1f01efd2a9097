/** A WebSocket spoken to by hand, message by message, as no well-behaved client would. */
import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';

export const SUBPROTOCOL = 'graphql-transport-ws';

export interface Message {
  type: string;
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  payload?: any;
}

export interface TestSocket {
  /** Sends an object as JSON, and text or bytes as they are. */
  send(message: object | string | Buffer): void;
  /** The next message that has not been taken yet; rejects when the socket closes before it comes. */
  next(): Promise<Message>;
  /** Resolves when the server, or this side, has closed the socket. */
  closed: Promise<{ code: number; reason: string }>;
  close(): void;
  raw: WebSocket;
}

/** Connects, without saying anything yet. */
export async function connectSocket(
  url: string,
  { protocols = [SUBPROTOCOL], ...options }: { protocols?: string[] } & ClientOptions = {},
): Promise<TestSocket> {
  const raw = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocols, options);
  const arrived: Message[] = [];
  const waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  let over: Error | undefined;
  raw.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    const taker = waiting.shift();
    if (taker) taker.resolve(message);
    else arrived.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    raw.once('close', (code, reason) => {
      over = new Error(`The socket was closed with ${code} ${reason}`);
      for (const { reject } of waiting.splice(0)) reject(over);
      resolve({ code, reason: String(reason) });
    });
  });
  await once(raw, 'open');
  // A reset while closing is a way to be closed.
  raw.on('error', () => {});
  return {
    send: (message) =>
      raw.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    next: () =>
      new Promise((resolve, reject) => {
        const message = arrived.shift();
        if (message) resolve(message);
        else if (over) reject(over);
        else waiting.push({ resolve, reject });
      }),
    closed,
    close: () => raw.close(1000),
    raw,
  };
}

/** Connects and signs in. */
export async function openSocket(url: string, token: string): Promise<TestSocket> {
  const socket = await connectSocket(url);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  const answer = await socket.next();
  if (answer.type !== 'connection_ack') throw new Error(`Signing in gave ${JSON.stringify(answer)}`);
  return socket;
}
