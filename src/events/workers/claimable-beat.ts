/**
 * The beat that finds claimable tasks nobody has announced. Each beat asks the database for tasks that became claimable
 * by the passing of time. A slower one reads the log onwards for tasks that became claimable otherwise: those whose
 * message was lost, or never sent because its publisher died after the commit. While the transport is not healthy, it is
 * no slower.
 */
import type { Position } from '../../domain/position.ts';
import type { ServerLogger } from '../logger.ts';
import type { Transport } from '../transports/transport.ts';
import type { WorkerListener } from './worker-listener.ts';

export interface ClaimableBeatOptions {
  transport: Transport;
  /** Finds which of the jobs have a task that became claimable by the passing of time in the last milliseconds. */
  dueJobs: (jobIds: readonly string[], sinceMs: number) => Promise<readonly string[]>;
  /** Finds which of the jobs got tasks to claim after a position of the log, and where to go on from. */
  findArrivals: (
    jobIds: readonly string[],
    after: Position,
  ) => Promise<{ jobIds: readonly string[]; position: Position }>;
  /** Reads where the log stands. */
  horizon: () => Promise<Position>;
  logger: ServerLogger;
  /** Milliseconds between two looks for due tasks. */
  beatMs: number;
  /** Milliseconds between two reads of the log while the transport is healthy. */
  healthyBeatMs: number;
}

export class ClaimableBeat {
  readonly #options: ClaimableBeatOptions;
  readonly #listeners: ReadonlySet<WorkerListener>;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat = 0;
  #lastRead = 0;
  #position: Position | undefined;
  #startsOver = false;
  /** How often work was announced. */
  #signals = 0;

  /** @param listeners who is notified; while there is none, nothing is asked */
  constructor(listeners: ReadonlySet<WorkerListener>, options: ClaimableBeatOptions) {
    this.#listeners = listeners;
    this.#options = options;
  }

  /** Begins to beat, unless it does, and resolves when what arrives from now on is found. */
  async start(): Promise<void> {
    if (!this.#timer) {
      this.#lastBeat = this.#lastRead = performance.now();
      this.#position = undefined;
      this.#schedule();
    }
    if (this.#position) return;
    const begin = await this.#options.horizon();
    this.#position ??= begin;
  }

  /** The log is another one: the next beat reads from where it stands then. */
  startOver(): void {
    this.#startsOver = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    const { beatMs } = this.#options;
    this.#timer = this.#listeners.size > 0 ? setTimeout(() => void this.#beat(), beatMs).unref() : undefined;
  }

  async #beat(): Promise<void> {
    const { transport, logger, beatMs, healthyBeatMs } = this.#options;
    const asked = performance.now();
    try {
      // A beat more than has passed: a timer is not exact, and a statement takes its time.
      await this.#signalDueJobs(asked - this.#lastBeat + beatMs);
      this.#lastBeat = asked;
      if (!transport.healthy() || asked - this.#lastRead >= healthyBeatMs) {
        await this.#signalArrivals();
        this.#lastRead = asked;
      }
    } catch (error) {
      logger.warn({ err: error }, 'Claimable tasks could not be looked for; trying again with the next beat');
    }
    this.#schedule();
  }

  async #signalDueJobs(sinceMs: number): Promise<void> {
    const jobIds = this.#heardJobs();
    if (jobIds.length > 0) this.#signal(await this.#options.dueJobs(jobIds, sinceMs));
  }

  async #signalArrivals(): Promise<void> {
    if (this.#startsOver) {
      this.#position = await this.#options.horizon();
      this.#startsOver = false;
      this.#signal(this.#heardJobs());
    }
    if (!this.#position) return;
    const arrivals = await this.#options.findArrivals(this.#heardJobs(), this.#position);
    this.#position = arrivals.position;
    this.#signal(arrivals.jobIds);
  }

  #heardJobs(): string[] {
    return [...new Set([...this.#listeners].flatMap((listener) => [...listener.jobIds]))];
  }

  /** Each time another worker is the first to hear of it: one that leaves a task to others must not be the next to get it. */
  #signal(jobIds: readonly string[]): void {
    if (jobIds.length === 0) return;
    const listeners = [...this.#listeners];
    const first = this.#signals++ % Math.max(1, listeners.length);
    for (const listener of [...listeners.slice(first), ...listeners.slice(0, first)])
      listener.available(jobIds);
  }
}
