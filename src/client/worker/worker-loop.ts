/**
 * A worker at work.
 *
 *     claims, which wait at the server ─▶ attempt (handler) ─▶ reports
 *        ▲ signals, reconnect, poll            ▲ stop: signal, heartbeat, refused progress
 *
 * Everything goes over one socket. Nothing polls while idle, but for a slow look in case a signal was lost.
 */

import { backoffAfter, pause } from '../connection/backoff.ts';
import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { isTemporary, wasNotDone } from '../connection/temporary.ts';
import { messageOf } from '../errors.ts';
import type { ClaimedTaskFragment } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import { ProblemError, successOf } from '../problems.ts';
import { type OpenTelemetry, traceAttempt } from '../tracing.ts';
import { attachAsset, type NewAsset } from './assets.ts';
import { type AttemptOutcome, attempt } from './attempt.ts';
import { createBatchSize } from './batch-size.ts';
import { createClaims } from './claims.ts';
import { type EndedDependency, readDependencies } from './dependencies.ts';
import { ClaimTasks, ReportProgress } from './documents.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Middleware, ServedJob } from './job.ts';
import { createProgress } from './progress.ts';
import { createReports } from './reports.ts';
import { createRunningAttempts, type Holder, type RunningAttempt } from './running.ts';
import { createSession } from './session.ts';
import { listenToSignals } from './signals.ts';
import { submitWithin } from './submit-within.ts';

export interface WorkerLoopOptions {
  connection: Connection;
  jobs: readonly ServedJob[];
  logger: Logger;
  name: string;
  host?: string | undefined;
  version?: string | undefined;
  concurrency?: number | undefined;
  shutdownGraceMs?: number | undefined;
  heartbeatMs?: number | undefined;
  pollMs?: number | undefined;
  reportStacks?: boolean | undefined;
  middleware?: readonly Middleware[] | undefined;
  waitForServer?: boolean | undefined;
  opentelemetry?: OpenTelemetry | undefined;
  /** The worker cannot go on; everything has been closed. */
  onFatal(error: unknown): void;
  /** An operator wants it to end when what it holds is done. It claims no more from now on. */
  onDrain(): void;
}

export interface WorkerLoop {
  readonly workerId: string;
  start(): Promise<void>;
  /** Full names of what it serves. */
  jobs(): string[];
  /** Serves a job that has come to its list. */
  add(job: ServedJob): Promise<void>;
  /** Serves a job no more that has gone from its list. */
  remove(fullName: string): Promise<void>;
  /** Once. `hurry` cuts the grace period short. */
  stop(hurry: AbortSignal): Promise<void>;
}

/** How long a stopping worker waits for the server to take its last reports. */
const LAST_REPORTS_MS = 5_000;

