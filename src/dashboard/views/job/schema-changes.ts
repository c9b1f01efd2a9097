/** What a version of a schema has changed of the one before, property by property. */

export interface SchemaRuleChange {
  /** `/frame/size`; `/formats/*` is of the items of a list. */
  path: string;
  kind: 'added' | 'removed' | 'changed';
  /** `type`, `required`, …: which of its rules are others; empty where the whole is new or gone. */
  rules: readonly string[];
}

interface Schema {
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  [rule: string]: unknown;
}

/** Levels that are looked into: what is deeper counts as one rule of its property. */
const DEPTH = 8;

/** Without order: keys of objects, names of required properties. */
export function changesOf(before: unknown, after: unknown): SchemaRuleChange[] {
  return compare(asSchema(before), asSchema(after), '', DEPTH);
}

function compare(before: Schema, after: Schema, path: string, depth: number): SchemaRuleChange[] {
  const rules = rulesThatDiffer(before, after, depth);
  const own: SchemaRuleChange[] = rules.length > 0 ? [{ path: path || '/', kind: 'changed', rules }] : [];
  if (depth === 0) return own;
  const old = before.properties ?? {};
  const now = after.properties ?? {};
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const inner = names.flatMap((name): SchemaRuleChange[] => {
    const at = `${path}/${name}`;
    if (!(name in old)) return [{ path: at, kind: 'added', rules: [] }];
    if (!(name in now)) return [{ path: at, kind: 'removed', rules: [] }];
    return [
      ...requiredChange(before, after, name, at),
      ...compare(asSchema(old[name]), asSchema(now[name]), at, depth - 1),
    ];
  });
  const items =
    before.items && after.items
      ? compare(asSchema(before.items), asSchema(after.items), `${path}/*`, depth - 1)
      : [];
  return [...own, ...inner, ...items];
}

function requiredChange(before: Schema, after: Schema, name: string, path: string): SchemaRuleChange[] {
  const [was, is] = [before, after].map(({ required }) => Array.isArray(required) && required.includes(name));
  if (was === is) return [];
  return [{ path, kind: 'changed', rules: [is ? 'now required' : 'no longer required'] }];
}

function rulesThatDiffer(before: Schema, after: Schema, depth: number): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((rule) => {
    if (rule === 'required') return false;
    if (depth > 0 && rule === 'properties') return false;
    if (depth > 0 && rule === 'items' && before.items && after.items) return false;
    return textOf(before[rule]) !== textOf(after[rule]);
  });
}

/** The same for values that differ only in the order of their keys. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** `true` and `false` are schemas, too: as objects without rules of their own. */
function asSchema(value: unknown): Schema {
  return value && typeof value === 'object' ? (value as Schema) : { allows: value !== false };
}
