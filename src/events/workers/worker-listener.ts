/** Listening for one worker: on its own channel and on those of its jobs, of which it may get more. */

import type { Logger } from '../logger.ts';
import { decodeWorkerMessage, jobChannel, type WorkerMessage, workerChannel } from '../messages/message.ts';
import type { Attachment } from '../transports/channel-subscription.ts';

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
  attachTo: (channel: string, onMessage: (message: string) => void) => Attachment;
  logger: Logger;
  /** Names this server: its own messages on the channels of jobs have reached its listeners directly. */
  origin: string | undefined;
  heard: Heard;
  onClose: () => void;
}

export class WorkerListener {
  readonly #options: WorkerListenerOptions;
  readonly #jobs = new Map<string, Attachment>();
  #worker: Attachment | undefined;
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
    const { attachTo, logger, heard } = this.#options;
    this.#worker = attachTo(workerChannel(workerId), (message) => {
      const received = decodeWorkerMessage(message, logger);
      if (received?.kind === 'stop') heard.stop?.(received);
      if (received?.kind === 'jobs') this.addJobs(received.jobIds);
    });
    await this.#worker.acknowledged;
  }

  /** Resolves when signals of the jobs are heard. */
  async attachJobs(jobIds: readonly string[]): Promise<void> {
    const { attachTo, origin, heard } = this.#options;
    const added = jobIds.filter((jobId) => !this.#closed && !this.#jobs.has(jobId));
    for (const jobId of added) {
      if (this.#jobs.has(jobId)) continue;
      const attachment = attachTo(jobChannel(jobId), (message) => {
        if (origin === undefined || message !== origin) heard.available(jobId);
      });
      this.#jobs.set(jobId, attachment);
    }
    await Promise.all(added.map((jobId) => this.#jobs.get(jobId)?.acknowledged));
  }

  /** Each is said to be available, once and from now on. */
  addJobs(jobIds: readonly string[]): void {
    // Only when later signals are heard: a claim that follows then misses nothing.
    void this.attachJobs(jobIds).then(() => this.available(jobIds));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#worker?.detach();
    for (const attachment of this.#jobs.values()) attachment.detach();
    this.#options.onClose();
  }
}
