/** Demands on types, numbers and texts, and those that are only shown by being made before. */
import type { Comparing, Narrowing } from './comparing.ts';
import type { Keywords } from './document.ts';
import { typesOfPart, type ValueType } from './values.ts';

/** Keywords that are compared by themselves, or demand nothing. */
const COMPARED = new Set([
  ...['$ref', 'allOf', 'anyOf', 'oneOf', 'type', 'nullable', 'enum', 'const'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'items', 'prefixItems', 'contains', 'minContains', 'maxContains'],
  ...[
    'minProperties',
    'maxProperties',
    'required',
    'properties',
    'additionalProperties',
    'patternProperties',
  ],
  ...['dependentRequired', 'if', 'then', 'else', 'multipleOf', 'pattern', 'format', 'uniqueItems'],
  ...['$schema', '$id', '$comment', '$defs', 'definitions'],
  ...['contentEncoding', 'contentMediaType', 'contentSchema'],
]);

/** What only values of some types can break. */
const BY_TYPE: Record<string, readonly ValueType[]> = {
  multipleOf: ['integer', 'fraction'],
  pattern: ['string'],
  format: ['string', 'integer', 'fraction'],
  uniqueItems: ['array'],
};

export function scalarNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  types: ReadonlySet<ValueType>,
  path: string,
): Narrowing[] {
  const found = valueNarrowings(after, types, path);
  if (types.has('integer') || types.has('fraction')) found.push(...numberNarrowings(parts, after, path));
  if (types.has('string')) found.push(...lengthNarrowings(parts, after, path, 'minLength', 'maxLength'));
  for (const [keyword, ofTypes] of Object.entries(BY_TYPE)) {
    if (!ofTypes.some((type) => types.has(type)) || (keyword === 'uniqueItems' && after[keyword] !== true))
      continue;
    found.push(...sameNarrowings(comparison, parts, after, path, [keyword]));
  }
  found.push(...sameNarrowings(comparison, parts, after, path, ['if', 'then', 'else']));
  found.push(...unknownNarrowings(comparison, parts, after, path));
  return found;
}

/** Of `type`, `enum` and `const`. */
function valueNarrowings(after: Keywords, types: ReadonlySet<ValueType>, path: string): Narrowing[] {
  const found: Narrowing[] = [];
  const allowed = typesOfPart(after);
  const lost = allowed && [...types].filter((type) => !allowed.has(type));
  if (lost && lost.length > 0) found.push({ path, reason: `does not accept ${inWords(lost)} any more` });
  for (const keyword of ['enum', 'const']) {
    if (keyword in after)
      found.push({ path: `${path}/${keyword}`, reason: 'is limited to certain values now' });
  }
  return found;
}

/** Of keywords that are not compared one by one. */
function unknownNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
): Narrowing[] {
  return Object.keys(after).flatMap((keyword) => {
    if (COMPARED.has(keyword) || after[keyword] === true) return [];
    // What these mean hangs on all else that the schema says: that it is the same was looked at before.
    if (keyword.startsWith('unevaluated'))
      return [{ path: `${path}/${keyword}`, reason: 'cannot be compared' }];
    return sameNarrowings(comparison, parts, after, path, [keyword]);
  });
}

/** Of demands that only follow from the same ones: made together by one of the parts. */
export function sameNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  keywords: readonly string[],
): Narrowing[] {
  const made = keywords.filter((keyword) => after[keyword] !== undefined);
  if (made.length === 0) return [];
  // What is left out of the earlier part must be left out of the later one: `then` means nothing without its `if`.
  const isMade = (part: Keywords) =>
    keywords.every((keyword) =>
      part[keyword] === undefined || after[keyword] === undefined
        ? part[keyword] === after[keyword]
        : comparison.isSame(part[keyword], after[keyword]),
    );
  if (parts.some(isMade)) return [];
  return [{ path: `${path}/${made[0]}`, reason: 'is new, or another one' }];
}

/** Of a least and a greatest count; what parts demand together is the strictest of each. */
export function lengthNarrowings(
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  least: string,
  greatest: string,
  known = 0,
): Narrowing[] {
  const found: Narrowing[] = [];
  const from = Math.max(known, ...parts.map((part) => numberOf(part[least]) ?? 0));
  const to = Math.min(...parts.map((part) => numberOf(part[greatest]) ?? Infinity));
  if ((numberOf(after[least]) ?? 0) > from)
    found.push({ path: `${path}/${least}`, reason: 'is higher than before' });
  if ((numberOf(after[greatest]) ?? Infinity) < to) {
    found.push({ path: `${path}/${greatest}`, reason: 'is lower than before' });
  }
  return found;
}

interface Bound {
  at: number;
  /** Whether the bound itself is outside. */
  isOpen: boolean;
}

function numberNarrowings(parts: readonly Keywords[], after: Keywords, path: string): Narrowing[] {
  const found: Narrowing[] = [];
  for (const sign of [1, -1] as const) {
    const [closed, open] = sign > 0 ? ['minimum', 'exclusiveMinimum'] : ['maximum', 'exclusiveMaximum'];
    const known = strictest(parts.flatMap((part) => boundsOf(part, closed, open, sign)));
    const wanted = strictest(boundsOf(after, closed, open, sign));
    if (!wanted || (known && !isStricter(wanted, known))) continue;
    const keyword = wanted.isOpen ? open : closed;
    found.push({ path: `${path}/${keyword}`, reason: `is ${sign > 0 ? 'higher' : 'lower'} than before` });
  }
  return found;
}

/** As lower bounds: upper ones with their sign turned. */
function boundsOf(part: Keywords, closed: string, open: string, sign: 1 | -1): Bound[] {
  const [at, beyond] = [numberOf(part[closed]), numberOf(part[open])];
  return [
    ...(at === undefined ? [] : [{ at: at * sign, isOpen: false }]),
    ...(beyond === undefined ? [] : [{ at: beyond * sign, isOpen: true }]),
  ];
}

function strictest(bounds: readonly Bound[]): Bound | undefined {
  return bounds.reduce<Bound | undefined>(
    (best, bound) => (best && !isStricter(bound, best) ? best : bound),
    undefined,
  );
}

function isStricter(one: Bound, other: Bound): boolean {
  return one.at > other.at || (one.at === other.at && one.isOpen && !other.isOpen);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function inWords(types: readonly ValueType[]): string {
  const names = types.map((type) =>
    type === 'null' ? 'null' : type === 'fraction' ? 'fractions' : `${type}s`,
  );
  return names.join(' and ');
}
