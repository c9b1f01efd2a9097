/** The dashboard as people have it: the built program on a database of its own, with work in every status, and Chromium. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Client, createClient } from '../../src/client/index.ts';
import { createWorker, type Worker } from '../../src/client/worker/index.ts';
import { buildProgram, cleanUp, type Program, startProgram } from '../app/program.ts';
import { gate, quiet } from '../client/client-fixture.ts';
import { ADMIN_TOKEN, JWT_SECRET, request } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';

export interface DashboardFixture {
  url: string;
  client: Client;
  browser: Browser;
  program: Program;
  seeded: Seeded;
  /** A page of whoever has the token, with nothing of another page in it. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** What pages have done against the policy, and errors that nobody caught: to be empty. */
  complaints: string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  token?: string;
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  /** Opens it as a further tab of this window. */
  context?: BrowserContext;
  /** Where the server is seen, as by way of a network; left out: itself. */
  at?: string;
}

/** What there is to be seen. */
export interface Seeded {
  failed: string;
  running: string;
  pending: string;
  worker: string;
  schedule: string;
  webhook: string;
  operationRun: string;
  bulk: string;
}

/** Milliseconds that building the program may take, where it was not built yet. */
export const BUILD_MS = 400_000;

const KEY = 'signalbox.token';

export async function openDashboardFixture(settings: Record<string, string> = {}): Promise<DashboardFixture> {
  await buildProgram();
  const program = await startProgram({
    SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
    SIGNALBOX_JWT_SECRET: JWT_SECRET,
    SIGNALBOX_MAX_FAILED_SIGN_INS: '0',
    SIGNALBOX_DATA_DIR: ':memory:',
    ...settings,
  });
  const url = await program.ready;
  const client = createClient({ url, token: ADMIN_TOKEN, logger: quiet });
  const [browser, { seeded, worker, release }] = await Promise.all([openBrowser(), seed(url, client)]);
  const complaints: string[] = [];
  return {
    url,
    client,
    browser,
    program,
    seeded,
    complaints,
    open: (path, options = {}) => openPage(browser, url, path, options, complaints),
    async close() {
      await browser.close();
      release();
      await Promise.all([worker.stop(), worker.stop()]);
      await client.close();
      await cleanUp();
    },
  };
}

