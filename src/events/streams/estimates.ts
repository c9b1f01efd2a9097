/** When tasks will run, live: estimated again every two seconds, and reported when it has become noticeably other. */
import type { Bounds, EstimateNow, TaskEstimate } from '../../domain/estimates/estimate.ts';
import { isTerminal } from '../../domain/transitions.ts';
import type { ServerLogger } from '../logger.ts';
import type { EventStream } from './stream.ts';
import { createWatchedValues, type WatchedValues, withWatchedValues } from './watched-values.ts';

export type Estimates = WatchedValues<EstimateNow>;

interface EstimatesOptions {
  read: (taskIds: readonly string[]) => Promise<Map<string, TaskEstimate | null>>;
  logger: ServerLogger;
  beatMs?: number;
}

export function createEstimates({ read, logger, beatMs = 2_000 }: EstimatesOptions): Estimates {
  return createWatchedValues<EstimateNow>({
    ...{ what: 'When tasks will run', logger, beatMs, atOnce: 100, isSame: isAlike },
    async read(taskIds) {
      const at = new Date();
      return new Map([...(await read(taskIds))].map(([id, estimate]) => [id, { estimate, at }]));
    },
  });
}

/** The stream of a task with an event more whenever another estimate of it holds. */
export function withEstimates(stream: EventStream, estimates: Estimates): EventStream {
  return withWatchedValues(stream, {
    values: estimates,
    concerns: ({ status }) => !isTerminal(status),
    eventOf: (estimated, { task, position }) => ({ kind: 'estimated', task, position, estimated }),
  });
}

/** Times that have merely come nearer are the same. */
function isAlike(before: EstimateNow, now: EstimateNow): boolean {
  const [old, young] = [before.estimate, now.estimate];
  if (!old || !young) return old === young;
  const since = (now.at.getTime() - before.at.getTime()) / 1_000;
  return (
    old.unknown === young.unknown &&
    old.slots === young.slots &&
    isNear(old.start, young.start, since) &&
    isNear(old.end, young.end, since)
  );
}

/** Whether both bounds are where they were, to a tenth of what is left or a second. */
function isNear(before: Bounds | null, now: Bounds | null, since: number): boolean {
  if (!before || !now) return before === now;
  return (['p50', 'p90'] as const).every(
    (bound) => Math.abs(before[bound] - since - now[bound]) <= Math.max(1, now.p90 / 10),
  );
}
