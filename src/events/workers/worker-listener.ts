/** Listening for one worker: on its own channel and on those of its jobs, of which it may get more. */

import type { ServerLogger } from '../logger.ts';
import { decodeWorkerMessage, jobChannel, type WorkerMessage, workerChannel } from '../messages/message.ts';
import type { ChannelSubscription } from '../transports/channel-subscription.ts';

export interface ServingWorker {
  workerId: string;
  /** The jobs that it serves; as a function it is asked when the worker's channel is heard, so that none is missed. */
  jobIds: readonly string[] | (() => Promise<readonly string[]>);
}

/** What is heard. */
export interface Heard {
  /** There may be work of the job. */
  available(jobId: string): void;
  stop?(stop: Extract<WorkerMessage, { kind: 'stop' }>): void;
}

export interface WorkerListenerOptions {
  subscribeTo: (channel: string, onMessage: (message: string) => void) => ChannelSubscription;
  logger: ServerLogger;
  /** Names this server: its own messages on the channels of jobs have reached its listeners directly. */
  origin: string | undefined;
  heard: Heard;
  onClose: () => void;
}

export class WorkerListener {
  readonly #options: WorkerListenerOptions;
  readonly #jobs = new Map<string, ChannelSubscription>();
  #worker: ChannelSubscription | undefined;
  #closed = false;

  constructor(options: WorkerListenerOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get jobIds(): Iterable<string> {
    return this.#jobs.keys();
  }

  /** There may be work of the jobs, as far as they are the worker's. */
  available(jobIds: Iterable<string>): void {
    for (const jobId of jobIds) if (this.#jobs.has(jobId)) this.#options.heard.available(jobId);
  }

  serves(jobId: string): boolean {
    return this.#jobs.has(jobId);
  }

  /** Resolves when what is sent to the worker is heard. */
  async listenTo(workerId: string): Promise<void> {
    const { subscribeTo, logger, heard } = this.#options;
    this.#worker = subscribeTo(workerChannel(workerId), (message) => {
      const received = decodeWorkerMessage(message, logger);
      if (received?.kind === 'stop') heard.stop?.(received);
      if (received?.kind === 'jobs') this.addJobs(received.jobIds);
    });
    await this.#worker.acknowledged;
  }

  /** Resolves when signals of the jobs are heard. */
  async listenToJobs(jobIds: readonly string[]): Promise<void> {
    const { subscribeTo, origin, heard } = this.#options;
    const added = jobIds.filter((jobId) => !this.#closed && !this.#jobs.has(jobId));
    for (const jobId of added) {
      if (this.#jobs.has(jobId)) continue;
      const subscription = subscribeTo(jobChannel(jobId), (message) => {
        if (origin === undefined || message !== origin) heard.available(jobId);
      });
      this.#jobs.set(jobId, subscription);
    }
    await Promise.all(added.map((jobId) => this.#jobs.get(jobId)?.acknowledged));
  }

  /** Each is said to be available, once and from now on. */
  addJobs(jobIds: readonly string[]): void {
    // Only when later signals are heard: a claim that follows then misses nothing.
    void this.listenToJobs(jobIds).then(() => this.available(jobIds));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#worker?.unsubscribe();
    for (const subscription of this.#jobs.values()) subscription.unsubscribe();
    this.#options.onClose();
  }
}
