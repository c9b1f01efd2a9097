/** Whether no value fulfils two parts at once, as far as can be decided: by types, values, and properties that distinguish kinds. */
import type { Comparing } from './comparing.ts';
import { asList, type Keywords, listOf, ownPart, type Part, partsByName } from './document.ts';
import { isEqual, typesOf, valuesOf } from './values.ts';

const MAX_DEPTH = 4;

/** @param before parts that are fulfilled together */
export function isAlwaysDisjoint(
  comparison: Comparing,
  before: readonly Part[],
  after: Part | undefined,
  depth = 0,
): boolean {
  if (after === undefined || after === true || depth > MAX_DEPTH) return false;
  if (after === false) return true;
  comparison.spend();
  const expanded = comparison.expand(before);
  if (expanded === null) return true;
  const { parts } = expanded;
  const others = demandsOf(comparison, after);
  if (others === null) return true;
  const types = typesOf(parts);
  const otherTypes = typesOf(others);
  const shared = [...types].filter((type) => otherTypes.has(type));
  if (shared.length === 0) return true;
  const [values, otherValues] = [valuesOf(parts), valuesOf(others)];
  if (values && otherValues) {
    return values.every((value) => otherValues.every((other) => !isEqual(value, other)));
  }
  if (shared.some((type) => type !== 'object')) return false;
  return requiredIn([...parts, ...others]).some((name) => {
    const known = parts.flatMap((part) => asList(ownPart(partsByName(part, 'properties'), name)));
    return others.some(
      (other) =>
        known.length > 0 &&
        isAlwaysDisjoint(comparison, known, ownPart(partsByName(other, 'properties'), name), depth + 1),
    );
  });
}

/** The part with those that it refers to and consists of; null when nothing fulfils them. */
function demandsOf(comparison: Comparing, after: Keywords): Keywords[] | null {
  const found = new Set<Keywords>();
  const open: Part[] = [after];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part === false) return null;
    if (part === true || found.has(part)) continue;
    comparison.spend();
    found.add(part);
    const named = comparison.after.resolve(part['$ref']);
    if (named !== undefined) open.push(named);
    open.push(...listOf(part, 'allOf'));
  }
  return [...found];
}

function requiredIn(parts: readonly Keywords[]): string[] {
  return parts.flatMap(({ required }) => (Array.isArray(required) ? (required as string[]) : []));
}
