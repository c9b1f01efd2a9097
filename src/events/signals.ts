/**
 * What workers must hear at once instead of polling for it: there is work, stop this task.
 *
 * "Available" says no more than that a claim may find something, so one that is still waiting to be taken stands for
 * all of its job, and a needless one does no harm: after an interruption every watched job is signalled. "Stop" is
 * never merged with another attempt's; one that is lost on the way comes with the worker's next heartbeat.
 * A beat asks the database for tasks that became claimable by the passing of time. A slower one reads the log onwards
 * for tasks that became claimable otherwise: it finds those whose message was lost, or was never sent because its
 * publisher died after the commit. While the transport is not healthy, it is no slower.
 */
import type { Position } from '../domain/position.ts';
import { type Attachment, attach } from './attach.ts';
import { pullIterator } from './iterator.ts';
import { type Logger, silentLogger } from './logger.ts';
import { decodeWorkerMessage, jobChannel, workerChannel } from './message.ts';
import type { Transport } from './transport.ts';

export type WorkerSignal =
  | { kind: 'available'; jobId: string }
  | { kind: 'stop'; taskId: string; attempt: number; reason: string };

/** Pulled one by one; `return` detaches at once, also while a `next` is pending. */
export interface SignalWatch extends AsyncIterableIterator<WorkerSignal> {
  /** The worker serves these jobs as well: each is signalled once, and from now on. */
  addJobs(jobIds: readonly string[]): void;
}

export interface SignalsOptions {
  transport: Transport;
  /** Which of the jobs have a task that became claimable by the passing of time in the last milliseconds. */
  dueJobs: (jobIds: readonly string[], sinceMs: number) => Promise<readonly string[]>;
  /** Which of the jobs got tasks to claim after a position of the log, and where to go on from. */
  findArrivals: (
    jobIds: readonly string[],
    after: Position,
  ) => Promise<{ jobIds: readonly string[]; position: Position }>;
  /** Where the log stands. */
  horizon: () => Promise<Position>;
  logger?: Logger;
  /** How often due tasks are asked for while there is a watcher (1 s). */
  beatMs?: number;
  /** How often the log is read while the transport is healthy (5 s). */
  healthyBeatMs?: number;
  /** How long a new watch waits for the transport before it goes on without (1 s). */
  acknowledgementTimeoutMs?: number;
}

export interface WatchedWorker {
  workerId: string;
  /** The jobs that it serves; as a function it is asked when the worker's channel is heard, so that none is missed. */
  jobIds: readonly string[] | (() => Promise<readonly string[]>);
  /** Reads what is true already, work that waits and tasks to stop; asked when all channels are heard. */
  current?: () => Promise<readonly WorkerSignal[]>;
}

export interface Signals {
  /** Watches for a worker. Resolves when signals sent from now on will come; what is true already comes first. */
  watchWorker(worker: WatchedWorker): Promise<SignalWatch>;
  /** What is watched now. */
  stats(): { watches: number };
  /** Ends every watch and the beat. */
  close(): Promise<void>;
}

export function createSignals({
  transport,
  dueJobs,
  findArrivals,
  horizon,
  logger = silentLogger,
  beatMs = 1000,
  healthyBeatMs = 5000,
  acknowledgementTimeoutMs = 1000,
}: SignalsOptions): Signals {
  const watches = new Set<WorkerWatch>();
  const stopListening = transport.onInterruption(() => {
    for (const watch of watches) watch.signalAllJobs();
  });
  let timer: NodeJS.Timeout | undefined;
  let lastBeat = 0;
  let lastLook = 0;
  let position: Position | undefined;
  let closed = false;

  function schedule(): void {
    timer = watches.size > 0 ? setTimeout(() => void beat(), beatMs).unref() : undefined;
  }

  async function beat(): Promise<void> {
    const asked = performance.now();
    try {
      // A beat more than has passed: a timer is not exact, and a statement takes its time.
      await signalDueJobs(asked - lastBeat + beatMs);
      lastBeat = asked;
      if (!transport.healthy() || asked - lastLook >= healthyBeatMs) {
        await signalArrivals();
        lastLook = asked;
      }
    } catch (error) {
      logger.warn(
        { err: error },
        'Tasks that became claimable could not be looked for; trying again with the next beat',
      );
    }
    schedule();
  }

  async function signalDueJobs(sinceMs: number): Promise<void> {
    const jobIds = watchedJobs();
    if (jobIds.length > 0) signal(await dueJobs(jobIds, sinceMs));
  }

  async function signalArrivals(): Promise<void> {
    if (!position) return;
    const arrivals = await findArrivals(watchedJobs(), position);
    position = arrivals.position;
    signal(arrivals.jobIds);
  }

  function watchedJobs(): string[] {
    return [...new Set([...watches].flatMap((watch) => [...watch.jobIds]))];
  }

  function signal(jobIds: readonly string[]): void {
    const wanted = new Set(jobIds);
    for (const watch of watches) watch.signalJobs([...watch.jobIds].filter((jobId) => wanted.has(jobId)));
  }

  return {
    async watchWorker({ workerId, jobIds, current }) {
      if (closed) throw new Error('The signals are closed');
      const watch = new WorkerWatch({
        attachTo: (channel, onMessage) =>
          attach(transport, channel, onMessage, { timeoutMs: acknowledgementTimeoutMs, logger }),
        logger,
        onClose: () => watches.delete(watch),
      });
      watches.add(watch);
      if (!timer) {
        lastBeat = lastLook = performance.now();
        position = undefined;
        schedule();
      }
      try {
        // Before anything is read: what arrives later is found from here.
        if (!position) {
          const begin = await horizon();
          position ??= begin;
        }
        await watch.listenTo(workerId);
        await watch.attachJobs(typeof jobIds === 'function' ? await jobIds() : jobIds);
        for (const signal of (await current?.()) ?? []) watch.put(signal);
      } catch (error) {
        watch.close();
        throw error;
      }
      return watch.signals;
    },
    stats: () => ({ watches: watches.size }),
    async close() {
      closed = true;
      clearTimeout(timer);
      stopListening();
      for (const watch of [...watches]) watch.close();
    },
  };
}

