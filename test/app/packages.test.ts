/** The packages as users get them: installed from their tarballs into empty projects, and run there. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const run = promisify(execFile);

/** Where Bun and Deno publish their programs for this platform; undefined where one of them has none. */
const RUNTIMES = runtimesOf(`${process.platform}-${process.arch}`);

function runtimesOf(platform: string) {
  const [bun, deno] =
    {
      'linux-x64': ['linux-x64', 'linux-x64-glibc'],
      'linux-arm64': ['linux-aarch64', 'linux-arm64-glibc'],
      'darwin-x64': ['darwin-x64', 'darwin-x64'],
      'darwin-arm64': ['darwin-aarch64', 'darwin-arm64'],
    }[platform] ?? [];
  return bun && deno
    ? {
        bun: { name: `@oven/bun-${bun}`, program: 'bin/bun' },
        deno: { name: `@deno/${deno}`, program: 'deno' },
      }
    : undefined;
}

let project: string;
let tarballs: string[];

beforeAll(async () => {
  await run(process.execPath, [join(ROOT, 'scripts/pack.mjs')]);
  const out = join(ROOT, 'dist-packages');
  tarballs = (await readdir(out)).filter((name) => name.endsWith('.tgz')).map((name) => join(out, name));
  project = await mkdtemp(join(tmpdir(), 'signalbox-packages-'));
  await writeFile(join(project, 'package.json'), '{ "private": true }');
  const sdk = tarballs.find((path) => /signalbox-\d/.test(path)) ?? '';
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', sdk], { cwd: project });
}, 300_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe('the package of the SDK', () => {
  it('brings at most six packages and three megabytes', async () => {
    const modules = join(project, 'node_modules');
    const names = (await readdir(modules)).filter((name) => !name.startsWith('.'));
    const bytes = await bytesBelow(modules);
    console.log(`${names.length} packages, ${(bytes / 1e6).toFixed(2)} MB: ${names.join(', ')}`);
    expect(names.length).toBeLessThanOrEqual(6);
    expect(bytes).toBeLessThan(3_000_000);
  });

  describe('against a server', () => {
    let app: TestApp;

    beforeAll(async () => {
      app = await startApp({ database: (await createTestDatabase('pglite')).db });
    }, 60_000);

    afterAll(() => app?.stop());

    const PROGRAM = `
      const { URL_OF_SERVER: url, TOKEN: token } = process.env;
      const ping = defineJob({ room: 'lab', name: 'ping', payload: jsonSchema({}) });
      const worker = createWorker({ url, token, name: 'packed', logger: false });
      worker.job(ping, () => 'pong');
      const client = createClient({ url, token });
      (async () => {
        await worker.start();
        const handle = await client.submit(ping, {});
        console.log(await handle.result());
        await client.close();
        await worker.stop();
      })();`;

    it.each([
      [
        'esm.mjs',
        `import { createClient, defineJob, jsonSchema } from 'signalbox/client';
         import { createWorker } from 'signalbox/worker';`,
      ],
      [
        'cjs.cjs',
        `const { createClient, defineJob, jsonSchema } = require('signalbox/client');
         const { createWorker } = require('signalbox/worker');
         require('signalbox/package.json');`,
      ],
    ])(
      'submits and works in %s, without a warning',
      async (name, imports) => {
        await writeFile(join(project, name), imports + PROGRAM);
        const env = { PATH: process.env['PATH'], URL_OF_SERVER: app.url, TOKEN: ADMIN_TOKEN };
        expect(await run(process.execPath, [name], { cwd: project, env })).toEqual({
          stdout: 'pong\n',
          stderr: '',
        });
      },
      60_000,
    );

    // The registry may have a bad moment.
    it.skipIf(!RUNTIMES)('does so on Bun and on Deno', { timeout: 300_000, retry: 2 }, async () => {
      const { bun, deno } = RUNTIMES as NonNullable<typeof RUNTIMES>;
      // Into a project of their own: they are large. The packages of this platform themselves, which are nothing but the
      // program: those that choose among them do so by scripts, which npm may not run.
      const runtimes = await mkdtemp(join(project, 'runtimes-'));
      await writeFile(join(runtimes, 'package.json'), '{ "private": true }');
      const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
      await run('npm', [...install, bun.name, deno.name], { cwd: runtimes });
      const imports = `import { createClient, defineJob, jsonSchema } from 'signalbox/client';
        import { createWorker } from 'signalbox/worker';`;
      await writeFile(join(project, 'runtime.mjs'), imports + PROGRAM);
      const env = { PATH: process.env['PATH'], HOME: project, URL_OF_SERVER: app.url, TOKEN: ADMIN_TOKEN };
      for (const [{ name, program }, ...args] of [
        [bun, 'runtime.mjs'],
        [deno, 'run', '--allow-all', 'runtime.mjs'],
      ] as const) {
        const path = join(runtimes, 'node_modules', name, program);
        const { stdout } = await run(path, args, { cwd: project, env });
        expect(`${name}: ${stdout}`).toBe(`${name}: pong\n`);
      }
    });
  });

  it('has types for every kind of module', async () => {
    const program = `
      import { type Client, createClient, defineJob, jsonSchema } from 'signalbox/client';
      import { createWorker } from 'signalbox/worker';
      const client: Client = createClient({ url: 'http://127.0.0.1:4000' });
      const job = defineJob({ name: 'n', payload: jsonSchema<{ n: number }>({}), result: jsonSchema<string>({}) });
      createWorker({ url: 'http://127.0.0.1:4000', name: 'w' }).job(job, ({ payload }) => payload.n.toFixed());
      export const result: Promise<string> = client.submit(job, { room: 'r', payload: { n: 1 } }).then((h) => h.result());
      // @ts-expect-error not a number
      export const wrong = client.submit(job, { room: 'r', payload: { n: '1' } });`;
    for (const name of ['module.mts', 'common.cts', 'plain.ts'])
      await writeFile(join(project, name), program);
    const kinds = [
      ['node16', 'node16', ['module.mts', 'common.cts', 'plain.ts']],
      ['nodenext', 'nodenext', ['module.mts', 'common.cts', 'plain.ts']],
      ['esnext', 'bundler', ['plain.ts']],
    ] as const;
    for (const [module, moduleResolution, files] of kinds) {
      const compilerOptions = {
        ...{ module, moduleResolution, target: 'es2023', lib: ['es2023', 'dom', 'esnext.disposable'] },
        ...{ strict: true, noEmit: true, types: [], skipLibCheck: false },
      };
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      const compiled = await run(process.execPath, [TSC, '-p', '.'], { cwd: project }).catch(
        (error) => error,
      );
      expect(`${module}: ${compiled.stdout}`).toBe(`${module}: `);
    }
  }, 120_000);

  it('has what clients of other makers read of the schema', async () => {
    const program = `
      const types = require('signalbox/possible-types.json');
      const schema = require('node:fs').readFileSync(require.resolve('signalbox/schema.graphql'), 'utf8');
      console.log(types.TaskEvent.includes('TaskTransitioned'), schema.includes('type Task '));`;
    await writeFile(join(project, 'schema.cjs'), program);
    expect((await run(process.execPath, ['schema.cjs'], { cwd: project })).stdout).toBe('true true\n');
  });

  it('adds at most 20 KB to a page', async () => {
    await writeFile(join(project, 'page.js'), `export { createClient } from 'signalbox/client';`);
    const output = await build({
      configFile: false,
      root: project,
      logLevel: 'silent',
      build: { write: false, lib: { entry: 'page.js', formats: ['es'] }, minify: true },
    });
    const [{ output: chunks }] = output as unknown as [{ output: { code: string; isEntry: boolean }[] }];
    const sizes = chunks.map(({ code }) => gzipSync(code).length);
    console.log(`${sizes.map((size) => `${(size / 1_000).toFixed(1)} KB`).join(' and ')} compressed`);
    expect(Math.max(...sizes)).toBeLessThan(20_000);
  }, 60_000);
});

it('the package of the server runs with what it depends on', async () => {
  const directory = join(project, 'server');
  await mkdir(directory);
  const server = tarballs.find((path) => path.includes('signalbox-server')) ?? '';
  await run('tar', ['-xzf', server, '-C', directory]);
  // What npm would install: the same packages as here.
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
  const { stdout } = await run(process.execPath, ['package/dist/main.js', '--help'], { cwd: directory });
  expect(stdout).toContain('serve');
  const mount = `import { createSignalbox } from './package/dist/mount/index.js';
    console.log(Object.keys(createSignalbox({ path: '/signalbox' })).join());`;
  await writeFile(join(directory, 'mount.mjs'), mount);
  expect((await run(process.execPath, ['mount.mjs'], { cwd: directory })).stdout).toBe(
    'handler,attach,client,worker,start,stop\n',
  );
  // From the dump that the package carries, in a process that has loaded it.
  const testing = `import { startTestServer } from './package/dist/testing/index.js';
    const begun = performance.now();
    const server = await startTestServer();
    console.log(Math.round(performance.now() - begun));
    await server.stop();`;
  await writeFile(join(directory, 'testing.mjs'), testing);
  const started = await run(process.execPath, ['testing.mjs'], { cwd: directory });
  console.log(`a test server is ready after ${started.stdout.trim()} ms`);
  // Two seconds on a quiet machine.
  expect(Number(started.stdout)).toBeLessThan(6_000);
  const { dependencies } = JSON.parse(await readFile(join(directory, 'package/package.json'), 'utf8'));
  expect(Object.keys(dependencies)).toContain('pg');
}, 180_000);

async function bytesBelow(directory: string): Promise<number> {
  const paths = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(join(directory, path));
      return found.isFile() ? found.size : 0;
    }),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
