/**
 * What workers must hear at once instead of polling for it: there is work, stop this task.
 *
 *   committed here ───────────────────────▶ waiting claims (long-poll.ts), or else the worker's watch
 *   committed elsewhere ──▶ transport ──▶
 *   became due, was lost ──▶ beats ─────▶
 *
 * "Available" says no more than that a claim may find something, so one that is still waiting to be taken stands for
 * all of its job, and a needless one does no harm: after an interruption every watched job is signalled. "Stop" is
 * never merged with another attempt's; one that is lost on the way comes with the worker's next heartbeat.
 * What was lost on the way, or became due meanwhile, is found by a beat, see claimable-beat.ts.
 */
import type { TaskChange } from '../../domain/task.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { subscribeToChannel } from '../transports/channel-subscription.ts';
import { claimableJobs } from './claimable.ts';
import { ClaimableBeat, type ClaimableBeatOptions } from './claimable-beat.ts';
import { type Claiming, LongPoll } from './long-poll.ts';
import type { PipelinedClaims } from './pipelined-claims.ts';
import { type Heard, type ServingWorker, WorkerListener } from './worker-listener.ts';
import { type SignalWatch, type WorkerSignal, WorkerWatch } from './worker-watch.ts';

export type { SignalWatch, WorkerSignal };

export interface SignalSourceOptions
  extends Pick<ClaimableBeatOptions, 'transport' | 'dueJobs' | 'findArrivals' | 'horizon'> {
  logger?: ServerLogger;
  /** Names this server; its own messages about jobs were passed on by `committed` already. */
  origin?: string;
  /** Milliseconds between two looks for due tasks while there is a watcher (1 s). */
  beatMs?: number;
  /** Milliseconds between two reads of the log while the transport is healthy (5 s). */
  healthyBeatMs?: number;
  /** Milliseconds that a new watch waits for the transport before it goes on without (1 s). */
  acknowledgementTimeoutMs?: number;
}

export interface WatchedWorker extends ServingWorker {
  /** Reads what is true already, work that waits and tasks to stop; asked when all channels are heard. */
  current?: () => Promise<readonly WorkerSignal[]>;
}

export interface SignalSource {
  /** Watches for a worker. Resolves when signals sent from now on will come; what is true already comes first. */
  watchWorker(worker: WatchedWorker): Promise<SignalWatch>;
  /**
   * Claims, and waits for work while there is none. As long as the worker's claims find out by themselves that there is
   * work, its watches get no signal of it.
   */
  claim<Task>(claiming: Claiming<Task>): Promise<Task[]>;
  /** This server has committed these changes; `seen` are the looks that were sent right behind them. */
  committed(changes: readonly TaskChange[], seen?: PipelinedClaims): void;
  /** Tasks of the jobs may have become claimable, in a way that nothing announces to the transport. */
  arrived(jobIds: readonly string[]): void;
  /** Claims that wait for what is about to be submitted. */
  waitingClaims: Pick<LongPoll, 'waitFor' | 'lookBehind'>;
  /** The log is another one: with the next beat it is read from where it stands then. */
  startOver(): void;
  /** Answers the claims that wait, and lets none wait any more. */
  endWaits(): void;
  /** How many watch now, and how many claims wait. */
  stats(): { watches: number; claims: number };
  /** Ends every watch and the beat. */
  close(): Promise<void>;
}

export function createSignalSource(options: SignalSourceOptions): SignalSource {
  const { transport, logger = silentServerLogger, beatMs = 1_000, healthyBeatMs = 5_000 } = options;
  const listeners = new Set<WorkerListener>();
  const watches = new Set<WorkerWatch>();
  const stopListening = transport.onInterruption(() => {
    for (const listener of listeners) listener.available(listener.jobIds);
  });
  const beat = new ClaimableBeat(listeners, { ...options, logger, beatMs, healthyBeatMs });
  let closed = false;

  /** Resolves when what is committed from now on will be heard. */
  async function listen({ workerId, jobIds }: ServingWorker, heard: Heard, onClose: () => void) {
    if (closed) throw new Error('The signals are closed');
    const listener = createListener(options, heard, () => {
      listeners.delete(listener);
      onClose();
    });
    listeners.add(listener);
    try {
      // Before anything is read: what arrives later is found from here.
      await beat.start();
      await listener.listenTo(workerId);
      await listener.listenToJobs(typeof jobIds === 'function' ? await jobIds() : jobIds);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  }

  const waits = new LongPoll({
    listen,
    onUnseenNews(workerId) {
      for (const watch of watches) if (watch.workerId === workerId) watch.allAvailable();
    },
  });

  async function watchWorker({ workerId, jobIds, current }: WatchedWorker): Promise<SignalWatch> {
    const watch = new WorkerWatch(workerId, () => watches.delete(watch));
    watches.add(watch);
    const heard = signalsFor(watch, () => waits.has(workerId));
    try {
      watch.listener = await listen({ workerId, jobIds }, heard, () => watch.close());
      for (const signal of (await current?.()) ?? []) watch.put(signal);
    } catch (error) {
      watch.close();
      throw error;
    }
    return watch.signals;
  }

  return {
    watchWorker,
    claim: (claiming) => waits.claim(claiming),
    waitingClaims: {
      waitFor: (jobs) => waits.waitFor(jobs),
      lookBehind: (jobs, behind) => waits.lookBehind(jobs, behind),
    },
    committed(changes, seen) {
      for (const [jobId, count] of claimableJobs(changes)) {
        waits.available(jobId, count, seen);
        for (const { listener } of watches) listener?.available([jobId]);
      }
    },
    arrived(jobIds) {
      for (const listener of listeners) listener.available(jobIds);
    },
    startOver: () => beat.startOver(),
    endWaits: () => waits.end(),
    stats: () => ({ watches: watches.size, claims: waits.size() }),
    async close() {
      closed = true;
      beat.stop();
      stopListening();
      waits.close();
      for (const listener of [...listeners]) listener.close();
    },
  };
}

function createListener(options: SignalSourceOptions, heard: Heard, onClose: () => void): WorkerListener {
  const { transport, logger = silentServerLogger, origin } = options;
  const { acknowledgementTimeoutMs: timeoutMs = 1_000 } = options;
  return new WorkerListener({
    subscribeTo: (channel, onMessage) =>
      subscribeToChannel(transport, channel, onMessage, { timeoutMs, logger }),
    ...{ logger, origin, heard, onClose },
  });
}

/** Puts what is heard of a worker into its watch; of new work only where its claims do not find out by themselves. */
function signalsFor(watch: WorkerWatch, claimsFindOut: () => boolean): Heard {
  return {
    available: (jobId) => claimsFindOut() || watch.put({ kind: 'available', jobId }),
    stop: (stop) => watch.put(stop),
  };
}
