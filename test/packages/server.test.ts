/** The package of the server beside that of the SDK, in an empty project: its command, mounted, in tests, and the examples. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { copyExamples, linkPackages } from './examples.ts';
import { type InstalledProject, installProject, ROOT, type Started, tarballOf } from './installed.ts';

/** What users bring, and what the examples are run by. */
const BESIDE = [
  ...['express', 'fastify', 'react', 'react-dom', 'typescript-api', 'vite', 'vitest', 'tsx'],
  ...['@types/express', '@types/node', '@types/react', '@types/react-dom'],
];
const TSX = ['--import', 'tsx'];

let project: InstalledProject;
let installed: string[];

beforeAll(async () => {
  const tarballs = [await tarballOf('signalbox'), await tarballOf('signalbox-server')];
  project = await installProject(tarballs, { type: 'module' });
  installed = await packagesBelow(join(project.directory, 'node_modules'));
  await linkPackages(project, BESIDE);
  await copyExamples(project, ['index-source', 'mount', 'react', 'testing']);
}, 600_000);

afterAll(() => project?.remove());

it('brings at most 180 packages', () => {
  console.log(`${installed.length} packages`);
  expect(installed).toEqual(expect.arrayContaining(['pg', 'signalbox', 'signalbox-server']));
  expect(installed.length).toBeLessThanOrEqual(180);
});

it('has the command signalbox', { timeout: 180_000 }, async () => {
  const server = project.start('signalbox', ['serve'], { PORT: '0', LOG_LEVEL: 'warn' });
  const printed = await server.printed('Admin token');
  const [, url = '', token = ''] = /Dashboard (\S+)\/#token=(\S+)/.exec(printed) ?? [];
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ viewer { role } }"}',
  });
  expect(await answer.json()).toEqual({ data: { viewer: { role: 'ADMIN' } } });
  expect(await (await fetch(url)).text()).toContain('<title>Signalbox');
  server.child.kill('SIGTERM');
  expect((await server.exited).code).toBe(0);
});

