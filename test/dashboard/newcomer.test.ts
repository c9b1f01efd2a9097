/** What a new user is asked for first, without reading anything: each in a handful of clicks, counted. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, request } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('a new user', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  /** Begins at the overview, and counts clicks. */
  async function begin() {
    const page = await fixture.open('/');
    await settled(page);
    let clicks = 0;
    return {
      page,
      clicks: () => clicks,
      async click(target: Locator) {
        await target.click();
        clicks++;
      },
      section: (name: string) =>
        page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name, exact: true }),
    };
  }
  const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text }).first();

  it('finds out why this one did not run', async () => {
    const { page, click, clicks, section } = await begin();
    await click(section('Tasks'));
    await click(row(page, 'orphan'));
    await page.getByText('No living worker serves the job').waitFor();
    expect(clicks()).toBe(2);
    await page.context().close();
  });

  it('retries everything that failed with an error since a time', async () => {
    const { page, click, clicks, section } = await begin();
    await click(section('Dead letters'));
    await click(page.getByLabel('Filter by text'));
    await page.keyboard.type('error:GONE ended:today\n');
    await click(page.getByRole('button', { name: 'All that match' }));
    await click(page.getByRole('button', { name: 'Retry all that match…' }));
    await click(page.getByRole('button', { name: /^Retry \d+/ }));
    await page.waitForURL(/\/bulk\/bulk_/);
    await page
      .getByText(/1 retried|retried/)
      .first()
      .waitFor();
    expect(clicks()).toBe(5);
    await page.context().close();
  });

  it('runs a job again with other parameters', async () => {
    const { page, click, clicks, section } = await begin();
    await click(section('Tasks'));
    await click(page.locator(`[data-id="${fixture.seeded.failed}"] [data-column="job"]`));
    await click(page.getByRole('link', { name: 'Run again with edits' }));
    await page.getByLabel('picture').fill('fine');
    await click(page.getByRole('button', { name: 'Run resize' }));
    await page.waitForURL(/\/tasks\/task_/);
    await page.getByText('Completed').first().waitFor();
    expect(clicks()).toBe(4);
    await page.context().close();
  });

  it('sees who cancelled that, and why', async () => {
    const { page, click, clicks, section } = await begin();
    await click(section('Tasks'));
    await click(page.getByRole('button', { name: /^Cancelled/ }));
    await click(row(page, 'resize'));
    await page.getByText(/by @admin: Not wanted/).waitFor();
    expect(clicks()).toBe(3);
    await page.context().close();
  });

  it('finds the job that fails most today', async () => {
    const { page, click, clicks, section } = await begin();
    await click(section('Jobs'));
    await page.getByRole('combobox', { name: 'Time' }).selectOption({ label: '24 hours' });
    await page.getByRole('combobox', { name: 'Order' }).selectOption({ label: 'Most failures first' });
    const first = page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1);
    await first.filter({ hasText: 'resize' }).waitFor();
    await page.getByRole('columnheader', { name: 'Failed, 24 hours' }).waitFor();
    await click(first.getByRole('link', { name: /%/ }));
    await page.waitForURL(/dead-letters\?.*job=/);
    expect(clicks()).toBe(2);
    await page.context().close();
  });

  it('sees what runs right now', async () => {
    const { page, click, clicks } = await begin();
    await click(
      page
        .getByRole('main')
        .getByRole('link', { name: /^Running \d/ })
        .first(),
    );
    await row(page, 'shrinking').waitFor();
    expect(clicks()).toBe(1);
    await page.context().close();
  });

  it('finds a job by its name from anywhere', async () => {
    const { page } = await begin();
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.type('resiz');
    await page.getByRole('option', { name: /resize/ }).click();
    await page.waitForURL(/\/jobs\/lab/);
    const { data } = await request(
      fixture.url,
      ADMIN_TOKEN,
      '{ job(fullName: "lab:general:resize") { name } }',
    );
    await page.getByRole('heading', { level: 1, name: data.job.name }).waitFor();
    await page.context().close();
  });

  it('pauses a job and says why; whoever looks sees it, and that it goes on again', async () => {
    const pause = await begin();
    await pause.click(pause.section('Jobs'));
    await pause.click(pause.page.getByRole('link', { name: /resize/ }).first());
    const watching = await fixture.open('/jobs/lab%3Ageneral%3Aresize');
    await settled(watching);
    await pause.click(pause.page.getByRole('button', { name: 'Pause' }));
    await pause.page.getByLabel('Why').fill('The printer is on fire');
    await pause.click(pause.page.locator('dialog[open]').getByRole('button', { name: 'Pause' }));
    expect(pause.clicks()).toBe(4);
    const reason = watching.getByText('The printer is on fire');
    await reason.waitFor();
    await watching.getByText(/Paused in all rooms .* by @admin/).waitFor();
    const mine = pause.page.getByText('The printer is on fire');
    await mine.waitFor();
    await pause.click(pause.page.getByRole('button', { name: 'Resume' }));
    await Promise.all([mine.waitFor({ state: 'detached' }), reason.waitFor({ state: 'detached' })]);
    await Promise.all([pause.page.context().close(), watching.context().close()]);
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});
