/**
 * A worker at work.
 *
 *     claims, which wait at the server ─▶ attempt (handler) ─▶ reports
 *        ▲ signals, reconnect, poll            ▲ stop: signal, heartbeat, refused progress
 *
 * Everything goes over one socket. Nothing polls while idle, but for a slow look in case a signal was lost.
 */

import { pause } from '../connection/backoff.ts';
import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { messageOf } from '../errors.ts';
import type { ClaimedTaskFragment } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import type { OpenTelemetry } from '../tracing.ts';
import { createTaskClaims, type TaskClaims } from './claim-tasks.ts';
import { createTaskHandler } from './handle-task.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Middleware, ServedJob } from './job.ts';
import { createReports } from './reports.ts';
import {
  createRunningAttempts,
  type Holder,
  newAttempt,
  type RunningAttempt,
  type RunningAttempts,
} from './running.ts';
import { declareSchedules } from './schedules.ts';
import { createSession, type WorkerSession } from './session.ts';
import { listenToSignals } from './signals.ts';

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
  /** What handlers work on, as people read it: after a stop, those that go on although they were aborted. */
  handlers(): string[];
}

/** How long a stopping worker waits for the server to take its last reports. */
const LAST_REPORTS_MS = 5_000;

export function createWorkerLoop(options: WorkerLoopOptions): WorkerLoop {
  const { connection, logger, concurrency = 4, shutdownGraceMs = 15_000 } = options;
  const { pollMs = 30_000 } = options;
  const { stopping, givenUp, closed, shut } = createEnds(connection);
  const running = createRunningAttempts();
  const reports = createReports(connection, logger, givenUp.signal);
  let signals = { restart() {} };

  const session = createSession({
    ...options,
    capacity: concurrency,
    stopping: stopping.signal,
    // What another claim brings for the id is worked on as well, and would be taken away with it.
    idle: (workerId) => claims.answered(workerId).then(() => running.settled(closed.signal, workerId)),
    onRenewed(old, lost) {
      if (lost) stopAll(running, 'The worker was given up.', ({ holder }) => holder.workerId === old);
      claims.interrupt();
      signals.restart();
    },
  });
  const handler = createTaskHandler({
    ...options,
    ...{ reports, running, jobOf: session.jobOf },
    onSlotFreed: () => claims.slotFreed(),
  });
  const claims = createTaskClaims({
    ...{ connection, session, logger, start: begin, stopping: stopping.signal },
    // What is done but not reported yet takes no slot, but there may be no more of it than slots: reports that do not
    // keep up would pile up.
    free: () => Math.min(concurrency - handler.size, 2 * concurrency - running.size),
  });

  function begin(task: ClaimedTaskFragment, holder: Holder): void {
    const entry = newAttempt(holder, task.job.fullName);
    running.add(entry);
    // The answer of a claim can come after the stop; the task then goes back with the worker's id.
    const work = stopping.signal.aborted ? Promise.resolve() : handler.handle(task, entry);
    entry.done = work.finally(() => running.delete(entry));
  }

  async function start(): Promise<void> {
    try {
      await signIn(session, options, stopping.signal);
    } catch (error) {
      await shut();
      throw error;
    }
    signals = keepInTouch(options, {
      ...{ session, running, claims, onFatal },
      ...{ stopping: stopping.signal, closed: closed.signal },
    });
    void poll(pollMs, stopping.signal, claims.wake);
  }

  async function stop(hurry: AbortSignal): Promise<void> {
    stopping.abort();
    const graceMs = shutdownGraceMs;
    await finishHandlers({ claims, running, logger, graceMs, hurry });
    const last = setTimeout(() => givenUp.abort(), LAST_REPORTS_MS);
    await letGo(running);
    await session.deregister(givenUp.signal);
    clearTimeout(last);
    await shut();
  }

  function onFatal(error: unknown): void {
    logger.error(`The worker cannot go on: ${messageOf(error)}`);
    stopAll(running, messageOf(error));
    void shut().then(() => options.onFatal(error));
  }

  return {
    get workerId() {
      return session.workerId;
    },
    start,
    stop,
    handlers: () => handlersOf(running),
    jobs: session.jobs,
    add: (job) => addTo(session, options, job, { stopping: stopping.signal, wake: claims.wake }),
    remove: session.remove,
  };
}

/** A worker ends by steps; `shut` takes all that are left. */
function createEnds(connection: Connection) {
  /** No more claims and no new id. */
  const stopping = new AbortController();
  /** Reports no longer wait for the server. */
  const givenUp = new AbortController();
  /** Signals and heartbeats end. */
  const closed = new AbortController();

  async function shut(): Promise<void> {
    stopping.abort();
    givenUp.abort();
    closed.abort();
    await connection.close();
  }

  return { stopping, givenUp, closed, shut };
}

interface TouchOptions {
  session: WorkerSession;
  running: RunningAttempts;
  claims: TaskClaims;
  stopping: AbortSignal;
  closed: AbortSignal;
  onFatal(error: unknown): void;
}

