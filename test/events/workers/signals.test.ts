import { describe, expect, it } from 'vitest';
import { LOG_START, type Position } from '../../../src/domain/position.ts';
import { jobChannel, workerChannel } from '../../../src/events/messages/message.ts';
import { createPublisher } from '../../../src/events/publishing/publisher.ts';
import { createMemoryTransport } from '../../../src/events/transports/memory.ts';
import {
  createSignalSource,
  type SignalSourceOptions,
  type SignalWatch,
  type WorkerSignal,
} from '../../../src/events/workers/signals.ts';
import { testRedisUrl } from '../../support/database.ts';
import { changed, failure, submissionOf } from '../../support/test-store.ts';
import { transition } from '../changes.ts';
import { deferred, recordingLogger, untilHealthy } from '../inbox.ts';
import { combinations, heldBy, type Server, useTestServers } from '../test-servers.ts';
import { startProxy } from '../transports/redis-proxy.ts';

async function take(signals: SignalWatch, count: number): Promise<WorkerSignal[]> {
  const taken: WorkerSignal[] = [];
  while (taken.length < count) {
    const { value, done } = await signals.next();
    if (done) throw new Error(`The signals ended after ${taken.length} of ${count}.`);
    taken.push(value);
  }
  return taken;
}

const stopOf = (taskId: string, attempt: number) =>
  transition(
    taskId,
    5,
    {},
    { from: 'RUNNING', to: 'CANCELLED', reason: 'CANCELLED', workerId: 'w', attempt },
  );

/** A database in which nothing becomes due and nothing arrives. */
const NOTHING = {
  dueJobs: async () => [],
  findArrivals: async (_: readonly string[], position: Position) => ({ jobIds: [], position }),
  horizon: async () => LOG_START,
};

/** Signals in one process, without a database: what is due is up to the test. */
function inProcess(options: Partial<SignalSourceOptions> = {}) {
  const transport = createMemoryTransport();
  const publisher = createPublisher({ transport });
  const signals = createSignalSource({ transport, ...NOTHING, beatMs: 10, ...options });
  const close = async () => {
    await signals.close();
    await transport.close();
  };
  return { transport, publisher, signals, close };
}

