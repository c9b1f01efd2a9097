/** A worker that changes while it runs, what it says of itself, and what its handlers ask for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, follow } from '../../../src/client/index.ts';
import { TaskError } from '../../../src/client/worker/index.ts';
import { type ClientFixture, gate, openClientFixture } from '../client-fixture.ts';

const define = (name: string) =>
  defineJob({ room: 'lab', name, payload: z.object({ n: z.int().default(0) }), result: z.string() });

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await openClientFixture('pglite');
});
afterAll(() => fixture?.close());

describe('jobs of a running worker', () => {
  const [first, second] = [define('first'), define('second')];

  it('are added, and served at once', async () => {
    const client = fixture.client();
    const worker = fixture.worker();
    worker.job(first, () => 'first');
    await worker.start();
    expect(worker.jobs).toEqual([first.fullName]);
    expect(() => worker.job(second, () => 'second')).toThrow('addJob');
    await worker.addJob(second, () => 'second');
    expect(worker.jobs).toEqual([first.fullName, second.fullName]);
    const handle = await client.submit(second, {});
    expect(await handle.result({ timeoutMs: 20_000 })).toBe('second');
    await worker.stop();
  });

  it('are removed when what is under way is finished, and come to others', async () => {
    const client = fixture.client();
    const [begun, finish] = [gate(), gate()];
    const worker = fixture.worker();
    worker.job(first, () => 'first');
    worker.job(second, async () => {
      begun.open();
      await finish.promise;
      return 'by the one that leaves';
    });
    await worker.start();
    const underWay = await client.submit(second, {});
    await begun.promise;
    await worker.removeJob(second);
    expect(worker.jobs).toEqual([first.fullName]);
    const later = await client.submit(second, {});
    const other = fixture.worker();
    other.job(second, () => 'by another');
    await other.start();
    expect(await later.result({ timeoutMs: 20_000 })).toBe('by another');
    finish.open();
    expect(await underWay.result({ timeoutMs: 20_000 })).toBe('by the one that leaves');
    expect(await (await client.submit(first, {})).result({ timeoutMs: 20_000 })).toBe('first');
    await expect(worker.removeJob(second)).rejects.toThrow('does not serve');
    await Promise.all([worker.stop(), other.stop()]);
  });

  it('that the server refuses are not added', async () => {
    const worker = fixture.worker();
    worker.job(first, () => 'first');
    await worker.start();
    const refused = defineJob({ room: 'lab', category: 'unheard-of', name: 'x', payload: z.object({}) });
    await expect(worker.addJob(refused, () => null)).rejects.toMatchObject({
      name: 'InvalidCategory',
      message: expect.stringMatching(/^Job lab:unheard-of:x: /),
    });
    expect(worker.jobs).toEqual([first.fullName]);
    await worker.stop();
  });
});

it('says where it runs and what it is, and ends when an operator drains it', async () => {
  const client = fixture.client();
  const job = define('drained');
  const [begun, finish] = [gate(), gate()];
  const worker = fixture.worker({ version: '1.2.3', heartbeatMs: 100 });
  worker.job(job, async () => {
    begun.open();
    await finish.promise;
    return 'finished';
  });
  await worker.start();
  const { worker: shown } = await client.request<{ worker: { host: string; version: string } }>(
    '{ worker(id: "ID") { host version } }'.replace('ID', worker.id),
  );
  expect(shown).toEqual({ host: expect.stringMatching(/./), version: '1.2.3' });
  const handle = await client.submit(job, {});
  await begun.promise;
  await client.request('mutation ($input: DrainWorkerInput!) { drainWorker(input: $input) { __typename } }', {
    input: { workerId: worker.id },
  });
  finish.open();
  await worker.finished;
  expect(await handle.result({ timeoutMs: 20_000 })).toBe('finished');
});

it('is tried again when a handler says that it should be, and not by the policy', async () => {
  const client = fixture.client();
  const job = defineJob({
    ...define('limited').options,
    retryPolicy: { maxAttempts: 2, backoffSeconds: [3_600] },
  });
  const worker = fixture.worker();
  worker.job(job, ({ attempt }) => {
    // What the words alone would say: never again.
    if (attempt === 1) throw new TaskError('invalid at the moment', { retryAfterSeconds: 0.2 });
    return 'second attempt';
  });
  await worker.start();
  const handle = await client.submit(job, {});
  const seen: string[] = [];
  await new Promise<void>((resolve, reject) => {
    follow(handle.watch(), {
      event: (event) => event.kind === 'transition' && seen.push(event.transition.reason),
      end: resolve,
      error: reject,
    });
  });
  expect(seen).toContain('RETRY_SCHEDULED');
  expect(await handle.result()).toBe('second attempt');
  await worker.stop();
});

it('a submission is not waited for once its signal is aborted', async () => {
  const reason = new Error('not any more');
  const submitted = fixture.client().submit(define('first'), {}, { signal: AbortSignal.abort(reason) });
  await expect(submitted).rejects.toBe(reason);
});
