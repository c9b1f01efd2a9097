/**
 * What workers must hear at once instead of polling for it: there is work, stop this task.
 *
 *   committed here ───────────────────────▶ waiting claims (work-waits.ts), or else the worker's watch
 *   committed elsewhere ──▶ transport ──▶
 *   became due, was lost ──▶ beats ─────▶
 *
 * "Available" says no more than that a claim may find something, so one that is still waiting to be taken stands for
 * all of its job, and a needless one does no harm: after an interruption every watched job is signalled. "Stop" is
 * never merged with another attempt's; one that is lost on the way comes with the worker's next heartbeat.
 * A beat asks the database for tasks that became claimable by the passing of time. A slower one reads the log onwards
 * for tasks that became claimable otherwise: it finds those whose message was lost, or was never sent because its
 * publisher died after the commit. While the transport is not healthy, it is no slower.
 */
import type { Position } from '../../domain/position.ts';
import type { TaskChange } from '../../domain/task.ts';
import { type Logger, silentLogger } from '../logger.ts';
import { attach } from '../transports/channel-subscription.ts';
import type { Transport } from '../transports/transport.ts';
import { claimableJobs } from './claimable.ts';
import { type Claiming, createLongPoll, type LongPoll } from './long-poll.ts';
import type { PipelinedClaims } from './pipelined-claims.ts';
import { type Heard, type ServingWorker, WorkerListener } from './worker-listener.ts';
import { type SignalWatch, type WorkerSignal, WorkerWatch } from './worker-watch.ts';

export type { SignalWatch, WorkerSignal };

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
  /** Names this server; what its publisher says by this name about jobs is told by `committed` already. */
  origin?: string;
  /** How often due tasks are asked for while there is a watcher (1 s). */
  beatMs?: number;
  /** How often the log is read while the transport is healthy (5 s). */
  healthyBeatMs?: number;
  /** How long a new watch waits for the transport before it goes on without (1 s). */
  acknowledgementTimeoutMs?: number;
}

export interface WatchedWorker extends ServingWorker {
  /** Reads what is true already, work that waits and tasks to stop; asked when all channels are heard. */
  current?: () => Promise<readonly WorkerSignal[]>;
}

export interface WorkerSignals {
  /** Watches for a worker. Resolves when signals sent from now on will come; what is true already comes first. */
  watchWorker(worker: WatchedWorker): Promise<SignalWatch>;
  /**
   * Claims, and waits for work while there is none. As long as the worker's claims find out by themselves that there is
   * work, its watches are not told.
   */
  claim<Task>(claiming: Claiming<Task>): Promise<Task[]>;
  /** This server has committed these changes; `seen` are the looks that were sent right behind them. */
  committed(changes: readonly TaskChange[], seen?: PipelinedClaims): void;
  /** Claims that wait for what is about to be submitted. */
  waitingClaims: Pick<LongPoll, 'waitFor' | 'lookBehind'>;
  /** Answers the claims that wait, and lets none wait any more. */
  endWaits(): void;
  /** How many watch now, and how many claims wait. */
  stats(): { watches: number; claims: number };
  /** Ends every watch and the beat. */
  close(): Promise<void>;
}

export function createSignals({
  transport,
  dueJobs,
  findArrivals,
  horizon,
  logger = silentLogger,
  origin,
  beatMs = 1000,
  healthyBeatMs = 5000,
  acknowledgementTimeoutMs = 1000,
}: SignalsOptions): WorkerSignals {
  const listeners = new Set<WorkerListener>();
  const watches = new Set<WorkerWatch>();
  const stopListening = transport.onInterruption(() => {
    for (const listener of listeners) listener.available(listener.jobIds);
  });
  let timer: NodeJS.Timeout | undefined;
  let lastBeat = 0;
  let lastLook = 0;
  let position: Position | undefined;
  let closed = false;

  function schedule(): void {
    timer = listeners.size > 0 ? setTimeout(() => void beat(), beatMs).unref() : undefined;
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
    const jobIds = heardJobs();
    if (jobIds.length > 0) signal(await dueJobs(jobIds, sinceMs));
  }

  async function signalArrivals(): Promise<void> {
    if (!position) return;
    const arrivals = await findArrivals(heardJobs(), position);
    position = arrivals.position;
    signal(arrivals.jobIds);
  }

  function heardJobs(): string[] {
    return [...new Set([...listeners].flatMap((listener) => [...listener.jobIds]))];
  }

  function signal(jobIds: readonly string[]): void {
    for (const listener of listeners) listener.available(jobIds);
  }

  /** Resolves when what is committed from now on will be heard. */
  async function listen({ workerId, jobIds }: ServingWorker, heard: Heard, onClose: () => void) {
    if (closed) throw new Error('The signals are closed');
    const listener = new WorkerListener({
      attachTo: (channel, onMessage) =>
        attach(transport, channel, onMessage, { timeoutMs: acknowledgementTimeoutMs, logger }),
      ...{ logger, origin, heard },
      onClose() {
        listeners.delete(listener);
        onClose();
      },
    });
    listeners.add(listener);
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
      await listener.listenTo(workerId);
      await listener.attachJobs(typeof jobIds === 'function' ? await jobIds() : jobIds);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  }

  const waits = createLongPoll({
    listen,
    onUnseenNews(workerId) {
      for (const watch of watches) if (watch.workerId === workerId) watch.allAvailable();
    },
  });

  return {
    async watchWorker({ workerId, jobIds, current }) {
      const watch = new WorkerWatch(workerId, () => watches.delete(watch));
      watches.add(watch);
      const heard: Heard = {
        available: (jobId) => waits.has(workerId) || watch.put({ kind: 'available', jobId }),
        stop: (stop) => watch.put(stop),
      };
      try {
        watch.listener = await listen({ workerId, jobIds }, heard, () => watch.close());
        for (const signal of (await current?.()) ?? []) watch.put(signal);
      } catch (error) {
        watch.close();
        throw error;
      }
      return watch.signals;
    },
    claim: waits.claim,
    waitingClaims: waits,
    committed(changes, seen) {
      for (const [jobId, count] of claimableJobs(changes)) {
        waits.available(jobId, count, seen);
        for (const { listener } of watches) listener?.available([jobId]);
      }
    },
    endWaits: waits.end,
    stats: () => ({ watches: watches.size, claims: waits.size() }),
    async close() {
      closed = true;
      clearTimeout(timer);
      stopListening();
      waits.close();
      for (const listener of [...listeners]) listener.close();
    },
  };
}
