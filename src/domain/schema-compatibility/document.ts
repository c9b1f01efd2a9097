/** A JSON Schema as a document: its parts, what its references name, and which parts are equal. */
import { canonicalJson } from '../canonical-json.ts';

/** A part of a schema that is no boolean. */
export type Keywords = Readonly<Record<string, unknown>>;
export type Part = boolean | Keywords;

/** Keywords that change what references mean: schemas with them are compared as a whole. */
const BASES = ['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef'];

export class SchemaDocument {
  readonly root: Part;
  /** Whether references may mean something else than a place in this document. */
  readonly isOpaque: boolean;
  /** Whether all references lead into the definitions. */
  readonly refersToDefinitions: boolean;
  /** The definitions, as text. */
  readonly definitions: string;

  constructor(schema: unknown) {
    this.root = isPart(schema) ? schema : true;
    const found = keywordsOf(schema);
    this.isOpaque = BASES.some((keyword) => found.keys.has(keyword)) || found.innerIds > 0;
    this.refersToDefinitions = found.refs.every((ref) => /^#\/(\$defs|definitions)\//.test(ref));
    const { $defs, definitions } = typeof this.root === 'boolean' ? {} : this.root;
    this.definitions = canonicalJson([$defs ?? null, definitions ?? null]);
  }

  /** The part that a reference names; undefined when it is none of this document. */
  resolve(ref: unknown): Part | undefined {
    if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined;
    if (ref === '#') return this.root;
    if (!ref.startsWith('#/')) return undefined;
    let found: unknown = this.root;
    for (const segment of ref.slice(2).split('/')) {
      const key = unescaped(segment);
      if (key === null || typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) {
        return undefined;
      }
      found = (found as Record<string, unknown>)[key];
    }
    return isPart(found) ? found : undefined;
  }
}

/** Whether the value can be a schema, or a part of one. */
function isPart(value: unknown): value is Part {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

const texts = new WeakMap<object, { text: string; hasRefs: boolean }>();

/** The part as text, equal for equal parts; and whether it refers to others. */
export function textOf(value: unknown): { text: string; hasRefs: boolean } {
  if (typeof value !== 'object' || value === null) return { text: JSON.stringify(value), hasRefs: false };
  let known = texts.get(value);
  if (!known) {
    const text = canonicalJson(value);
    known = { text, hasRefs: text.includes('"$ref":') };
    texts.set(value, known);
  }
  return known;
}

/** The keyword's value where it maps names to parts. */
export function partsByName(part: Keywords, keyword: string): Readonly<Record<string, Part>> {
  const value = part[keyword];
  return typeof value === 'object' && value !== null ? (value as Record<string, Part>) : {};
}

/** The keyword's value where it is a list of parts. */
export function listOf(part: Keywords, keyword: string): readonly Part[] {
  const value = part[keyword];
  return Array.isArray(value) ? value : [];
}

export function ownPart(parts: Readonly<Record<string, Part>>, name: string): Part | undefined {
  return Object.hasOwn(parts, name) ? parts[name] : undefined;
}

/** The part as a list, empty for none. */
export function asList(part: Part | undefined): Part[] {
  return part === undefined ? [] : [part];
}

/** As a segment of a JSON Pointer (RFC 6901). */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescaped(segment: string): string | null {
  try {
    return decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return null;
  }
}

function keywordsOf(schema: unknown): { keys: Set<string>; innerIds: number; refs: string[] } {
  const found = { keys: new Set<string>(), innerIds: 0, refs: [] as string[] };
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      found.keys.add(key);
      if (key === '$id' && depth > 0) found.innerIds++;
      if (key === '$ref') found.refs.push(String(inner));
      visit(inner, depth + 1);
    }
  };
  visit(schema, 0);
  return found;
}
