/** The custom server of Next.js, which is installed into a project of its own: its pages and Signalbox on one port. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { copyExamples } from './examples.ts';
import { type InstalledProject, installProject, lockedVersions, tarballOf } from './installed.ts';

let project: InstalledProject;
let origin: string;

beforeAll(async () => {
  const ours = [await tarballOf('signalbox'), await tarballOf('signalbox-server')];
  const packages = [...ours, ...(await lockedVersions('tsx')), 'next', 'react', 'react-dom'];
  project = await installProject(packages, { type: 'module' });
  await copyExamples(project, ['mount']);
  const page = 'export default function Page() { return <p>pages of the shop</p>; }';
  await project.write('app/page.jsx', page);
  const layout =
    'export default function Layout({ children }) { return <html><body>{children}</body></html>; }';
  await project.write('app/layout.jsx', layout);
  const settings = { PORT: '0', NEXT_TELEMETRY_DISABLED: '1' };
  const server = project.start(process.execPath, ['--import', 'tsx', 'examples/mount/next.ts'], settings);
  const [, port] = /"port":(\d+)/.exec(await server.printed('The shop is open')) ?? [];
  // By the name that the development server of Next takes for its own.
  origin = `http://localhost:${port}`;
}, 600_000);

afterAll(() => project?.remove());

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
