/** workerSignals: what a worker must hear at once. First what is true now, then what becomes true. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS, type Subscription } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const SIGNALS = `subscription ($id: ID!) { workerSignals(workerId: $id) {
  ... on TasksAvailable { job } ... on StopTask { taskId attempt reason }
} }`;

// biome-ignore lint/suspicious/noExplicitAny: signals of either kind
type Signal = any;

describe.each(availableDatabases())('workerSignals on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  const submit = async (job: string, more = {}) => (await admin.submit({ room: 'main', job, ...more })).task;
  /** A running task of the worker. */
  async function running(workerId: string, job: string) {
    const { id: taskId } = await submit(job);
    const { tasks } = await admin.claim({ workerId, start: true });
    expect(tasks).toMatchObject([{ id: taskId }]);
    return { taskId, workerId, attempt: 1 };
  }

  describe.each(PROTOCOLS)('over %s', (protocol) => {
    const listen = (id: string) => admin.subscribe(protocol, SIGNALS, { id });

    it('names first each job that has work, once, and none that has not', async () => {
      const jobs = [await newJob(admin, 'main'), await newJob(admin, 'main'), await newJob(admin, 'main')];
      const [busy, idle, delayed] = jobs.map(({ fullName }) => fullName) as [string, string, string];
      const workerId = await admin.newWorker(...jobs);
      for (let n = 0; n < 3; n++) await submit(busy);
      await submit(delayed, { runAt: '2999-01-01T00:00:00Z' });
      const signals = listen(workerId);
      expect(await signals.event()).toEqual({ job: busy });
      await submit(idle);
      expect(await nextAfter(busy, signals)).toEqual({ job: idle });
      signals.close();
    });

    it('names a job when work comes to it: submitted, given back, to be tried again, retried', async () => {
      const job = await newJob(admin, 'main', { retryPolicy: { maxAttempts: 2, backoffSeconds: [0] } });
      const [workerId, listener] = [await admin.newWorker(job), await admin.newWorker(job)];
      const { id: taskId } = await submit(job.fullName);
      const signals = listen(listener);
      const isNamed = async () => expect(await signals.event()).toEqual({ job: job.fullName });
      await isNamed();
      const next = async (attempt: number) => {
        await admin.claim({ workerId, start: true });
        return { taskId, workerId, attempt };
      };
      await admin.act('releaseTask', await next(1));
      await isNamed();
      const error = { message: 'no' };
      await admin.act('failTask', { ...(await next(2)), error });
      await isNamed();
      await admin.act('failTask', { ...(await next(3)), error });
      await admin.act('retryTask', { taskId });
      await isNamed();
      await next(4);
      await admin.ask(`mutation { deregisterWorker(workerId: "${workerId}") { __typename } }`);
      await isNamed();
      signals.close();
    });

    it('names a job when its delayed work becomes due, not before', async () => {
      const job = await newJob(admin, 'main', { retryPolicy: { maxAttempts: 2, backoffSeconds: [1] } });
      const workerId = await admin.newWorker(job);
      const signals = listen(workerId);
      const dueAt = Date.now() + 1_500;
      const { id: taskId } = await submit(job.fullName, { runAt: new Date(dueAt).toISOString() });
      expect(await signals.event()).toEqual({ job: job.fullName });
      expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
      expect((await admin.claim({ workerId, start: true })).tasks).toMatchObject([{ id: taskId }]);

      const failed = Date.now();
      await admin.act('failTask', { taskId, workerId, attempt: 1, error: { message: 'again' } });
      let named = await signals.event();
      // The beat looks back further than a beat: what was due before the claim may have been named twice.
      if (Date.now() - failed < 500) named = await signals.event();
      expect(named).toEqual({ job: job.fullName });
      // The back-off of a second varies by ten per cent.
      expect(Date.now() - failed).toBeGreaterThanOrEqual(900);
      expect((await admin.claim({ workerId })).tasks).toMatchObject([{ id: taskId, attempt: 2 }]);
      signals.close();
    });

    it('names a job that the worker is registered for while it listens', async () => {
      const [first, second] = [await newJob(admin, 'main'), await newJob(admin, 'main')];
      const workerId = await admin.newWorker(first);
      await submit(first.fullName);
      const signals = listen(workerId);
      expect(await signals.event()).toEqual({ job: first.fullName });
      await admin.registerJob({ room: 'main', name: second.name, workerId });
      const isNamed = async () =>
        expect(await nextAfter(first.fullName, signals)).toEqual({ job: second.fullName });
      // Once when it is heard from now on, so that the worker looks; then when work comes.
      await isNamed();
      await submit(second.fullName);
      await isNamed();
      signals.close();
    });

    it('tells at once to stop what was cancelled, with the reason', async () => {
      const job = await newJob(admin, 'main');
      const workerId = await admin.newWorker(job);
      const [one, two] = [await running(workerId, job.fullName), await running(workerId, job.fullName)];
      await submit(job.fullName);
      const signals = listen(workerId);
      expect(await signals.event()).toEqual({ job: job.fullName });
      await admin.act('cancelTask', { taskId: one.taskId, reason: 'changed my mind' });
      expect(await nextStop(signals)).toEqual({ taskId: one.taskId, attempt: 1, reason: 'changed my mind' });
      await admin.act('cancelTask', { taskId: two.taskId });
      expect(await nextStop(signals)).toEqual({
        taskId: two.taskId,
        attempt: 1,
        reason: 'The task was cancelled.',
      });
      signals.close();
    });

    it('tells to stop again whoever listens anew, until the worker has said that it has stopped', async () => {
      const job = await newJob(admin, 'main');
      const workerId = await admin.newWorker(job);
      const held = await running(workerId, job.fullName);
      await admin.act('cancelTask', { taskId: held.taskId, reason: 'too late' });
      const stop = { taskId: held.taskId, attempt: 1, reason: 'too late' };
      const beat = () =>
        admin.ask(`mutation { heartbeat(workerId: "${workerId}") { ... on HeartbeatSuccess { stop } } }`);
      for (let time = 0; time < 2; time++) {
        const signals = listen(workerId);
        expect(await signals.event()).toEqual(stop);
        signals.close();
        expect(await beat()).toEqual({ stop: [held.taskId] });
      }
      expect(await admin.act('releaseTask', held)).toMatchObject({
        __typename: 'StaleAttempt',
        currentAttempt: 1,
      });
      expect(await beat()).toEqual({ stop: [] });
      await submit(job.fullName);
      const signals = listen(workerId);
      expect(await signals.event()).toEqual({ job: job.fullName });
      signals.close();
    });

    it('is not found for a worker that there is not, or no more', async () => {
      const workerId = await admin.newWorker();
      await admin.ask(`mutation { deregisterWorker(workerId: "${workerId}") { __typename } }`);
      for (const id of [workerId, 'worker_01h455vb4pex5vsknk084sn02q']) {
        const signals = listen(id);
        expect(await signals.next()).toMatchObject({
          errors: [{ message: 'The worker was not found.', extensions: { code: 'NOT_FOUND' } }],
        });
        expect(await signals.rest()).toEqual([]);
      }
    });
  });
});

async function nextStop(signals: Subscription): Promise<Signal> {
  let signal: Signal = await signals.event();
  while (!('taskId' in signal)) signal = await signals.event();
  return signal;
}

/**
 * What is told after a job was named. That one may be named again: by the beat, when its task has become due not long ago,
 * and whenever messages may have been lost, as in the first second of servers that hear of each other by PostgreSQL.
 */
async function nextAfter(job: string, signals: Subscription): Promise<Signal> {
  let signal: Signal = await signals.event();
  while (signal.job === job) signal = await signals.event();
  return signal;
}
