/**
 * Looks of waiting claims for tasks that are just being submitted. They are sent behind the submission, before it is
 * answered, and the database runs them after its commit: one trip for both.
 *
 *   submission ──▶ ┐                 ┌──▶ committed: no news for those who look
 *   looks ───────▶ ┘ the database ──▶└──▶ tasks for the claims
 */

/** Looks that were sent behind what brings tasks, and will see these. */
export interface PipelinedClaims {
  /** Resolves when they are answered; never rejects. */
  done: Promise<unknown>;
  /** How many of the tasks of each job they can take. */
  taken: ReadonlyMap<string, number>;
  /** Whether it is a claim of the worker that looks. */
  includes(workerId: string): boolean;
}

/** A claim that waits. */
interface Waiting {
  limit: number;
  news: { workerId: string; listener: { serves(jobId: string): boolean } };
}

/**
 * As many claims as can take so many tasks of the jobs, those first that have waited longest, and of each worker one.
 * @returns them, and how many tasks of each job they can take
 */
export function chooseWaits<Wait extends Waiting>(
  jobs: ReadonlyMap<string, number>,
  waiting: Iterable<Wait>,
): { chosen: Wait[]; taken: Map<string, number> } {
  const chosen: Wait[] = [];
  const workers = new Set<string>();
  const left = new Map(jobs);
  for (const wait of waiting) {
    if (left.size === 0) break;
    const { workerId, listener } = wait.news;
    let free = workers.has(workerId) ? 0 : wait.limit;
    for (const [jobId, count] of left) {
      if (free === 0 || !listener.serves(jobId)) continue;
      const takes = Math.min(free, count);
      free -= takes;
      if (takes < count) left.set(jobId, count - takes);
      else left.delete(jobId);
      if (!workers.has(workerId)) chosen.push(wait);
      workers.add(workerId);
    }
  }
  const taken = new Map([...jobs].map(([jobId, count]) => [jobId, count - (left.get(jobId) ?? 0)]));
  return { chosen, taken };
}
