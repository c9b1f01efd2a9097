/**
 * JSON Schema 2020-12 for payloads and results. Schemas come from callers, so they are bounded in size and depth,
 * compiled each in an instance of its own (no shared ids), never fetch anything, and match patterns with RE2 in bounded
 * time.
 */
import {
  Ajv2020,
  type ErrorObject,
  type FuncKeywordDefinition,
  type ValidateFunction,
} from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { RE2JS } from 're2js';
import type { InputIssue } from './problems.ts';

/** Bytes of a schema as JSON at most. */
const MAX_SCHEMA_BYTES = 65_536;
const MAX_SCHEMA_DEPTH = 32;
// As measured: an instance of Ajv with its own schemas compiled, the code of a schema, an instruction of RE2.
const BYTES_OF_INSTANCE = 131_072;
const BYTES_PER_SCHEMA_BYTE = 40;
const BYTES_OF_INSTRUCTION = 80;
/** Issues told at most: a large payload can have very many. */
const MAX_ISSUES = 100;

/**
 * Finds everything that is wrong with a value; an empty list means that it is valid.
 * @param together what it may cost together with the other values that are checked for one request
 */
export type SchemaValidator = (value: unknown, together?: CheckBudget) => InputIssue[];

/** What checking all values of one request may cost: some seconds, however many they are. */
export class CheckBudget {
  patternSteps = 4 * MAX_PATTERN_STEPS;
  characters = 4 * MAX_CODE_RUN;
}

export type CompiledSchema =
  /** `bytes` is about the memory that the validator takes, for caches. */
  { ok: true; validate: SchemaValidator; bytes: number } | { ok: false; message: string };

/** Compiles a schema, or says in a sentence why it cannot be used. */
export function compileSchema(schema: unknown): CompiledSchema {
  if (
    typeof schema !== 'boolean' &&
    (typeof schema !== 'object' || schema === null || Array.isArray(schema))
  ) {
    return { ok: false, message: 'A JSON Schema must be an object or a boolean.' };
  }
  const schemaBytes = Buffer.byteLength(JSON.stringify(schema));
  if (schemaBytes > MAX_SCHEMA_BYTES) {
    return { ok: false, message: `A schema may have ${MAX_SCHEMA_BYTES} bytes at most.` };
  }
  if (depthOf(schema) > MAX_SCHEMA_DEPTH) {
    return { ok: false, message: `A schema may be nested ${MAX_SCHEMA_DEPTH} levels deep at most.` };
  }
  try {
    const work = new WorkBudget();
    const ajv = new Ajv2020({
      allErrors: true,
      strict: false,
      logger: false,
      // A part that many others refer to is not copied into each of them.
      inlineRefs: false,
      code: { regExp: work.regExp, process: meter },
      // Without loadSchema a reference to another document is an error instead of a request.
      validateSchema: true,
    });
    Object.assign(ajv, { spend: work.spend });
    addFormats(ajv);
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword(uniqueItems);
    const validate = ajv.compile(schema);
    if ('$async' in validate)
      return { ok: false, message: 'Asynchronous schemas ($async) are not supported.' };
    // A schema that refers to itself without looking deeper into the value would never come to an end.
    for (const probe of [{}, [], '', 0, null]) {
      work.reset();
      validate(probe);
    }
    return {
      ok: true,
      bytes:
        BYTES_OF_INSTANCE + BYTES_PER_SCHEMA_BYTE * schemaBytes + BYTES_OF_INSTRUCTION * work.instructions,
      validate(value, together) {
        work.reset(together);
        try {
          return issuesOf(validate, value);
        } finally {
          work.charge(together);
        }
      },
    };
  } catch (error) {
    if (error instanceof RangeError)
      return { ok: false, message: 'The schema refers to itself without end.' };
    if (error instanceof TooMuchWork) {
      return { ok: false, message: 'The schema refers to its parts so often that even {} takes too long.' };
    }
    return { ok: false, message: `No valid JSON Schema 2020-12: ${whyOf(error)}` };
  }
}

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** Ajv tells every rule that a schema breaks, each branch of each choice included: the first says where and what. */
function whyOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, where, what] = /^schema is invalid: data(.*?) (must .*?)(?:, data[/ ].*)?$/s.exec(text) ?? [];
  if (what === undefined) return text;
  const types =
    where?.endsWith('/type') && what.includes('one of the allowed') ? ` (${TYPES.join(', ')})` : '';
  return `${where ? `at ${where}` : 'it'} ${what}${types}`;
}

// The package is CommonJS: its default export is the function under some loaders and the module under others.
const addFormats = ('default' in addFormatsModule
  ? addFormatsModule.default
  : addFormatsModule) as unknown as (ajv: Ajv2020) => void;