describe('worker signals', () => {
  it('keep at most one waiting signal for a job, and one for each attempt to stop', async () => {
    const { signals, publisher, transport, close } = inProcess();
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1'] });
    for (let n = 0; n < 50; n++) await publisher.publish([transition(`task-${n}`, 1)]);
    await publisher.publish([stopOf('t', 1), stopOf('t', 2), stopOf('u', 1)]);
    await publisher.publish([stopOf('t', 1)]);
    const flushed = deferred();
    await transport.subscribe('flush', () => flushed.resolve());
    await transport.publish('flush', '');
    await flushed.promise;
    const seen = await take(watch, 4);
    expect(
      seen.map((signal) => (signal.kind === 'stop' ? `${signal.taskId} ${signal.attempt}` : signal.jobId)),
    ).toEqual(['job-1', 't 1', 't 2', 'u 1']);
    const pending = watch.next();
    await publisher.publish([transition('task-99', 1)]);
    expect((await pending).value).toEqual({ kind: 'available', jobId: 'job-1' });
    await close();
  });

  it('give what is true already first, asked when everything is heard', async () => {
    const { signals, transport, close } = inProcess();
    const channels: number[] = [];
    const watch = await signals.watchWorker({
      workerId: 'w',
      jobIds: async () => {
        channels.push(transport.channelCount());
        return ['job-1', 'job-2'];
      },
      current: async () => {
        channels.push(transport.channelCount());
        return [
          { kind: 'stop', taskId: 't', attempt: 1, reason: 'CANCELLED' },
          { kind: 'available', jobId: 'job-2' },
        ];
      },
    });
    expect(channels).toEqual([1, 3]);
    expect((await take(watch, 2)).map(({ kind }) => kind)).toEqual(['stop', 'available']);
    await close();
  });

  it('tell nothing of other jobs and to other workers', async () => {
    const { signals, publisher, close } = inProcess();
    const watch = await signals.watchWorker({ workerId: 'other', jobIds: ['job-2'] });
    await publisher.publish([transition('a', 1), stopOf('t', 1)]);
    await publisher.publishWorkerJobs('other', ['job-3']);
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-3' }]);
    await close();
  });

  it('add the jobs that a worker registers while it watches', async () => {
    const { signals, publisher, close } = inProcess();
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: [] });
    await publisher.publishWorkerJobs('w', ['job-1']);
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-1' }]);
    await publisher.publish([transition('a', 1)]);
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-1' }]);
    await close();
  });

  it('ask on their beat, for the jobs of all watchers at once, what became due', async () => {
    const asked: { jobIds: readonly string[]; sinceMs: number }[] = [];
    const { signals, close } = inProcess({
      dueJobs: async (jobIds, sinceMs) => {
        asked.push({ jobIds: [...jobIds].sort(), sinceMs });
        return ['job-2'];
      },
    });
    const watches = [
      await signals.watchWorker({ workerId: 'v', jobIds: ['job-1', 'job-2'] }),
      await signals.watchWorker({ workerId: 'w', jobIds: ['job-2', 'job-3'] }),
    ];
    for (const watch of watches)
      expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-2' }]);
    expect(asked[0]?.jobIds).toEqual(['job-1', 'job-2', 'job-3']);
    expect(asked[0]?.sinceMs).toBeGreaterThan(10);
    await close();
  });

  it('ask further back after a beat that failed, and do not ask when nobody watches', async () => {
    const asked: number[] = [];
    const logger = recordingLogger();
    const { signals, close } = inProcess({
      logger,
      dueJobs: async (_, sinceMs) => {
        asked.push(sinceMs);
        if (asked.length <= 3) throw new Error('no database');
        return ['job-1'];
      },
    });
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1'] });
    await take(watch, 1);
    expect(asked.slice(0, 4)).toEqual([...asked.slice(0, 4)].sort((a, b) => a - b));
    expect(logger.lines).toHaveLength(3);
    await watch.return?.();
    const before = asked.length;
    const next = await signals.watchWorker({ workerId: 'w', jobIds: [] });
    await expect.poll(() => signals.stats().watches).toBe(1);
    expect(asked.length).toBe(before);
    await next.return?.();
    await close();
  });

  it('are unmoved by garbage on their channels', async () => {
    const logger = recordingLogger();
    const { signals, transport, publisher, close } = inProcess({ logger });
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1'] });
    for (const garbage of ['', '{', '{"v":1}', '{"v":1,"signal":{"kind":"stop"}}']) {
      await transport.publish(workerChannel('w'), garbage);
    }
    await transport.publish(jobChannel('job-1'), 'garbage');
    await publisher.publish([stopOf('t', 1)]);
    expect((await take(watch, 2)).map(({ kind }) => kind)).toEqual(['available', 'stop']);
    expect(logger.lines).toHaveLength(4);
    await close();
  });

  it('let go of everything at once when they are returned while next is pending', async () => {
    const { signals, transport, close } = inProcess();
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1', 'job-2'] });
    const pending = watch.next();
    expect(transport.channelCount()).toBe(3);
    void watch.return?.();
    expect(signals.stats()).toMatchObject({ watches: 0 });
    expect((await pending).done).toBe(true);
    await expect.poll(() => transport.channelCount(), { interval: 5 }).toBe(0);
    await close();
  });

  it('let go when what is true already cannot be read', async () => {
    const { signals, transport, close } = inProcess();
    const current = () => Promise.reject(new Error('no database'));
    await expect(signals.watchWorker({ workerId: 'w', jobIds: ['job-1'], current })).rejects.toThrow(
      'no database',
    );
    expect(signals.stats()).toMatchObject({ watches: 0 });
    await expect.poll(() => transport.channelCount(), { interval: 5 }).toBe(0);
    await close();
  });

  it('say nothing of work that a waiting claim of the worker takes, and say what it leaves', async () => {
    const { signals, publisher, close } = inProcess();
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1'] });
    const queue: string[] = [];
    const claim = signals.claim({
      ...{ workerId: 'w', jobIds: ['job-1'], limit: 2, waitMs: 60_000 },
      look: async () => queue.splice(0),
      whenGone: () => () => {},
      giveBack: async () => {},
    });
    await expect.poll(() => signals.stats().claims, { interval: 5 }).toBe(1);
    queue.push('a');
    signals.committed([transition('a', 1)]);
    expect(await claim).toEqual(['a']);
    await publisher.publish([stopOf('t', 1)]);
    expect((await take(watch, 1)).map(({ kind }) => kind)).toEqual(['stop']);
    signals.committed([transition('b', 1)]);
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-1' }]);
    await close();
  });

  it('tell at once what this server has committed, and not again when its own message arrives', async () => {
    const transport = createMemoryTransport();
    const publisher = createPublisher({ transport, origin: 'me' });
    const signals = createSignalSource({ transport, ...NOTHING, origin: 'me' });
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1'] });
    signals.committed([transition('a', 1)]);
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-1' }]);
    await publisher.publish([transition('a', 1), stopOf('t', 1)]);
    expect((await take(watch, 1)).map(({ kind }) => kind)).toEqual(['stop']);
    await createPublisher({ transport, origin: 'another' }).publish([transition('b', 1)]);
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: 'job-1' }]);
    await signals.close();
    await transport.close();
  });

  it('end when they are closed', async () => {
    const { signals, close } = inProcess();
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1'] });
    const pending = watch.next();
    await close();
    expect((await pending).done).toBe(true);
    await expect(signals.watchWorker({ workerId: 'w', jobIds: [] })).rejects.toThrow('closed');
  });
});

