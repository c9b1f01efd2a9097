/** The life of a task as lanes, one an attempt: what it did from when to when. */
import { present } from '../../../client/present.ts';
import type { TaskChange } from '../../api/task.ts';
import type { TaskStatus } from '../../generated/graphql.ts';

export type BarKind = 'dependencies' | 'waiting' | 'back-off' | 'claimed' | 'running';

export interface Bar {
  kind: BarKind;
  from: number;
  /** Undefined: until now. */
  to: number | undefined;
}

export interface AttemptLane {
  attempt: number;
  bars: Bar[];
  /** How it ended; undefined while it has not. */
  end: TaskChange | undefined;
}

const OVER: readonly TaskStatus[] = ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'];

export function lanesOf(changes: readonly TaskChange[]): AttemptLane[] {
  const lanes = new Map<number, AttemptLane>();
  const laneOf = (attempt: number) => {
    const lane = lanes.get(attempt) ?? { attempt, bars: [], end: undefined };
    lanes.set(attempt, lane);
    return lane;
  };
  changes.forEach((change, at) => {
    const next = changes[at + 1];
    const { from, to, attempt } = change;
    if ((from === 'RUNNING' || from === 'CLAIMED') && to !== 'RUNNING') laneOf(attempt).end = change;
    const kind = kindOf(change);
    if (kind === undefined) {
      // A task that ends before anybody had it has its only lane from waiting.
      if (from === 'PENDING' || from === 'WAITING') laneOf(attempt + 1).end = change;
      return;
    }
    const lane = laneOf(kind === 'claimed' || kind === 'running' ? attempt : attempt + 1);
    lane.bars.push({ kind, from: Date.parse(change.at), to: next ? Date.parse(next.at) : undefined });
  });
  return [...lanes.values()].sort((a, b) => a.attempt - b.attempt);
}

function kindOf({ to, reason }: TaskChange): BarKind | undefined {
  if (OVER.includes(to)) return undefined;
  if (to === 'WAITING') return 'dependencies';
  if (to === 'CLAIMED') return 'claimed';
  if (to === 'RUNNING') return 'running';
  return reason === 'RETRY_SCHEDULED' ? 'back-off' : 'waiting';
}

/** Gaps in which nothing was to be done, such as a dead letter's, take no more of the width than this. */
const LONGEST_GAP = 0.06;

/**
 * Maps times to a place from 0 to 1. `even` draws short spans longer and long ones shorter, so that both can be seen.
 */
export function scaleOf(lanes: readonly AttemptLane[], now: number, even: boolean): (time: number) => number {
  const bars = lanes.flatMap(({ bars }) => bars);
  const edges = [...new Set(bars.flatMap(({ from, to }) => [from, Math.max(from, to ?? now)]))].sort(
    (a, b) => a - b,
  );
  const spans = edges.slice(1).map((to, at) => {
    const from = present(edges[at]);
    const active = bars.some((bar) => bar.from < to && (bar.to ?? now) > from);
    return { from, to, active, weight: even ? Math.sqrt(to - from) : to - from };
  });
  const busy = spans.filter(({ active }) => active).reduce((sum, { weight }) => sum + weight, 0) || 1;
  const weighted = spans.map((span) => ({
    ...span,
    weight: span.active ? span.weight : Math.min(span.weight, busy * LONGEST_GAP),
  }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0) || 1;
  return (time) => {
    let sum = 0;
    for (const { from, to, weight } of weighted) {
      if (time >= to) sum += weight;
      else if (time > from) sum += weight * ((time - from) / (to - from));
    }
    return sum / total;
  };
}

/** Whether the spans differ so much that the short ones would not be seen. */
export function isUneven(lanes: readonly AttemptLane[], now: number): boolean {
  const spans = lanes
    .flatMap(({ bars }) => bars.map(({ from, to }) => (to ?? now) - from))
    .filter((ms) => ms > 0);
  return spans.length > 1 && Math.max(...spans) > 60 * Math.min(...spans);
}
