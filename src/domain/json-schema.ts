/**
 * JSON Schema 2020-12 for payloads and results. Schemas come from callers, so they are bounded in size and depth,
 * compiled each in an instance of its own (no shared ids), never fetch anything, and match patterns with RE2 in bounded
 * time.
 */

import { Ajv2020, type AnySchema, type ErrorObject, type FuncKeywordDefinition } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { canonicalJson } from './canonical-json.ts';
import type { InputIssue } from './problems.ts';
import {
  type Effort,
  LARGE_EFFORT,
  meter,
  PatternsTooLarge,
  PatternsTooSlow,
  partsOf,
  sizeOf,
  TooMuchWork,
  WorkMeter,
} from './schema-work.ts';
import { errorMessage } from './thrown.ts';

const MAX_SCHEMA_DEPTH = 32;
// As measured: an instance of Ajv with its own schemas compiled, the code of a schema, an instruction of RE2.
const BYTES_OF_INSTANCE = 131_072;
const BYTES_PER_SCHEMA_BYTE = 40;
const BYTES_OF_INSTRUCTION = 80;
/** Issues in an answer at most: a large payload can have very many. */
const MAX_ISSUES = 100;

/** More work than the effort allows: nothing is known of the schema or the value. */
export const TOO_MUCH = 'too-much';
export type TooMuch = typeof TOO_MUCH;

/**
 * Finds everything that is wrong with a value, which is nested no deeper than inputs may be; an empty list means that it
 * is valid.
 */
export type SchemaValidator<Verdict = InputIssue[]> = (value: unknown) => Verdict;

export type CompiledSchema<Verdict = InputIssue[]> =
  /** `bytes` is about the memory that the validator takes, for caches. */
  { ok: true; validate: SchemaValidator<Verdict>; bytes: number } | { ok: false; message: string };

/** Why something is no schema, before anything of it is compiled; undefined when nothing is known against it. */
function refusalOf(schema: unknown): string | undefined {
  if (
    typeof schema !== 'boolean' &&
    (typeof schema !== 'object' || schema === null || Array.isArray(schema))
  ) {
    return 'A JSON Schema must be an object or a boolean.';
  }
  if (depthOf(schema) > MAX_SCHEMA_DEPTH) {
    return `A schema may be nested ${MAX_SCHEMA_DEPTH} levels deep at most.`;
  }
  if (bytesOf(schema) > LARGE_EFFORT.schemaBytes) {
    return `A schema may have ${LARGE_EFFORT.schemaBytes} bytes at most.`;
  }
  return undefined;
}

function bytesOf(schema: unknown): number {
  return Buffer.byteLength(JSON.stringify(schema));
}

/** Compiles a schema, or says in a sentence why it cannot be used. */
export function compileSchema(schema: unknown): CompiledSchema;
export function compileSchema(
  schema: unknown,
  effort: Effort,
): CompiledSchema<InputIssue[] | TooMuch> | TooMuch;
export function compileSchema(
  schema: unknown,
  effort = LARGE_EFFORT,
): CompiledSchema<InputIssue[] | TooMuch> | TooMuch {
  const message = refusalOf(schema);
  if (message !== undefined) return { ok: false, message };
  if (bytesOf(schema) > effort.schemaBytes || partsOf(schema) > effort.schemaParts) return TOO_MUCH;
  const work = new WorkMeter(effort);
  try {
    const validate = compile(schema as AnySchema, work, effort);
    if ('$async' in validate)
      return { ok: false, message: 'Asynchronous schemas ($async) are not supported.' };
    // A schema that refers to itself without looking deeper into the value would never come to an end.
    for (const probe of [{}, [], '', 0, null]) {
      work.begin(probe);
      validate(probe);
    }
    return {
      ok: true,
      bytes:
        BYTES_OF_INSTANCE +
        BYTES_PER_SCHEMA_BYTE * bytesOf(schema) +
        BYTES_OF_INSTRUCTION * work.instructions,
      validate(value) {
        work.begin(value);
        return issuesOf(validate, value, effort);
      },
    };
  } catch (error) {
    if (effort !== LARGE_EFFORT && isAboutEffort(error)) return TOO_MUCH;
    if (error instanceof RangeError)
      return { ok: false, message: 'The schema refers to itself without end.' };
    if (error instanceof TooMuchWork) {
      return {
        ok: false,
        message: 'The schema is too expensive to check: it refers to its parts too often.',
      };
    }
    return { ok: false, message: `No valid JSON Schema 2020-12: ${whyOf(error)}` };
  }
}

/** Whether a larger effort might do better; what cannot be resolved may be in the schema of schemas. */
function isAboutEffort(error: unknown): boolean {
  return [TooMuchWork, PatternsTooLarge, Ajv2020.MissingRefError].some((kind) => error instanceof kind);
}

type Validate = ReturnType<Ajv2020['compile']>;

/** What schemas themselves are checked with: compiled once, which takes longer than most schemas. */
let schemaOfSchemas: Ajv2020 | undefined;

function compile(schema: AnySchema, work: WorkMeter, { meta }: Effort): Validate {
  schemaOfSchemas ??= new Ajv2020({ allErrors: false, strict: false, logger: false });
  schemaOfSchemas.validateSchema(schema, true);
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    logger: false,
    meta,
    // A part that many others refer to is not copied into each of them.
    inlineRefs: false,
    // Making the code a little shorter takes half of the time of making it.
    code: { regExp: work.regExp, process: meter, optimize: false },
    // Without loadSchema a reference to another document is an error instead of a request.
    validateSchema: false,
  });
  Object.assign(ajv, { spend: work.spend });
  addFormats(ajv);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword(uniqueItems(work));
  return ajv.compile(schema);
}

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** Ajv reports every rule that a schema breaks, each branch of each choice included: the first says where and what. */
function whyOf(error: unknown): string {
  const text = errorMessage(error);
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

/** About what one character of a value costs when items are compared, in characters of code. */
const COST_OF_COMPARING = 20;

/** The standard keyword in linear time: Ajv's own compares every item with every other. */
const uniqueItems = (work: WorkMeter): FuncKeywordDefinition => ({
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: 'must not have items that are equal' },
  compile: (wanted: boolean) => (items: unknown[]) => {
    if (!wanted) return true;
    work.spend(COST_OF_COMPARING * sizeOf(items));
    return new Set(items.map((item) => canonicalJson(item))).size === items.length;
  },
});

function issuesOf(validate: Validate, value: unknown, effort: Effort): InputIssue[] | TooMuch {
  try {
    if (validate(value)) return [];
  } catch (error) {
    if (effort !== LARGE_EFFORT && (error instanceof TooMuchWork || error instanceof PatternsTooSlow)) {
      return TOO_MUCH;
    }
    if (error instanceof PatternsTooSlow) {
      return [{ path: [], message: 'is too long for the patterns of its schema' }];
    }
    if (error instanceof TooMuchWork)
      return [{ path: [], message: 'takes too long to check with its schema' }];
    if (!(error instanceof RangeError)) throw error;
    return [{ path: [], message: 'is nested too deep to be checked' }];
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
  const unevaluated = parameters['additionalProperty'] ?? parameters['unevaluatedProperty'];
  if (parameters['missingProperty'] !== undefined) {
    return { path: [...path, parameters['missingProperty']], message: 'is required' };
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