describe.each(combinations)('worker signals on $database with $transport', ({ database, transport }) => {
  const servers = useTestServers(database, transport);

  const signalsOf = ({ store, transport }: Server, beatMs: number) =>
    createSignalSource({
      ...{ transport, beatMs, healthyBeatMs: beatMs, horizon: servers.log.horizon },
      dueJobs: store.findJobsThatBecameDue,
      findArrivals: store.findArrivals,
    });

  it('tell the worker of what nobody told of, however it became claimable', async () => {
    const silent = await servers.newServer({ isPublished: () => false });
    const { store } = silent;
    const job = await servers.newJob({ backoffSeconds: [0] });
    const worker = await servers.newWorker(job);
    const claim = { workerId: worker.id, limit: 1, start: true, actor: 'wim' };
    await store.submitTask(submissionOf(job, { runAt: new Date(Date.now() - 60_000) }));
    const [held] = await store.claimTasks(claim);
    if (!held) throw new Error('nothing claimed');
    const signals = signalsOf(silent, 10);
    const watch = await signals.watchWorker({ workerId: worker.id, jobIds: [job.id] });
    // It has been due for a minute, so that no look at the clock finds it.
    changed(await store.releaseTask(heldBy(held)));
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: job.id }]);
    await signals.close();
  });

  it('tell the worker of work, wherever it is submitted, and to stop what is cancelled', async () => {
    const pair = [await servers.newServer(), await servers.newServer()] as const;
    const signals = signalsOf(pair[0], 60_000);
    const job = await servers.newJob();
    const worker = await servers.newWorker(job);
    const watch = await signals.watchWorker({ workerId: worker.id, jobIds: [job.id] });
    await pair[1].store.submitTask(submissionOf(job));
    expect(await take(watch, 1)).toEqual([{ kind: 'available', jobId: job.id }]);
    const claim = { workerId: worker.id, limit: 1, start: true, actor: 'wim' };
    const [task] = await pair[0].store.claimTasks(claim);
    const taskId = task?.id as string;
    changed(await pair[1].store.cancelTask({ taskId, actor: 'ann', note: 'not needed' }));
    expect(await take(watch, 1)).toEqual([{ kind: 'stop', taskId, attempt: 1, reason: 'not needed' }]);
    await signals.close();
  });

  const slotReturns = ['completed', 'failed', 'cancelled', 'released', 'lost'] as const;

  it.each(slotReturns)('wake a claim that waits when another server gives back a slot: %s', async (way) => {
    const [one, other] = [await servers.newServer(), await servers.newServer()];
    // No beat finds it within the time of the test.
    const signals = signalsOf(one, 600_000);
    const limit = { name: 'one', scope: 'JOB', keyPointer: null, maxRunning: 1, rate: null } as const;
    const job = await servers.newJob({ limits: [limit], backoffSeconds: [3_600] });
    const [worker, holder] = [await servers.newWorker(job), await servers.newWorker(job)];
    await servers.submit(job);
    const second = await servers.submit(job);
    const claim = { limit: 1, start: true, actor: 'wim' };
    const [held] = await other.store.claimTasks({ ...claim, workerId: holder.id });
    if (!held) throw new Error('nothing claimed');
    let looks = 0;
    let hasLooked = () => {};
    const looked = new Promise<void>((resolve) => {
      hasLooked = resolve;
    });
    const waiting = signals.claim({
      ...{ workerId: worker.id, jobIds: [job.id], limit: 1, waitMs: 60_000 },
      async look() {
        const tasks = await one.store.claimTasks({ ...claim, workerId: worker.id });
        if (++looks === 2) hasLooked();
        return tasks;
      },
      whenGone: () => () => {},
      giveBack: async () => {},
    });
    // At once, and when it is listened for: from then on it sleeps.
    await looked;
    expect(looks).toBe(2);
    // What is published while a connection is lost, as where the machine is too busy to answer a ping, only the beat finds.
    for (const { transport } of [one, other]) await untilHealthy(transport);
    const { id: taskId } = held;
    const act: Record<(typeof slotReturns)[number], () => Promise<unknown>> = {
      completed: () => other.store.completeTask({ ...heldBy(held), outcome: 'COMPLETED', result: null }),
      failed: () => other.store.failTask({ ...heldBy(held), error: failure(true) }),
      cancelled: () => other.store.cancelTask({ taskId, actor: 'ann', note: null }),
      released: () => other.store.releaseTask({ ...heldBy(held), delaySeconds: 3_600 }),
      async lost() {
        const silent = `UPDATE worker SET last_heartbeat_at = now() - interval '1 day' WHERE id = '${holder.id}'`;
        await servers.db.script(silent);
        await other.store.rescueTasks(10);
      },
    };
    await act[way]();
    expect((await waiting).map(({ id }) => id)).toEqual([second.id]);
    await signals.close();
  });

  it('tell the worker of a task that was to run later, and of a retry, when their time has come', async () => {
    const server = await servers.newServer();
    const signals = signalsOf(server, 20);
    const job = await servers.newJob({ backoffSeconds: [0.3] });
    const worker = await servers.newWorker(job);
    const watch = await signals.watchWorker({ workerId: worker.id, jobIds: [job.id] });
    await server.store.submitTask(submissionOf(job, { runAt: new Date(Date.now() + 1_000) }));
    const claim = { workerId: worker.id, limit: 1, start: true, actor: 'wim' };
    expect(await server.store.claimTasks(claim)).toEqual([]);
    await take(watch, 1);
    const [task] = await server.store.claimTasks(claim);
    if (!task) throw new Error('The task was signalled before it was due.');
    changed(await server.store.failTask({ ...heldBy(task), error: failure(true) }));
    let again: typeof task | undefined;
    while (!again) {
      await take(watch, 1);
      [again] = await server.store.claimTasks(claim);
    }
    expect(again.attempt).toBe(2);
    await signals.close();
  });
});

describe.runIf(testRedisUrl())('worker signals when Redis fails', () => {
  const servers = useTestServers('pglite', 'redis');

  it('say of every watched job that there may be work', async () => {
    const proxy = await startProxy(testRedisUrl() as string);
    const server = await servers.newServer({ redisUrl: proxy.url });
    const signals = createSignalSource({ transport: server.transport, ...NOTHING, beatMs: 60_000 });
    const watch = await signals.watchWorker({ workerId: 'w', jobIds: ['job-1', 'job-2'] });
    proxy.cut();
    const seen = await take(watch, 2);
    expect(seen).toEqual([
      { kind: 'available', jobId: 'job-1' },
      { kind: 'available', jobId: 'job-2' },
    ]);
    await signals.close();
    await proxy.close();
  });
});
