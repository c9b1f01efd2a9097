/** Rate limit tiers: how many points an hour a caller has, and which tier it is in. */
import type { Viewer } from './access.ts';

/** Points an hour by the name of the tier; empty when nothing is limited. */
export type Tiers = Readonly<Record<string, number>>;

/** The tier that has no limit; it is always there. */
export const UNLIMITED = 'unlimited';

export interface Tier {
  name: string;
  /** Points an hour. */
  points: number;
}

/**
 * The limit of a caller; null for none. Its credential names the tier. Without one an ADMIN and a WORKER have no limit,
 * a MEMBER and a USER are in the default tier. A tier that is not known (any more) counts as the smallest: a mistake
 * must not open the door.
 */
export function tierOf(
  { tier, role }: Pick<Viewer, 'tier' | 'role'>,
  tiers: Tiers,
  defaultTier: string,
): Tier | null {
  const name = tier ?? (worksForUs(role) ? UNLIMITED : defaultTier);
  if (name === UNLIMITED) return null;
  const points = Object.hasOwn(tiers, name) ? tiers[name] : undefined;
  return points === undefined ? (smallestTier(tiers) ?? null) : { name, points };
}

function worksForUs(role: Viewer['role']): boolean {
  return role === 'ADMIN' || role === 'WORKER';
}

function smallestTier(tiers: Tiers): Tier | undefined {
  const all = Object.entries(tiers).map(([name, points]): Tier => ({ name, points }));
  return all.sort((a, b) => a.points - b.points)[0];
}
