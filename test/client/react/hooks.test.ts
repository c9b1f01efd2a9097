/** The hooks in a page of a real browser: what they show, and what goes over the network for it. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../../src/client/index.ts';
import { ADMIN_TOKEN } from '../../support/app.ts';
import { chromiumPath, openBrowser } from '../../support/browser.ts';
import { type ClientFixture, openClientFixture } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';
import type { begin, PageProps } from './page.tsx';
import { Page as Content } from './page.tsx';

/** What a page has sent over its sockets, and what went wrong in it. */
interface Watched {
  page: Page;
  sockets: number;
  /** Names of subscriptions that were begun. */
  begun: string[];
  /** How many were ended by the page. */
  ended: number;
  /** Mutations that went by HTTP. */
  mutations: number;
  errors: string[];
}

describe.skipIf(!chromiumPath)('hooks in Chromium', () => {
  let fixture: ClientFixture;
  let browser: Browser;
  let script: string;
  let direct: Client;
  let rooms = 0;
  const job = '@global:general:idle';

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    direct = fixture.client();
    [browser, script] = await Promise.all([openBrowser(), bundlePage()]);
    // Of every room.
    await direct.request(
      'mutation { registerJob(input: { category: "general", name: "idle", payloadSchema: {} }) { __typename } }',
    );
  });

  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
  });

  /** A task in a room of its own. */
  async function submitted(): Promise<PageProps> {
    const room = `room-${++rooms}`;
    const { id } = await direct.submit({ room, job });
    return { room, job, id };
  }

  /** An empty page of the server's origin, with the script, and what `html` says. */
  async function openPage(network: Network, html = ''): Promise<Watched> {
    const page = await browser.newPage({ bypassCSP: true });
    const watched: Watched = { page, sockets: 0, begun: [], ended: 0, mutations: 0, errors: [] };
    page.on('pageerror', (error) => watched.errors.push(String(error)));
    page.on('console', (message) => {
      // The server of the test has no icon.
      const isError = message.type() === 'error' && !message.location().url.endsWith('.ico');
      if (isError) watched.errors.push(message.text());
    });
    page.on('request', (request) => {
      if (request.postData()?.includes('mutation')) watched.mutations++;
    });
    page.on('websocket', (socket) => {
      watched.sockets++;
      socket.on('framesent', ({ payload }) => {
        const { type, payload: operation } = JSON.parse(String(payload));
        if (type === 'subscribe') watched.begun.push(/subscription (\w+)/.exec(operation.query)?.[1] ?? '');
        if (type === 'complete') watched.ended++;
      });
    });
    await page.goto(`${network.url}/health/live`);
    await page.evaluate((html) => {
      document.body.innerHTML = `<div id="root">${html}</div>`;
    }, html);
    await page.evaluate(script);
    return watched;
  }

  const start = ({ page }: Watched, ...args: Parameters<typeof begin>) =>
    page.evaluate((args) => {
      const { hooks } = globalThis as unknown as { hooks: { begin: typeof begin } };
      hooks.begin(...args);
    }, args);

  const shown = ({ page }: Watched, id: string) => expect.poll(() => page.locator(`#${id}`).textContent());

  it('open one socket and each stream once, though StrictMode mounts all twice', async () => {
    const network = fixture.own(await startNetwork(fixture.url));
    const props = await submitted();
    const watched = await openPage(network);
    await start(watched, 'render', props, ADMIN_TOKEN);
    await shown(watched, 'lists').toBe('ready 1 1');
    await shown(watched, 'first').toBe('PENDING');
    await shown(watched, 'second').toBe('PENDING');
    expect(watched.begun.sort()).toEqual(['RoomEvents', 'TaskCounts', 'TaskEvents']);

    await watched.page.getByRole('button', { name: 'Submit' }).click();
    await shown(watched, 'submitted').toMatch(/^submitted task_/);
    await shown(watched, 'lists').toBe('ready 2 2');
    expect(watched.mutations).toBe(1);

    network.cut();
    await direct.cancel(props.id);
    await shown(watched, 'first').toBe('CANCELLED');
    await shown(watched, 'second').toBe('CANCELLED');

    // Closed and opened at once, as by a page that changes: the same streams. Closed for good: they end.
    const before = watched.begun.length;
    await watched.page.getByRole('button', { name: 'Close' }).click();
    await watched.page.getByRole('button', { name: 'Open' }).click();
    await shown(watched, 'lists').toBe('ready 2 2');
    expect(watched.begun.length).toBe(before);
    const ended = watched.ended;
    await watched.page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => watched.ended - ended).toBe(3);
    // One before the cut, one after it.
    expect({ sockets: watched.sockets, errors: watched.errors }).toEqual({ sockets: 2, errors: [] });
    await watched.page.close();
  });

  it('suspend until their stream has brought what they show', async () => {
    const network = fixture.own(await startNetwork(fixture.url));
    const props = await submitted();
    const watched = await openPage(network);
    network.down();
    await start(watched, 'suspend', props, ADMIN_TOKEN);
    await shown(watched, 'light').toBe('waiting');
    await shown(watched, 'task').toBe('waiting');
    await shown(watched, 'list').toBe('waiting');
    network.up();
    await shown(watched, 'task').toBe('PENDING');
    await shown(watched, 'list').toBe('1 of 1');
    expect(watched.begun.sort()).toEqual(['RoomEvents', 'TaskCounts', 'TaskEvents']);
    await direct.cancel(props.id);
    await shown(watched, 'task').toBe('CANCELLED');
    await watched.page.close();
  });

  it('hand what fails to the error boundary, where they suspend', async () => {
    const network = fixture.own(await startNetwork(fixture.url));
    const watched = await openPage(network);
    const props = { ...(await submitted()), id: 'task_01h455vb4pex5vsknk084sn02q' };
    await start(watched, 'suspend', props, ADMIN_TOKEN);
    await shown(watched, 'task').toBe('RequestError');
    await shown(watched, 'list').toBe('1 of 1');
    await watched.page.close();
  });

  it('take over what a server has rendered, and go on from there', async () => {
    const network = fixture.own(await startNetwork(fixture.url));
    const props = await submitted();
    const task = await direct.task(props.id);
    if (!task) throw new Error('It was submitted.');
    const { payload: _, result: __, assets: ___, ...initial } = task;
    const withTask = { ...props, initial };
    const idle = createClient({ url: 'http://127.0.0.1:9' });
    const html = renderToString(createElement(Content, { client: idle, ...withTask }));
    expect(html).toContain('<p id="first">PENDING</p>');
    await direct.cancel(props.id);
    const watched = await openPage(network, html);
    await start(watched, 'hydrate', withTask, ADMIN_TOKEN);
    await shown(watched, 'first').toBe('CANCELLED');
    await shown(watched, 'lists').toBe('ready 1 1');
    // What differs from what the server has rendered would be an error.
    expect(watched.errors).toEqual([]);
    await watched.page.close();
  });
});

/** With React's development build, whose StrictMode mounts everything twice. */
async function bundlePage(): Promise<string> {
  const { build } = await import('vite');
  const output = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('page.tsx', import.meta.url)),
        ...{ formats: ['iife'], name: 'hooks', fileName: 'hooks' },
      },
    },
  });
  const [{ output: chunks }] = output as unknown as [{ output: { code: string }[] }];
  return chunks.map(({ code }) => code).join('\n');
}
