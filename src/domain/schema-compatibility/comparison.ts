/**
 * Whether one JSON Schema accepts whatever another one accepts, decided by their structure and on the safe side: what
 * cannot be shown is taken for a narrowing.
 *
 * `before` is a list of parts that a value has fulfilled together; `after` is one part that it must fulfil now. Choices
 * of `before` are taken apart, so that each is shown by itself; what `after` demands is taken apart in the same way, and each
 * demand must follow from what is known.
 *
 * Schemas may refer to themselves. A pair that comes up again deeper in the value may be taken for granted, as in a proof
 * by induction on how deep values are; one that comes up again at the same place may not.
 */
import { type Comparing, type Narrowing, TooManySteps, type Trail } from './comparing.ts';
import { isAlwaysDisjoint } from './disjoint.ts';
import { type Keywords, listOf, type Part, type SchemaDocument, textOf } from './document.ts';
import { arrayNarrowings, objectNarrowings } from './nested.ts';
import { scalarNarrowings } from './scalars.ts';
import { isAccepted, typesOf, valuesOf } from './values.ts';

const MAX_STEPS = 50_000;
const MAX_DEPTH = 200;

export class Comparison implements Comparing {
  readonly before: SchemaDocument;
  readonly after: SchemaDocument;
  readonly assumesNoUnknown: boolean;
  #steps = 0;
  readonly #ids = new WeakMap<object, number>();
  #lastId = 0;
  readonly #without = new WeakMap<object, Map<string, Keywords>>();
  readonly #sameDefinitions: boolean;

  constructor(before: SchemaDocument, after: SchemaDocument, assumesNoUnknown: boolean) {
    this.before = before;
    this.after = after;
    this.assumesNoUnknown = assumesNoUnknown;
    this.#sameDefinitions =
      before.refersToDefinitions && after.refersToDefinitions && before.definitions === after.definitions;
  }

  narrowings(
    before: readonly Part[],
    after: Part | undefined,
    path: string,
    trail: Trail | null,
  ): Narrowing[] {
    if (after === undefined || after === true) return [];
    this.spend();
    const expanded = this.expand(before);
    if (expanded === null) return [];
    const { parts, asWritten } = expanded;
    if (after === false) return [{ path, reason: 'is not accepted any more' }];
    if (asWritten.some((part) => this.isSame(part, after))) return [];
    const next = this.#follow(parts, after, trail);
    if (typeof next === 'boolean') return next ? [] : [{ path, reason: 'refers to itself' }];
    const choice = this.#choiceOf(parts);
    if (choice) return firstOf(choice, (branch) => this.narrowings(branch, after, path, next));
    return this.#demands(parts, after, path, next);
  }

