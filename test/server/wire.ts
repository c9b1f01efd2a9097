/** HTTP byte by byte, for what no client library would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export async function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  // A reset is a way to be closed.
  socket.on('error', () => {});
  return socket;
}

/** Everything that the server sends until it closes; a reset ends it like a close. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** Sends lines as a request, and gives the answer with which the server closes. */
export async function exchange(url: string, lines: string[], body: string | Buffer = ''): Promise<string> {
  const socket = await dial(url);
  const answer = readToEnd(socket);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.write(body);
  return answer;
}

/** The status of an answer, and its body. */
export function parseAnswer(text: string): { status: number; body: string } {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  return { status: Number(head.split(' ')[1]), body };
}
