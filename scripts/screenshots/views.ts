// What pictures are taken of.
import type { Page } from 'playwright-core';
import type { Ids } from './fill.ts';

export interface View {
  name: string;
  path: string;
  /** What is done before the picture is taken. */
  act?(page: Page): Promise<void>;
}

/** Every view; without ids those that an empty server has. */
export function routesOf(ids: Ids | undefined): View[] {
  const job = `/jobs/${encodeURIComponent('gallery:modifiers:thumbnail')}`;
  const general: View[] = [
    { name: 'overview', path: '/' },
    { name: 'tasks', path: '/tasks' },
    { name: 'dead-letters', path: '/dead-letters' },
    { name: 'errors', path: '/dead-letters?group=error' },
    { name: 'jobs', path: '/jobs' },
    { name: 'job', path: job },
    { name: 'workers', path: '/workers' },
    { name: 'schedules', path: '/schedules' },
    { name: 'schedule-form', path: '/schedules?new=yes' },
    { name: 'operations', path: '/operations' },
    { name: 'events', path: '/events' },
    { name: 'webhooks', path: '/webhooks' },
    { name: 'keys', path: '/keys' },
    { name: 'nothing-matches', path: '/tasks?label.album=nowhere&status=FAILED' },
    { name: 'not-found', path: '/tasks/task_01m8pg3fbdfrzt2esd8691ken2' },
    { name: 'views', path: '/tasks?status=FAILED', act: (page) => open(page, 'Views') },
    { name: 'palette', path: '/', act: (page) => press(page, 'Control+k') },
    { name: 'keys-help', path: '/', act: (page) => press(page, '?') },
  ];
  if (!ids) return general;
  return [
    ...general,
    { name: 'running', path: '/tasks?status=RUNNING,CLAIMED' },
    { name: 'drawer', path: `/dead-letters?task=${ids.failed}` },
    { name: 'task', path: `/tasks/${ids.failed}` },
    { name: 'task-running', path: `/tasks/${ids.running}` },
    { name: 'task-graph', path: `/tasks/${ids.graph}?tab=graph` },
    { name: 'task-payload', path: `/tasks/${ids.failed}?tab=payload` },
    { name: 'job-run', path: `${job}?tab=run` },
    { name: 'job-schema', path: `${job}?tab=schema` },
    { name: 'worker', path: `/workers/${ids.worker}` },
    { name: 'schedule', path: `/schedules/${ids.schedule}` },
    { name: 'operation', path: '/operations?run=cleanup_events' },
    { name: 'operation-run', path: `/operations/runs/${ids.run}` },
    { name: 'webhook', path: `/webhooks/${ids.webhook}` },
    {
      name: 'probe',
      path: '/dead-letters?group=error',
      act: (page) => open(page, 'Try one'),
    },
    { name: 'events-by', path: '/events?by=@admin&severity=WARNING' },
    { name: 'bulk', path: `/bulk/${ids.bulk}` },
  ];
}

/** Opens what stands behind a button. */
async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).first().click();
}

async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await page
    .locator('dialog[open]')
    .waitFor({ timeout: 3_000 })
    .catch(() => {});
}

/** Those that the documentation shows. */
export const DOCS = [
  { name: 'overview', theme: 'light', width: 1280, height: 860 },
  { name: 'running', theme: 'dark', width: 1280, height: 720 },
  { name: 'drawer', theme: 'light', width: 1280, height: 800 },
  { name: 'workers', theme: 'dark', width: 1280, height: 560 },
] as const;
