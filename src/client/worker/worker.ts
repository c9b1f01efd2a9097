/** `signalbox/worker`: serve jobs. */

import { type Connection, type ConnectionOptions, createConnection } from '../connection/connection.ts';
import type { Job } from '../job.ts';
import { consoleLogger, type Logger, loggerOf } from '../logger.ts';
import type { AnySchema, JsonSchema } from '../schema.ts';
import { type JobDefinition, type JobHandler, type Middleware, type ServedJob, toServedJob } from './job.ts';
import { createPull, type PulledTask } from './pull.ts';
import { createWorkerLoop, type WorkerLoop } from './worker-loop.ts';

/** How to reach a server, as whom, and how much to do at once. */
export interface WorkerOptions extends Omit<ConnectionOptions, 'fetch'> {
  /** Shown to operators. */
  name: string;
  /** Where it runs, shown to operators; the name of the host by default. */
  host?: string | undefined;
  /** Which version of your program it is, shown to operators. */
  version?: string | undefined;
  /** How many handlers run at the same time; 4 by default. */
  concurrency?: number | undefined;
  /** Milliseconds that running handlers get to finish when the worker stops; 15 s by default. */
  shutdownGraceMs?: number | undefined;
  /** Milliseconds between heartbeats; 10 s by default. The server gives a worker up after 60 s of silence. */
  heartbeatMs?: number | undefined;
  /** Milliseconds between looks for work that no signal announced, by ±20 %; 30 s by default. */
  pollMs?: number | undefined;
  /**
   * Whether {@link Worker.start} waits for a server that cannot be reached yet; `true` by default. It does not wait after
   * a refusal, as of the token.
   */
  waitForServer?: boolean | undefined;
  /** Wraps every handler; the first wraps all others. */
  middleware?: readonly Middleware[] | undefined;
  /**
   * Whether the stack of what a handler throws is kept with the task, as `context.stack` of its error, where it has no
   * context of its own. Off by default: whoever may see the task sees it. The log has it in any case.
   */
  reportStacks?: boolean | undefined;
}

/** A process that serves jobs. */
export interface Worker {
  /** Adds a job; before {@link Worker.start}. Throws a TypeError for a schema that JSON Schema cannot express. */
  job<TPayload extends AnySchema, TResult extends AnySchema = JsonSchema>(
    definition: JobDefinition<TPayload, TResult>,
  ): void;
  /** The same with a definition that submitters share, see `defineJob`. */
  job<TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
    handler: JobHandler<TPayload, TResult>,
  ): void;
  /**
   * Serves a job by a loop instead of a handler; before {@link Worker.start}, which the loop calls where nobody else has.
   * As many tasks as `concurrency` are held at a time, those that the loop has not come to among them. Leaving the loop
   * stops the worker, and its stop ends the loop.
   */
  listen<TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
  ): AsyncIterableIterator<PulledTask<TPayload, TResult>>;
  /**
   * Registers worker and jobs and begins to work. A server that cannot be reached is waited for, now and later. Rejects
   * when it refuses the token (`ConnectionError`, or where sockets are blocked `RequestError`), the worker or a job
   * (`ProblemError`), and, without `waitForServer`, when it cannot be reached.
   */
  start(): Promise<void>;
  /**
   * Claims no more, lets running handlers finish within the grace period, then aborts them and gives their tasks
   * back; deregisters and closes the connection. Called a second time it waits no longer.
   */
  stop(): Promise<void>;
  /**
   * Works until SIGINT or SIGTERM, starting first where that has not been done; a second signal cuts the grace
   * period short. Resolves when the worker has stopped, rejects like {@link Worker.start} and `finished`. Where handlers go
   * on although they were aborted, a process that got one of these signals is ended five seconds later.
   */
  run(): Promise<void>;
  /**
   * Adds a job while the worker runs (or before): resolves when it is registered, and rejects with the `ProblemError` where
   * the server refuses it.
   */
  addJob<TPayload extends AnySchema, TResult extends AnySchema = JsonSchema>(
    definition: JobDefinition<TPayload, TResult>,
  ): Promise<void>;
  addJob<TPayload extends AnySchema, TResult extends AnySchema>(
    job: Job<TPayload, TResult>,
    handler: JobHandler<TPayload, TResult>,
  ): Promise<void>;
  /**
   * Serves a job no more, by its definition or full name; tasks of it that are under way are finished. Resolves when the
   * server gives this worker none of it any more.
   */
  removeJob(job: Job | string): Promise<void>;
  /** Full names of the jobs that it serves; empty before the start. */
  readonly jobs: readonly string[];
  /**
   * Resolves when the worker has stopped, also because an operator has drained it; rejects when it cannot go on: the token is
   * refused, a job conflicts.
   */
  readonly finished: Promise<void>;
  /** The id under which the server knows it; empty before the start. */
  readonly id: string;
}

/** Connects to nothing yet: {@link Worker.start} does. */
export function createWorker(options: WorkerOptions): Worker {
  return createWorkerOver((logger) => createConnection({ ...options, logger }), options);
}