describe('for tests', () => {
  it('has a server ready in under two seconds', async () => {
    const program = `
      import { startTestServer } from 'signalbox/testing';
      const [begun, before] = [performance.now(), process.cpuUsage()];
      const server = await startTestServer();
      const { user, system } = process.cpuUsage(before);
      console.log(JSON.stringify({ ms: performance.now() - begun, cpuMs: (user + system) / 1_000 }));
      await server.stop();`;
    await project.write('ready.mjs', program);
    const { ms, cpuMs } = JSON.parse((await project.run(process.execPath, ['ready.mjs'])).stdout);
    console.log(`a test server is ready after ${Math.round(ms)} ms, ${Math.round(cpuMs)} ms of CPU time`);
    // Others may use the machine: on a quiet one 2,100 ms of all threads are 1,200 ms.
    if (ms > 2_000) expect(cpuMs).toBeLessThan(4_000);
  }, 60_000);

  // What the pages of testing and mounting have as whole programs.
  it.each([
    ['testing.md', 'runTask(greet', /^Hello Ada\n$/],
    ['testing.md', 'server.worker()', /^3\n$/],
    ['testing.md', 'server.advance(', /^0\n$/],
    ['mounting.md', 'signalbox.worker(', /Hello Ada\n$/],
  ])('runs a block of docs/%s as it stands there: %s', { timeout: 120_000 }, async (page, text, output) => {
    const block = blocksOf('ts', [`docs/${page}`]).find((one) => one.text.includes(text));
    await project.write('block.mts', block?.text ?? '');
    expect(await project.run(process.execPath, [...TSX, 'block.mts'])).toEqual({
      ...{ stdout: expect.stringMatching(output), stderr: '' },
    });
  });

  it('passes the examples with node:test and with vitest', async () => {
    const node = await project.run(process.execPath, [
      ...TSX,
      ...['--test', '--test-reporter', 'tap', 'examples/testing/resize.node.ts'],
    ]);
    expect(node.stdout).toMatch(/# pass 2\n# fail 0/);
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const config = `export default { test: { include: ['examples/testing/*.vitest.ts'], hookTimeout: 60_000, testTimeout: 60_000 } };`;
    await project.write('vitest.config.mjs', config);
    const { stdout } = await project.run(process.execPath, [vitest, 'run', '--reporter', 'json']);
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({ numPassedTests: 2, success: true });
  }, 180_000);
});

// Each starts a server in a process of its own, with what it is compiled by.
describe('the examples', { timeout: 180_000 }, () => {
  it('compile with the types of the packages', async () => {
    const compilerOptions = {
      ...{ target: 'ES2023', module: 'NodeNext', jsx: 'react-jsx', types: ['node', 'vite/client'] },
      ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
      ...{ allowImportingTsExtensions: true, noEmit: true, skipLibCheck: true },
    };
    const files = { include: ['examples/mount', 'examples/react', 'examples/testing'] };
    await project.write('tsconfig.json', JSON.stringify({ compilerOptions, ...files }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await project.run(process.execPath, [tsc, '-p', '.']).catch((error) => error);
    expect(stdout).toBe('');
  }, 120_000);

  /** Signs in, as a browser would, and does what a page does. */
  const VISIT = `
    import { createClient } from 'signalbox/client';
    import WebSocket from 'ws';
    const url = process.argv[2];
    const signedIn = await fetch(url + '/sign-in?name=Ada');
    const cookie = signedIn.headers.get('set-cookie').split(';')[0];
    const receipt = await (await fetch(url + '/receipt?order=3', { headers: { cookie } })).text();
    const page = createClient({
      url: url + '/signalbox',
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init?.headers, cookie } }),
      webSocketImpl: class extends WebSocket {
        constructor(address, protocols) {
          super(address, protocols, { headers: { cookie } });
        }
      },
    });
    const task = await page.submit({ room: 'shop', job: 'shop:general:print-receipt', payload: { order: '7' } });
    let last;
    for await (const event of task.watch()) if (event.kind === 'transition') last = event.transition.to;
    const stranger = await fetch(url + '/signalbox/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
    console.log(JSON.stringify({ receipt, last, result: await task.result(), stranger: stranger.status }));
    await page.close();`;

  it.each(['node-http', 'express', 'fastify'])('serve a shop by %s', async (name) => {
    await project.write('visit.mjs', VISIT);
    const server = project.start(process.execPath, [...TSX, `examples/mount/${name}.ts`], { PORT: '0' });
    const [, port] = /"port":(\d+)/.exec(await server.printed('The shop is open')) ?? [];
    const visit = await project.run(process.execPath, ['visit.mjs', `http://127.0.0.1:${port}`]);
    expect(JSON.parse(visit.stdout)).toEqual({
      receipt: 'receipt of order 3',
      last: 'COMPLETED',
      result: { receipt: 'receipt of order 7' },
      stranger: 401,
    });
    await end(server);
  });

  it.skipIf(!chromiumPath)('show the demo in React', async () => {
    await project.write('tree/src/a.ts', 'export const a = 1;\nexport const b = 2;\n');
    const server = project.start(process.execPath, [...TSX, 'examples/react/server.ts', 'tree'], {
      PORT: '0',
    });
    const [, url = ''] = /The page is at (\S+)/.exec(await server.printed('The page is at')) ?? [];
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(url);
      await page.getByText('Nothing was indexed yet.').waitFor();
      await page.getByRole('textbox').fill('src');
      await page.getByRole('button', { name: 'Index it' }).click();
      await page.getByText('1 of 1 done · live').waitFor();
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
    await end(server);
  });
});

/** As an operator does: it ends by itself. */
async function end({ child, exited }: Started): Promise<void> {
  child.kill('SIGTERM');
  expect((await exited).code).toBe(0);
}

/** Names of all packages, those within others as well. */
async function packagesBelow(modules: string): Promise<string[]> {
  const paths = await readdir(modules, { recursive: true });
  return paths.flatMap((path) => {
    const [, name] =
      /(?:^|\/node_modules\/)((?:@[^/]+\/)?[^@/.][^/]*)\/package\.json$/.exec(path.replaceAll('\\', '/')) ??
      [];
    return name ? [name] : [];
  });
}
