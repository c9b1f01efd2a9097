/**
 * Which jobs have fairness, as it was known a moment ago: submissions to them join their groups at once. Where that is out of
 * date nothing is wrong: what did not join is sorted in by a claim, and what joined a group of before as well.
 */
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Submission } from '../tasks/submit/submit.ts';

/** Milliseconds that it is known for. */
const KNOWN_MS = 5_000;

export interface FairJobs {
  /** The same submissions, where a job has fairness with a mark. */
  mark(submissions: readonly Submission[]): Promise<readonly Submission[]>;
  /** Called when it may have changed. */
  forget(): void;
}

export function createFairJobs(database: DatabaseSession): FairJobs {
  let known: { jobIds: Promise<ReadonlySet<string>>; until: number } | null = null;

  function jobIds(): Promise<ReadonlySet<string>> {
    if (known === null || known.until < performance.now()) {
      const read = database.query<{ id: string }>(FIND).then((rows) => new Set(rows.map(({ id }) => id)));
      read.catch(() => (known = null));
      known = { jobIds: read, until: performance.now() + KNOWN_MS };
    }
    return known.jobIds;
  }

  return {
    async mark(submissions) {
      const fair = await jobIds();
      if (fair.size === 0) return submissions;
      return submissions.map((one) => (fair.has(one.jobId) ? { ...one, takesTurns: true } : one));
    },
    forget() {
      known = null;
    },
  };
}

const FIND = statement('find_fair_jobs', 'SELECT id FROM job WHERE turn_gate_id IS NOT NULL');
