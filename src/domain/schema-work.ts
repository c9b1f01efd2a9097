/**
 * How much work compiling a schema and checking values with it may be. Work is counted and not timed, so that the answer
 * does not depend on how busy the machine is.
 *
 * RE2's time is the length of the text times the size of the pattern, so both are bounded: the size when the schema is
 * compiled, their product over a whole validation. Everything else is bounded by how much of the compiled code is run,
 * see {@link meter}.
 */
import { RE2JS } from 're2js';

/** Limits of one schema and of one validation. */
export interface Effort {
  /** Bytes of a schema as JSON. */
  schemaBytes: number;
  /** Objects and arrays that a schema consists of. */
  schemaParts: number;
  /** Instructions of all patterns of a schema: a few characters of a pattern make thousands of them. */
  instructions: number;
  /** Characters of text times instructions of the patterns that they are matched with. */
  patternSteps: number;
  /** Characters of compiled code that are run through. */
  code: number;
  /**
   * Size of a value for which every character of code counts once more: what the code calls (comparing, counting
   * characters, formats) takes longer with larger values.
   */
  valueSize: number;
  /** Whether a schema may refer to the schema of schemas, which is large. */
  meta: boolean;
}

/** Some milliseconds: what everybody else may be kept waiting for. */
export const SMALL_EFFORT: Effort = {
  schemaBytes: 8_192,
  schemaParts: 100,
  instructions: 5_000,
  patternSteps: 400_000,
  code: 1_500_000,
  valueSize: 500,
  meta: false,
};

/** Well below a second, and few errors to collect: for a thread of its own. */
export const LARGE_EFFORT: Effort = {
  schemaBytes: 65_536,
  schemaParts: Number.POSITIVE_INFINITY,
  instructions: 100_000,
  patternSteps: 20_000_000,
  code: 100_000_000,
  valueSize: Number.POSITIVE_INFINITY,
  meta: true,
};

/** Instructions of one compiled pattern at most. */
const MAX_PATTERN_SIZE = 10_000;

/** The patterns of a schema have more instructions together than the effort allows. */
export class PatternsTooLarge extends Error {}
/** A validation has more text to match than the effort allows. */
export class PatternsTooSlow extends Error {}
/** A validation runs through more code than the effort allows. */
export class TooMuchWork extends Error {}

/** Counts the work of one schema and of each validation with it. */
export class WorkMeter {
  readonly #effort: Effort;
  #patternSteps: number;
  #code: number;
  readonly #compiled = new Map<string, RE2JS>();
  #instructions = 0;

  constructor(effort: Effort) {
    this.#effort = effort;
    this.#patternSteps = effort.patternSteps;
    this.#code = effort.code;
  }

  /** Of all patterns so far. */
  get instructions(): number {
    return this.#instructions;
  }

  /** Begins the validation of a value. */
  begin(value: unknown): void {
    const { patternSteps, code, valueSize } = this.#effort;
    this.#patternSteps = patternSteps;
    this.#code = Number.isFinite(valueSize) ? code / (1 + sizeOf(value) / valueSize) : code;
  }

  /** Called by the compiled code as it goes on. */
  readonly spend = (characters: number): void => {
    this.#code -= characters;
    if (this.#code < 0) throw new TooMuchWork();
  };

  /** Called by Ajv for `pattern` and `patternProperties`; it distinguishes compiled patterns by their text. */
  readonly regExp = Object.assign(
    (pattern: string) => {
      const compiled = this.#compile(pattern);
      const size = compiled.programSize();
      return {
        test: (text: string) => {
          this.#patternSteps -= text.length * size;
          if (this.#patternSteps < 0) throw new PatternsTooSlow();
          return compiled.matcher(text).find();
        },
        toString: () => `RE2 ${pattern}`,
      };
    },
    { code: 'new RegExp' },
  );

  #compile(pattern: string): RE2JS {
    const known = this.#compiled.get(pattern);
    if (known) return known;
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    const size = compiled.programSize();
    if (size > MAX_PATTERN_SIZE)
      throw new Error(`the pattern ${JSON.stringify(pattern.slice(0, 60))} is too large`);
    this.#instructions += size;
    if (this.#instructions > this.#effort.instructions) {
      throw new PatternsTooLarge('its patterns are too large together');
    }
    this.#compiled.set(pattern, compiled);
    return compiled;
  }
}

/** Characters, items and members of a value, however nested. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  if (Array.isArray(value)) {
    for (const item of value) size += sizeOf(item);
  } else {
    for (const [key, inner] of Object.entries(value)) size += key.length + sizeOf(inner);
  }
  return size;
}

/** Objects and arrays that a value consists of, itself included. */
export function partsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + partsOf(inner), 1);
}

/**
 * Makes Ajv's code count its work: hundreds of alternatives for each of thousands of items, or parts that refer to each
 * other twice on every level, are small schemas and small payloads that take minutes. A function and a turn of a loop
 * cost what they are long: at most so much of the code is run.
 */
export function meter(code: string): string {
  const open: { at: number; counts: boolean }[] = [];
  const blocks: { at: number; length: number }[] = [];
  for (const { 0: found, index } of code.matchAll(BLOCKS)) {
    // Texts of the schema stand in double quotes, and are left alone.
    if (found.startsWith('"')) continue;
    const at = index + found.length;
    if (found !== '}') {
      open.push({ at, counts: found !== '{' });
      continue;
    }
    const block = open.pop();
    if (block?.counts) blocks.push({ at: block.at, length: at - block.at });
  }
  let metered = '';
  let end = code.length;
  for (const { at, length } of blocks.sort((a, b) => b.at - a.at)) {
    metered = `self.spend(${length});${code.slice(at, end)}${metered}`;
    end = at;
  }
  return code.slice(0, end) + metered;
}

const BLOCKS =
  /"(?:[^"\\]|\\.)*"|(?:\bfor\s*\((?:let|const|var)[^)]*\)|\bfunction validate\d+\([^)]*\))?\{|\}/g;
