/** A failed task is found and retried without a mouse: sign in, find it, retry it, and back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('the keyboard alone', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it('signs in, finds a failed task, retries it, and goes back', async () => {
    const context = await fixture.browser.newContext();
    const page = await context.newPage();
    await page.goto(fixture.url);
    await page.getByRole('heading', { name: 'Signalbox' }).waitFor();
    await page.keyboard.type(ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await settled(page);

    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL('**/dead-letters');
    await page.locator(`[data-id="${fixture.seeded.failed}"]`).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/tasks/${fixture.seeded.failed}`);
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    await page.keyboard.press('r');
    await page.getByText('1 task retried.').waitFor();
    await page.getByText('retry requested').first().waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/dead-letters');
    await context.close();
  });

  it('opens rows in place, each below its own, and closes them again', async () => {
    const page = await fixture.open('/tasks');
    await settled(page);
    const rows = page.locator('[role="row"][data-id]');
    const topOf = async (at: number) => (await rows.nth(at).boundingBox())?.y ?? 0;
    await page.keyboard.press('j');
    const before = await topOf(1);
    await page.keyboard.press('e');
    const detail = page.getByRole('row').filter({ hasText: 'Everything about it' });
    await detail.getByText('submitted').waitFor();
    // The next row makes room for it, as high as it has become.
    await page.waitForFunction(() => {
      const [below, next] = [
        [...document.querySelectorAll('[role="row"]')].find(({ textContent }) =>
          textContent?.includes('Everything about it'),
        ),
        document.querySelectorAll('[role="row"][data-id]')[1],
      ].map((element) => element?.getBoundingClientRect());
      return below && next && Math.abs(below.bottom - next.top) <= 1;
    });
    expect(await topOf(1)).toBeGreaterThan(before);
    await page.keyboard.press('e');
    await detail.waitFor({ state: 'detached' });
    expect(await topOf(1)).toBe(before);
    await page.context().close();
  });

  it('goes to an id that is pasted into the palette', async () => {
    const page = await fixture.open('/');
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('A page, a job, a room, or an id').waitFor();
    await page.keyboard.type(fixture.seeded.worker);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/workers/${fixture.seeded.worker}`);
    await page.context().close();
  });

  it('leaves keys to fields while somebody types', async () => {
    const page = await fixture.open('/jobs?room=lab');
    const search = page.getByRole('searchbox', { name: 'Search jobs' });
    await search.pressSequentially('gtn?');
    expect(await search.inputValue()).toBe('gtn?');
    expect(new URL(page.url()).pathname).toBe('/jobs');
    await page.context().close();
  });

  it('gives a key to the page before its frame, also on the page that was opened first', async () => {
    const page = await fixture.open('/tasks');
    await settled(page);
    await page.keyboard.press('f');
    await page.keyboard.type('error:GONE\n');
    await page.waitForURL((url) => url.searchParams.get('error') === 'GONE');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.context().close();
  });

  it('opens what a link of the address says: filter, columns, drawer', async () => {
    const { failed } = fixture.seeded;
    const page = await fixture.open(
      `/tasks?status=FAILED&label.album=summer&cols=status,labels&task=${failed}`,
    );
    await settled(page);
    expect(await page.getByRole('columnheader').allTextContents()).toEqual(['', 'Status', 'Labels']);
    await page.getByRole('complementary', { name: 'Task' }).getByText(failed).waitFor();
    expect(await page.locator('[role="row"][data-id]').count()).toBe(1);
    await page.context().close();
  });
});
