/** The SDK in a page of a real browser: bundled as an application would, on the server's own origin. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, createClient, TaskEvent } from '../../src/client/index.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { type ClientFixture, defineJob, openClientFixture } from './client-fixture.ts';
import { type Network, startNetwork } from './network.ts';

const CLIENT = fileURLToPath(new URL('../../src/client/index.ts', import.meta.url));

/** What the page's script keeps for the tests to look at. */
interface PageStore {
  signalbox: { createClient: typeof createClient };
  client: Client;
  seen: string[];
  warnings: string[];
}

describe.skipIf(!chromiumPath)('the client in Chromium', () => {
  let fixture: ClientFixture;
  let browser: Browser;
  let bundle: string;
  let direct: Client;
  let job: string;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    direct = fixture.client();
    [browser, bundle, job] = await Promise.all([openBrowser(), bundleClient(), defineJob(direct, 'idle')]);
  });

  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
  });

  /** A page behind the network, whose origin is the server's as the network shows it. */
  async function openPage(network: Network): Promise<Page> {
    const page = await browser.newPage({ bypassCSP: true });
    // Any page of the server's own: one that only the test makes up counts for Chromium as of another network.
    await page.goto(`${network.url}/health/live`);
    await page.evaluate(bundle);
    return page;
  }

  /** Submits a task in the page and watches it there. */
  const submitAndWatch = (page: Page): Promise<string> =>
    page.evaluate(
      async ({ token, job }) => {
        const world = globalThis as unknown as PageStore;
        world.seen = [];
        world.warnings = [];
        const warn = (message: string) => world.warnings.push(message);
        const logger = { debug() {}, info() {}, warn, error() {} };
        world.client = world.signalbox.createClient({ url: location.origin, token, logger });
        const task = await world.client.submit({ room: 'lab', job });
        const tell = ({ kind, ...event }: TaskEvent) =>
          world.seen.push('task' in event ? `${kind} ${event.task.status}` : kind);
        void (async () => {
          for await (const event of world.client.watch(task.id)) tell(event);
          world.seen.push('end');
        })();
        return task.id;
      },
      { token: ADMIN_TOKEN, job },
    );

  const seen = (page: Page, count: number) =>
    page
      .waitForFunction((count) => (globalThis as unknown as PageStore).seen.length >= count, count)
      .then(() => page.evaluate(() => (globalThis as unknown as PageStore).seen));

  it.each([
    ['a socket', false],
    ['Server-Sent Events where sockets are blocked', true],
  ])('watches a task by %s, over cuts', async (_way, blocked) => {
    const network = fixture.own(await startNetwork(fixture.url));
    if (blocked) network.blockSockets();
    const page = await openPage(network);
    const id = await submitAndWatch(page);
    await seen(page, 1);
    network.cut();
    await direct.cancel(id);
    expect(await seen(page, 3)).toEqual(['snapshot PENDING', 'transition CANCELLED', 'end']);
    const warnings = await page.evaluate(() => (globalThis as unknown as PageStore).warnings);
    expect(warnings.some((warning) => warning.startsWith('No WebSocket'))).toBe(blocked);
    await page.close();
  });
});

async function bundleClient(): Promise<string> {
  const { build } = await import('vite');
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: CLIENT, formats: ['iife'], name: 'signalbox', fileName: 'client' },
    },
  });
  const [{ output: chunks }] = output as unknown as [{ output: { code: string }[] }];
  return chunks.map(({ code }) => code).join('\n');
}
