/** Demands on the items of arrays and the properties of objects. */
import { present } from '../present.ts';
import { type Comparing, type Narrowing, type Trail, within } from './comparing.ts';
import { asList, escaped, type Keywords, listOf, ownPart, type Part, partsByName } from './document.ts';
import { lengthNarrowings, sameNarrowings } from './scalars.ts';

export function arrayNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  trail: Trail,
): Narrowing[] {
  const found = lengthNarrowings(parts, after, path, 'minItems', 'maxItems');
  found.push(...sameNarrowings(comparison, parts, after, path, ['contains', 'minContains', 'maxContains']));
  const places = Math.max(...[...parts, after].map((part) => listOf(part, 'prefixItems').length));
  for (let place = 0; place <= places; place++) {
    const wanted = itemAt(after, place);
    const known = parts.flatMap((part) => asList(itemAt(part, place)));
    const at = place < listOf(after, 'prefixItems').length ? `prefixItems/${place}` : 'items';
    found.push(...comparison.narrowings(known, wanted, `${path}/${at}`, within(trail)));
  }
  return found;
}

/** What the item at a place must be; beyond the list, what all further ones must. */
function itemAt(part: Keywords, place: number): Part | undefined {
  return listOf(part, 'prefixItems')[place] ?? (part['items'] as Part | undefined);
}

/** Keywords that may say something about properties without naming them where this looks. */
const HIDING = [
  ...[
    'additionalProperties',
    'patternProperties',
    'unevaluatedProperties',
    'dependentSchemas',
    'dependencies',
  ],
  ...['if', 'then', 'else', 'not', 'anyOf', 'oneOf'],
];

export function objectNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  trail: Trail,
): Narrowing[] {
  const required = new Set(parts.flatMap((part) => namesIn(part['required'])));
  const present = [...required].filter((name) => !isInherited(name)).length;
  return [
    ...lengthNarrowings(parts, after, path, 'minProperties', 'maxProperties', present),
    ...requiredNarrowings(parts, after, required, path),
    ...propertyNarrowings(comparison, parts, after, path, trail),
    ...patternNarrowings(comparison, parts, after, path, trail),
    ...furtherNarrowings(comparison, parts, after, path, trail),
  ];
}

function requiredNarrowings(
  parts: readonly Keywords[],
  after: Keywords,
  required: ReadonlySet<string>,
  path: string,
): Narrowing[] {
  const found = namesIn(after['required'])
    .filter((name) => !required.has(name))
    .map((name) => ({ path: `${path}/properties/${escaped(name)}`, reason: 'is required now' }));
  for (const [name, others] of Object.entries(
    (after['dependentRequired'] ?? {}) as Record<string, string[]>,
  )) {
    const known = parts.flatMap(({ dependentRequired }) => {
      const lists = (dependentRequired ?? {}) as Record<string, string[]>;
      return Object.hasOwn(lists, name) ? present(lists[name]) : [];
    });
    if (others.every((other) => required.has(other) || known.includes(other))) continue;
    found.push({ path: `${path}/dependentRequired/${escaped(name)}`, reason: 'requires more than before' });
  }
  return found;
}

/** Of the properties that the later schema names. */
function propertyNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  trail: Trail,
): Narrowing[] {
  const saysNothing =
    comparison.assumesNoUnknown &&
    parts.every((part) => HIDING.every((keyword) => !(keyword in part)) && isRead(comparison, part));
  const mentioned = new Set(
    parts.flatMap((part) => [
      ...Object.keys(partsByName(part, 'properties')),
      ...namesIn(part['required']),
      ...Object.entries((part['dependentRequired'] ?? {}) as Record<string, string[]>).flat(2),
    ]),
  );
  return Object.entries(partsByName(after, 'properties')).flatMap(([name, wanted]) => {
    if (saysNothing && !mentioned.has(name) && !isInherited(name)) return [];
    const known = parts.flatMap((part) => asList(propertyOf(part, name)));
    return comparison.narrowings(known, wanted, `${path}/properties/${escaped(name)}`, within(trail));
  });
}

/** Whether everything that the part refers to is known. */
function isRead(comparison: Comparing, part: Keywords): boolean {
  return part['$ref'] === undefined || comparison.before.resolve(part['$ref']) !== undefined;
}

function patternNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  trail: Trail,
): Narrowing[] {
  return Object.entries(partsByName(after, 'patternProperties')).flatMap(([pattern, wanted]) => {
    const known = parts.flatMap((part) => asList(ownPart(partsByName(part, 'patternProperties'), pattern)));
    const at = `${path}/patternProperties/${escaped(pattern)}`;
    return comparison.narrowings(known, wanted, at, within(trail));
  });
}

/** Of the properties that the later schema does not name. */
function furtherNarrowings(
  comparison: Comparing,
  parts: readonly Keywords[],
  after: Keywords,
  path: string,
  trail: Trail,
): Narrowing[] {
  const wanted = after['additionalProperties'] as Part | undefined;
  if (wanted === undefined) return [];
  const named = partsByName(after, 'properties');
  const patterns = partsByName(after, 'patternProperties');
  const inner = within(trail);
  const names = new Set(parts.flatMap((part) => Object.keys(partsByName(part, 'properties'))));
  const found = [...names]
    .filter((name) => !Object.hasOwn(named, name))
    .flatMap((name) => {
      const known = parts.flatMap((part) => asList(propertyOf(part, name)));
      return comparison
        .narrowings(known, wanted, `${path}/properties/${escaped(name)}`, inner)
        .map((one) => ({ ...one, reason: `${one.reason} (by additionalProperties)` }));
    });
  // What a pattern has let through before is not held back by additionalProperties, if the same pattern lets it through now.
  const known = parts.flatMap((part) => {
    const further = part['additionalProperties'] as Part | undefined;
    const isBound = Object.keys(partsByName(part, 'patternProperties')).every((one) =>
      Object.hasOwn(patterns, one),
    );
    return further === undefined || !isBound ? [] : [further];
  });
  return [...found, ...comparison.narrowings(known, wanted, `${path}/additionalProperties`, inner)];
}

/** What the part says about a property; undefined for nothing that is known. */
function propertyOf(part: Keywords, name: string): Part | undefined {
  // The validator looks at no property of this name.
  if (name === '__proto__') return undefined;
  const own = ownPart(partsByName(part, 'properties'), name);
  if (own !== undefined) return own;
  // Where patterns may match, additionalProperties may not apply.
  return 'patternProperties' in part ? undefined : (part['additionalProperties'] as Part | undefined);
}

/** Every object has it for the validator, which asks for it without asking whose it is. */
function isInherited(name: string): boolean {
  return name in {};
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value : [];
}
