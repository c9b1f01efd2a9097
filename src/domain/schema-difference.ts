/** Whether two JSON Schemas take the same values, as far as their keywords show, and where they differ. */

export interface SchemaDifference {
  /** JSON Pointer to the first difference; empty for the whole schema. */
  path: string;
  /** What stands there; undefined for nothing. */
  registered: unknown;
  sent: unknown;
}

/** Keywords for people and tools, that never decide whether a value is valid. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  '$comment',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** Keywords whose values are schemas by name; lists of schemas; schemas. In all others annotations are data. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SINGLE = new Set([
  ...[
    'items',
    'contains',
    'additionalProperties',
    'propertyNames',
    'unevaluatedItems',
    'unevaluatedProperties',
  ],
  ...['not', 'if', 'then', 'else'],
]);

/** The first difference that is more than one of annotations and of the order of keys; null when there is none. */
export function schemaDifference(registered: unknown, sent: unknown): SchemaDifference | null {
  return differenceOf(withoutAnnotations(registered), withoutAnnotations(sent), '');
}

/** The schema without keywords that never decide whether a value is valid. */
export function withoutAnnotations(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !ANNOTATIONS.has(keyword))
      .map(([keyword, value]) => [keyword, bareValue(keyword, value)]),
  );
}

function bareValue(keyword: string, value: unknown): unknown {
  if (SINGLE.has(keyword)) return withoutAnnotations(value);
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map(withoutAnnotations);
  if (!MAPS.has(keyword) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutAnnotations(inner)]));
}

function differenceOf(registered: unknown, sent: unknown, path: string): SchemaDifference | null {
  if (Object.is(registered, sent) || (registered === 0 && sent === 0)) return null;
  const areAlike =
    (isObject(registered) && isObject(sent)) || (Array.isArray(registered) && Array.isArray(sent));
  if (!areAlike) return { path, registered, sent };
  const [one, other] = [registered as Record<string, unknown>, sent as Record<string, unknown>];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const inner = differenceOf(own(one, key), own(other, key), `${path}/${escaped(key)}`);
    if (inner) return inner;
  }
  return null;
}

function own(from: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

/** As a segment of a JSON Pointer (RFC 6901). */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
