/** The custom server of Next.js, which is installed into a project of its own: its pages and Signalbox on one port. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const url = (path: string) => JSON.stringify(pathToFileURL(join(ROOT, path)).href);

const PROGRAM = `
  import next from 'next';
  import { createNextServer } from ${url('examples/mount/next.ts')};
  import { createShop } from ${url('examples/mount/shop.ts')};
  const signalbox = createShop();
  await signalbox.start();
  const server = await createNextServer(signalbox, next, true);
  server.listen(0, '127.0.0.1', () => console.log('listening on ' + server.address().port));
`;

let project: string;
let child: ChildProcess;
let printed = '';
let origin: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'signalbox-next-'));
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', 'next', 'react', 'react-dom'];
  await promisify(execFile)('npm', install, { cwd: project });
  await mkdir(join(project, 'app'));
  const page = 'export default function Page() { return <p>pages of the shop</p>; }';
  await writeFile(join(project, 'app/page.jsx'), page);
  const layout =
    'export default function Layout({ children }) { return <html><body>{children}</body></html>; }';
  await writeFile(join(project, 'app/layout.jsx'), layout);
  await writeFile(join(project, 'server.mjs'), PROGRAM);
  const loader = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;
  child = spawn(process.execPath, ['--import', loader, 'server.mjs'], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: project, NEXT_TELEMETRY_DISABLED: '1' },
    // It starts processes of its own, which end with the group.
    detached: true,
  });
  const port = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        printed += text;
        const [, found] = /listening on (\d+)/.exec(printed) ?? [];
        if (found) resolve(found);
      });
    }
    child.once('close', (code) => reject(new Error(`It has ended with ${code}: ${printed}`)));
  });
  // By the name that the development server of Next takes for its own.
  origin = `http://localhost:${port}`;
}, 300_000);

afterAll(async () => {
  if (child?.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await rm(project, { recursive: true, force: true });
});

it('serves its pages, and leaves to Signalbox what is below its path', { timeout: 180_000 }, async () => {
  const page = await fetch(`${origin}/`);
  expect(await page.text()).toContain('pages of the shop');
  const answer = await fetch(`${origin}/signalbox/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  // The shop knows nobody without its cookie.
  expect([200, 401]).toContain(answer.status);
  expect(answer.headers.get('content-type')).toContain('json');
  expect((await fetch(`${origin}/nowhere`)).status).toBe(404);
});

/** Whether a WebSocket to the path opens, from a page of the same origin; false where it is refused or not answered. */
function opens(path: string, protocol: string[] = []): Promise<boolean> {
  const socket = new WebSocket(origin.replace('http', 'ws') + path, protocol, {
    origin,
    handshakeTimeout: 10_000,
  });
  return new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.terminate());
}

it('shares its upgrades with Signalbox', { timeout: 60_000 }, async () => {
  await fetch(`${origin}/`);
  expect(await opens('/signalbox/graphql', ['graphql-transport-ws'])).toBe(true);
  // The development server has called its own by either name.
  const own = await Promise.all(['/_next/hmr', '/_next/webpack-hmr'].map((path) => opens(path)));
  expect(own).toContain(true);
  expect(await opens('/signalbox/graphql', ['graphql-transport-ws'])).toBe(true);
});
