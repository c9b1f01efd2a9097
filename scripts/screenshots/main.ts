// Starts a server of its own, fills it with the sample, and takes the pictures; see scripts/screenshots.mjs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { fillEverything } from './fill.ts';
import { startServer } from './server.ts';
import { DOCS, routesOf, type View } from './views.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
/** `--views=tasks,task`: only these, for the moment between two changes. */
const only = args
  .find((arg) => arg.startsWith('--views='))
  ?.slice('--views='.length)
  .split(',');
/** Only what the documentation shows. */
const onlyDocs = args.includes('--docs');
const directory = resolve(args.find((arg) => !arg.startsWith('-')) ?? join(ROOT, 'screenshots'));
const images = join(ROOT, 'docs/images');
const THEMES = ['light', 'dark'] as const;
/** Milliseconds that a page may take: four are open at a time, beside a server that is at work. */
const GOTO_MS = 180_000;
/** Pages that are open at the same time. */
const AT_A_TIME = 4;
const SIZES = [
  { width: 1400, height: 900 },
  { width: 390, height: 844 },
];

const browser = await chromium.launch({
  executablePath: process.env['SIGNALBOX_TEST_CHROMIUM'] || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
for (const path of [directory, images]) mkdirSync(path, { recursive: true });

if (!onlyDocs) {
  const empty = await startServer();
  await takeAll(browser, empty.url, empty.token, 'empty', routesOf(undefined));
  await empty.stop();
}
const server = await startServer();
const filled = await fillEverything(server.url, server.token);
await takeDocs(browser, server.url, server.token, routesOf(filled.ids));
if (!onlyDocs) {
  await takeAll(browser, server.url, server.token, 'filled', routesOf(filled.ids));
  await takeAll(browser, server.url, server.token, 'failing', routesOf(filled.ids), failReads);
}
await filled.stop();
await server.stop();
await browser.close();
console.log(`The pictures are in ${onlyDocs ? 'docs/images' : `${directory} and docs/images`}.`);

async function takeAll(
  browser: Browser,
  url: string,
  token: string,
  kind: string,
  views: View[],
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const wanted = views.filter(({ name }) => only?.includes(name) ?? true);
  const queue = THEMES.flatMap((theme) =>
    SIZES.flatMap((viewport) => wanted.map((view) => ({ theme, viewport, view }))),
  );
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { theme, viewport, view } = next;
        const page = await openPage(browser, { url, token, theme, viewport, prepare }, view);
        const name = `${view.name}-${kind}-${theme}-${viewport.width}.png`;
        await page.screenshot({ path: join(directory, name) });
        await page.context().close();
      }
    }),
  );
}

/** WebP, which Chromium writes itself: a tenth of the size of a PNG. */
async function takeDocs(browser: Browser, url: string, token: string, views: View[]): Promise<void> {
  for (const { name, theme, width, height } of DOCS) {
    const view = views.find((one) => one.name === name);
    if (!view) throw new Error(`There is no view ${name}.`);
    const page = await openPage(browser, { url, token, theme, viewport: { width, height } }, view);
    // The panel counts what it has seen.
    await page.waitForTimeout(name === 'overview' ? 15_000 : 1_500);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
    writeFileSync(join(images, `${name}.webp`), Buffer.from(data, 'base64'));
    await page.context().close();
  }
}

interface Options {
  url: string;
  token: string;
  theme: 'light' | 'dark';
  viewport: { width: number; height: number };
  prepare?: ((page: Page) => Promise<void>) | undefined;
}

async function openPage(browser: Browser, options: Options, view: View): Promise<Page> {
  const { url, token, theme, viewport, prepare } = options;
  const context = await browser.newContext({ viewport, colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultNavigationTimeout(GOTO_MS);
  await page.addInitScript((value) => sessionStorage.setItem('signalbox.token', value), token);
  await prepare?.(page);
  await page.goto(`${url}${view.path}`);
  await page.locator('main').waitFor();
  await page
    .waitForFunction(
      () =>
        // Live, where the page follows something, and nothing is being read.
        (document.querySelector('[data-testid="connection"]')?.getAttribute('data-kind') ?? 'live') ===
          'live' &&
        ![...document.querySelectorAll('[role="status"]')].some(({ textContent }) =>
          /^Reading /.test(textContent ?? ''),
        ),
      undefined,
      { timeout: 5_000 },
    )
    .catch(() => {});
  await view.act?.(page);
  await page.waitForTimeout(700);
  return page;
}

/** The server answers what it cannot do; who is signed in it knows. */
async function failReads(page: Page): Promise<void> {
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('query Viewer')) return route.continue();
    await route.fulfill({
      status: 400,
      contentType: 'application/json',
      body: JSON.stringify({
        errors: [
          {
            message: 'The server could not read that.',
            extensions: { code: 'BAD_USER_INPUT', requestId: 'req-7f3a' },
          },
        ],
      }),
    });
  });
}
