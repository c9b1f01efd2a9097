/**
 * What a server knows of one worker's work: whether there was news that no claim has looked at. It listens for the worker
 * for a while after a claim was answered, so that the next claim looks only when there was news meanwhile.
 */
import type { WorkerListener } from './worker-listener.ts';

/** What the long poll needs of a listener. */
export type NewsListener = Pick<WorkerListener, 'isClosed' | 'jobIds' | 'serves' | 'close'>;

export interface WorkerNewsOptions {
  workerId: string;
  listener: NewsListener;
  /** Milliseconds that it listens on without a claim. */
  keptMs: number;
  /** Called when it stops listening with news that no claim has looked at. */
  onUnseen: (workerId: string) => void;
}

export class WorkerNews {
  readonly workerId: string;
  readonly listener: NewsListener;
  /** Whether there may be work that the last look has not seen. */
  hasNews = true;
  readonly #timer: NodeJS.Timeout;
  #claims = 0;

  constructor({ workerId, listener, keptMs, onUnseen }: WorkerNewsOptions) {
    this.workerId = workerId;
    this.listener = listener;
    this.#timer = setTimeout(() => {
      if (this.#claims > 0) return;
      listener.close();
      if (this.hasNews) onUnseen(workerId);
    }, keptMs).unref();
  }

  /** Runs a claim; it listens for as long as that, and for a while longer. */
  async during<T>(claim: () => Promise<T>): Promise<T> {
    this.#claims++;
    try {
      return await claim();
    } finally {
      this.#claims--;
      this.#timer.refresh();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.listener.close();
  }
}
