/**
 * The recipes of docs/frontends.md in a real browser, each in a page of its own: the server is killed under them, and they go
 * on from where they were.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WATCH_ROOM } from '../../examples/frontends/watch-room.ts';
import { type Client, createClient } from '../../src/client/index.ts';
import { buildProgram, cleanUp, newDirectory, type Program, startProgram } from '../app/program.ts';
import { defineJob } from '../client/client-fixture.ts';
import { chromiumPath, openBrowser } from '../support/browser.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECIPES = join(ROOT, 'examples/frontends');
const PORT = 4598;
const URL_OF_SERVER = `http://127.0.0.1:${PORT}`;
const TOKEN = 'token-of-the-frontends';
const NAMES = ['plain', 'apollo', 'urql', 'relay'] as const;

/** What a page's script keeps for the tests to look at. */
interface PageStore {
  recipe: {
    watchRoom(watching: object, onEvent: (event: unknown) => void, request?: unknown): () => void;
    request?: unknown;
  };
  seen: { task: { id: string; version: number; status: string } }[];
}

describe('the page docs/frontends.md', () => {
  it('has the recipes as they are tested', async () => {
    const page = await readFile(join(ROOT, 'docs/frontends.md'), 'utf8');
    for (const name of ['resume', 'watch-room', ...NAMES]) {
      const code = await readFile(join(RECIPES, `${name}.ts`), 'utf8');
      expect(page.includes(code.trim()), name).toBe(true);
    }
  });
});

describe.skipIf(!chromiumPath)('in Chromium', () => {
  let server: Program;
  let browser: Browser;
  let client: Client;
  let job: string;
  let directory: string;

  const startServer = async () => {
    const settings = { PORT: String(PORT), SIGNALBOX_ADMIN_TOKEN: TOKEN };
    server = await startProgram(settings, directory);
    await server.ready;
  };

  beforeAll(async () => {
    await buildProgram();
    directory = await newDirectory();
    await startServer();
    browser = await openBrowser();
    client = createClient({ url: URL_OF_SERVER, token: TOKEN });
    job = await defineJob(client, 'watched');
  }, 300_000);

  afterAll(async () => {
    await client?.close();
    await browser?.close();
    await cleanUp();
  });

  async function openPage(name: string, after: string): Promise<Page> {
    const code = await bundle(name, directory);
    const page = await browser.newPage({ bypassCSP: true });
    await page.goto(`${URL_OF_SERVER}/health/live`);
    await page.evaluate(code);
    await page.evaluate(
      ({ after, token }) => {
        const world = globalThis as unknown as PageStore;
        world.seen = [];
        const { watchRoom, request } = world.recipe;
        const watching = { url: location.origin, token, room: 'lab', after };
        watchRoom(watching, (event) => world.seen.push(event as never), request);
      },
      { after, token: TOKEN },
    );
    return page;
  }

  const seenBy = (page: Page) => page.evaluate(() => (globalThis as unknown as PageStore).seen);

  /** Submits a task and cancels it: two transitions. */
  async function change(): Promise<string> {
    const { id } = await client.submit({ room: 'lab', job });
    await client.cancel(id);
    return id;
  }

  it('all see every transition once, though the server was killed', async () => {
    const { streamCursor } = await client.tasks('lab');
    const pages = await Promise.all(NAMES.map((name) => openPage(name, streamCursor)));
    const ids = [await change()];
    for (const page of pages) await expect.poll(async () => (await seenBy(page)).length).toBe(2);
    await server.end('SIGKILL');
    await startServer();
    // Perhaps before the pages are back: they hear of it all the same.
    ids.push(await change(), await change());
    const expected = ids.flatMap((id) => [`${id} 1 PENDING`, `${id} 2 CANCELLED`]);
    for (const [index, page] of pages.entries()) {
      const told = async () =>
        (await seenBy(page)).map(({ task: { id, version, status } }) => `${id} ${version} ${status}`);
      await expect.poll(told, { message: NAMES[index] ?? '', timeout: 60_000 }).toEqual(expected);
    }
  }, 180_000);
});

/** One script for a page, as an application would bundle it. */
async function bundle(name: string, directory: string): Promise<string> {
  const { build } = await import('vite');
  const entry = name === 'relay' ? await relayEntry(directory) : join(RECIPES, `${name}.ts`);
  const output = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'globalThis.__DEV__': 'false' },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'recipe', fileName: name } },
  });
  const [{ output: chunks }] = output as unknown as [{ output: { code: string }[] }];
  return chunks.map(({ code }) => code).join('\n');
}

/** With what Relay's compiler makes of the subscription. */
async function relayEntry(directory: string): Promise<string> {
  const project = join(directory, 'relay');
  await mkdir(join(project, 'src'), { recursive: true });
  await mkdir(join(project, 'made'));
  const document = WATCH_ROOM.replace('WatchRoom', 'watchSubscription');
  await writeFile(join(project, 'src/watch.js'), `graphql\`${document}\`;`);
  await writeFile(join(project, 'schema.graphql'), await readFile(join(ROOT, 'schema.graphql')));
  const config = {
    ...{ src: './src', schema: './schema.graphql', language: 'javascript', artifactDirectory: './made' },
    eagerEsModules: true,
  };
  await writeFile(join(project, 'relay.config.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/relay-compiler/cli.js');
  await promisify(execFile)(process.execPath, [compiler, '--noWatchman'], { cwd: project });
  const entry = join(project, 'entry.js');
  await writeFile(
    entry,
    `export { watchRoom } from ${JSON.stringify(join(RECIPES, 'relay.ts'))};
     export { default as request } from './made/watchSubscription.graphql.js';`,
  );
  return entry;
}
