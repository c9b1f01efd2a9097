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
