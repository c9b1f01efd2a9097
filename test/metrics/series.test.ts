import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { registerQueueMetrics } from '../../src/metrics/queue.ts';
import { JobSeries, MAX_JOB_SERIES, OTHER_JOBS } from '../../src/metrics/series.ts';
import { register, Tally } from '../../src/metrics/tally.ts';
import { Scrape } from './scrape.ts';

const names = async (ids: readonly string[]) => new Map(ids.map((id) => [id, `name of ${id}`]));

describe('series by job', () => {
  it('are kept apart for the first jobs, and shared by all further ones', async () => {
    const series = new JobSeries(() => ({ count: 0 }));
    for (let round = 0; round < 2; round++) {
      for (let job = 0; job < MAX_JOB_SERIES + 50; job++) series.of(`${job}`).count++;
    }
    const entries = await series.entries(names);
    expect(entries).toHaveLength(MAX_JOB_SERIES + 1);
    expect(entries[0]).toEqual(['name of 0', { count: 2 }]);
    expect(entries.at(-1)).toEqual([OTHER_JOBS, { count: 100 }]);
  });

  it('are left out while the name of the job cannot be had', async () => {
    const series = new JobSeries(() => ({ count: 0 }));
    series.of('a').count++;
    expect(await series.entries(async () => new Map())).toEqual([]);
  });

  it('of the queue are those with the most work, and the rest together', async () => {
    const registry = new Registry();
    const nothing = {
      ...{ delayed: 0, waiting: 0, claimed: 0, running: 0, overdueSeconds: 0, workers: 0 },
      ...{ limited: 0, paused: 0, waitingSeconds: 0, limitedSeconds: 0, pausedSeconds: 0 },
    };
    const jobs = Array.from({ length: MAX_JOB_SERIES + 2 }, (_, n) => ({
      ...nothing,
      job: `job ${n}`,
      due: n,
      oldestDueSeconds: n * 10,
      workers: n % 2,
    }));
    let asked = 0;
    const measure = async () => {
      asked++;
      return { jobs, limits: [], workersAlive: 7, deadLetters: 3, tables: [{ name: 'task', bytes: 8_192 }] };
    };
    registerQueueMetrics(registry, '', measure, () => {});
    const seen = new Scrape(await registry.metrics());
    expect(asked).toBe(1);
    expect(seen.value('queue_depth', { job_name: `job ${MAX_JOB_SERIES + 1}`, state: 'due' })).toBe(
      MAX_JOB_SERIES + 1,
    );
    expect(seen.value('queue_depth', { job_name: 'job 1' })).toBeUndefined();
    expect(seen.value('queue_depth', { job_name: OTHER_JOBS, state: 'due' })).toBe(1);
    expect(seen.value('queue_oldest_due_seconds', { job_name: OTHER_JOBS })).toBe(10);
    // The one due task of the rest has a worker, though others of the rest have none.
    expect(seen.value('queue_unserved_tasks', { job_name: OTHER_JOBS })).toBe(0);
    expect(seen.value('workers_alive')).toBe(7);
    expect(seen.value('dead_letters')).toBe(3);
    expect(seen.value('table_bytes', { table: 'task' })).toBe(8_192);
  });

  it('of a queue that cannot be read are left out, and the rest is there', async () => {
    const registry = new Registry();
    const errors: unknown[] = [];
    registerQueueMetrics(
      registry,
      '',
      () => Promise.reject(new Error('away')),
      (error) => errors.push(error),
    );
    register(registry, { name: 'here', help: 'h', type: 'gauge' }, () => [{ labels: {}, value: 1 }]);
    const seen = new Scrape(await registry.metrics());
    expect(seen.samples).toEqual([{ name: 'here', labels: {}, value: 1 }]);
    expect(errors).toHaveLength(1);
  });
});

describe('a tally', () => {
  it('counts a value into its bucket and all larger ones', () => {
    const tally = new Tally([1, 5]);
    for (const value of [0.5, 1, 3, 7]) tally.add(value);
    expect(tally.samples('t', { a: 'b' })).toEqual([
      { metricName: 't_bucket', labels: { a: 'b', le: 1 }, value: 2 },
      { metricName: 't_bucket', labels: { a: 'b', le: 5 }, value: 3 },
      { metricName: 't_bucket', labels: { a: 'b', le: '+Inf' }, value: 4 },
      { metricName: 't_sum', labels: { a: 'b' }, value: 11.5 },
      { metricName: 't_count', labels: { a: 'b' }, value: 4 },
    ]);
  });
});