/** A worker over another way to the server than its address. */
export function createWorkerOver(
  connect: (logger: Logger) => Connection,
  options: Omit<WorkerOptions, 'url'>,
): Worker {
  const hurry = new AbortController();
  const { finished, resolve, reject } = createEnd();
  let serving: WorkerLoop | undefined;
  let stopping: Promise<void> | undefined;
  const { jobs, job, addJob, removeJob } = createJobList(() => serving);

  function listen<TPayload extends AnySchema, TResult extends AnySchema>(shared: Job<TPayload, TResult>) {
    const { handler, tasks } = createPull(shared, () => void stop());
    job(shared as Job, handler as JobHandler<AnySchema, AnySchema>);
    finished.then(
      () => tasks.end(),
      (error) => tasks.end(error),
    );
    const next = tasks.next.bind(tasks);
    tasks.next = async () => {
      if (!serving && !stopping) await start();
      return next();
    };
    return tasks;
  }

  async function start(): Promise<void> {
    if (serving || stopping) throw new Error('A worker is started once.');
    const logger = loggerOf(options.logger, consoleLogger);
    serving = createWorkerLoop({
      ...options,
      logger,
      connection: connect(logger),
      jobs,
      onFatal: reject,
      onDrain: () => void stop(),
    });
    await serving.start();
  }

  function stop(): Promise<void> {
    if (stopping) hurry.abort();
    stopping ??= Promise.resolve(serving?.stop(hurry.signal)).then(resolve);
    return stopping;
  }

  async function run(): Promise<void> {
    let isInterrupted = false;
    const onSignal = () => {
      isInterrupted = true;
      void stop();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    try {
      // A start that was stopped has not failed.
      if (!serving) await start().catch((error) => stopping ?? Promise.reject(error));
      await finished;
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      if (isInterrupted) endWithout(serving?.handlers() ?? [], loggerOf(options.logger, consoleLogger));
    }
  }

  return {
    job: job as Worker['job'],
    addJob: addJob as Worker['addJob'],
    removeJob,
    listen,
    start,
    stop,
    run,
    finished,
    get id() {
      return serving?.workerId ?? '';
    },
    get jobs() {
      return serving?.jobs() ?? [];
    },
  };
}

/** How long a process that got such a signal goes on for the sake of handlers that ignore their signal. */
const LEFT_BEHIND_MS = 5_000;

/** Their tasks were given back, so nothing is lost. What else the process still has to do has as much time. */
function endWithout(handlers: readonly string[], logger: Logger): void {
  if (handlers.length === 0) return;
  logger.warn(
    `${handlers.length} handlers go on although their signal is aborted: the process ends in ${LEFT_BEHIND_MS} ms. Pass \`signal\` on to what they wait for.`,
    { tasks: handlers },
  );
  setTimeout(() => process.exit(), LEFT_BEHIND_MS).unref();
}

/** How a worker ends. */
function createEnd() {
  let resolve = () => {};
  let reject = (_error: unknown) => {};
  const finished = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  // Whoever only starts and stops does not look at it.
  finished.catch(() => {});
  return { finished, resolve, reject };
}

/** The jobs of a worker; those that come and go while it is at work reach its loop. */
function createJobList(serving: () => WorkerLoop | undefined) {
  const jobs: ServedJob[] = [];
  return {
    jobs,
    job(defined: JobDefinition<AnySchema, AnySchema> | Job, shared?: JobHandler<AnySchema, AnySchema>): void {
      if (serving()) throw new Error('Jobs are added before the worker starts; afterwards by addJob.');
      jobs.push(served(defined, shared));
    },
    async addJob(
      defined: JobDefinition<AnySchema, AnySchema> | Job,
      shared?: JobHandler<AnySchema, AnySchema>,
    ): Promise<void> {
      const added = served(defined, shared);
      jobs.push(added);
      try {
        await serving()?.add(added);
      } catch (error) {
        // A worker that registers again must not be refused for it.
        jobs.splice(jobs.indexOf(added), 1);
        throw error;
      }
    },
    async removeJob(named: Job | string): Promise<void> {
      const fullName = typeof named === 'string' ? named : named.fullName;
      const index = jobs.findIndex((one) => fullNameOf(one) === fullName);
      if (index < 0) throw new TypeError(`This worker does not serve ${fullName}.`);
      jobs.splice(index, 1);
      await serving()?.remove(fullName);
    },
  };
}

/** The job as it is kept, of either form. @throws TypeError without a handler */
function served(
  defined: JobDefinition<AnySchema, AnySchema> | Job,
  shared?: JobHandler<AnySchema, AnySchema>,
): ServedJob {
  if ('fullName' in defined) {
    if (!shared) throw new TypeError(`${defined.fullName} needs a handler.`);
    return toServedJob(defined.options, shared);
  }
  const { handler, ...options } = defined;
  return toServedJob(options, handler);
}

function fullNameOf({ registration: { room, category, name } }: ServedJob): string {
  return [room ?? '@global', category, name].join(':');
}
