/** Around the page: networks that go and come, laptops that sleep, Redis that is gone, two tabs, long lists, still motion. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, startOwnRedis } from '../chaos/services.ts';
import { type Network, startNetwork } from '../client/network.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe.skipIf(!chromiumPath)('circumstances', () => {
  let fixture: DashboardFixture;
  let network: Network;
  let redis: Service | undefined;
  beforeAll(async () => {
    redis = await startOwnRedis();
    fixture = await openDashboardFixture(redis ? { REDIS_URL: redis.url } : {});
    network = await startNetwork(fixture.url);
  }, BUILD_MS);
  afterAll(async () => {
    await network?.close();
    await fixture?.close();
    await redis?.stop();
  });

  const submit = async () =>
    (await fixture.client.submit({ room: 'lab', job: 'lab:general:orphan', payload: {} })).id;
  const row = (page: Page, id: string) => page.locator(`[data-id="${id}"]`);
  const dot = (page: Page) => page.getByTestId('connection');

  it('a network that was switched: the page says so, and has what it missed', async () => {
    const page = await fixture.open('/tasks?room=lab', { at: network.url });
    await settled(page);
    network.down();
    await page.waitForFunction(
      () => document.querySelector('[data-testid="connection"]')?.getAttribute('data-kind') !== 'live',
    );
    const missed = await submit();
    expect(await row(page, fixture.seeded.failed).isVisible()).toBe(true);
    network.up();
    await row(page, missed).waitFor();
    await expect.poll(() => dot(page).getAttribute('data-kind')).toBe('live');
    await page.context().close();
  });

  it('a laptop that was closed: the page goes on where it was, with what became of it', async () => {
    const page = await fixture.open('/tasks?room=lab', { at: network.url });
    await settled(page);
    const before = await submit();
    await row(page, before).waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    network.cut();
    const missed = await submit();
    await fixture.client.cancel(before, 'Meanwhile');
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await row(page, missed).waitFor();
    await page.locator(`[data-id="${before}"][data-status="CANCELLED"]`).waitFor();
    await page.context().close();
  });

  it('two tabs: what is done in one is seen in the other, and each has its own place', async () => {
    const first = await fixture.open('/tasks?room=lab');
    const second = await fixture.open(`/tasks/${fixture.seeded.failed}`, { context: first.context() });
    await Promise.all([settled(first), settled(second)]);
    const task = await submit();
    await row(first, task).waitFor();
    await second.goto(`${fixture.url}/tasks/${task}`);
    await second.getByRole('button', { name: 'Cancel' }).click();
    await second.getByRole('button', { name: 'Cancel 1 task' }).click();
    await first.locator(`[data-id="${task}"][data-status="CANCELLED"]`).waitFor();
    expect(new URL(first.url()).pathname).toBe('/tasks');
    // Leaving in one tab leaves the other signed in: its token is its own.
    await second.getByRole('button', { name: /^Account/ }).click();
    await second.getByRole('button', { name: 'Sign out' }).click();
    await second.getByRole('button', { name: 'Sign in' }).waitFor();
    await row(first, await submit()).waitFor();
    await first.context().close();
  });

  it('with reduced motion nothing is animated, and what leaves a list is gone at once', async () => {
    const context = await fixture.browser.newContext({ reducedMotion: 'reduce' });
    const page = await fixture.open('/tasks?room=lab&status=PENDING', { context });
    const task = await submit();
    await row(page, task).waitFor();
    await page.evaluate((id) => {
      new MutationObserver(() => {
        if (document.querySelector(`[data-id="${id}"][data-leaving]`)) document.title = 'It has lingered';
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-leaving'] });
    }, task);
    await fixture.client.cancel(task, 'Seen');
    await row(page, task).waitFor({ state: 'detached' });
    expect(await page.title()).not.toBe('It has lingered');
    await page.goto(`${fixture.url}/`);
    await settled(page);
    const longest = await page.evaluate(() =>
      Math.max(
        ...document
          .getAnimations()
          .map(({ effect }) => Number(effect?.getComputedTiming().activeDuration ?? 0)),
        0,
      ),
    );
    expect(longest).toBeLessThan(1);
    await context.close();
  });

  it('20,000 tasks: the list scrolls through as many as it may hold, and draws few', {
    timeout: 240_000,
  }, async () => {
    const inputs = Array.from({ length: 1_000 }, () => ({
      room: 'crowd',
      job: 'crowd:general:wait',
      payload: {},
    }));
    await fixture.client.request(
      'mutation { registerJob(input: { room: "crowd", category: "general", name: "wait" }) { __typename } }' as never,
    );
    for (let at = 0; at < 20; at++) await fixture.client.submitMany(inputs);
    const context = await fixture.browser.newContext();
    await context.addInitScript(() =>
      localStorage.setItem('signalbox.settings', JSON.stringify({ rows: 5000 })),
    );
    const page = await fixture.open('/tasks?room=crowd', { context });
    await page.getByRole('button', { name: /^All 10,000\+|^All 20,000/ }).waitFor();
    const table = page.getByRole('table', { name: 'Tasks' });
    await table.waitFor();
    const toEnd = () =>
      table.evaluate((element) => element.parentElement?.scrollTo({ top: element.scrollHeight }));
    await expect
      .poll(
        async () => {
          await toEnd();
          return table.getByRole('row').last().getAttribute('aria-rowindex').then(Number);
        },
        { timeout: 120_000 },
      )
      .toBe(5_001);
    expect(await table.getByRole('row').count()).toBeLessThan(80);
    await context.close();
  });

  it('Redis that is gone: changes come all the same', async ({ skip }) => {
    if (!redis) return skip('There is no program of Redis.');
    const page = await fixture.open('/tasks?room=lab');
    await settled(page);
    await redis.kill();
    const task = await submit();
    await row(page, task).waitFor();
    await fixture.client.cancel(task, 'Without Redis');
    await page.locator(`[data-id="${task}"][data-status="CANCELLED"]`).waitFor();
    await page.context().close();
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});
