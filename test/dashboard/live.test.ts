/** Views that follow their streams: what happens on the server is there without a touch. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, request } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('views that follow', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture({ SIGNALBOX_WEBHOOK_ALLOW_PRIVATE: 'on' });
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  const ask = (mutation: string) => request(fixture.url, ADMIN_TOKEN, `mutation { ${mutation} }`);
  const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

  async function opened(path: string): Promise<Page> {
    const page = await fixture.open(path);
    await settled(page);
    return page;
  }

  it('jobs come and go', async () => {
    const page = await opened('/jobs?room=lab');
    await row(page, 'resize').waitFor();
    await ask('registerJob(input: { room: "lab", category: "general", name: "brandnew" }) { __typename }');
    await row(page, 'brandnew').waitFor();
    await ask('retireJob(input: { fullName: "lab:general:brandnew" }) { __typename }');
    await row(page, 'brandnew').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('a schedule shows its runs, and what is changed of it', async () => {
    const page = await opened('/schedules');
    await row(page, 'nightly').waitFor();
    const before = await row(page, 'nightly').locator('[title]').count();
    await ask(`runScheduleNow(scheduleId: "${fixture.seeded.schedule}") { __typename }`);
    await page.waitForFunction(
      (count) =>
        [...document.querySelectorAll('tr')]
          .filter((one) => one.textContent?.includes('nightly'))
          .some((one) => one.querySelectorAll('[title]').length > count),
      before,
    );
    await ask(
      'createSchedule(input: { name: "hourly", cron: "0 * * * *", task: { job: "lab:general:resize", room: "lab", payload: { picture: "fine" } } }) { __typename }',
    );
    await row(page, 'hourly').waitFor();
    await page.context().close();
  });

  it('a webhook shows its deliveries as they are attempted, and sends one again', async () => {
    const heard: string[] = [];
    const listener = createServer((incoming, answer) => {
      heard.push(String(incoming.headers['webhook-id']));
      answer.end('noted');
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const { data } = await ask(
      `made: createWebhook(input: { url: "http://127.0.0.1:${port}/", types: [API_KEY_REVOKED] }) { ... on CreateWebhookSuccess { webhook { id } } }`,
    );
    const page = await opened(`/webhooks/${data.made.webhook.id}`);
    await page.getByText('Nothing was sent yet').waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await row(page, 'Delivered').waitFor();
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => heard.length).toBe(2);
    // The same delivery, not another one.
    expect(heard[1]).toBe(heard[0]);
    await row(page, 'Delivered').waitFor();
    await page.context().close();
    await new Promise((resolve) => listener.close(resolve));
  });

  it('says why a task waits, and stops saying so', async () => {
    const page = await opened(`/tasks/${fixture.seeded.pending}`);
    await page.getByText(/Is due at/).waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText(/Is due at/).waitFor({ state: 'detached' });
    await page.getByText('Completed').first().waitFor();
    await page.context().close();
  });

  it('counts what matches the filter in every tab', async () => {
    const page = await opened('/tasks?label.album=summer');
    const tab = page.getByRole('button', { name: /^Completed/ });
    const count = async () => Number((await tab.textContent())?.match(/\d+/)?.[0] ?? Number.NaN);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[aria-label="Status"] button')].every((one) =>
        /\d/.test(one.textContent ?? ''),
      ),
    );
    const before = await count();
    const task = await fixture.client.submit({
      room: 'lab',
      job: 'lab:general:resize',
      payload: { picture: 'fine' },
      labels: { album: 'summer' },
    });
    await task.result();
    await expect.poll(count).toBe(before + 1);
    await page.context().close();
  });

  it('a view is saved, shown again by one click, and deleted', async () => {
    const page = await opened('/tasks?status=FAILED&label.album=summer');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Save what is shown…' }).click();
    await page.getByLabel('Name').fill('Broken summer');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Broken summer' }).first().waitFor();
    await page.goto(`${fixture.url}/tasks`);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Broken summer', exact: true }).click();
    await page.waitForURL((url) => url.search.includes('label.album=summer'));
    expect(new URL(page.url()).searchParams.get('status')).toBe('FAILED');
    await page.getByRole('button', { name: 'Broken summer' }).first().click();
    await page.getByRole('button', { name: 'Delete Broken summer' }).click();
    await page.getByText('No view of this page is saved yet.').waitFor();
    await page.context().close();
  });

  it('one of the dead letters with an error is tried, before the others follow', async () => {
    const again = await fixture.client.submit({
      room: 'lab',
      job: 'lab:general:resize',
      payload: { picture: 'gone' },
    });
    await again.result().catch(() => {});
    const page = await fixture.open('/dead-letters?group=error&room=lab');
    await page.getByRole('button', { name: 'Try one' }).click();
    const probe = page.getByRole('region', { name: 'Probe' });
    await probe.getByText('It failed again: 1 other would most likely fail, too.').waitFor();
    expect(new URL(page.url()).searchParams.get('probe')).toBe(again.id);
    await probe.getByRole('button', { name: /^Retry the other/ }).click();
    await page.getByRole('button', { name: 'Retry 2' }).waitFor();
    await page.context().close();
  });

  it('the audit log shows what one identity did, and waits while somebody reads', async () => {
    const page = await fixture.open('/events');
    await settled(page);
    await page.getByLabel('By whom').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('No event matches').waitFor();
    await page.getByRole('button', { name: 'Remove By' }).click();
    await page.getByRole('link', { name: '@admin' }).first().click();
    await page.waitForURL(/by=/);
    await page.getByRole('button', { name: 'Hold' }).click();
    await fixture.client.request(
      'mutation { registerJob(input: { room: "lab", category: "general", name: "noted" }) { __typename } }' as never,
    );
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, 'Job registered').first().waitFor();
    await page.context().close();
  });

  it('a column is as wide as it was dragged, also after a reload', async () => {
    const page = await fixture.open('/tasks?room=lab');
    await settled(page);
    const head = page.locator('[data-column-head="id"]');
    const widthOf = async () => Math.round((await head.boundingBox())?.width ?? 0);
    const before = await widthOf();
    const edge = await head.locator('[aria-hidden]').boundingBox();
    if (!edge) throw new Error('There is no edge.');
    await page.mouse.move(edge.x + 4, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 64, edge.y + 10, { steps: 4 });
    await page.mouse.up();
    expect(await widthOf()).toBe(before + 60);
    await page.reload();
    await settled(page);
    expect(await widthOf()).toBe(before + 60);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'The first widths again' }).click();
    expect(await widthOf()).toBe(before);
    await page.context().close();
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});
