/** A token that expires or is revoked: the page stays readable, and goes on with the next one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, request, tokenFor } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('the session of the dashboard', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it('takes the token of the link out of the address, and stays signed in after a reload', async () => {
    const page = await (await fixture.browser.newContext()).newPage();
    await page.goto(`${fixture.url}/#token=${ADMIN_TOKEN}`);
    await settled(page);
    expect(page.url()).toBe(`${fixture.url}/`);
    await page.reload();
    await settled(page);
    await page.context().close();
  });

  it('says why a token is refused', async () => {
    const page = await fixture.open('/', { token: 'sb_nothing-of-the-kind' });
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page
      .getByText(/not valid|unknown|refused|revoked/i)
      .first()
      .waitFor();
    await page.context().close();
  });

  it('keeps the page when the token expires, and goes on where it was', async () => {
    const token = await tokenFor('root', 'ADMIN', ['*'], new Date(Date.now() + 15_000));
    const page = await fixture.open('/tasks?room=lab', { token });
    const row = page.locator(`[data-id="${fixture.seeded.failed}"]`);
    await row.waitFor();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.waitFor();
    expect(await row.isVisible()).toBe(true);
    // Happens while nobody is signed in.
    const missed = await fixture.client.submit({ room: 'lab', job: 'lab:general:orphan', payload: {} });
    await dialog.getByLabel('Token').fill(await tokenFor('root', 'ADMIN', ['*']));
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.locator(`[data-id="${missed.id}"]`).waitFor();
    await page.context().close();
  });

  it('takes what a lowered role may not do from the page, and keeps what was typed', async () => {
    const token = await tokenFor('ada', 'ADMIN', ['*'], new Date(Date.now() + 20_000));
    const page = await fixture.open('/jobs/lab%3Ageneral%3Aresize?tab=run', { token });
    await page.getByLabel('picture').fill('half typed');
    await page.getByLabel('width').fill('640');
    await page.getByLabel('Correlation').fill('upload-7');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.waitFor();
    expect(await page.getByLabel('picture').inputValue()).toBe('half typed');
    await dialog.getByLabel('Token').fill(await tokenFor('ada', 'USER', ['lab']));
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Pause' }).waitFor({ state: 'detached' });
    const rail = page.getByRole('navigation', { name: 'Sections' });
    expect(await rail.getByRole('link', { name: 'Keys', exact: true }).count()).toBe(0);
    expect(await page.getByLabel('picture').inputValue()).toBe('half typed');
    expect(await page.getByLabel('width').inputValue()).toBe('640');
    expect(await page.getByLabel('Correlation').inputValue()).toBe('upload-7');
    await page.getByRole('button', { name: 'Run resize' }).click();
    await page.waitForURL(/\/tasks\/task_/);
    await page.context().close();
  });

  it('keeps nothing of what somebody else has typed', async () => {
    const token = await tokenFor('ada', 'ADMIN', ['*'], new Date(Date.now() + 15_000));
    const page = await fixture.open('/jobs/lab%3Ageneral%3Aresize?tab=run', { token });
    await page.getByLabel('picture').fill('a secret of ada');
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByLabel('Token').fill(await tokenFor('eve', 'ADMIN', ['*']));
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByLabel('picture').waitFor();
    expect(await page.getByLabel('picture').inputValue()).toBe('');
    await page.context().close();
  });

  it('says whose a page is, where the role does not have it', async () => {
    const page = await fixture.open('/keys', { token: await tokenFor('ada', 'USER', ['lab']) });
    await page.getByText('Keys: for Admin').waitFor();
    await page.context().close();
  });

  it('asks again when the key is revoked', async () => {
    const { data } = await request(
      fixture.url,
      ADMIN_TOKEN,
      'mutation { createApiKey(input: { name: "short", role: ADMIN, rooms: ["*"] }) { ... on CreateApiKeySuccess { secret apiKey { id } } } }',
    );
    const { secret, apiKey } = data.createApiKey;
    const page = await fixture.open('/tasks?room=lab', { token: secret });
    await settled(page);
    await request(fixture.url, ADMIN_TOKEN, `mutation { revokeApiKey(id: "${apiKey.id}") { __typename } }`);
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
    expect(await page.locator(`[data-id="${fixture.seeded.failed}"]`).isVisible()).toBe(true);
    await page.context().close();
  });
});
