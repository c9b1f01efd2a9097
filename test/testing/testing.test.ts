/** Tests of one's own handlers, as users write them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/client/index.ts';
import { partial } from '../../src/client/worker/index.ts';
import { runTask, startTestServer, type TestServer } from '../../src/testing/index.ts';

const resize = defineJob({
  room: 'gallery',
  name: 'resize',
  payload: z.strictObject({ picture: z.string(), width: z.int().default(100) }),
  result: z.object({ width: z.number() }),
  retryPolicy: { maxAttempts: 2, backoffSeconds: [0] },
});

describe('a handler without a server', () => {
  it('gets the parsed payload, and its result is checked', async () => {
    const run = await runTask(
      resize,
      async ({ payload, progress, asset }) => {
        progress(50, 'half');
        await asset({ type: 'PICTURE', url: 'https://pictures.example/1' });
        return { width: payload.width };
      },
      { picture: '1' },
    );
    expect(run).toEqual({
      status: 'COMPLETED',
      result: { width: 100 },
      progress: [{ percent: 50, message: 'half' }],
      assets: [{ type: 'PICTURE', url: 'https://pictures.example/1' }],
    });
  });

  it('fails and ends partly as in a worker', async () => {
    const failing = () => Promise.reject(Object.assign(new Error('gone'), { code: 'GONE' }));
    expect(await runTask(resize, failing, { picture: '1' })).toMatchObject({
      status: 'FAILED',
      error: { message: 'gone', code: 'GONE' },
    });
    expect(await runTask(resize, () => partial({ width: 1 }), { picture: '1' })).toMatchObject({
      status: 'PARTIAL',
    });
    expect(await runTask(resize, () => ({ width: 'wide' }) as never, { picture: '1' })).toMatchObject({
      status: 'FAILED',
      error: { code: 'INVALID_RESULT' },
    });
  });

  it('is told which attempt it is, and has what the test gives it to submit with', async () => {
    const submitted: unknown[] = [];
    await runTask(
      resize,
      async ({ attempt, task, submit }) => {
        await submit({ job: 'gallery:general:next', payload: { attempt } });
        return { width: task.labels ? 1 : 0 };
      },
      { picture: '1' },
      { attempt: 2, submit: (async (input: unknown) => void submitted.push(input)) as never },
    );
    expect(submitted).toEqual([{ job: 'gallery:general:next', payload: { attempt: 2 } }]);
  });
});

describe('a test server', () => {
  let server: TestServer;

  beforeAll(async () => {
    const begun = performance.now();
    server = await startTestServer();
    console.log(`ready after ${Math.round(performance.now() - begun)} ms`);
  }, 180_000);

  afterAll(() => server?.stop());

  it('does the tasks of a worker, and says when all are done', async () => {
    const worker = server.worker();
    worker.job(resize, ({ payload, attempt }) => {
      if (payload.picture === 'flaky' && attempt === 1) throw new Error('again');
      if (payload.picture === 'broken') throw new Error('for good');
      return { width: payload.width };
    });
    await worker.start();
    const client = server.client();
    await client.submitMany(resize, [
      { payload: { picture: '1' } },
      { payload: { picture: 'flaky' } },
      { payload: { picture: 'broken' } },
    ]);
    await server.drain();
    const { tasks } = await client.tasks('gallery');
    expect(tasks.map(({ status, attempt }) => `${status} ${attempt}`).sort()).toEqual([
      'COMPLETED 1',
      'COMPLETED 2',
      'FAILED 2',
    ]);
  });

  it('moves the clock for tasks that are delayed, all of them and no others', async () => {
    const client = server.client();
    const job = defineJob({ room: 'clock', name: 'later', payload: z.object({}) });
    const worker = server.worker();
    worker.job(job, () => 'done');
    await worker.start();
    const hour = await client.submit(job, { runAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await server.advance(1_800)).toBe(0);
    expect(await client.task(hour.id)).toMatchObject({ status: 'PENDING' });
    expect(await server.advance(1_800)).toBe(1);
    expect(await hour.result()).toBe('done');
  });

  it('moves the clock for the timeouts of attempts', async () => {
    const job = defineJob({
      ...{ room: 'clock', name: 'slow', payload: z.object({}) },
      ...{ timeoutSeconds: 600, retryPolicy: { maxAttempts: 1 } },
    });
    const worker = server.worker();
    const begun = new Promise<void>((resolve) => {
      worker.job(job, ({ signal }) => {
        resolve();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      });
    });
    await worker.start();
    const handle = await server.client().submit(job, {});
    await begun;
    expect(await server.advance(500)).toBe(0);
    expect(await server.advance(101)).toBe(1);
    await expect(handle.result()).rejects.toMatchObject({ error: { code: 'TIMED_OUT' } });
  });

  it('moves the clock for schedules, tick by tick', async () => {
    const days: unknown[] = [];
    const job = defineJob({
      ...{ room: 'clock', name: 'daily', payload: z.object({ n: z.int() }) },
      schedules: [{ name: 'at noon', cron: '0 12 * * *', payload: { n: 1 } }],
    });
    const worker = server.worker();
    worker.job(job, ({ payload }) => void days.push(payload.n));
    await worker.start();
    for (let day = 1; day <= 3; day++) {
      expect(await server.advance(86_400)).toBe(1);
      await server.drain();
    }
    expect(days).toEqual([1, 1, 1]);
    await expect(server.advance(-1)).rejects.toThrow('cannot be moved');
  });
});