async function openPage(
  browser: Browser,
  url: string,
  path: string,
  options: OpenOptions,
  complaints: string[],
): Promise<Page> {
  const { token = ADMIN_TOKEN, width = 1400, height = 900, theme = 'light', at = url } = options;
  const context =
    options.context ?? (await browser.newContext({ viewport: { width, height }, colorScheme: theme }));
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(
    ([key, value]) => {
      // Only for the beginning: a page that was signed out stays so.
      if (!sessionStorage.getItem('begun')) sessionStorage.setItem(key as string, value as string);
      sessionStorage.setItem('begun', 'yes');
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
        console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`),
      );
    },
    [KEY, token],
  );
  page.on('console', (message) => {
    const text = message.text();
    if (/policy|Content Security|Trusted/.test(text)) complaints.push(`${path}: ${text}`);
  });
  page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
  await page.goto(`${at}${path}`);
  return page;
}

/** Resolves when the page has read what it shows, and its streams stand. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main#main').waitFor();
  await page.waitForFunction(() => {
    const dot = document.querySelector('[data-testid="connection"]');
    const reading = [...document.querySelectorAll('[role="status"]')].some(({ textContent }) =>
      /^Reading /.test(textContent ?? ''),
    );
    return !reading && (dot === null || dot.getAttribute('data-kind') === 'live');
  });
}

/** Every address of the dashboard, with something to be seen on it. */
export function routesOf(seeded: Seeded): string[] {
  return [
    '/',
    '/?room=lab',
    '/tasks',
    `/tasks?task=${seeded.failed}`,
    `/tasks/${seeded.failed}`,
    `/tasks/${seeded.failed}?tab=payload`,
    `/tasks/${seeded.failed}?tab=graph`,
    `/tasks/${seeded.running}`,
    '/dead-letters',
    '/jobs?room=lab',
    '/jobs/lab%3Ageneral%3Aresize',
    '/jobs/lab%3Ageneral%3Aresize?tab=run',
    '/jobs/lab%3Ageneral%3Aresize?tab=schema',
    '/jobs/lab%3Ageneral%3Aresize?tab=settings',
    '/workers',
    `/workers/${seeded.worker}`,
    '/schedules',
    `/schedules/${seeded.schedule}`,
    '/operations',
    `/operations/runs/${seeded.operationRun}`,
    '/events',
    '/webhooks',
    `/webhooks/${seeded.webhook}`,
    '/keys',
    `/bulk/${seeded.bulk}`,
  ];
}

const SCHEMA = {
  type: 'object',
  required: ['picture'],
  properties: {
    picture: { type: 'string', description: 'Where the picture is.' },
    width: { type: 'integer', minimum: 16, description: 'Pixels.' },
    formats: { type: 'array', items: { type: 'string', enum: ['jpeg', 'webp'] } },
    sharpen: { type: 'boolean' },
    frame: { type: 'object', properties: { colour: { type: 'string' }, size: { type: 'number' } } },
  },
};

/** A task in every status that lasts, a worker that holds one, and one of everything else. */
async function seed(
  url: string,
  client: Client,
): Promise<{ seeded: Seeded; worker: Worker; release: () => void }> {
  const held = gate();
  const started = gate<string>();
  const worker = createWorker({
    url,
    token: ADMIN_TOKEN,
    name: 'resizer on host 7',
    concurrency: 4,
    logger: quiet,
  });
  worker.job({
    room: 'lab',
    category: 'general',
    name: 'resize',
    description: 'Scales a picture down.',
    payload: SCHEMA as never,
    retryPolicy: { maxAttempts: 1, backoffSeconds: [1] },
    async handler({ payload, task, progress }) {
      const { picture } = payload as { picture: string };
      if (picture === 'gone') throw Object.assign(new Error('The picture is gone: 404'), { code: 'GONE' });
      if (picture === 'endless') {
        progress(40, 'shrinking');
        started.open(task.id);
        await held.promise;
      }
      return { made: 1 };
    },
  });
  await worker.start();
  const submit = (picture: string, more = {}) =>
    client.submit({
      room: 'lab',
      job: 'lab:general:resize',
      payload: { picture },
      labels: { album: 'summer' },
      ...more,
    });
  const [done, failed] = await Promise.all([submit('fine'), submit('gone'), submit('endless')]);
  await done.result();
  await failed.result().catch(() => {});
  const pending = await submit('later', { runAt: new Date(Date.now() + 86_400_000).toISOString() });
  const cancelled = await submit('never', { runAt: new Date(Date.now() + 86_400_000).toISOString() });
  await client.cancel(cancelled.id, 'Not wanted');
  // Of the job that nobody serves.
  await client.request(
    'mutation { registerJob(input: { room: "lab", category: "general", name: "orphan" }) { __typename } }' as never,
  );
  await client.submit({ room: 'lab', job: 'lab:general:orphan', payload: {} });
  const ask = async (query: string) => {
    const { data, errors } = await request(url, ADMIN_TOKEN, query);
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  };
  const data = await ask(`mutation {
    schedule: createSchedule(input: { name: "nightly", cron: "30 2 * * *", task: { job: "lab:general:resize", room: "lab", payload: { picture: "fine" } } }) { ... on ScheduleSuccess { schedule { id } } }
    webhook: createWebhook(input: { url: "https://hooks.example/night", description: "Night shift" }) { ... on CreateWebhookSuccess { webhook { id } } }
    run: runOperation(input: { operation: "retire_jobs", dryRun: true, waitSeconds: 10 }) { ... on OperationRunSuccess { run { id } } }
    plan: planBulk(input: { action: DISCARD, filter: { text: "nothing such" } }) { ... on PlanBulkSuccess { plan { id } } }
    createApiKey(input: { name: "robot", role: WORKER, rooms: ["lab"] }) { __typename }
  }`);
  const { bulk } = await ask(
    `mutation { bulk: applyBulk(input: { planId: "${data.plan.plan.id}" }) { ... on BulkRunSuccess { run { id } } } }`,
  );
  const { workers } = await ask('{ workers(first: 1) { nodes { id } } }');
  const seeded = {
    failed: failed.id,
    running: await started.promise,
    pending: pending.id,
    worker: workers.nodes[0].id,
    schedule: data.schedule.schedule.id,
    webhook: data.webhook.webhook.id,
    operationRun: data.run.run.id,
    bulk: bulk.run.id,
  };
  return { seeded, worker, release: () => held.open() };
}
