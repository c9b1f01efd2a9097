/** What values a part can have: their types, or which they are, where they are named one by one. */
import { type Keywords, type Part, type SchemaDocument, textOf } from './document.ts';

export type ValueType = 'null' | 'boolean' | 'object' | 'array' | 'string' | 'integer' | 'fraction';

const ALL: readonly ValueType[] = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'];

/** The types that all of the parts allow. */
export function typesOf(parts: readonly Keywords[]): Set<ValueType> {
  const allowed = parts.map(typesOfPart);
  return new Set(ALL.filter((type) => allowed.every((types) => types === null || types.has(type))));
}

/** Null: all types. */
export function typesOfPart({ type, nullable }: Keywords): Set<ValueType> | null {
  if (type === undefined) return null;
  const names = (Array.isArray(type) ? type : [type]).flatMap((name) =>
    name === 'number' ? ['integer', 'fraction'] : [name],
  );
  // A keyword of OpenAPI that the validator follows.
  return new Set([...names, ...(nullable === true ? ['null'] : [])] as ValueType[]);
}

/** The values that all of the parts allow, where one of them names its values; null where none does. */
export function valuesOf(parts: readonly Keywords[]): unknown[] | null {
  const lists = parts.flatMap((part) => {
    const named: unknown[][] = [];
    if (Array.isArray(part['enum'])) named.push(part['enum']);
    if ('const' in part) named.push([part['const']]);
    return named;
  });
  const [first, ...others] = lists;
  if (!first) return null;
  const types = typesOf(parts);
  return first.filter(
    (value) =>
      types.has(typeOf(value)) && others.every((list) => list.some((other) => isEqual(value, other))),
  );
}

export function isEqual(one: unknown, other: unknown): boolean {
  return textOf(one).text === textOf(other).text;
}

function typeOf(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  return typeof value as 'boolean' | 'object' | 'string';
}

/** Keywords that can be followed for a single value, others than those that say nothing about it. */
const FOLLOWED = new Set([
  ...[
    '$ref',
    'type',
    'nullable',
    'enum',
    'const',
    'allOf',
    'anyOf',
    '$defs',
    'definitions',
    '$schema',
    '$id',
  ],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength'],
]);

/** Whether a part is seen to accept a value; false as well where that cannot be decided. */
export function isAccepted(
  document: SchemaDocument,
  part: Part | undefined,
  value: unknown,
  depth = 0,
): boolean {
  if (typeof part === 'boolean') return part;
  if (!part || depth > 32) return false;
  const within = (inner: unknown) => isAccepted(document, inner as Part, value, depth + 1);
  const { allOf, anyOf } = part;
  return (
    Object.keys(part).every((keyword) => FOLLOWED.has(keyword)) &&
    (typesOfPart(part)?.has(typeOf(value)) ?? true) &&
    (!Array.isArray(part['enum']) || part['enum'].some((one) => isEqual(one, value))) &&
    (!('const' in part) || isEqual(part['const'], value)) &&
    (part['$ref'] === undefined || within(document.resolve(part['$ref']))) &&
    (!Array.isArray(allOf) || allOf.every(within)) &&
    (!Array.isArray(anyOf) || anyOf.some(within)) &&
    isWithinBounds(part, value)
  );
}

function isWithinBounds(part: Keywords, value: unknown): boolean {
  const bound = (keyword: string) => part[keyword] as number | undefined;
  if (typeof value === 'number') {
    return (
      value >= (bound('minimum') ?? -Infinity) &&
      value <= (bound('maximum') ?? Infinity) &&
      value > (bound('exclusiveMinimum') ?? -Infinity) &&
      value < (bound('exclusiveMaximum') ?? Infinity)
    );
  }
  if (typeof value !== 'string') return true;
  // Characters as Unicode counts them.
  const { length } = [...value];
  return length >= (bound('minLength') ?? 0) && length <= (bound('maxLength') ?? Infinity);
}
