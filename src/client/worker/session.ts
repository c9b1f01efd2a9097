/**
 * Who this worker is to the server: registered with its jobs under an id, known by its heartbeats. It takes a
 * new id
 * - when the server no longer knows the old one: it was given up for dead, or the database is another one;
 * - when a claim was sent and its answer lost. The server may have given the old id tasks that nobody here knows
 *   of, and as long as that id lives they would stay with it. So it is given up, which returns them to the queue,
 *   as soon as the attempts that are known to be its own are over.
 */

import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { ProblemError, successOf } from '../problems.ts';
import { DeregisterWorker, RegisterJob, RegisterWorker } from './documents.ts';
import type { ServedJob } from './job.ts';

export interface WorkerSession {
  /** The id for new claims; empty before {@link register}. */
  readonly workerId: string;
  /** Every id that has to be kept alive: the present one, and those that still have attempts. */
  ids(): string[];
  /** Full names of the jobs that it serves. */
  jobs(): string[];
  /** Serves a further one of the jobs, which is in the list already. Rejects as {@link WorkerSession.register} does. */
  add(job: ServedJob): Promise<void>;
  /** Serves a job no more that is not in the list of jobs any more: takes a new id without it. */
  remove(fullName: string): Promise<void>;
  /** The job of a full name, as `room:category:name`. */
  jobOf(fullName: string): ServedJob | undefined;
  /** Rejects with the problem when worker or job is refused, and when the server cannot be reached. */
  register(): Promise<void>;
  /** The server does not know `lost`. Registers again if that is the present id; waits for a server that is away. */
  renew(lost: string): Promise<void>;
  /** A claim for `doubtful` got no answer. Likewise. */
  retire(doubtful: string): Promise<void>;
  /** Gives up every id, and with them returns the tasks that they hold; tries until `givenUp`, and never rejects. */
  deregister(givenUp: AbortSignal): Promise<void>;
}

export interface WorkerSessionOptions {
  connection: Connection;
  name: string;
  /** Where it runs, and which version of what it is: for operators. */
  host?: string | undefined;
  version?: string | undefined;
  capacity: number;
  jobs: readonly ServedJob[];
  logger: Logger;
  /** From then on no new id is taken. */
  stopping: AbortSignal;
  /** Resolves when no attempt of an id is under way any more. */
  idle(workerId: string): Promise<void>;
  /** There is a new id; `lost`: the old one is unknown to the server, and its attempts are lost. */
  onRenewed(old: string, lost: boolean): void;
}

export function createSession(options: WorkerSessionOptions): WorkerSession {
  const { connection, name, jobs, logger, stopping, idle, onRenewed } = options;
  const byFullName = new Map<string, ServedJob>();
  const retired = new Set<string>();
  let workerId = '';
  let renewing: Promise<void> | undefined;

  async function register(): Promise<void> {
    const id = await registerWorker(options);
    try {
      for (const job of jobs) await registerFor(id, job);
    } catch (error) {
      // Nobody would give this id up later; if it cannot be done now, the server finds out by its silence.
      await connection.send(DeregisterWorker, { workerId: id }).catch(() => {});
      throw error;
    }
    workerId = id;
    logger.info(`Registered as ${workerId}`, { name, jobs: [...byFullName.keys()] });
  }

  async function registerFor(id: string, job: ServedJob): Promise<void> {
    const { registerJob } = await connection.send(RegisterJob, {
      input: { ...job.registration, workerId: id },
    });
    const registered = named(job, () => successOf(registerJob, 'RegisterJobSuccess'));
    byFullName.set(registered.job.fullName, { ...job, schemaVersion: registered.schemaVersion });
  }

  async function replace(old: string, lost: boolean): Promise<void> {
    if (lost) logger.warn(`The server no longer knows ${old}: registering again`);
    else retired.add(old);
    await retryUntilAnswered(register, { until: stopping });
    onRenewed(old, lost);
    if (!lost) void dissolve(old);
  }

  async function dissolve(old: string): Promise<void> {
    await idle(old);
    if (retired.has(old)) await giveUp(old, stopping);
  }

  async function giveUp(id: string, givenUp: AbortSignal): Promise<void> {
    if (await deregisterWorker(options, id, givenUp)) retired.delete(id);
  }

  async function change(old: string, lost: boolean): Promise<void> {
    if (lost) retired.delete(old);
    if (old !== workerId || stopping.aborted) return;
    renewing ??= replace(old, lost).finally(() => {
      renewing = undefined;
    });
    await renewing;
  }

  return {
    get workerId() {
      return workerId;
    },
    ids: () => [...retired, workerId],
    jobs: () => [...byFullName.keys()],
    async add(job) {
      const id = workerId;
      try {
        await retryUntilAnswered(() => registerFor(id, job), { until: stopping });
      } catch (error) {
        // Whoever is registered again is so with all of its jobs.
        if (!(error instanceof ProblemError && error.name === 'WorkerNotFound')) throw error;
        await change(id, true);
      }
    },
    async remove(fullName) {
      // What the old id is still given is done; the new one is given nothing of it.
      await change(workerId, false);
      byFullName.delete(fullName);
    },
    jobOf: (fullName) => byFullName.get(fullName),
    register,
    renew: (lost) => change(lost, true),
    retire: (doubtful) => change(doubtful, false),
    async deregister(givenUp) {
      const ids = [...retired, workerId].filter((id) => id !== '');
      await Promise.all(ids.map((id) => giveUp(id, givenUp)));
    },
  };
}

/** Registers the worker under a new id, without jobs. */
async function registerWorker({
  connection,
  name,
  capacity,
  version,
  ...options
}: WorkerSessionOptions): Promise<string> {
  const host = options.host ?? (await hostName());
  const input = { name, capacity, host, version };
  const { registerWorker } = await connection.send(RegisterWorker, { input });
  return successOf(registerWorker, 'RegisterWorkerSuccess').worker.id;
}

/** The server returns what the id holds to the queue, uncounted. @returns whether that was answered */
async function deregisterWorker(
  { connection, logger }: WorkerSessionOptions,
  workerId: string,
  givenUp: AbortSignal,
): Promise<boolean> {
  try {
    await retryUntilAnswered(() => connection.send(DeregisterWorker, { workerId }), { until: givenUp });
    return true;
  } catch (error) {
    logger.warn(`${workerId} could not be deregistered: ${messageOf(error)}`);
    return false;
  }
}

/** Of this machine, where the runtime knows it. */
async function hostName(): Promise<string | undefined> {
  try {
    const { hostname } = await import('node:os');
    return hostname().slice(0, 200) || undefined;
  } catch {
    return undefined;
  }
}

/** A worker has many jobs: says which one a refusal is about. */
function named<T>({ registration: { room, category, name } }: ServedJob, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProblemError)
      error.message = `Job ${room ?? '@global'}:${category}:${name}: ${error.message}`;
    throw error;
  }
}
