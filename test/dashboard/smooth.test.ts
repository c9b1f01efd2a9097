/** 200 transitions a second, for 20 s: the page stays quick, and holds no more and no less than before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorker } from '../../src/client/worker/index.ts';
import { quiet } from '../client/client-fixture.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

const SECONDS = 20;
const TASKS_A_SECOND = 50;

describe.skipIf(!chromiumPath)('a busy room', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it('takes a third of the time of the page at most', { timeout: 180_000 }, async () => {
    const { client, url } = fixture;
    const worker = createWorker({ url, token: ADMIN_TOKEN, name: 'busy', concurrency: 50, logger: quiet });
    worker.job({
      room: 'lab',
      category: 'general',
      name: 'busy',
      payload: {} as never,
      handler: async ({ progress }) => {
        progress(50, 'half');
        return {};
      },
    });
    await worker.start();
    const page = await fixture.open('/tasks?room=lab');
    await settled(page);
    const session = await page.context().newCDPSession(page);
    // By the time of the thread, not of the clock: what else the machine does is not the page's doing.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const metrics = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
      return { busy: of('TaskDuration'), heap: of('JSHeapUsedSize') };
    };
    const drive = async (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        const input = { room: 'lab', job: 'lab:general:busy', payload: {} };
        await Promise.all([
          client.submitMany(Array.from({ length: TASKS_A_SECOND }, () => input)),
          new Promise((resolve) => setTimeout(resolve, 1_000)),
        ]);
      }
    };
    // The list is full, and what is compiled once is compiled.
    await drive(4);
    const before = await metrics();
    const began = performance.now();
    await drive(SECONDS);
    const after = await metrics();
    const seconds = (performance.now() - began) / 1000;
    expect((after.busy - before.busy) / seconds).toBeLessThan(0.33);
    expect((after.heap - before.heap) / 1_048_576).toBeLessThan(5);
    expect(fixture.complaints).toEqual([]);
    await Promise.all([worker.stop(), worker.stop()]);
    // What is drawn is what is.
    await expect
      .poll(() => page.locator('[data-id][data-status="COMPLETED"]').count(), { timeout: 20_000 })
      .toBeGreaterThan(10);
    await page.context().close();
  });
});
