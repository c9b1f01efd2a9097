/** The package of client and worker, installed from its tarball into an empty project. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { type InstalledProject, installProject, ROOT, tarballOf } from './installed.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

let project: InstalledProject;

beforeAll(async () => {
  project = await installProject([await tarballOf('signalbox')]);
}, 300_000);

afterAll(() => project?.remove());

it('brings at most six packages and three megabytes', async () => {
  const modules = join(project.directory, 'node_modules');
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

  // Without zod, and with jobs of JSON Schema.
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
  ])('submits and works in %s, without a warning', async (name, imports) => {
    await project.write(name, imports + PROGRAM);
    const env = { URL_OF_SERVER: app.url, TOKEN: ADMIN_TOKEN };
    expect(await project.run(process.execPath, [name], env)).toEqual({ stdout: 'pong\n', stderr: '' });
  });
});

it('has what clients of other makers read of the schema', async () => {
  const program = `
    const types = require('signalbox/possible-types.json');
    const schema = require('node:fs').readFileSync(require.resolve('signalbox/schema.graphql'), 'utf8');
    console.log(types.TaskEvent.includes('TaskTransitioned'), schema.includes('type Task '));`;
  await project.write('schema.cjs', program);
  expect((await project.run(process.execPath, ['schema.cjs'])).stdout).toBe('true true\n');
});

it('adds at most 20 KB to a page', async () => {
  const page = `
    import { createClient } from 'signalbox/client';
    const signalbox = createClient({ url: '/' });
    const task = await signalbox.submit({ room: 'lab', job: 'lab:general:ping' });
    for await (const event of task.watch()) console.log(event);`;
  await project.write('page.js', page);
  // As the page of an application is built: the build of a library keeps white space.
  const built = await build({
    configFile: false,
    root: project.directory,
    logLevel: 'silent',
    build: {
      ...{ write: false, minify: true, target: 'es2022', modulePreload: false },
      rollupOptions: { input: 'page.js' },
    },
  });
  const { output } = built as Extract<typeof built, { output: unknown }>;
  const chunks = output.flatMap((file) => (file.type === 'chunk' ? [file] : []));
  const sizeOf = (some: typeof chunks) => some.reduce((total, { code }) => total + gzipSync(code).length, 0);
  const later = chunks.filter(({ isDynamicEntry }) => isDynamicEntry);
  const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} KB`;
  console.log(
    `${kilobytes(sizeOf(chunks))} compressed, of which ${kilobytes(sizeOf(later))} may be loaded later`,
  );
  expect(sizeOf(chunks)).toBeGreaterThan(10_000);
  expect(sizeOf(chunks) - sizeOf(later)).toBeLessThan(20_000);
}, 60_000);

it('has types for every kind of module, which refuse what is wrong', async () => {
  const program = `
    import { type Client, createClient, defineJob, jsonSchema } from 'signalbox/client';
    import { createWorker } from 'signalbox/worker';
    const client: Client = createClient({ url: 'http://127.0.0.1:4000' });
    const job = defineJob({ name: 'n', payload: jsonSchema<{ n: number }>({}), result: jsonSchema<string>({}) });
    createWorker({ url: 'http://127.0.0.1:4000', name: 'w' }).job(job, ({ payload }) => payload.n.toFixed());
    export const result: Promise<string> = client.submit(job, { room: 'r', payload: { n: 1 } }).then((h) => h.result());
    // @ts-expect-error not a number
    export const wrong = client.submit(job, { room: 'r', payload: { n: '1' } });
    // @ts-expect-error misspelt
    export const misspelt = client.submit(job, { room: 'r', payload: { n: 1, m: 2 } });
    // @ts-expect-error not a text
    createWorker({ url: 'http://127.0.0.1:4000', name: 'w' }).job(job, ({ payload }) => payload.n);
    // @ts-expect-error a text
    export const number: Promise<number> = result;`;
  const files = ['module.mts', 'common.cts', 'plain.ts'];
  for (const name of files) await project.write(name, program);
  const kinds = [
    ['node16', 'node16', files],
    ['nodenext', 'nodenext', files],
    ['esnext', 'bundler', ['plain.ts']],
  ] as const;
  for (const [module, moduleResolution, files] of kinds) {
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2023', lib: ['es2023', 'dom', 'esnext.disposable'] },
      ...{ strict: true, noEmit: true, types: [], skipLibCheck: false },
    };
    await project.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    const compiled = await project.run(process.execPath, [TSC, '-p', '.']).catch((error) => error);
    expect(`${module}: ${compiled.stdout}`).toBe(`${module}: `);
  }
}, 120_000);

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
