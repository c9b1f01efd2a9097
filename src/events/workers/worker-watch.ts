/** Signals that wait for one worker: at most one signal for each job and each attempt. */
import { pullIterator } from '../../async/pull-iterator.ts';
import type { WorkerListener } from './worker-listener.ts';

export type WorkerSignal =
  | { kind: 'available'; jobId: string }
  | { kind: 'stop'; taskId: string; attempt: number; reason: string };

/** Pulled one by one; `return` detaches at once, also while a `next` is pending. */
export type SignalWatch = AsyncIterableIterator<WorkerSignal>;

// Stops of one worker that wait to be taken: far more than a worker has tasks, and a bound nevertheless.
const MAX_STOPS = 10_000;

export class WorkerWatch {
  readonly workerId: string;
  readonly signals: SignalWatch;
  /** What hears for it; there is none before it hears all. */
  listener: WorkerListener | undefined;
  readonly #onClose: () => void;
  readonly #waiting = new Map<string, WorkerSignal>();
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(workerId: string, onClose: () => void) {
    this.workerId = workerId;
    this.#onClose = onClose;
    this.signals = pullIterator({ pull: () => this.#pull(), close: () => this.close() });
  }

  put(signal: WorkerSignal): void {
    const key = signal.kind === 'stop' ? `${signal.taskId} ${signal.attempt}` : signal.jobId;
    const isNew = !this.#waiting.has(key);
    if (this.#closed || (isNew && signal.kind === 'stop' && this.#waiting.size >= MAX_STOPS)) return;
    if (isNew) this.#waiting.set(key, signal);
    this.#wake?.();
  }

  /** There may be work of any of its jobs. */
  allAvailable(): void {
    this.listener?.available(this.listener.jobIds);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.clear();
    this.#wake?.();
    this.listener?.close();
    this.#onClose();
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
