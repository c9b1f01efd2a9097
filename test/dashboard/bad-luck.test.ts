/** What goes wrong around a page: long names, large values, wide forms, wrong clocks, other rights, a server that starts anew. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, request, tokenFor } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

const LONG = 'x'.repeat(200);
const RIGHT_TO_LEFT = 'ملف التعريف الشخصي للمستخدم 123 abc';
const FIELDS = 40;

const WIDE_SCHEMA = {
  type: 'object',
  required: ['field0'],
  properties: {
    ...Object.fromEntries(
      Array.from({ length: FIELDS }, (_, at) => [
        `field${at}`,
        at % 3 === 0
          ? { type: 'string', title: `Field ${at}` }
          : { type: at % 3 === 1 ? 'integer' : 'boolean' },
      ]),
    ),
    rows: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, cells: { type: 'array', items: { type: 'number' } } },
      },
    },
  },
};

describe.skipIf(!chromiumPath)('bad luck', () => {
  let fixture: DashboardFixture;
  let long: string;
  let large: string;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
    const { data } = await request(
      fixture.url,
      ADMIN_TOKEN,
      `mutation($long: String!, $description: String!, $schema: JSON!, $arabic: String!) {
        long: registerJob(input: { room: "lab", category: "general", name: $long, description: $description }) { __typename }
        wide: registerJob(input: { room: "lab", category: "general", name: "wide", payloadSchema: $schema }) { __typename }
        worker: registerWorker(input: { name: $long, host: $arabic, capacity: 3 }) { __typename }
        key: createApiKey(input: { name: $arabic, role: WORKER, rooms: ["lab"] }) { __typename }
        webhook: createWebhook(input: { url: "https://hooks.example/a-path-that-does-not-want-to-end/and/goes/on/and/on/and/on", description: $arabic }) { __typename }
        schedule: createSchedule(input: { name: $arabic, cron: "0 0 1 1 *", task: { job: "lab:general:resize", room: "lab", payload: { picture: "fine" } } }) { __typename }
      }`,
      {
        long: LONG.slice(0, 128),
        description: `${LONG} ${RIGHT_TO_LEFT}`,
        schema: WIDE_SCHEMA,
        arabic: RIGHT_TO_LEFT,
      },
    );
    expect(Object.values(data ?? {}).map((one) => (one as { __typename: string }).__typename)).not.toContain(
      'InvalidInput',
    );
    const submit = async (job: string, payload: unknown, more = {}) =>
      (await fixture.client.submit({ room: 'lab', job, payload: payload as never, ...more })).id;
    const named = {
      correlationId: LONG,
      entityType: RIGHT_TO_LEFT,
      entityId: LONG,
      labels: { [LONG.slice(0, 60)]: LONG },
    };
    long = await submit(`lab:general:${LONG.slice(0, 128)}`, {}, named);
    const text = 'The same again, and again. '.repeat(40);
    large = await submit('lab:general:orphan', {
      rows: Array.from({ length: 200 }, (_, at) => ({ at, text })),
    });
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it.each([1400, 390])('names that do not want to end stay within the page at %i px', async (width) => {
    const job = encodeURIComponent(`lab:general:${LONG.slice(0, 128)}`);
    const wider: string[] = [];
    for (const path of [
      '/',
      '/tasks',
      `/tasks?task=${long}`,
      '/tasks?cols=status,job,labels,entity,correlation,by',
      `/tasks?correlation=${LONG}`,
      `/tasks/${long}`,
      '/jobs?room=lab',
      `/jobs/${job}`,
      `/jobs/${job}?tab=run`,
      '/workers',
      '/schedules',
      '/webhooks',
      '/keys',
      '/events',
    ]) {
      const page = await fixture.open(path, { width });
      await settled(page);
      if (await isWider(page)) wider.push(path);
      await page.context().close();
    }
    expect(wider).toEqual([]);
  });

  it('a payload of 200 KB opens at once: its head, and the whole as a file', async () => {
    const page = await fixture.open(`/tasks/${large}`);
    await settled(page);
    const begun = Date.now();
    await page.getByRole('button', { name: 'Payload' }).click();
    const text = page.locator('main pre');
    await text.waitFor();
    expect(Date.now() - begun).toBeLessThan(3_000);
    expect((await text.textContent())?.length).toBeLessThan(70_000);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('payload.json');
    await page.context().close();
  });

  it('a job with forty fields and lists within lists has a form that submits', async () => {
    const page = await fixture.open('/jobs/lab%3Ageneral%3Awide?tab=run');
    await settled(page);
    await page.getByLabel('Field 0').fill('zero');
    await page.getByLabel('Field 39').fill('last');
    await page.getByRole('button', { name: 'Add to rows' }).click();
    await page.getByLabel('name').fill('first row');
    await page.getByRole('button', { name: 'Add to cells' }).click();
    await page.locator('input[id$="cells_0"]').fill('7');
    await page.getByRole('button', { name: 'Run wide' }).click();
    await page.waitForURL(/\/tasks\/task_/);
    const id = new URL(page.url()).pathname.split('/')[2];
    const { data } = await request(fixture.url, ADMIN_TOKEN, `{ task(id: "${id}") { payload } }`);
    expect(data.task.payload).toMatchObject({
      field0: 'zero',
      field39: 'last',
      rows: [{ name: 'first row', cells: [7] }],
    });
    await page.context().close();
  });

  it('a clock that is ten minutes wrong changes no age', async () => {
    const context = await fixture.browser.newContext();
    await context.clock.install({ time: Date.now() + 600_000 });
    const page = await fixture.open('/tasks?room=lab', { context });
    await page.locator(`[data-id="${large}"] [data-column="age"]`).waitFor();
    const age = await page.locator(`[data-id="${large}"] [data-column="age"]`).textContent();
    expect(age).toMatch(/now|\d+ s ago|[1-4] min ago/);
    await context.close();
  });

  it('whoever signs in with fewer rights is offered no more than they allow, on the same page', async () => {
    const admin = await tokenFor('ada', 'ADMIN', ['*'], new Date(Date.now() + 12_000));
    const page = await fixture.open(`/tasks/${fixture.seeded.failed}`, { token: admin });
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByLabel('Token').fill(await tokenFor('ada', 'MEMBER', ['lab']));
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Retry' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: 'Keys', exact: true }).count()).toBe(0);
    await page.context().close();
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});

function isWider(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const main = document.querySelector('main') as HTMLElement;
    return document.documentElement.scrollWidth > innerWidth || main.scrollWidth > main.clientWidth;
  });
}
