/** Finds out whether a server that does not answer as expected speaks the same with TLS, or without. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * The other word for the URL, where the server speaks that.
 * @returns `rediss` for a `redis:` URL of a server with TLS, `redis` the other way round; undefined where neither is
 *   shown, as when nobody is there
 */
export async function otherProtocol(url: string, timeoutMs: number): Promise<'redis' | 'rediss' | undefined> {
  const { protocol, hostname, port } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  if (protocol === 'redis:') return (await speaksTls(address, timeoutMs)) ? 'rediss' : undefined;
  return (await speaksPlainRedis(address, timeoutMs)) ? 'redis' : undefined;
}

interface Address {
  host: string;
  port: number;
}

/** Whoever it is: a handshake that gets as far as certificates is one. */
function speaksTls(address: Address, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls({ ...address, rejectUnauthorized: false, timeout: timeoutMs });
    const answer = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('secureConnect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('close', () => answer(false));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => answer(/ALERT/.test(code ?? '')));
  });
}

/** A Redis answers this whether or not one has signed in. */
function speaksPlainRedis(address: Address, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const answer = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(timeoutMs, () => answer(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => answer(/^(\+PONG|-NOAUTH|-NOPERM|-DENIED|-ERR)/.test(String(data))));
    socket.once('close', () => answer(false));
    socket.on('error', () => answer(false));
  });
}
