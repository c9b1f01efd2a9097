/** How long what waits takes at the pace of the last minutes. */
import type { BlockedBy, DashboardBlockedCountsQuery } from '../../generated/graphql.ts';

/** These go on by themselves; the others wait for a time, for other tasks or for people. */
const GOES_ON: ReadonlySet<BlockedBy> = new Set(['NO_FREE_SLOT', 'LIMIT']);

/** Milliseconds until everything that workers can take has ended; undefined where nothing says so. */
export function drainsInMs({ blockedCounts, statistics }: DashboardBlockedCountsQuery): number | undefined {
  const { byReason, unblocked, atLeast } = blockedCounts;
  const perSecond = statistics?.window.throughput ?? 0;
  const waiting = byReason
    .filter(({ by }) => GOES_ON.has(by))
    .reduce((sum, { count }) => sum + count, unblocked);
  // Where counting stopped, or nothing has ended lately, any figure would be made up.
  if (atLeast || perSecond === 0 || waiting === 0) return undefined;
  return (waiting / perSecond) * 1_000;
}
