import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { graphql } from '../../../src/client/generated/index.ts';
import type { Client, TaskHandle } from '../../../src/client/index.ts';
import {
  type HandlerContext,
  partial,
  TaskError,
  type Worker,
  type WorkerOptions,
} from '../../../src/client/worker/index.ts';
import { tokenFor } from '../../support/app.ts';
import { type ClientFixture, gate, openClientFixture, quiet, scenes } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';

const StoppedAt = graphql(`
  query StoppedAt($id: ID!) {
    task(id: $id) {
      stoppedAt
    }
  }
`);

const Deregister = graphql(`
  mutation TestDeregister($id: ID!) {
    deregisterWorker(workerId: $id) {
      __typename
    }
  }
`);

const anything = z.object({}).catchall(z.unknown());
type Anything = z.infer<typeof anything>;
type Handler = (context: HandlerContext<Anything>) => unknown;

describe.each(scenes)('the worker, on %s', (_name, kind) => {
  let fixture: ClientFixture;
  let client: Client;
  let network: Network;
  const workers: Worker[] = [];
  let jobs = 0;

  beforeAll(async () => {
    fixture = await openClientFixture(kind);
    client = fixture.client();
    network = fixture.own(await startNetwork(fixture.url));
  });

  afterEach(async () => {
    network.up();
    await Promise.all(workers.splice(0).map((worker) => Promise.all([worker.stop(), worker.stop()])));
  });

  afterAll(() => fixture.close());

  /** A worker with one job of its own, started. */
  async function serve(handler: Handler, options: Partial<WorkerOptions> = {}, job = `job-${++jobs}`) {
    const worker = fixture.worker(options);
    worker.job({
      room: 'lab',
      category: 'general',
      name: job,
      payload: anything,
      retryPolicy: { maxAttempts: 2, backoffSeconds: [0] },
      handler,
    });
    workers.push(worker);
    await worker.start();
    const fullName = `lab:general:${job}`;
    const submit = (payload: object = {}, more: object = {}): Promise<TaskHandle> =>
      client.submit({ room: 'lab', job: fullName, payload, ...more });
    return { worker, submit, job, fullName };
  }

  /** The statuses and reasons of a task's transitions since a cursor, up to its end. */
  async function history(handle: TaskHandle): Promise<string[]> {
    const reasons: string[] = [];
    for await (const event of handle.watch()) {
      if (event.kind === 'transition' && event.transition.version > 1) reasons.push(event.transition.reason);
    }
    return reasons;
  }

  /** When the server heard that the handler had stopped. */
  async function stoppedAt({ id }: TaskHandle): Promise<string | null | undefined> {
    return (await client.request(StoppedAt, { id })).task?.stoppedAt;
  }

  it('does the tasks of its jobs, with payloads and results as their schemas say', async () => {
    const worker = fixture.worker();
    workers.push(worker);
    worker.job({
      room: 'lab',
      category: 'general',
      name: 'typed',
      payload: z.object({ text: z.string(), times: z.int().default(2) }),
      result: z.object({ text: z.string(), note: z.string().default('none') }),
      handler: ({ payload, task, attempt }) => {
        expect(task).toMatchObject({
          room: 'lab',
          correlationId: 'c',
          job: { fullName: 'lab:general:typed' },
        });
        expect(attempt).toBe(1);
        return { text: payload.text.repeat(payload.times) };
      },
    });
    await worker.start();
    expect(worker.id).toMatch(/^worker_/);
    const job = 'lab:general:typed';
    const handle = await client.submit({ room: 'lab', job, payload: { text: 'ab' }, correlationId: 'c' });
    expect(await handle.result()).toEqual({ text: 'abab', note: 'none' });
    expect(await history(handle)).toEqual(['CLAIMED', 'STARTED', 'COMPLETED']);
    await expect(client.submit({ room: 'lab', job, payload: { times: 1 } })).rejects.toMatchObject({
      name: 'InvalidInput',
    });
  });

  it('finds tasks that were waiting before it came', async () => {
    const first = await serve(() => 'first');
    await first.worker.stop();
    const handle = await first.submit();
    await serve(() => 'second', {}, first.job);
    expect(await handle.result()).toBe('second');
  });

  it('ends a task as partial when its handler says so', async () => {
    const { submit } = await serve(() => partial({ half: true }));
    const handle = await submit();
    expect(await handle.result()).toEqual({ half: true });
    expect(await client.task(handle.id)).toMatchObject({ status: 'PARTIAL' });
  });

  it('tries a task again as its policy says, and then tells why it failed', async () => {
    const attempts: number[] = [];
    const { submit } = await serve(({ attempt }) => {
      attempts.push(attempt);
      throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
    });
    const handle = await submit();
    await expect(handle.result()).rejects.toMatchObject({
      name: 'TaskFailedError',
      message: `Task ${handle.id} failed: connection reset`,
      error: { code: 'ECONNRESET', retryable: true },
      task: { failures: 2, attempt: 2 },
    });
    expect(attempts).toEqual([1, 2]);
  });

  it('tells which words of an error were taken for permanent, and logs where it was thrown', async () => {
    const lines: [string, unknown][] = [];
    const logger = { ...quiet, warn: (line: string, details?: unknown) => void lines.push([line, details]) };
    const thrown = new Error('Customer 4040 has an invalid invoice');
    const { submit, fullName } = await serve(
      () => {
        throw thrown;
      },
      { logger },
    );
    const handle = await submit();
    await expect(handle.result()).rejects.toMatchObject({
      message: `Task ${handle.id} failed: Customer 4040 has an invalid invoice (not tried again: "invalid" in the message)`,
      error: { retryable: false, classifiedBy: '"invalid" in the message', context: null },
    });
    await expect.poll(() => lines).toHaveLength(2);
    expect(lines).toEqual([
      [
        `Attempt 1 of ${handle.id} (${fullName}) failed: ${thrown.message}`,
        { job: fullName, taskId: handle.id, attempt: 1, error: thrown },
      ],
      [
        expect.stringContaining(
          `${handle.id} is not tried again: its error has "invalid" in the message. Throw a TaskError with retryable`,
        ),
        { taskId: handle.id, attempt: 1 },
      ],
    ]);
  });

  it('keeps stacks with the task when it is told to, where an error has no context of its own', async () => {
    const { submit } = await serve(
      ({ payload }) => {
        throw payload['context']
          ? new TaskError('no', { context: 'own', retryable: false })
          : new Error('is invalid');
      },
      { reportStacks: true },
    );
    await expect((await submit()).result()).rejects.toMatchObject({
      error: { context: { stack: expect.stringMatching(/^Error: is invalid\n +at .*worker\.test\.ts/) } },
    });
    await expect((await submit({ context: true })).result()).rejects.toMatchObject({
      error: { context: 'own', classifiedBy: null },
    });
  });

  it('does not try again what its handler says is hopeless', async () => {
    const { submit } = await serve(() => {
      throw new TaskError('no such file', { code: 'NO_FILE', retryable: false, context: { file: 'a' } });
    });
    await expect((await submit()).result()).rejects.toMatchObject({
      name: 'TaskFailedError',
      error: { message: 'no such file', code: 'NO_FILE', retryable: false, context: { file: 'a' } },
      task: { failures: 1 },
    });
  });

  it('fails a task whose result cannot be kept', async () => {
    const results: unknown[] = [() => {}, 'x'.repeat(270_000), 'ü'.repeat(135_000), 'a\u0000b'];
    const { submit } = await serve(({ payload }) => results[payload['n'] as number]);
    const tooLarge = {
      code: 'RESULT_TOO_LARGE',
      message:
        'The result has 270002 bytes; a server takes a report of 262144 at most. Keep it in a storage, attach it as an asset, and return what is small.',
    };
    const errors = [{ code: 'INVALID_RESULT' }, tooLarge, tooLarge, {}];
    for (const [n, error] of errors.entries()) {
      await expect((await submit({ n })).result()).rejects.toMatchObject({
        name: 'TaskFailedError',
        error: { ...error, retryable: false },
      });
    }
  });

  it('reports what is too large for a socket by HTTP, and leaves the socket to the others', async () => {
    const large = ['x'.repeat(250_000), 'ü'.repeat(120_000), 'x'.repeat(131_072), 'x'.repeat(130_000)];
    const go = gate();
    const { submit, worker } = await serve(async ({ payload }) => {
      if (typeof payload['n'] === 'number') return large[payload['n']];
      await go.promise;
      return 'small';
    });
    const { id } = worker;
    const small = await submit();
    for (const [n, text] of large.entries()) expect(await (await submit({ n })).result()).toBe(text);
    go.open();
    expect(await small.result()).toBe('small');
    expect(await history(small)).toEqual(['CLAIMED', 'STARTED', 'COMPLETED']);
    // A socket that was closed would have made the worker register anew.
    expect(worker.id).toBe(id);
  });

  it('tells the console what it serves and what fails, unless it is told not to', async () => {
    const info = vi.spyOn(console, 'info').mockReturnValue();
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    try {
      for (const logger of [undefined, false] as const) {
        const { worker, submit, fullName } = await serve(
          () => {
            throw new TaskError('no such luck', { retryable: false });
          },
          { logger },
        );
        const { id, result } = await submit();
        await expect(result()).rejects.toThrow('no such luck');
        const told = [...info.mock.calls, ...warn.mock.calls];
        if (logger === false) expect(told).toEqual([]);
        else {
          expect(info).toHaveBeenCalledWith(
            `Registered as ${worker.id}`,
            expect.objectContaining({ jobs: [fullName] }),
          );
          expect(String(warn.mock.calls[0]?.[0])).toMatch(
            new RegExp(`^Attempt 1 of ${id}.* failed: no such luck`),
          );
        }
        info.mockClear();
        warn.mockClear();
      }
    } finally {
      info.mockRestore();
      warn.mockRestore();
    }
  });

  it('tells progress while it works', async () => {
    const watched = gate();
    const go = gate();
    const { submit } = await serve(async ({ progress }) => {
      await watched.promise;
      progress(25, 'a quarter');
      await go.promise;
    });
    const handle = await submit();
    for await (const event of handle.watch()) {
      watched.open();
      if (event.kind !== 'progress') continue;
      expect(event).toMatchObject({ percent: 25, message: 'a quarter' });
      go.open();
    }
    expect(await client.task(handle.id)).toMatchObject({ status: 'COMPLETED' });
  });

  it('attaches what a handler has produced, over a lost connection too, and tells it of a refusal', async () => {
    const refusals: unknown[] = [];
    const { submit } = await serve(
      async ({ asset }) => {
        const first = await asset({ type: 'report', url: 'https://files.example/1', size: 7 });
        network.down();
        const second = asset({ type: 'data', storagePath: 'a/b', metadata: { rows: 3 } });
        network.up();
        await asset({ type: 'page', url: 'javascript:alert(1)' }).catch((error) => refusals.push(error));
        return [first, await second];
      },
      { url: network.url },
    );
    const handle = await submit();
    const [first, second] = await handle.result<string[]>();
    expect(await client.task(handle.id)).toMatchObject({
      assets: [
        {
          id: second,
          attempt: 1,
          type: 'data',
          url: null,
          storagePath: 'a/b',
          size: null,
          metadata: { rows: 3 },
        },
        { id: first, attempt: 1, type: 'report', url: 'https://files.example/1', storagePath: null, size: 7 },
      ],
    });
    expect(refusals).toMatchObject([{ name: 'InvalidInput', issues: [{ path: ['url'] }] }]);
  });

  it('stops a handler at once when its task is cancelled, and reports nothing of it', async () => {
    const started = gate();
    const stopped = gate<unknown>();
    const { submit } = await serve(async ({ signal }) => {
      signal.addEventListener('abort', () => stopped.open(signal.reason));
      started.open();
      await stopped.promise;
      return 'too late';
    });
    const handle = await submit();
    await started.promise;
    await client.cancel(handle.id, 'not needed');
    expect(await stopped.promise).toMatchObject({ name: 'AbortError' });
    await expect(handle.result()).rejects.toMatchObject({
      name: 'TaskCancelledError',
      message: `Task ${handle.id} was cancelled: not needed`,
      reason: 'not needed',
    });
    expect(await history(handle)).toEqual(['CLAIMED', 'STARTED', 'CANCELLED']);
    // The handler has ended, and the server hears of it.
    await expect.poll(() => stoppedAt(handle)).toEqual(expect.any(String));
  });

  it('stops a handler by its heartbeat when the signal did not reach it', async () => {
    const started = gate();
    const stopped = gate();
    const { submit } = await serve(
      async ({ signal }) => {
        signal.addEventListener('abort', () => stopped.open());
        started.open();
        await stopped.promise;
      },
      { url: network.url, heartbeatMs: 100 },
    );
    const handle = await submit();
    await started.promise;
    // Should it come at all: the heartbeat may be faster.
    void network.swallow('StopTask');
    await client.cancel(handle.id);
    await stopped.promise;
  });

  it('runs as many handlers at a time as it was told', async () => {
    let running = 0;
    let most = 0;
    const full = gate();
    const { submit } = await serve(
      async () => {
        most = Math.max(most, ++running);
        if (running === 3) full.open();
        await full.promise;
        running--;
      },
      { concurrency: 3 },
    );
    const handles = await Promise.all(Array.from({ length: 12 }, () => submit()));
    await Promise.all(handles.map((handle) => handle.result()));
    expect(most).toBe(3);
  });

  it('does many tasks, each once', async () => {
    const done = new Map<string, number>();
    const { fullName } = await serve(
      ({ task }) => {
        done.set(task.id, (done.get(task.id) ?? 0) + 1);
        return task.id;
      },
      { concurrency: 50 },
    );
    const inputs = Array.from({ length: 400 }, () => ({ room: 'lab', job: fullName, payload: {} }));
    const { streamCursor } = await client.tasks('lab', { first: 1 });
    const handles = (await client.submitMany(inputs)) as TaskHandle[];
    const left = new Set(handles.map(({ id }) => id));
    for await (const event of client.watchRoom('lab', { after: streamCursor, filter: { job: fullName } })) {
      if (event.kind === 'transition' && event.task.status === 'COMPLETED') left.delete(event.task.id);
      if (left.size === 0) break;
    }
    expect(done.size).toBe(400);
    expect(new Set(done.values())).toEqual(new Set([1]));
  });

  describe('when it starts', () => {
    it('says that it cannot reach the server', async () => {
      const gone = await startNetwork(fixture.url);
      await gone.close();
      const options = { url: gone.url, waitForServer: false };
      await expect(serve(() => 1, options)).rejects.toMatchObject({ name: 'ConnectionError' });
    });

    it('waits for a server that is not there yet, and says so', async () => {
      network.down();
      const warned = gate<string>();
      const serving = serve(() => 'served', {
        url: network.url,
        logger: { ...quiet, warn: (line) => warned.open(line) },
      });
      expect(await warned.promise).toMatch(/^Waiting for the server: Cannot reach http/);
      network.up();
      const { submit } = await serving;
      expect(await (await submit()).result()).toBe('served');
    });

    it('ends when it is stopped while it waits', async () => {
      network.down();
      const warned = gate<string>();
      const worker = fixture.worker({
        url: network.url,
        logger: { ...quiet, warn: (line) => warned.open(line) },
      });
      const running = worker.run();
      await warned.promise;
      await worker.stop();
      await running;
    });

    it('says that its token is refused', async () => {
      await expect(serve(() => 1, { token: 'wrong' })).rejects.toMatchObject({ closeCode: 4401 });
      const token = await tokenFor('mia', 'MEMBER', ['lab']);
      await expect(serve(() => 1, { token })).rejects.toMatchObject({ name: 'Forbidden' });
    });

    it('says that a job is registered with another schema', async () => {
      const { job } = await serve(() => 1);
      const other = fixture.worker();
      other.job({
        room: 'lab',
        category: 'general',
        name: job,
        payload: z.object({ other: z.string() }),
        handler: () => 1,
      });
      await expect(other.start()).rejects.toMatchObject({
        name: 'SchemaConflict',
        existing: { fullName: `lab:general:${job}` },
        message: expect.stringContaining('/properties/other is required now'),
      });
    });

    it('makes schemas that accept more the next version, unless it is told to refuse them', async () => {
      const name = 'widened';
      const start = (payload: z.ZodType, schemaChange?: 'REFUSE') => {
        const worker = fixture.worker();
        worker.job({
          ...{ room: 'lab', category: 'general', name, ...(schemaChange && { schemaChange }) },
          payload,
          handler: () => 1,
        });
        return worker.start();
      };
      const wider = z.object({ n: z.number(), more: z.string().optional() });
      await start(z.object({ n: z.int() }));
      await expect(start(wider, 'REFUSE')).rejects.toMatchObject({ name: 'SchemaConflict' });
      await start(wider);
      // What an old worker cannot parse is tried again, by a worker that can.
      const input = { room: 'lab', job: `lab:general:${name}`, payload: { n: 1, more: 'a' } };
      expect(await (await client.submit(input)).result()).toBe(1);
      await expect(start(z.object({ n: z.string() }))).rejects.toMatchObject({
        ...{ name: 'SchemaConflict', message: expect.stringContaining('/properties/n does not accept') },
        narrowings: [{ schema: 'PAYLOAD', path: '/properties/n', reason: expect.any(String) }],
      });
    });

    it('serves a job with the schemas that it has, when it is told not to register its own', async () => {
      const { job, submit, worker } = await serve(() => 1);
      await worker.stop();
      const other = fixture.worker();
      other.job({
        ...{ room: 'lab', category: 'general', name: job, registerSchemas: false },
        payload: z.object({ other: z.string() }),
        handler: ({ payload }) => payload.other,
      });
      await other.start();
      expect(await (await submit({ other: 'fits' })).result()).toBe('fits');
      await expect((await submit({ more: 1 })).result()).rejects.toThrow('The payload does not fit the job');
    });

    it('takes a schema that only says more to people for the same', async () => {
      const { job } = await serve(() => 1);
      const other = fixture.worker();
      const described = anything.describe('Anything at all').meta({ title: 'Anything' });
      other.job({ room: 'lab', category: 'general', name: job, payload: described, handler: () => 1 });
      await other.start();
    });

    it('takes no further jobs, and does not start twice', async () => {
      const { worker } = await serve(() => 1);
      expect(() =>
        worker.job({ category: 'general', name: 'late', payload: anything, handler: () => 1 }),
      ).toThrow('before the worker starts');
      await expect(worker.start()).rejects.toThrow('once');
    });
  });

  describe('when it stops', () => {
    it('lets its handlers finish, and claims nothing more', async () => {
      const started = gate();
      const go = gate();
      const { worker, submit } = await serve(async () => {
        started.open();
        await go.promise;
        return 'finished';
      });
      const running = await submit();
      await started.promise;
      const stopping = worker.stop();
      const later = await submit();
      go.open();
      await stopping;
      expect(await running.result()).toBe('finished');
      expect(await client.task(later.id)).toMatchObject({ status: 'PENDING' });
      await worker.finished;
    });

    it('gives back what does not finish within the grace period, uncounted, to another worker', async () => {
      const started = gate();
      const aborted = gate<unknown>();
      const { worker, submit, job } = await serve(
        ({ signal }) => {
          started.open();
          signal.addEventListener('abort', () => aborted.open(signal.reason));
          return new Promise(() => {});
        },
        { shutdownGraceMs: 0 },
      );
      const handle = await submit();
      await started.promise;
      await worker.stop();
      expect(await aborted.promise).toMatchObject({ message: 'The worker is stopping.' });
      expect(await client.task(handle.id)).toMatchObject({ status: 'PENDING', failures: 0, worker: null });
      await serve(({ attempt }) => attempt, {}, job);
      expect(await handle.result()).toBe(2);
    });

    it('leaves to others what comes while it lets its handlers finish', async () => {
      const started = gate();
      const go = gate();
      const first = await serve(
        async ({ payload }) => {
          if (!payload['slow']) return 'first';
          started.open();
          await go.promise;
          return 'slow';
        },
        { concurrency: 2 },
      );
      const slow = await first.submit({ slow: true });
      await started.promise;
      const stopped = first.worker.stop();
      await serve(() => 'second', {}, first.job);
      expect(await (await first.submit()).result()).toBe('second');
      go.open();
      expect(await slow.result()).toBe('slow');
      await stopped;
    });

    it('warns of nothing', async () => {
      const warnings: unknown[] = [];
      const logger = { ...quiet, warn: (line: string) => warnings.push(line) };
      const workers = await Promise.all(Array.from({ length: 20 }, () => serve(() => 1, { logger })));
      await Promise.all(workers.map(({ worker }) => worker.stop()));
      expect(warnings).toEqual([]);
    });

    it('stops although the server is away', async () => {
      const started = gate();
      const go = gate();
      const { worker, submit } = await serve(
        async () => {
          started.open();
          await go.promise;
        },
        { url: network.url, shutdownGraceMs: 100 },
      );
      await submit();
      await started.promise;
      network.down();
      go.open();
      await Promise.all([worker.stop(), worker.stop()]);
    });
  });

  describe('over a network that breaks', () => {
    it('reports what it finished meanwhile', async () => {
      const started = gate();
      const go = gate();
      const { submit } = await serve(
        async () => {
          started.open();
          await go.promise;
          return 'finished';
        },
        { url: network.url },
      );
      const handle = await submit();
      await started.promise;
      network.down();
      go.open();
      await new Promise((resolve) => setImmediate(resolve));
      network.up();
      expect(await handle.result()).toBe('finished');
      expect(await history(handle)).toEqual(['CLAIMED', 'STARTED', 'COMPLETED']);
    });

    it('goes on working after each cut', async () => {
      const { submit } = await serve(({ payload }) => payload['n'], { url: network.url });
      for (let n = 0; n < 5; n++) {
        network.cut();
        expect(await (await submit({ n })).result()).toBe(n);
      }
    });

    it('loses no task with the answer of a claim', async () => {
      const { worker, submit } = await serve(({ attempt }) => attempt, { url: network.url });
      const { id } = worker;
      const cut = network.cutInsteadOf('"claimTasks":{"__typename":"ClaimTasksSuccess","tasks":[{');
      const handle = await submit();
      await cut;
      // The worker that never heard of it gave it back, uncounted.
      expect(await handle.result()).toBe(2);
      expect(await client.task(handle.id)).toMatchObject({ failures: 0 });
      expect(worker.id).not.toBe(id);
    });

    it('completes a task once although it did not hear that it had', async () => {
      const { submit } = await serve(({ attempt }) => attempt, { url: network.url });
      const cut = network.cutInsteadOf('"completeTask":{');
      const handle = await submit();
      await cut;
      expect(await handle.result()).toBe(1);
      expect(await (await submit()).result()).toBe(1);
      expect(await history(handle)).toEqual(['CLAIMED', 'STARTED', 'COMPLETED']);
    });

    it('keeps what runs while it takes a new id after a claim was lost', async () => {
      const started = gate();
      const go = gate();
      const { worker, submit } = await serve(
        async ({ payload, attempt }) => {
          if (payload['slow']) {
            started.open();
            await go.promise;
          }
          return attempt;
        },
        { url: network.url, heartbeatMs: 100 },
      );
      const { id } = worker;
      const slow = await submit({ slow: true });
      await started.promise;
      const cut = network.cutInsteadOf('"claimTasks":{"__typename":"ClaimTasksSuccess","tasks":[{');
      const lost = await submit();
      await cut;
      const next = await submit();
      expect(await next.result()).toBe(1);
      expect(worker.id).not.toBe(id);
      go.open();
      expect(await slow.result()).toBe(1);
      // Given back as soon as the old id had nothing else to do.
      expect(await lost.result()).toBe(2);
    });
  });

  it('registers anew when the server does not know it any more, and drops what it was doing', async () => {
    const started = gate();
    const aborted = gate<unknown>();
    const { worker, submit } = await serve(
      ({ signal, attempt }) => {
        if (attempt > 1) return attempt;
        started.open();
        return new Promise(() => signal.addEventListener('abort', () => aborted.open(signal.reason)));
      },
      { heartbeatMs: 50 },
    );
    const { id } = worker;
    const handle = await submit();
    await started.promise;
    await client.request(Deregister, { id });
    expect(await aborted.promise).toBeInstanceOf(DOMException);
    expect(await handle.result()).toBe(2);
    expect(worker.id).not.toBe(id);
  });

  it('ends when its token is refused, and says so', async () => {
    const tokens = [await tokenFor('wanda', 'WORKER', ['lab']), 'revoked'];
    const errors: string[] = [];
    const { worker } = await serve(() => 1, {
      url: network.url,
      token: () => (tokens.length > 1 ? tokens.shift() : tokens[0]),
      logger: { ...quiet, error: (message) => errors.push(message) },
    });
    network.cut();
    await expect(worker.finished).rejects.toMatchObject({ closeCode: 4401 });
    expect(errors).toEqual([expect.stringContaining('The worker cannot go on')]);
  });
});