/**
 * What one validation may cost. RE2's time is the length of the text times the size of the pattern, so both are bounded:
 * the size when the schema is compiled, their product over a whole validation. Everything else is bounded by how much of
 * the compiled code is run, see {@link meter}.
 */
class WorkBudget {
  #patternSteps = MAX_PATTERN_STEPS;
  #characters = MAX_CODE_RUN;
  #givenSteps = MAX_PATTERN_STEPS;
  #givenCharacters = MAX_CODE_RUN;
  readonly #compiled = new Map<string, RE2JS>();
  #instructions = 0;

  /** Of all patterns so far. */
  get instructions(): number {
    return this.#instructions;
  }

  reset(together = new CheckBudget()): void {
    this.#patternSteps = this.#givenSteps = Math.min(MAX_PATTERN_STEPS, together.patternSteps);
    this.#characters = this.#givenCharacters = Math.min(MAX_CODE_RUN, together.characters);
  }

  /** Takes what was spent since the reset off what the values of a request may cost together. */
  charge(together?: CheckBudget): void {
    if (!together) return;
    together.patternSteps -= this.#givenSteps - Math.max(0, this.#patternSteps);
    together.characters -= this.#givenCharacters - Math.max(0, this.#characters);
  }

  /** What the compiled code calls as it goes on. */
  readonly spend = (characters: number): void => {
    this.#characters -= characters;
    if (this.#characters < 0) throw new TooMuchWork();
  };

  /** What Ajv calls for `pattern` and `patternProperties`; it tells compiled patterns apart by their text. */
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
    if (this.#instructions > MAX_INSTRUCTIONS) throw new Error('its patterns are too large together');
    this.#compiled.set(pattern, compiled);
    return compiled;
  }
}

/** Instructions of one compiled pattern at most. */
const MAX_PATTERN_SIZE = 10_000;
/** Instructions of all patterns of a schema at most: a few characters of a pattern make thousands of them. */
const MAX_INSTRUCTIONS = 100_000;
/** Characters times instructions in one validation at most: well below a second. */
const MAX_PATTERN_STEPS = 20_000_000;

class PatternsTooSlow extends Error {}

/** Characters of compiled code that one validation may run through: well below a second, and few errors to collect. */
const MAX_CODE_RUN = 100_000_000;

class TooMuchWork extends Error {}

/**
 * Makes Ajv's code count its work: hundreds of alternatives for each of thousands of items, or parts that refer to each
 * other twice on every level, are small schemas and small payloads that take minutes. A function and a turn of a loop
 * cost what they are long: at most so much of the code is run.
 */
function meter(code: string): string {
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

/** The standard keyword in linear time: Ajv's own compares every item with every other. */
const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: 'must not have items that are equal' },
  compile: (wanted: boolean) => (items: unknown[]) =>
    !wanted || new Set(items.map((item) => canonicalJson(item))).size === items.length,
};

/** JSON with sorted keys: the same text for equal values. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function issuesOf(validate: ValidateFunction, value: unknown): InputIssue[] {
  try {
    if (validate(value)) return [];
  } catch (error) {
    if (error instanceof PatternsTooSlow) {
      return [{ path: [], message: 'has more text than the patterns of its schema can be matched with' }];
    }
    if (error instanceof TooMuchWork)
      return [{ path: [], message: 'takes too long to check with its schema' }];
    if (!(error instanceof RangeError)) throw error;
    return [{ path: [], message: 'is nested deeper than its schema can be followed' }];
  }
  const errors = validate.errors ?? [];
  // The function would keep them until it is called again: tens of thousands for one payload.
  validate.errors = null;
  const issues = errors.slice(0, MAX_ISSUES).map(toIssue);
  const more = errors.length - issues.length;
  return more > 0 ? [...issues, { path: [], message: `… and ${more} more violations` }] : issues;
}

function toIssue(error: ErrorObject): InputIssue {
  const path = pointerSegments(error.instancePath);
  const parameters = error.params as Record<string, string> & { allowedValues?: unknown };
  const unevaluated = parameters.additionalProperty ?? parameters.unevaluatedProperty;
  if (parameters.missingProperty !== undefined) {
    return { path: [...path, parameters.missingProperty], message: 'is required' };
  }
  if (unevaluated !== undefined) {
    return { path: [...path, unevaluated], message: 'is not allowed here' };
  }
  if (error.keyword === 'enum') {
    return { path, message: `must be one of ${JSON.stringify(parameters.allowedValues)}` };
  }
  return { path, message: error.message ?? `violates ${error.keyword}` };
}

/** The segments of a JSON Pointer, unescaped. */
function pointerSegments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** How deeply objects and arrays are nested; neither depth nor width of an input can exhaust the stack. */
export function depthOf(value: unknown): number {
  let level = [value].filter(isNested);
  let depth = 0;
  for (; level.length > 0; depth++) level = level.flatMap((one) => Object.values(one).filter(isNested));
  return depth;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
