/** How far the drain of a worker is. */
import type { WorkerRow } from '../../api/workers.ts';

/** How far a drain is: the worker has not heard of it, finishes what it holds, or holds nothing any more. */
export type Drain = 'asked' | 'draining' | 'drained';

/** It learns of the drain from its first beat since. Undefined: nobody drains it. */
export function drainOf({
  drainingSince,
  lastHeartbeatAt,
  running,
}: Pick<WorkerRow, 'drainingSince' | 'lastHeartbeatAt' | 'running'>): Drain | undefined {
  if (!drainingSince) return undefined;
  if (running === 0) return 'drained';
  return Date.parse(lastHeartbeatAt) > Date.parse(drainingSince) ? 'draining' : 'asked';
}
