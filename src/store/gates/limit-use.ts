/** What is used of the limits of a job, by key. */
import { type JobLimit, nextToken, type Starts, tokensLeft, withoutFuture } from '../../domain/limits.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

export interface LimitUse {
  /** Null: the whole job. */
  key: string | null;
  /** Slots that are held; null for a rate. */
  running: number | null;
  /** Null where it is no rate. */
  tokensLeft: number | null;
  /** Of a rate without tokens. */
  opensAt: Date | null;
}

export interface LimitSearch {
  jobId: string;
  limit: JobLimit;
  /** Null: all. */
  keys: readonly string[] | null;
  first: number;
}

interface UseRow {
  key: string;
  running: number;
  starts: Starts | null;
  now: number;
}

/** Keys whose tokens are counted at most: they cannot be sorted by what is left before. */
const MOST_RATED = 1_000;

/** The keys with the most use; those without any are left out, but for that of the whole job. */
export async function findLimitUse(
  session: DatabaseSession,
  { jobId, limit, keys, first }: LimitSearch,
): Promise<LimitUse[]> {
  const { name, scope, rate } = limit;
  const rows = await session.query<UseRow>(rate ? FIND_RATED : FIND_RUNNING, [
    jobId,
    name,
    keys,
    rate ? MOST_RATED : first,
  ]);
  const uses = rows.map(({ key, running, starts: stored, now }): LimitUse => {
    const shown = scope === 'JOB' ? null : key;
    if (!rate) return { key: shown, running, tokensLeft: null, opensAt: null };
    const starts = withoutFuture(stored ?? [], now);
    const left = Math.max(0, tokensLeft(starts, rate, now));
    const opensAt = left > 0 ? null : new Date(Math.ceil(nextToken(starts, rate, now)));
    return { key: shown, running: null, tokensLeft: left, opensAt };
  });
  if (scope === 'JOB' && uses.length === 0)
    return [{ key: null, running: rate ? null : 0, tokensLeft: rate?.count ?? null, opensAt: null }];
  if (!rate) return uses;
  return uses
    .filter(({ tokensLeft: left }) => scope === 'JOB' || left !== rate.count)
    .sort((a, b) => (a.tokensLeft ?? 0) - (b.tokensLeft ?? 0))
    .slice(0, first);
}

const build = (where: string, order: string) => `SELECT gate.key, gate.running, gate.starts,
    (extract(epoch FROM now()::timestamptz(3)) * 1000)::float8 AS now
  FROM task_gate gate
  WHERE gate.job_id = $1::uuid AND gate.name = $2::text AND gate.limited
    AND ($3::text[] IS NULL OR gate.key = ANY ($3)) AND ${where}
  ORDER BY ${order}, gate.key LIMIT $4::int`;

const FIND_RUNNING = statement('find_slots_used', build('gate.running > 0', 'gate.running DESC'));
const FIND_RATED = statement('find_tokens_used', build('gate.full_at > now()', 'gate.full_at DESC'));