  expand(before: readonly Part[]): { parts: Keywords[]; asWritten: Keywords[] } | null {
    const found = new Set<Keywords>();
    const parts = new Set<Keywords>();
    const open = [...before];
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (part === false) return null;
      if (part === true || found.has(part)) continue;
      this.spend();
      found.add(part);
      const named = this.before.resolve(part['$ref']);
      if (named !== undefined) open.push(named);
      open.push(...listOf(part, 'allOf'));
      let own: Keywords = 'allOf' in part ? this.#omit(part, 'allOf') : part;
      if (named !== undefined) own = this.#omit(own, '$ref');
      parts.add(own);
    }
    return { parts: [...parts], asWritten: [...found] };
  }

  isSame(before: unknown, after: unknown): boolean {
    if (before === after && this.before === this.after) return true;
    const [one, other] = [textOf(before), textOf(after)];
    return one.text === other.text && (!one.hasRefs || this.#sameDefinitions);
  }

  spend(): void {
    if (++this.#steps > MAX_STEPS) throw new TooManySteps();
  }

  /** Notes that the pair is being shown; true or false when that is known already. */
  #follow(parts: readonly Keywords[], after: Keywords, trail: Trail | null): Trail | boolean {
    const key = `${parts
      .map((part) => this.#idOf(part))
      .sort()
      .join()}/${this.#idOf(after)}`;
    let isAbove = false;
    for (let at = trail; at; at = at.parent) {
      isAbove ||= at.isAbove;
      if (at.key === key) return isAbove;
    }
    const depth = (trail?.depth ?? 0) + 1;
    return depth < MAX_DEPTH ? { key, isAbove: false, depth, parent: trail } : false;
  }

  /** The ways in which the parts can be fulfilled, where one of them leaves a choice. */
  #choiceOf(parts: readonly Keywords[]): Part[][] | null {
    for (const part of parts) {
      for (const keyword of ['anyOf', 'oneOf']) {
        const branches = listOf(part, keyword);
        if (branches.length === 0) continue;
        const rest = parts.filter((other) => other !== part);
        const left = this.#omit(part, keyword);
        return branches.map((branch) => [...rest, left, branch]);
      }
    }
    return null;
  }

  #demands(parts: Keywords[], after: Keywords, path: string, trail: Trail): Narrowing[] {
    const values = valuesOf(parts);
    if (values) {
      const lost = values.find((value) => !isAccepted(this.after, after, value));
      if (lost === undefined) return [];
      // Values that are objects may still fit by their structure.
      if (typeof lost !== 'object' || lost === null) {
        return [{ path, reason: `does not accept ${clip(JSON.stringify(lost))} any more` }];
      }
    }
    const types = typesOf(parts);
    if (types.size === 0) return [];
    const found = [
      ...this.#wholes(parts, after, path, trail),
      ...scalarNarrowings(this, parts, after, types, path),
    ];
    if (types.has('array')) found.push(...arrayNarrowings(this, parts, after, path, trail));
    if (types.has('object')) found.push(...objectNarrowings(this, parts, after, path, trail));
    return found;
  }

  /** What `after` demands by other parts that the whole value must fulfil. */
  #wholes(parts: Keywords[], after: Keywords, path: string, trail: Trail): Narrowing[] {
    const found: Narrowing[] = [];
    if (after['$ref'] !== undefined) {
      const named = this.after.resolve(after['$ref']);
      if (named === undefined)
        found.push({ path: `${path}/$ref`, reason: 'refers to what cannot be compared' });
      else found.push(...this.narrowings(parts, named, path, trail));
    }
    listOf(after, 'allOf').forEach((part, index) => {
      found.push(...this.narrowings(parts, part, `${path}/allOf/${index}`, trail));
    });
    if ('anyOf' in after) found.push(...this.#alternatives('anyOf', parts, after, path, trail));
    if ('oneOf' in after) found.push(...this.#alternatives('oneOf', parts, after, path, trail));
    return found;
  }

  /** One alternative must hold, of oneOf no other besides it; for each type by itself where that helps. */
  #alternatives(
    keyword: 'anyOf' | 'oneOf',
    parts: Keywords[],
    after: Keywords,
    path: string,
    trail: Trail,
  ): Narrowing[] {
    const branches = listOf(after, keyword);
    let nearest: Narrowing[] | undefined;
    for (const [index, branch] of branches.entries()) {
      const found = this.narrowings(parts, branch, `${path}/${keyword}/${index}`, trail);
      const isOnly =
        keyword === 'anyOf' ||
        branches.every((other, at) => at === index || isAlwaysDisjoint(this, parts, other));
      if (found.length === 0 && isOnly) return [];
      if (found.length > 0 && (!nearest || found.length < nearest.length)) nearest = found;
    }
    const pieces = this.#byType(parts);
    if (pieces) {
      const only = { [keyword]: after[keyword] };
      return firstOf(pieces, (piece) => this.narrowings(piece, only, path, trail));
    }
    if (branches.length > 1 || !nearest) {
      return [
        { path: `${path}/${keyword}`, reason: 'has no alternative that surely takes what was accepted' },
      ];
    }
    return nearest;
  }

  /** The parts for each of their types or values by itself, where a part names several. */
  #byType(parts: Keywords[]): Part[][] | null {
    for (const part of parts) {
      const pieces =
        Array.isArray(part['enum']) && part['enum'].length > 1
          ? part['enum'].map((value) => ({ const: value }))
          : Array.isArray(part['type']) && part['type'].length > 1 && part['nullable'] === undefined
            ? part['type'].map((type) => ({ type }))
            : null;
      if (!pieces) continue;
      const keyword = Array.isArray(part['enum']) && part['enum'].length > 1 ? 'enum' : 'type';
      const rest = parts.filter((other) => other !== part);
      return pieces.map((piece) => [...rest, this.#omit(part, keyword), piece]);
    }
    return null;
  }

  /** The part without one keyword: the same object every time. */
  #omit(part: Keywords, keyword: string): Keywords {
    const known = this.#without.get(part) ?? new Map<string, Keywords>();
    this.#without.set(part, known);
    let rest = known.get(keyword);
    if (!rest) {
      rest = Object.fromEntries(Object.entries(part).filter(([key]) => key !== keyword));
      known.set(keyword, rest);
    }
    return rest;
  }

  #idOf(part: Keywords): number {
    let id = this.#ids.get(part);
    if (id === undefined) {
      id = ++this.#lastId;
      this.#ids.set(part, id);
    }
    return id;
  }
}

/** The narrowings of the first that has any. */
function firstOf<T>(all: readonly T[], find: (one: T) => Narrowing[]): Narrowing[] {
  for (const one of all) {
    const found = find(one);
    if (found.length > 0) return found;
  }
  return [];
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