interface WorkerWatchOptions {
  attachTo: (channel: string, onMessage: (message: string) => void) => Attachment;
  logger: Logger;
  onClose: () => void;
}

// Stops of one worker that wait to be taken: far more than a worker has tasks, and a bound nevertheless.
const MAX_STOPS = 10_000;

/** The signals that wait for one worker, at most one for each job and each attempt. */
class WorkerWatch {
  readonly signals: SignalWatch;
  readonly #options: WorkerWatchOptions;
  readonly #jobs = new Map<string, Attachment>();
  readonly #waiting = new Map<string, WorkerSignal>();
  #worker: Attachment | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(options: WorkerWatchOptions) {
    this.#options = options;
    const iterator = pullIterator({ pull: () => this.#pull(), close: () => this.close() });
    this.signals = Object.assign(iterator, { addJobs: (jobIds: readonly string[]) => this.addJobs(jobIds) });
  }

  get jobIds(): Iterable<string> {
    return this.#jobs.keys();
  }

  /** Resolves when what is sent to the worker is heard. */
  async listenTo(workerId: string): Promise<void> {
    const { attachTo, logger } = this.#options;
    this.#worker = attachTo(workerChannel(workerId), (message) => {
      const told = decodeWorkerMessage(message, logger);
      if (told?.kind === 'stop') this.put(told);
      if (told?.kind === 'jobs') this.addJobs(told.jobIds);
    });
    await this.#worker.acknowledged;
  }

  /** Resolves when signals of the jobs are heard. */
  async attachJobs(jobIds: readonly string[]): Promise<void> {
    const added = jobIds.filter((jobId) => !this.#closed && !this.#jobs.has(jobId));
    for (const jobId of added) {
      if (this.#jobs.has(jobId)) continue;
      this.#jobs.set(
        jobId,
        this.#options.attachTo(jobChannel(jobId), () => this.signalJobs([jobId])),
      );
    }
    await Promise.all(added.map((jobId) => this.#jobs.get(jobId)?.acknowledged));
  }

  addJobs(jobIds: readonly string[]): void {
    // Signalled only when later signals are heard: a claim that follows then misses nothing.
    void this.attachJobs(jobIds).then(() => this.signalJobs(jobIds));
  }

  signalJobs(jobIds: Iterable<string>): void {
    for (const jobId of jobIds) this.put({ kind: 'available', jobId });
  }

  signalAllJobs(): void {
    this.signalJobs(this.jobIds);
  }

  put(signal: WorkerSignal): void {
    const key = signal.kind === 'stop' ? `${signal.taskId} ${signal.attempt}` : signal.jobId;
    const isNew = !this.#waiting.has(key);
    if (this.#closed || (isNew && signal.kind === 'stop' && this.#waiting.size >= MAX_STOPS)) return;
    if (isNew) this.#waiting.set(key, signal);
    this.#wake?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#worker?.detach();
    for (const attachment of this.#jobs.values()) attachment.detach();
    this.#waiting.clear();
    this.#wake?.();
    this.#options.onClose();
  }

  async #pull(): Promise<WorkerSignal | undefined> {
    while (!this.#closed) {
      const [first] = this.#waiting;
      if (first) {
        this.#waiting.delete(first[0]);
        return first[1];
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    return undefined;
  }
}
