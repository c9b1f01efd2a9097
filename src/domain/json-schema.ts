/**
 * JSON Schema 2020-12 for payloads and results. Schemas come from callers, so they are bounded in size and depth,
 * compiled each in an instance of its own (no shared ids), never fetch anything, and match patterns with RE2, which
 * takes linear time.
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
export const MAX_SCHEMA_BYTES = 65_536;
const MAX_SCHEMA_DEPTH = 32;
/** Issues told at most: a large payload can have very many. */
const MAX_ISSUES = 100;

/** Finds everything that is wrong with a value; an empty list means that it is valid. */
export type SchemaValidator = (value: unknown) => InputIssue[];

export type CompiledSchema = { ok: true; validate: SchemaValidator } | { ok: false; message: string };

/** Compiles a schema, or says in a sentence why it cannot be used. */
export function compileSchema(schema: unknown): CompiledSchema {
  if (
    typeof schema !== 'boolean' &&
    (typeof schema !== 'object' || schema === null || Array.isArray(schema))
  ) {
    return { ok: false, message: 'A JSON Schema must be an object or a boolean.' };
  }
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES) {
    return { ok: false, message: `A schema may have ${MAX_SCHEMA_BYTES} bytes at most.` };
  }
  if (depthOf(schema) > MAX_SCHEMA_DEPTH) {
    return { ok: false, message: `A schema may be nested ${MAX_SCHEMA_DEPTH} levels deep at most.` };
  }
  try {
    const ajv = new Ajv2020({
      allErrors: true,
      strict: false,
      logger: false,
      code: { regExp: linearRegExp },
      // Without loadSchema a reference to another document is an error instead of a request.
      validateSchema: true,
    });
    addFormats(ajv);
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword(uniqueItems);
    const validate = ajv.compile(schema);
    if ('$async' in validate)
      return { ok: false, message: 'Asynchronous schemas ($async) are not supported.' };
    // A schema that refers to itself without looking deeper into the value would never come to an end.
    for (const probe of [{}, [], '', 0, null]) validate(probe);
    return { ok: true, validate: (value) => issuesOf(validate, value) };
  } catch (error) {
    if (error instanceof RangeError)
      return { ok: false, message: 'The schema refers to itself without end.' };
    return {
      ok: false,
      message: `No valid JSON Schema 2020-12: ${error instanceof Error ? error.message : error}`,
    };
  }
}

// The package is CommonJS: its default export is the function under some loaders and the module under others.
const addFormats = ('default' in addFormatsModule
  ? addFormatsModule.default
  : addFormatsModule) as unknown as (ajv: Ajv2020) => void;

/** What Ajv calls for `pattern` and `patternProperties`; it tells compiled patterns apart by their text. */
function linearRegExp(pattern: string): { test: (text: string) => boolean; toString: () => string } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find(), toString: () => `RE2 ${pattern}` };
}
linearRegExp.code = 'new RegExp';

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
    if (!(error instanceof RangeError)) throw error;
    return [{ path: [], message: 'is nested deeper than its schema can be followed' }];
  }
  const issues = (validate.errors ?? []).slice(0, MAX_ISSUES).map(toIssue);
  const more = (validate.errors?.length ?? 0) - issues.length;
  return more > 0 ? [...issues, { path: [], message: `… and ${more} more violations` }] : issues;
}

function toIssue(error: ErrorObject): InputIssue {
  const path = pointerSegments(error.instancePath);
  const parameters = error.params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: unknown;
  };
  if (error.keyword === 'required' && parameters.missingProperty !== undefined) {
    return { path: [...path, parameters.missingProperty], message: 'is required' };
  }
  if (error.keyword === 'additionalProperties' && parameters.additionalProperty !== undefined) {
    return { path: [...path, parameters.additionalProperty], message: 'is not allowed here' };
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
