/** Workers whose tasks are taken by a loop, and what handlers can do besides. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Client, defineJob } from '../../../src/client/index.ts';
import { type ClientFixture, gate, openClientFixture, quiet } from '../client-fixture.ts';

const anything = z.looseObject({});
const double = defineJob({
  room: 'lab',
  name: 'double',
  payload: z.object({ n: z.number() }),
  result: z.number(),
});

describe('a worker of a loop', () => {
  let fixture: ClientFixture;
  let client: Client;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    client = fixture.client();
  });

  afterAll(() => fixture.close());

  it('completes, fails and gives back what the loop takes', async () => {
    const worker = fixture.worker({ concurrency: 4 });
    const tasks = worker.listen(double);
    await worker.start();
    const handles = await client.submitMany(
      double,
      [1, 2, 3, 4].map((n) => ({ payload: { n } })),
    );
    let taken = 0;
    for await (const task of tasks) {
      taken++;
      if (task.payload.n === 1) task.complete(2);
      else if (task.payload.n === 2) task.completePartly(4);
      else if (task.payload.n === 3) task.fail(Object.assign(new Error('odd'), { retryable: false }));
      else break;
    }
    expect(taken).toBe(4);
    await worker.finished;
    const tasksAfter = await Promise.all(
      handles.map((handle) => (handle instanceof Error ? null : client.task(handle.id))),
    );
    expect(tasksAfter.map((task) => [task?.status, task?.result])).toEqual([
      ['COMPLETED', 2],
      ['PARTIAL', 4],
      ['FAILED', null],
      ['PENDING', null],
    ]);
  });

  it('is started by its loop, and ends it when it is stopped', async () => {
    const worker = fixture.worker();
    const job = defineJob({ room: 'lab', name: 'loop', payload: anything });
    const handled = gate();
    const looping = (async () => {
      for await (const task of worker.listen(job)) {
        task.complete(null);
        handled.open();
      }
    })();
    while (worker.id === '') await new Promise((resolve) => setTimeout(resolve, 20));
    await client.submit(job, { payload: {} });
    await handled.promise;
    await worker.stop();
    await looping;
  });
});

describe('a handler', () => {
  let fixture: ClientFixture;
  let client: Client;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    client = fixture.client();
  });

  afterAll(() => fixture.close());

  it('submits further tasks in its room and under its correlation, within what stands around it', async () => {
    const log: string[] = [];
    const worker = fixture.worker({
      middleware: [
        async ({ task }, next) => {
          log.push(`before ${task.job.fullName}`);
          const result = await next();
          log.push(`after ${task.job.fullName}`);
          return result;
        },
      ],
    });
    const parent = defineJob({ room: 'lab', name: 'parent', payload: anything });
    worker.job(double, ({ payload }) => payload.n * 2);
    worker.job(parent, async ({ submit }) => {
      const child = await submit(double, { payload: { n: 21 } });
      return { child: child.id, made: await child.result() };
    });
    await worker.start();
    const handle = await client.submit(parent, { payload: {} });
    const { child, made } = await handle.result<{ child: string; made: number }>();
    expect(made).toBe(42);
    expect(await client.task(child)).toMatchObject({ room: 'lab', correlationId: handle.id });
    expect(log).toEqual([
      'before lab:general:parent',
      'before lab:general:double',
      'after lab:general:double',
      'after lab:general:parent',
    ]);
    await worker.stop();
  });

  it('submits what waits until it has ended itself, and gets its result', async () => {
    const parent = defineJob({ room: 'lab', name: 'first-part', payload: anything });
    const rest = defineJob({ room: 'lab', name: 'second-part', payload: anything });
    const [submitted, go] = [gate<string>(), gate()];
    const worker = fixture.worker();
    worker.job(rest, ({ dependencies }) => dependencies.map(({ id, result }) => ({ id, result })));
    worker.job(parent, async ({ submit, task }) => {
      submitted.open((await submit(rest, { payload: {}, dependsOn: [task] })).id);
      await go.promise;
      return 'half';
    });
    await worker.start();
    const handle = await client.submit(parent, { payload: {} });
    const child = await submitted.promise;
    expect(await client.task(child)).toMatchObject({ status: 'WAITING', correlationId: handle.id });
    go.open();
    expect(await client.result(child, { timeoutMs: 20_000 })).toEqual([{ id: handle.id, result: 'half' }]);
    await worker.stop();
  });

  it('is named when a stop waits for it', async () => {
    const started = gate();
    const go = gate();
    const said = gate<unknown>();
    const worker = fixture.worker({
      logger: {
        ...quiet,
        info: (line, details) => void (line.startsWith('Waiting for 1 handlers') && said.open(details)),
      },
    });
    const slow = defineJob({ room: 'lab', name: 'slow', payload: anything });
    worker.job(slow, async () => {
      started.open();
      await go.promise;
    });
    await worker.start();
    const { id } = await client.submit(slow, { payload: {} });
    await started.promise;
    const stopping = worker.stop();
    expect(await said.promise).toEqual({ tasks: [`${id} (lab:general:slow)`] });
    go.open();
    await stopping;
  });
});
