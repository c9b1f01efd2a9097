/** What a search box offers while somebody types: collected from values of tasks, the most frequent first. */

/** Levels of a payload whose paths are collected. */
const MAX_DEPTH = 6;
/** Paths of one payload at most. */
const MAX_PATHS = 500;
const MAX_LENGTH = 256;

/** The values that begin so, whatever their case: the most frequent first, then by name. */
export function mostFrequent(values: Iterable<string>, prefix: string, limit: number): string[] {
  const counts = new Map<string, number>();
  const wanted = prefix.toLowerCase();
  for (const value of values) {
    if (value.toLowerCase().startsWith(wanted)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([value]) => value);
}

/** JSON Pointers to what a payload has in it; elements of lists are left out. */
export function pathsOf(payload: unknown): string[] {
  const paths: string[] = [];
  const add = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === MAX_DEPTH) return;
    for (const [name, inner] of Object.entries(value)) {
      const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (paths.length >= MAX_PATHS || at.length > MAX_LENGTH) continue;
      paths.push(at);
      add(inner, at, depth + 1);
    }
  };
  add(payload, '', 0);
  return paths;
}
