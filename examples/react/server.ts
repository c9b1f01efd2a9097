/**
 * The server of the page: builds it, serves it beside Signalbox, and starts the demo's worker.
 *
 *     node --import tsx examples/react/server.ts DIR
 *
 * In a project of its own: `import { createSignalbox } from 'signalbox-server'`, and pages built as usual.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSignalbox } from '../../src/mount/index.ts';
import { ROOM } from './job.ts';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const WORKER = fileURLToPath(new URL('../index-source/worker.ts', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
};

export interface Example {
  url: string;
  stop(): Promise<void>;
}

/** Starts everything; `port` 0 is any free one. */
export async function startExample(directory: string, port: number): Promise<Example> {
  const files = await buildPage();
  const sessions = new Set<string>();
  const adminToken = randomBytes(24).toString('base64url');
  const signalbox = createSignalbox({
    path: '/signalbox',
    // Who has opened the page may see and submit what belongs to the room.
    identify(request, token) {
      const session = sessionOf(request);
      // A page with a token for one task has no more than that.
      if (token !== undefined || session === undefined || !sessions.has(session)) return null;
      return { id: session, role: 'MEMBER', rooms: [ROOM] };
    },
    settings: { SIGNALBOX_ADMIN_TOKEN: adminToken, LOG_LEVEL: 'warn' },
  });
  const server = createServer((request, response) =>
    signalbox.handler(request, response, () => {
      const path = request.url === '/' ? '/index.html' : (request.url ?? '');
      const body = files.get(path);
      if (body === undefined) return void response.writeHead(404).end();
      if (path === '/index.html' && !sessions.has(sessionOf(request) ?? '')) {
        const session = randomUUID();
        sessions.add(session);
        response.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Strict`);
      }
      response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(body);
    }),
  );
  signalbox.attach(server);
  await signalbox.start();
  const url = await listen(server, port);
  const worker = await startWorker(directory, `${url}/signalbox`, adminToken);
  return {
    url,
    async stop() {
      worker.kill('SIGTERM');
      await once(worker, 'close');
      await signalbox.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

function sessionOf({ headers }: IncomingMessage): string | undefined {
  return /(?:^|;\s*)session=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
}

/** The page's files by their paths. */
async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const { build } = await import('vite');
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: { write: false, modulePreload: false },
  });
  const { output } = built as Extract<typeof built, { output: unknown }>;
  return new Map(
    output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source] as const),
  );
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startWorker(directory: string, url: string, token: string): Promise<ChildProcess> {
  const settings = { SIGNALBOX_URL: url, SIGNALBOX_ADMIN_TOKEN: token, SIGNALBOX_DEMO_ROOM: ROOM };
  const worker = fork(WORKER, [directory], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...settings },
  });
  await once(worker, 'message');
  return worker;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const example = await startExample(process.argv[2] ?? '.', Number(process.env['PORT'] ?? 3000));
  console.log(`The page is at ${example.url}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await example.stop();
}
