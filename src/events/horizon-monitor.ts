/**
 * Looks whether the log's horizon moves. A transaction that has written and stays open holds it back, whichever
 * database of the server it is in: streams go on, but resumes and beats read everything above it again. Looks as well
 * whether the log is still the same one.
 */
import type { HorizonState, TransitionLog } from '../store/log/log.ts';
import type { ServerLogger } from './logger.ts';

export interface HorizonWatch {
  /** Seconds for which one transaction has been seen to hold the horizon back; 0 while it moves. */
  lagSeconds(): number;
  close(): void;
}

export interface HorizonWatchOptions {
  log: Pick<TransitionLog, 'horizonState' | 'look'>;
  logger: ServerLogger;
  /** Time between two looks (5 s). */
  intervalMs?: number;
  /** Lag from which on it is logged (30 s), and again after ten times as long. */
  warnAfterMs?: number;
}

export function monitorHorizon({
  log,
  logger,
  intervalMs = 5_000,
  warnAfterMs = 30_000,
}: HorizonWatchOptions): HorizonWatch {
  let heldBy: { xid: string; since: number; warnedAtMs?: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const lagMs = () => (heldBy ? performance.now() - heldBy.since : 0);
  const lagSeconds = () => lagMs() / 1_000;

  async function look(): Promise<void> {
    try {
      await log.look();
      observe(await log.horizonState());
    } catch (error) {
      logger.debug({ err: error }, 'The horizon of the log could not be read');
    }
    schedule();
  }

  function observe({ xid, held, holder }: HorizonState): void {
    if (closed) return;
    if (!held || heldBy?.xid !== xid) {
      if (heldBy?.warnedAtMs !== undefined)
        logger.info({ lagSeconds: lagSeconds() }, 'The horizon of the log moves again');
      heldBy = held ? { xid, since: performance.now() } : undefined;
    }
    if (heldBy && lagMs() >= nextWarningMs(heldBy.warnedAtMs)) {
      heldBy.warnedAtMs = lagMs();
      logger.warn(
        { lagSeconds: lagSeconds(), xid, holder },
        'A transaction that stays open holds back the horizon of the log: streams read more and more again. End it',
      );
    }
  }

  const nextWarningMs = (warnedAtMs?: number) =>
    warnedAtMs === undefined ? warnAfterMs : warnedAtMs + 10 * warnAfterMs;

  function schedule(): void {
    if (!closed) timer = setTimeout(() => void look(), intervalMs).unref();
  }

  void look();
  return {
    lagSeconds,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
