/** What people change from the dashboard: settings of a job, options of a submission, a worker that shall end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, request } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('steering', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());
  const ask = async (query: string) => (await request(fixture.url, ADMIN_TOKEN, query)).data;

  it('gives a job a limit by key and turns, and says what the server refuses', async () => {
    const page = await fixture.open('/jobs/lab%3Ageneral%3Aresize');
    await settled(page);
    await page.getByLabel('Parts of this page').getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Add a limit' }).click();
    const limit = page.getByRole('group', { name: 'Limit 1' });
    await limit.getByLabel('Counts').selectOption({ label: 'Each key by itself' });
    await limit.getByLabel('At most').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    await limit.getByLabel('Name').fill('customers');
    await page.getByLabel('Among tasks of equal priority').selectOption({ label: 'Keys take turns' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved resize.').waitFor();
    await page.getByText('2 at a time by key').waitFor();
    const { job } = await ask(
      '{ job(fullName: "lab:general:resize") { fairness limits { name scope maxRunning } } }',
    );
    expect(job).toEqual({
      fairness: 'KEY',
      limits: [{ name: 'customers', scope: 'KEY', maxRunning: 2 }],
    });
    await page.context().close();
  });

  it('submits with a limit key, and with a key that is held until the end: one at a time', async () => {
    const page = await fixture.open('/jobs/lab%3Ageneral%3Aresize?tab=run');
    await settled(page);
    const run = async () => {
      await page.getByLabel('picture').fill('fine');
      await page.getByLabel('Not before').fill('2099-01-01T00:00');
      await page.getByLabel('Limit key').fill('acme');
      await page.getByLabel('Idempotency key').fill('nightly');
      await page
        .getByLabel('The same key again')
        .selectOption({ label: 'Gives this task until it has ended' });
      await page.getByText('"limitKey": "acme"').waitFor();
      await page.getByRole('button', { name: 'Run resize' }).click();
      await page.waitForURL(/\/tasks\/task_/);
      return new URL(page.url()).pathname.slice('/tasks/'.length);
    };
    const first = await run();
    await page.goBack();
    const second = await run();
    expect(second).toBe(first);
    await page.getByText('The key was used before').waitFor();
    await ask(`mutation { cancelTask(input: { taskId: "${first}" }) { __typename } }`);
    await page.context().close();
  });

  it('drains a worker: what it still holds, and that it has gone', async () => {
    const page = await fixture.open('/workers');
    await settled(page);
    await page.getByRole('link', { name: /resizer on host 7/ }).click();
    await page.getByRole('button', { name: 'Drain' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('finishes its 1 task').waitFor();
    await dialog.getByRole('button', { name: 'Drain' }).click();
    await page.getByText('ends when its 1 task is done').waitFor();
    await page.getByText(/It still holds 1 task|finishes 1 task/).waitFor();
    await ask(`mutation { cancelTask(input: { taskId: "${fixture.seeded.running}" }) { __typename } }`);
    await page
      .getByText(/^Drained: it holds nothing|is drained and has gone/)
      .first()
      .waitFor();
    await page.context().close();
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});