/** Listens to the signals of the server, and beats: by both it says what to stop, and that the worker is drained. */
function keepInTouch(
  { connection, logger, heartbeatMs = 10_000, onDrain }: WorkerLoopOptions,
  { session, running, claims, stopping, closed, onFatal }: TouchOptions,
): { restart(): void } {
  const common = { connection, session, closed };
  const signals = listenToSignals({
    ...{ ...common, onFatal, onOpen: claims.wake },
    onSignal(signal) {
      if (signal.__typename === 'TasksAvailable') claims.wake();
      else running.stop(signal.taskId, signal.attempt, signal.reason);
    },
  });
  startHeartbeat({
    ...{ ...common, everyMs: heartbeatMs },
    onStop: (taskId) => running.stop(taskId, undefined, 'The server asked to stop it.'),
    onDrain() {
      logger.info('An operator drains this worker: it ends when what it holds is done');
      void claims
        .stop()
        .then(() => running.settled(stopping))
        .then(onDrain);
    },
    holding: (workerId) => heldBy(running, workerId),
  });
  return signals;
}

/** Registers the worker, and declares the schedules of its jobs. Where something is refused, nothing of it stays. */
async function signIn(
  session: WorkerSession,
  options: WorkerLoopOptions,
  stopping: AbortSignal,
): Promise<void> {
  try {
    await register(session, options, stopping);
    for (const job of options.jobs) await declare(options, job, stopping);
  } catch (error) {
    await session.deregister(AbortSignal.timeout(LAST_REPORTS_MS));
    throw error;
  }
}

/** Waits for a server that is away, unless `waitForServer` says otherwise. */
function register(
  session: WorkerSession,
  { waitForServer, logger }: Pick<WorkerLoopOptions, 'waitForServer' | 'logger'>,
  stopping: AbortSignal,
): Promise<void> {
  if (waitForServer === false) return session.register();
  let logged = '';
  return retryUntilAnswered(session.register, {
    until: stopping,
    onFailure(error) {
      if (messageOf(error) !== logged) logger.warn(`Waiting for the server: ${messageOf(error)}`);
      logged = messageOf(error);
    },
  });
}

async function addTo(
  session: WorkerSession,
  options: WorkerLoopOptions,
  job: ServedJob,
  { stopping, wake }: { stopping: AbortSignal; wake: () => void },
): Promise<void> {
  await session.add(job);
  wake();
  await declare(options, job, stopping);
}

/** Not when a worker registers again: another version of the program may have started meanwhile. */
async function declare(
  { connection, logger }: Pick<WorkerLoopOptions, 'connection' | 'logger'>,
  { registration: { room, category, name }, schedules }: ServedJob,
  stopping: AbortSignal,
): Promise<void> {
  if (!schedules) return;
  const declared = { job: `${room ?? '@global'}:${category}:${name}`, schedules };
  await retryUntilAnswered(() => declareSchedules(connection, declared, logger), { until: stopping });
}

/** The slow look, in case a signal was lost. */
async function poll(pollMs: number, stopping: AbortSignal, wake: () => void): Promise<void> {
  while (!stopping.aborted) {
    await pause(pollMs * (0.8 + Math.random() * 0.4), stopping);
    wake();
  }
}

interface FinishOptions {
  claims: TaskClaims;
  running: RunningAttempts;
  logger: Logger;
  graceMs: number;
  /** Cuts the grace period short. */
  hurry: AbortSignal;
}

/** Ends the claims, and lets handlers finish within the grace period. */
async function finishHandlers({ claims, running, logger, graceMs, hurry }: FinishOptions): Promise<void> {
  const grace = AbortSignal.any([hurry, AbortSignal.timeout(graceMs)]);
  const claimed = claims.stop();
  logHandlers(running, logger, graceMs);
  await Promise.race([claimed, aborted(grace)]);
  await running.settled(grace);
}

/** Logs what a stopping worker waits for. */
function logHandlers(running: RunningAttempts, logger: Logger, graceMs: number): void {
  const tasks = handlersOf(running);
  if (tasks.length > 0)
    logger.info(`Waiting for ${tasks.length} handlers for ${graceMs} ms at most`, { tasks });
}

function handlersOf(running: RunningAttempts): string[] {
  const left = running.all().filter(({ handled }) => !handled);
  return left.map(({ job, holder: { taskId } }) => `${taskId} (${job})`);
}

/** What still runs is aborted, and goes back with the worker's id; what is being reported is waited for. */
async function letGo(running: RunningAttempts): Promise<void> {
  const reported = running.all().filter(({ handled }) => handled);
  stopAll(running, 'The worker is stopping.', ({ handled }) => !handled);
  await Promise.all(reported.map(({ done }) => done));
}

function stopAll(running: RunningAttempts, reason: string, which = (_attempt: RunningAttempt) => true): void {
  for (const { holder } of running.all().filter(which)) running.stop(holder.taskId, holder.attempt, reason);
}

/** The attempts that a worker id holds. */
function heldBy(running: RunningAttempts, workerId: string): { taskId: string; attempt: number }[] {
  return running
    .all()
    .filter(({ holder }) => holder.workerId === workerId)
    .map(({ holder: { taskId, attempt } }) => ({ taskId, attempt }));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
