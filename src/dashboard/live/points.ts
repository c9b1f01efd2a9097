import type { ActivityFragment } from '../generated/graphql.ts';

/** The series with these points in the places of their times; one that is newer than all moves the window. */
export function withPoints(
  series: readonly ActivityFragment[],
  points: readonly ActivityFragment[],
): readonly ActivityFragment[] {
  const newest = series.at(-1)?.at;
  if (newest === undefined || points.length === 0) return series;
  const moved = new Map(points.map((point) => [point.at, point]));
  const later = points.filter(({ at }) => at > newest);
  return [...series.map((point) => moved.get(point.at) ?? point), ...later].slice(-series.length);
}

/** Nothing has happened in it. */
export function isEmpty(point: ActivityFragment): boolean {
  const { submitted, completed, partial, failed, cancelled, attemptsFailed } = point;
  return submitted + completed + partial + failed + cancelled + attemptsFailed === 0;
}
