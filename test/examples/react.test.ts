/** The React example in a real browser: the demo's worker works, and the page shows it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, startExample } from '../../examples/react/server.ts';
import { chromiumPath, openBrowser } from '../support/browser.ts';

describe.skipIf(!chromiumPath)('the React example', () => {
  let directory: string;
  let example: Example;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-react-'));
    await mkdir(join(directory, 'src'));
    await writeFile(join(directory, 'src/a.ts'), 'export const a = 1;\nexport const b = 2;\n');
    [example, browser] = await Promise.all([startExample(directory, 0), openBrowser()]);
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(example.url);
  });

  afterAll(async () => {
    await browser?.close();
    await example?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('submits, and shows list and counts as they change', async () => {
    await page.getByText('Nothing was indexed yet.').waitFor();
    await page.getByRole('textbox').fill('src');
    await page.getByRole('button', { name: 'Index it' }).click();
    await page.locator('li strong', { hasText: 'COMPLETED' }).waitFor();
    await page.getByText('1 of 1 done · live').waitFor();
  });

  it('says what the server refuses', async () => {
    await page.getByRole('textbox').fill('../secret');
    await page.getByRole('button', { name: 'Index it' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('payload');
    await page.getByRole('textbox').fill('src');
  });

  it('shows one task to whoever has its link, and nothing else', async () => {
    await page.getByRole('button', { name: 'Share' }).click();
    const link = await page.getByRole('link', { name: 'Page of this task' }).getAttribute('href');
    // Somebody else: without the cookie of the session.
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${example.url}${link}`);
    await other.getByText('1 files, 2 lines, 2 exported symbols').waitFor();
    expect(await other.locator('h1').textContent()).toBe('COMPLETED');
    expect(await other.getByRole('button').count()).toBe(0);
    await other.close();
  });

  it('does all that without an error in the console', () => {
    expect(errors).toEqual([]);
  });
});
