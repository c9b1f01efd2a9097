/** Why tasks wait, live: read again twice a second. */
import type { BlockedReason } from '../../domain/blocked.ts';
import type { TaskRow } from '../../domain/task.ts';
import { isHeld, isTerminal } from '../../domain/transitions.ts';
import type { ServerLogger } from '../logger.ts';
import type { EventStream } from './stream.ts';
import { createWatchedValues, type WatchedValues, withWatchedValues } from './watched-values.ts';

export type BlockedReasons = WatchedValues<BlockedReason | null>;

interface BlockedReasonsOptions {
  read: (taskIds: readonly string[]) => Promise<Map<string, BlockedReason | null>>;
  logger: ServerLogger;
  beatMs?: number;
}

export function createBlockedReasons({ read, logger, beatMs = 500 }: BlockedReasonsOptions): BlockedReasons {
  return createWatchedValues({
    ...{ what: 'Why tasks wait', read, logger, beatMs, atOnce: 500 },
    isSame: (before, now) => JSON.stringify(before) === JSON.stringify(now),
  });
}

/** The stream of a task with an event more whenever the reason why it waits has become another one. */
export function withBlockedReasons(stream: EventStream, reasons: BlockedReasons): EventStream {
  return withWatchedValues(stream, {
    values: reasons,
    concerns: waits,
    eventOf: (reason, { task, position }) => ({ kind: 'blocked', task, position, reason }),
  });
}

/** Whether there may be a reason. */
function waits({ status }: TaskRow): boolean {
  return !isTerminal(status) && !isHeld(status);
}