export function createWorkerLoop(options: WorkerLoopOptions): WorkerLoop {
  const { connection, logger, concurrency = 4, shutdownGraceMs = 15_000 } = options;
  const { heartbeatMs = 10_000, pollMs = 30_000 } = options;
  /** No more claims and no new id. */
  const stopping = new AbortController();
  /** Reports no longer wait for the server. */
  const givenUp = new AbortController();
  /** Signals and heartbeats end. */
  const closed = new AbortController();

  const running = createRunningAttempts();
  const reports = createReports(connection, logger, givenUp.signal);
  const batchSize = createBatchSize();
  let handling = 0;
  let claimFailures = 0;
  let signals = { restart() {} };
  /** Of the claims that wait at the server for the present id. */
  let waits = new AbortController();

  const session = createSession({
    ...options,
    capacity: concurrency,
    stopping: stopping.signal,
    idle: (workerId) => running.settled(closed.signal, workerId),
    onRenewed(old, lost) {
      for (const { holder } of running.all()) {
        if (lost && holder.workerId === old)
          running.stop(holder.taskId, holder.attempt, 'The worker was given up.');
      }
      waits.abort();
      waits = new AbortController();
      signals.restart();
    },
  });

  const claims = createClaims<{ task: ClaimedTaskFragment; workerId: string }>({
    // What is done but not reported yet takes no slot, but there may be no more of it than slots: reports that do not
    // keep up would pile up.
    free: () => Math.min(concurrency - handling, 2 * concurrency - running.size),
    maxLimit: () => batchSize.limit,
    async claim(limit, waitSeconds) {
      const { workerId } = session;
      const signal = waitSeconds > 0 ? waits.signal : undefined;
      try {
        const input = { workerId, limit, start: true, waitSeconds };
        const { claimTasks } = await connection.send(ClaimTasks, { input }, signal);
        const { tasks } = successOf(claimTasks, 'ClaimTasksSuccess');
        claimFailures = 0;
        batchSize.observe(tasks);
        return tasks.map((task) => ({ task, workerId }));
      } catch (error) {
        // What it may have claimed nevertheless goes back with the worker's id.
        if (signal?.aborted) return [];
        if (error instanceof ProblemError && error.name === 'WorkerNotFound') await session.renew(workerId);
        else if (mayHaveClaimed(error)) await session.retire(workerId);
        throw error;
      }
    },
    start: ({ task, workerId }) => begin(task, { taskId: task.id, workerId, attempt: task.attempt }),
    async onError(error) {
      logger.warn(`A claim failed: ${messageOf(error)}`);
      await pause(backoffAfter(error, claimFailures++), stopping.signal);
    },
  });

  function begin(task: ClaimedTaskFragment, holder: Holder): void {
    const entry: RunningAttempt = {
      holder,
      job: task.job.fullName,
      controller: new AbortController(),
      abandoned: false,
      handled: false,
      done: Promise.resolve(),
    };
    running.add(entry);
    // The answer of a claim can come after the stop; the task then goes back with the worker's id.
    const work = stopping.signal.aborted ? Promise.resolve() : handle(task, entry);
    entry.done = work.finally(() => running.delete(entry));
  }

  /** One attempt from its start to its report. */
  async function handle(task: ClaimedTaskFragment, entry: RunningAttempt): Promise<void> {
    const traced = { ...entry.holder, job: task.job.fullName, traceparent: task.traceparent };
    await traceAttempt(options.opentelemetry, traced, async ({ failed, outside }) => {
      handling++;
      const outcome = await runHandler(task, entry);
      handling--;
      entry.handled = true;
      if (outcome.kind === 'fail') failed(outcome.error.message);
      // The report goes before the claim of the next task: the server then never counts more than the capacity.
      const reported = report(task, entry, outcome);
      outside(claims.slotFreed);
      await reported;
    });
    claims.slotFreed();
  }

  async function report(
    task: ClaimedTaskFragment,
    entry: RunningAttempt,
    outcome: AttemptOutcome,
  ): Promise<void> {
    const { holder, controller } = entry;
    if (entry.abandoned || outcome.kind === 'release') {
      if (outcome.kind === 'release' && outcome.delaySeconds !== undefined) {
        logger.info(`${task.id} (${task.job.fullName}) is left to workers that know its newer schemas`);
      } else {
        logger.debug(`No outcome is reported of ${task.id}`, { reason: messageOf(controller.signal.reason) });
      }
      // Refused, and by that the server knows that the handler has stopped.
      await reports.release(holder, outcome.kind === 'release' ? outcome.delaySeconds : undefined);
    } else if (outcome.kind === 'complete') {
      await reports.complete({ ...holder, outcome: outcome.outcome, result: outcome.result });
    } else {
      const { fullName } = task.job;
      // The console and most loggers show the stack of an error, and those of its causes.
      const details = { job: fullName, taskId: task.id, attempt: task.attempt, error: outcome.thrown };
      logger.warn(
        `Attempt ${task.attempt} of ${task.id} (${fullName}) failed: ${outcome.error.message}`,
        details,
      );
      await reports.fail(holder, outcome.error);
    }
  }

  async function runHandler(task: ClaimedTaskFragment, entry: RunningAttempt): Promise<AttemptOutcome> {
    const { fullName } = task.job;
    const job = session.jobOf(fullName);
    if (!job) {
      return {
        kind: 'fail',
        error: { code: 'JOB_NOT_SERVED', message: `This worker does not serve ${fullName}.` },
      };
    }
    const { holder, controller } = entry;
    const progress = createProgress(
      holder,
      async (input) => (await connection.send(ReportProgress, { input })).reportProgress.__typename,
      (refusal) => running.stop(holder.taskId, holder.attempt, `The attempt is over: ${refusal}`),
    );
    const { payload, dependencies: _first, dependencyCount, ...handled } = task;
    let dependencies: EndedDependency[] = [];
    try {
      // Nearly always there are none, and nothing is waited for.
      if (dependencyCount > 0) dependencies = await readDependencies(connection, task, controller.signal);
    } catch (thrown) {
      progress.close();
      const message = `What it depends on could not be read: ${messageOf(thrown)}`;
      return { kind: 'fail', error: { code: 'DEPENDENCIES_NOT_READ', message, retryable: true }, thrown };
    }
    const told = {
      task: handled,
      dependencies,
      attempt: task.attempt,
      signal: controller.signal,
      progress: progress.report,
      asset: (asset: NewAsset) => attachAsset(connection, holder, asset, controller.signal),
      submit: submitWithin(connection, handled, controller.signal),
    };
    const outcome = await attempt(job, payload, told, options);
    progress.close();
    return outcome;
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(pollMs * (0.8 + Math.random() * 0.4), stopping.signal);
      claims.wake();
    }
  }

  function register(): Promise<void> {
    if (options.waitForServer === false) return session.register();
    let told = '';
    return retryUntilAnswered(session.register, {
      until: stopping.signal,
      onFailure(error) {
        if (messageOf(error) !== told) logger.warn(`Waiting for the server: ${messageOf(error)}`);
        told = messageOf(error);
      },
    });
  }

  async function start(): Promise<void> {
    try {
      await register();
    } catch (error) {
      await shut();
      throw error;
    }
    signals = listenToSignals({
      connection,
      session,
      closed: closed.signal,
      onOpen: claims.wake,
      onSignal(signal) {
        if (signal.__typename === 'TasksAvailable') claims.wake();
        else running.stop(signal.taskId, signal.attempt, signal.reason);
      },
      onFatal,
    });
    startHeartbeat({
      connection,
      session,
      everyMs: heartbeatMs,
      closed: closed.signal,
      onStop: (taskId) => running.stop(taskId, undefined, 'The server asked to stop it.'),
      onDrain() {
        logger.info('An operator drains this worker: it ends when what it holds is done');
        const claimed = claims.stop();
        waits.abort();
        void claimed.then(() => running.settled(stopping.signal)).then(options.onDrain);
      },
      holding: (workerId) =>
        running
          .all()
          .filter(({ holder }) => holder.workerId === workerId)
          .map(({ holder: { taskId, attempt } }) => ({ taskId, attempt })),
    });
    void poll();
  }

  async function stop(hurry: AbortSignal): Promise<void> {
    stopping.abort();
    const grace = AbortSignal.any([hurry, AbortSignal.timeout(shutdownGraceMs)]);
    const claimed = claims.stop();
    waits.abort();
    const left = running.all().filter(({ handled }) => !handled);
    if (left.length > 0) {
      const names = left.map(({ job, holder: { taskId } }) => `${taskId} (${job})`);
      logger.info(`Waiting for ${left.length} handlers for ${shutdownGraceMs} ms at most`, { tasks: names });
    }
    await Promise.race([claimed, aborted(grace)]);
    await running.settled(grace);
    const last = setTimeout(() => givenUp.abort(), LAST_REPORTS_MS);
    await Promise.all(running.all().map(letGo));
    await session.deregister(givenUp.signal);
    clearTimeout(last);
    await shut();
  }

  /** What still runs is aborted, and goes back with the worker's id; what is being reported is waited for. */
  async function letGo({ holder, handled, done }: RunningAttempt): Promise<void> {
    if (handled) await done;
    else running.stop(holder.taskId, holder.attempt, 'The worker is stopping.');
  }

  function onFatal(error: unknown): void {
    logger.error(`The worker cannot go on: ${messageOf(error)}`);
    for (const { holder } of running.all()) running.stop(holder.taskId, holder.attempt, messageOf(error));
    void shut().then(() => options.onFatal(error));
  }

  async function shut(): Promise<void> {
    stopping.abort();
    givenUp.abort();
    closed.abort();
    await connection.close();
  }

  return {
    get workerId() {
      return session.workerId;
    },
    start,
    stop,
    jobs: session.jobs,
    async add(job) {
      await session.add(job);
      claims.wake();
    },
    remove: session.remove,
  };
}

/** The claim was not answered, or the server failed after it may have been committed. */
function mayHaveClaimed(error: unknown): boolean {
  return isTemporary(error) && !wasNotDone(error);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
