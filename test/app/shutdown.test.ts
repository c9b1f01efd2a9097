/** How the program ends: cleanly, whatever is connected to it, and at once when it is asked twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEvents } from '../server/events.ts';
import { openSocket } from '../server/socket.ts';
import { dial } from '../server/wire.ts';
import { ADMIN_TOKEN, request } from '../support/app.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { buildProgram, cleanUp, newDirectory, type Program, startProgram } from './program.ts';

const TIMEOUT = 90_000;
const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
const WATCH = { query: 'subscription { roomEvents(room: "a") { __typename } }' };

let database: TestDatabase | undefined;

beforeAll(async () => {
  await buildProgram();
  if (availableDatabases().includes('postgres')) database = await createTestDatabase('postgres');
}, TIMEOUT);

afterAll(async () => {
  await cleanUp();
  await database?.close();
});

/** On PostgreSQL where there is one: it starts in a fraction of the time. */
async function serve(settings: Record<string, string> = {}): Promise<{ program: Program; url: string }> {
  const storage: Record<string, string> = database?.url ? { DATABASE_URL: database.url } : {};
  const program = await startProgram({ SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN, ...storage, ...settings });
  return { program, url: await program.ready };
}

const UPGRADE = [
  'GET /graphql HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/** A connection on which these bytes were sent, and answered where an answer is due. */
async function connection(url: string, bytes: string, isAnswered: boolean): Promise<Socket> {
  const socket = await dial(url);
  if (bytes) socket.write(bytes);
  if (isAnswered) await once(socket, 'data');
  return socket;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', { timeout: TIMEOUT }, (signal) => {
  it('ends it with code 0 while sockets, streams and idle connections are open', async () => {
    const { program, url } = await serve();
    const socket = await openSocket(url, ADMIN_TOKEN);
    socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    const events = await openEvents(url, ADMIN_TOKEN, WATCH);
    const cut = events.next();
    cut.catch(() => {});
    // fetch keeps the connection of this one alive.
    await request(url, ADMIN_TOKEN, '{ viewer { id } }');
    const others = await Promise.all([
      connection(url, '', false),
      connection(url, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n', true),
      // A socket that does not even answer when it is told goodbye.
      connection(url, `${UPGRADE.join('\r\n')}\r\n\r\n`, true),
    ]);
    const asked = performance.now();
    expect(await program.end(signal)).toEqual({ code: 0, signal: null });
    // Nobody had to be waited for as long as for a request under way.
    expect(performance.now() - asked).toBeLessThan(5_000);
    // Clients come again after this code, and take a cut stream for a lost connection.
    expect(await socket.closed).toEqual({ code: 1001, reason: 'Going away' });
    await expect(cut).rejects.toThrow();
    expect(program.stderr).not.toMatch(/^\s+at |Error/m);
    for (const other of others) other.destroy();
  });
});

const BODY = '{"query":"{ viewer { id } }"}';

describe('a signal', { timeout: TIMEOUT }, () => {
  /** A request whose body is still on its way. */
  async function slowRequest(url: string): Promise<Socket> {
    const head = ['POST /graphql HTTP/1.1', 'Host: x', `Authorization: Bearer ${ADMIN_TOKEN}`];
    const body = [`Content-Length: ${BODY.length}`, 'Content-Type: application/json', 'Expect: 100-continue'];
    // The server asks for the body, and waits for it.
    return connection(url, `${[...head, ...body].join('\r\n')}\r\n\r\n`, true);
  }

  it('lets a request finish that is under way', async () => {
    const { program, url } = await serve();
    const socket = await slowRequest(url);
    program.process.kill('SIGTERM');
    await program.printed('Stopping');
    await vi.waitFor(() => expect(dial(url)).rejects.toThrow('ECONNREFUSED'), { timeout: 3_000 });
    socket.write(BODY);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\{"data":\{"viewer":\{"id":"@admin"\}\}\}/);
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });

  it('does not wait for ever for one that does not finish', async () => {
    const { program, url } = await serve();
    const socket = await slowRequest(url);
    expect(await program.end('SIGTERM')).toEqual({ code: 0, signal: null });
    socket.destroy();
  });

  it('that comes again ends it at once', async () => {
    const { program, url } = await serve();
    const socket = await slowRequest(url);
    program.process.kill('SIGINT');
    await program.printed('Stopping');
    // Less than that may be one Ctrl-C that came twice.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const asked = performance.now();
    expect(await program.end('SIGINT')).toEqual({ code: 1, signal: null });
    expect(performance.now() - asked).toBeLessThan(3_000);
    socket.destroy();
  });

  it('while it starts ends it without a word, and the next start works', async () => {
    const directory = await newDirectory();
    const settings = { SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN };
    const interrupted = await startProgram(settings, directory);
    while (!existsSync(`${directory}/.signalbox/server.pid`)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await interrupted.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(interrupted.stderr).toBe('');
    const again = await startProgram(settings, directory);
    await again.ready;
    expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

it('npm start ends when npm does, whose shell passes no signal on', { timeout: TIMEOUT }, async () => {
  // As npm starts it, by a shell that stays in front of it.
  const shell = spawn('sh', ['-c', `"$0" "$1"; true`, process.execPath, START], {
    cwd: await newDirectory(),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const group = -(shell.pid as number);
  let log = '';
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  // Its stdout is that of the shell, and closes when both have ended.
  const closed = once(shell, 'close');
  try {
    await expect.poll(() => log, { timeout: 60_000 }).toContain('Signalbox is ready');
    shell.kill('SIGTERM');
    await expect.poll(() => log, { timeout: 20_000 }).toContain('Stopping');
  } catch (error) {
    process.kill(group, 'SIGKILL');
    throw error;
  } finally {
    await closed;
  }
});
