/** Which changes bring work that may be claimed at once. */
import type { TaskChange, TransitionChange } from '../../domain/task.ts';

/** How many tasks of which job became claimable, themselves or since another one gave its slot back. */
export function claimableJobs(changes: readonly TaskChange[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const change of changes) {
    if (change.kind !== 'transition' || !isClaimable(change)) continue;
    const { jobId } = change.task;
    counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
  }
  return counts;
}

function isClaimable({ task, transition, frees }: TransitionChange): boolean {
  if (frees) return true;
  // Due by the database's clock when it was written, or by ours now, whichever is later.
  return transition.to === 'PENDING' && task.runAt.getTime() <= Math.max(transition.at.getTime(), Date.now());
}
