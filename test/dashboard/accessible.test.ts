/** Every view in both themes, wide and narrow: no violation that axe finds, and nothing to be scrolled sideways. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../support/browser.ts';
import { violations } from './axe.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, routesOf, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('accessibility', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it.each([
    ['light', 1400],
    ['dark', 1400],
    ['light', 320],
    ['dark', 320],
  ] as const)('%s at %i px', { timeout: 240_000 }, async (theme, width) => {
    const context = await fixture.browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: theme,
      // axe is a script of the test's own.
      bypassCSP: true,
    });
    const found: string[] = [];
    for (const route of routesOf(fixture.seeded)) {
      const page = await fixture.open(route, { context });
      await settled(page);
      found.push(...(await violations(page)).map((violation) => `${route}: ${violation}`));
      const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (overflows) found.push(`${route}: is wider than the page`);
      await page.close();
    }
    await context.close();
    expect(found).toEqual([]);
  });

  it('rows that are open in place', async () => {
    const context = await fixture.browser.newContext({ bypassCSP: true });
    for (const width of [1400, 320]) {
      const page = await fixture.open('/dead-letters', { context });
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      await page.getByRole('button', { name: 'Open this row in place' }).first().click();
      await page.getByRole('link', { name: 'Everything about it' }).waitFor();
      expect(await violations(page), `${width} px`).toEqual([]);
      await page.close();
    }
    await context.close();
  });

  it('dialogs', async () => {
    const context = await fixture.browser.newContext({ bypassCSP: true });
    const page = await fixture.open('/tasks', { context });
    await settled(page);
    for (const key of ['?', 'Control+k']) {
      await page.keyboard.press(key);
      await page.locator('dialog[open]').waitFor();
      expect(await violations(page), key).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.goto(`${fixture.url}/schedules?new=yes`);
    await page.locator('dialog[open]').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
