// Fills a server with one of everything that a view shows: the sample at work, a schedule, a webhook, keys, runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '../../src/client/client.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** As long as all pictures may take. */
const SAMPLE_SECONDS = '1800';

export interface Ids {
  failed: string;
  running: string;
  worker: string;
  schedule: string;
  webhook: string;
  run: string;
  bulk: string;
  graph: string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Ask = (text: string) => Promise<any>;

/** Each after the other, as a person would. */
async function inTurn(ask: Ask, mutations: readonly string[]) {
  const made = [];
  for (const mutation of mutations) made.push((await ask(`mutation { ${mutation} }`)).made);
  return made;
}

export async function fillEverything(
  url: string,
  token: string,
): Promise<{ ids: Ids; stop(): Promise<void> }> {
  const sample = spawn(
    process.execPath,
    ['--import', 'tsx', `${ROOT}scripts/sample/main.ts`, SAMPLE_SECONDS],
    {
      env: { ...process.env, SIGNALBOX_URL: url, SIGNALBOX_ADMIN_TOKEN: token },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(sample, 'exit');
  await once(sample.stdout, 'data');
  const client = createClient({ url, token });
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const ask = (text: string) => client.request<any>(text as never);
  // Long enough for failures, retries and partial ends.
  await new Promise((resolve) => setTimeout(resolve, 45_000));
  const [nightly, , , webhook, run, , , , , plan] = await inTurn(ask, [
    'made: createSchedule(input: { name: "nightly reconciliation", cron: "30 2 * * 1-5", timeZone: "Europe/Berlin", task: { job: "billing:general:reconcile-payments", room: "billing", payload: { day: "yesterday" } } }) { ... on ScheduleSuccess { schedule { id } } }',
    'made: createSchedule(input: { name: "a fresh index", cron: "* * * * *", task: { job: "search:selections:reindex", room: "search", payload: { collection: "albums" } } }) { __typename }',
    'made: createSchedule(input: { name: "retire idle jobs", cron: "0 4 * * *", paused: true, operation: { operation: "retire_jobs" } }) { __typename }',
    'made: createWebhook(input: { url: "https://hooks.example/night-shift", description: "Chat of the night shift", types: [TASK_FAILED, WORKER_LOST], minSeverity: WARNING }) { ... on CreateWebhookSuccess { webhook { id } } }',
    'made: runOperation(input: { operation: "cleanup_events", dryRun: true, waitSeconds: 10 }) { ... on OperationRunSuccess { run { id } } }',
    'made: createApiKey(input: { name: "importer", role: WORKER, rooms: ["gallery"] }) { __typename }',
    'made: createApiKey(input: { name: "night shift", role: MEMBER, rooms: ["gallery", "billing"] }) { __typename }',
    'made: saveView(input: { name: "Failed in the gallery", path: "/tasks", search: "room=gallery&status=FAILED" }) { __typename }',
    'made: saveView(input: { name: "Invoices that wait", path: "/tasks", search: "job=billing%3Ageneral%3Ainvoice&status=PENDING", shared: true }) { __typename }',
    'made: planBulk(input: { action: RETRY, filter: { statuses: [FAILED], errorCode: "GONE" } }) { ... on PlanBulkSuccess { plan { id } } }',
  ]);
  const { bulk } = await ask(
    `mutation { bulk: applyBulk(input: { planId: "${plan.plan.id}" }) { ... on BulkRunSuccess { run { id } } } }`,
  );
  await ask(
    `mutation { runScheduleNow(scheduleId: "${nightly.schedule.id}") { __typename } testWebhook(id: "${webhook.webhook.id}") { __typename } }`,
  );
  const [first] = await submitGraph(client);
  const found = await ask(`{
    retried: tasks(filter: { statuses: [FAILED] }, first: 20) { nodes { id attempt } }
    running: tasks(filter: { statuses: [RUNNING] }, first: 1) { nodes { id } }
    workers(first: 5) { nodes { id name running } }
  }`);
  const failed = found.retried.nodes.toSorted(
    (a: { attempt: number }, b: { attempt: number }) => b.attempt - a.attempt,
  )[0];
  return {
    ids: {
      failed: failed?.id ?? '',
      running: found.running.nodes[0]?.id ?? '',
      worker: found.workers.nodes.find(({ running }: { running: number }) => running > 0)?.id ?? '',
      schedule: nightly.schedule.id,
      webhook: webhook.webhook.id,
      run: run.run.id,
      bulk: bulk.run.id,
      graph: first && 'id' in first ? first.id : '',
    },
    async stop() {
      await client.close();
      sample.kill('SIGTERM');
      await ended;
    },
  };
}

/** An import, forty pictures that depend on it, and what depends on all of these. */
function submitGraph(client: Client) {
  return client.submitMany([
    {
      ref: 'import',
      room: 'gallery',
      job: 'gallery:modifiers:import',
      payload: { folder: '/shares/summer', albums: [] },
    },
    ...Array.from({ length: 40 }, (_, at) => ({
      ref: `picture ${at}`,
      room: 'gallery',
      job: 'gallery:modifiers:thumbnail',
      payload: { picture: `https://pictures.example/${at}.jpg`, width: 320 },
      dependsOn: [{ ref: 'import' }],
    })),
    {
      ref: 'faces',
      room: 'gallery',
      job: 'gallery:analysis:recognise-faces',
      payload: { picture: 'https://pictures.example/0.jpg' },
      dependsOn: Array.from({ length: 40 }, (_, at) => ({ ref: `picture ${at}`, onFailure: 'RUN' as const })),
    },
  ]);
}
