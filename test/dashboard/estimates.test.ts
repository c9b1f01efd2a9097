/** When a task will run, on its page and after its submission: it counts down, and follows what happens. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createWorker, type Worker } from '../../src/client/worker/index.ts';
import { gate, quiet } from '../client/client-fixture.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

const JOB = 'lab:general:develop';

let dashboard: DashboardFixture;
let worker: Worker;
const held = gate();

beforeAll(async () => {
  if (!chromiumPath) return;
  dashboard = await openDashboardFixture();
  worker = createWorker({
    ...{ url: dashboard.url, token: ADMIN_TOKEN, name: 'darkroom', concurrency: 1, logger: quiet },
  });
  worker.job({
    ...{ room: 'lab', category: 'general', name: 'develop', payload: { type: 'object' } as never },
    async handler({ payload }) {
      const { film } = payload as { film: string };
      await (film === 'long' ? held.promise : new Promise((resolve) => setTimeout(resolve, 1_500)));
      return {};
    },
  });
  await worker.start();
}, BUILD_MS);
afterAll(async () => {
  held.open();
  await worker?.stop();
  await dashboard?.close();
});

const submit = (film: string) => dashboard.client.submit({ room: 'lab', job: JOB, payload: { film } });

it.skipIf(!chromiumPath)('says when a task starts and ends, and why it does not know', async () => {
  const first = await submit('short');
  expect((await first.estimate())?.unknown).toBe('NO_HISTORY');
  const rest = await Promise.all(Array.from({ length: 11 }, () => submit('short')));
  await Promise.all(rest.map((handle) => handle.result()));
  const holding = await submit('long');
  for (let n = 0; n < 9; n++) await submit('short');
  const last = await submit('short');
  // The attempts that have ended are counted within seconds.
  await vi.waitFor(async () => expect((await last.estimate())?.unknown).toBeNull(), 30_000);
  const page = await dashboard.open(`/tasks/${last.id}`);
  await settled(page);
  await page.getByText('Attempt ends').waitFor();
  const facts = () => page.locator('article dl').first().textContent();
  expect(await facts()).toMatch(/Starts\s*in about \d+ s/);
  await page.goto(`${dashboard.url}/tasks/${holding.id}`);
  await page.getByText('Attempt ends').waitFor();
  expect(await facts()).not.toMatch(/Starts/);
  await page.goto(`${dashboard.url}/jobs/${encodeURIComponent(JOB)}?tab=run`);
  await settled(page);
  await page.getByRole('button', { name: 'Run develop' }).click();
  await page.getByText(/Submitted\. Starts in about \d+ s/).waitFor();
});
