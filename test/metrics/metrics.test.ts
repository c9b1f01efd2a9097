/** /metrics of a running server: what it counts, and whom it is shown to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newJob, type TaskInStatus, taskIn } from '../graphql/task-in-status.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp, tokenFor } from '../support/app.ts';
import { availableDatabases, createTestDatabase, testRedisUrl } from '../support/database.ts';
import { promtool, runPromtool } from './promtool.ts';
import { type Scrape, scrape } from './scrape.ts';

const METRICS_TOKEN = 'test-metrics-token-0123456789';

describe.each(availableDatabases())('the metrics, on %s', (kind) => {
  let app: TestApp;
  let admin: Caller;
  let drop = async () => {};
  let first: Scrape;
  let situation: TaskInStatus;

  beforeAll(async () => {
    const { db, url: databaseUrl, close } = await createTestDatabase(kind);
    const on = databaseUrl ? { databaseUrl, redisUrl: testRedisUrl() } : { database: db };
    app = await startApp({ ...on, metricsToken: METRICS_TOKEN });
    if (databaseUrl) drop = close;
    admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
    const cast = { worker: admin, submitter: admin, room: 'main' };
    situation = await taskIn('COMPLETED', cast, {
      job: { retryPolicy: { maxAttempts: 2, backoffSeconds: [3_600] } },
    });
    const like = { like: situation };
    for (const status of ['PARTIAL', 'FAILED', 'RUNNING', 'CLAIMED'] as const) {
      await taskIn(status, cast, like);
    }
    const retried = await taskIn('RUNNING', cast, like);
    const { taskId, workerId, attempt } = retried;
    await admin.act('failTask', { taskId, workerId, attempt, error: { message: 'timeout' } });
    await admin.submit({ room: 'main', job: situation.job });
    await admin.submit({ room: 'main', job: situation.job, runAt: '2199-01-01T00:00:00Z' });
    const unserved = await newJob(admin, 'main', { name: 'unserved' });
    await admin.submitAll(Array.from({ length: 3 }, () => ({ room: 'main', job: unserved.fullName })));
    await admin.send('{ nothing }');
    first = await scrape(app.url, METRICS_TOKEN);
  });
  afterAll(async () => {
    await app?.stop();
    await drop();
  });

  it('count transitions by status and reason', () => {
    const of = (status: string, reason: string) =>
      first.value('signalbox_task_transitions_total', { status, reason });
    expect(of('PENDING', 'SUBMITTED')).toBe(11);
    expect(of('CLAIMED', 'CLAIMED')).toBe(6);
    expect(of('RUNNING', 'STARTED')).toBe(5);
    expect(of('COMPLETED', 'COMPLETED')).toBe(1);
    expect(of('PARTIAL', 'COMPLETED')).toBe(1);
    expect(of('FAILED', 'FAILED')).toBe(1);
    expect(of('PENDING', 'RETRY_SCHEDULED')).toBe(1);
  });

  it('tell by job how tasks ended, failed, waited and ran', () => {
    const { job } = situation;
    const finished = (status: string) =>
      first.value('signalbox_task_finished_total', { job_name: job, status });
    expect(['COMPLETED', 'PARTIAL', 'FAILED'].map(finished)).toEqual([1, 1, 1]);
    const failures = (reason: string) =>
      first.value('signalbox_task_failures_total', { job_name: job, reason });
    expect(['FAILED', 'RETRY_SCHEDULED'].map(failures)).toEqual([1, 1]);
    expect(first.value('signalbox_task_wait_seconds_count', { job_name: job })).toBe(6);
    expect(first.value('signalbox_task_duration_seconds_count', { job_name: job })).toBe(4);
    expect(first.value('signalbox_task_duration_seconds_bucket', { job_name: job, le: '+Inf' })).toBe(4);
    expect(first.value('signalbox_task_duration_seconds_bucket', { job_name: job, le: '14400' })).toBe(4);
  });

  it('show the queue by job, and who serves it', () => {
    const { job } = situation;
    const depth = (of: string, state: string) =>
      first.value('signalbox_queue_depth', { job_name: of, state });
    expect(depth(job, 'due')).toBe(1);
    // The one that waits for its second attempt is delayed, too.
    expect(depth(job, 'delayed')).toBe(2);
    expect(depth(job, 'claimed')).toBe(1);
    expect(depth(job, 'running')).toBe(1);
    expect(depth(job, 'waiting')).toBe(0);
    expect(first.value('signalbox_job_workers_alive', { job_name: job })).toBe(1);
    expect(first.value('signalbox_queue_unserved_tasks', { job_name: job })).toBe(0);
    expect(first.value('signalbox_queue_oldest_due_seconds', { job_name: job })).toBeGreaterThan(0);
    expect(first.value('signalbox_running_overdue_seconds', { job_name: job })).toBeGreaterThan(0);
    const unserved = 'main:general:unserved';
    expect(depth(unserved, 'due')).toBe(3);
    expect(first.value('signalbox_job_workers_alive', { job_name: unserved })).toBe(0);
    expect(first.value('signalbox_queue_unserved_tasks', { job_name: unserved })).toBe(3);
    expect(first.value('signalbox_workers_alive')).toBe(1);
  });

  it('measure statements, batches, operations and requests', () => {
    const count = (name: string, labels: Record<string, string>) => first.value(`signalbox_${name}`, labels);
    expect(count('statement_duration_seconds_count', { verb: 'submit' })).toBeGreaterThan(0);
    expect(count('statement_duration_seconds_count', { verb: 'claim_start' })).toBe(5);
    expect(count('statement_errors_total', { verb: 'submit' })).toBe(0);
    // Three tasks came in one statement.
    expect(count('batch_items_sum', { verb: 'submit' })).toBe(11);
    expect(count('batch_items_bucket', { verb: 'submit', le: '2' })).toBe(
      (count('batch_items_count', { verb: 'submit' }) ?? 0) - 1,
    );
    const mutations = { transport: 'http', type: 'mutation', outcome: 'ok' };
    expect(count('operations_total', mutations)).toBeGreaterThan(20);
    expect(
      count('operation_duration_seconds_count', { transport: 'http', type: 'mutation' }),
    ).toBeGreaterThan(20);
    expect(count('http_requests_total', { route: '/graphql', status: '200' })).toBeGreaterThan(20);
    expect(count('watermark_lag_seconds', {})).toBeGreaterThanOrEqual(0);
    expect(count('transport_healthy', {})).toBe(1);
    expect(count('process_resident_memory_bytes', {})).toBeGreaterThan(0);
  });

  it('know who listens', async () => {
    const streams = ['WebSocket', 'SSE'] as const;
    const listening = streams.map((protocol) =>
      admin.subscribe(
        protocol,
        'subscription ($id: ID!) { taskEvents(taskId: $id, follow: true) { __typename } }',
        {
          id: situation.taskId,
        },
      ),
    );
    for (const stream of listening) await stream.next();
    const seen = await scrape(app.url, ADMIN_TOKEN);
    expect(seen.value('signalbox_stream_subscribers')).toBe(2);
    expect(seen.value('signalbox_stream_rooms')).toBe(1);
    expect(seen.value('signalbox_sockets')).toBe(1);
    for (const transport of ['socket', 'sse']) {
      expect(
        seen.value('signalbox_operations_total', { transport, type: 'subscription', outcome: 'ok' }),
      ).toBe(1);
    }
    for (const stream of listening) stream.close();
  });

  it('have no labels that grow with tasks, workers or callers', () => {
    expect(first.text).not.toMatch(/(task|worker|job|asset)_[0-9a-z]{26}/);
    expect(first.text).not.toContain(situation.taskId);
    const values = new Map<string, Set<string>>();
    for (const { labels } of first.samples) {
      for (const [key, value] of Object.entries(labels)) {
        values.set(key, (values.get(key) ?? new Set()).add(value));
      }
    }
    // Of a server that has known two jobs.
    expect(values.get('job_name')?.size).toBe(2);
  });

  it.skipIf(!promtool)(
    'are what promtool takes for good metrics (left out where there is no promtool)',
    () => {
      expect(runPromtool(['check', 'metrics'], first.text.replaceAll(/.*signalbox_nodejs.*\n/g, ''))).toBe(
        '',
      );
    },
  );

  it('are for administrators and the token that is made for them, and for nobody else', async () => {
    const get = async (token?: string, init: RequestInit = {}) => {
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const response = await fetch(`${app.url}/metrics`, { ...init, headers });
      return { status: response.status, text: await response.text() };
    };
    const refused = [
      get(),
      get('wrong'),
      get(`${METRICS_TOKEN}0`),
      get(await tokenFor('m', 'MEMBER', ['*'])),
    ];
    const answers = await Promise.all(refused);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 403]);
    for (const { text } of answers) expect(text).not.toContain('signalbox_');
    for (const token of [ADMIN_TOKEN, METRICS_TOKEN, await tokenFor('a', 'ADMIN', [])]) {
      expect((await get(token)).status).toBe(200);
    }
    expect((await get(ADMIN_TOKEN, { method: 'POST' })).status).toBe(405);
    // It opens nothing else.
    expect((await new Caller(app.url, 'x', METRICS_TOKEN).send('{ viewer { id } }')).status).toBe(401);
  });
});
