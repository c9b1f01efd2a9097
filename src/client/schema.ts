/**
 * Schemas of payloads and results: those of any library that follows Standard Schema (zod, Valibot, ArkType), or JSON
 * Schema as it is.
 */
import { messageOf } from './errors.ts';

/** Values that a library checks; the interface of https://standardschema.dev. */
export interface StandardSchema<TInput = unknown, TOutput = TInput> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
      // biome-ignore lint/suspicious/noExplicitAny: libraries differ in what else they take
      options?: any,
    ) => StandardResult<TOutput> | Promise<StandardResult<TOutput>>;
    readonly types?: { readonly input: TInput; readonly output: TOutput } | undefined;
    /** Left out by libraries, or versions of them, that do not write JSON Schema. */
    readonly jsonSchema?: {
      readonly input: (options: { target: 'draft-2020-12' }) => Record<string, unknown>;
      readonly output: (options: { target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

/** A value, or what is wrong with it. */
export type StandardResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One violation, and where. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** JSON Schema 2020-12; the server checks values by it. See {@link jsonSchema}. */
export interface JsonSchema<T = unknown> {
  readonly [keyword: string]: unknown;
  readonly '~type'?: T;
}

// biome-ignore lint/suspicious/noExplicitAny: a schema of whatever values
export type AnySchema = StandardSchema<any, any> | JsonSchema<any>;

type TypesOf<TSchema> = TSchema extends { readonly '~standard': { readonly types?: infer TTypes } }
  ? NonNullable<TTypes>
  : TSchema extends JsonSchema<infer T>
    ? { input: T; output: T }
    : never;

/** Type of a value as it is given: before defaults and transforms. */
export type InputOf<TSchema> = TypesOf<TSchema> extends { input: infer TInput } ? TInput : unknown;

/** Type of a value after it has been checked: with defaults and transforms. */
export type OutputOf<TSchema> = TypesOf<TSchema> extends { output: infer TOutput } ? TOutput : unknown;

/** Gives a JSON Schema the type of its values, which nothing derives from it: `jsonSchema<{ n: number }>({ … })`. */
export function jsonSchema<T>(schema: Record<string, unknown>): JsonSchema<T> {
  return schema;
}

function isStandard(schema: AnySchema): schema is StandardSchema {
  return '~standard' in schema;
}

/** Checks a value; one of plain JSON Schema is left to the server, and comes back as it is. */
export async function validate(schema: AnySchema, value: unknown): Promise<StandardResult<unknown>> {
  return isStandard(schema) ? schema['~standard'].validate(value) : { value };
}

/** Violations in lines: what, and where. */
export function describeIssues(issues: readonly StandardIssue[]): string {
  return issues
    .map(({ message, path }) => {
      const place = path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
      return place ? `${message} at ${place}` : message;
    })
    .join('\n');
}

/**
 * JSON Schema 2020-12. Patterns that a server cannot match are left to the check that the worker makes itself.
 * @throws TypeError for what JSON Schema cannot express, such as dates, and for libraries that do not write it
 */
export function jsonSchemaOf(schema: AnySchema, io: 'input' | 'output', what: string): unknown {
  if (!isStandard(schema)) return schema;
  const { jsonSchema: write, vendor } = schema['~standard'];
  if (!write) {
    throw new TypeError(
      `${what} cannot be written as JSON Schema: this version of ${vendor} does not say how. Take a later one, give JSON Schema, or set registerSchemas to false.`,
    );
  }
  try {
    const written = write[io]({ target: 'draft-2020-12' });
    dropPatterns(written);
    return written;
  } catch (error) {
    throw new TypeError(`${what} cannot be written as JSON Schema: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What RE2, with which servers match patterns, does not have: look-around and back references. */
const BEYOND_RE2 = /\(\?<?[=!]|\\[1-9]|\\k</;
/** Keywords whose values are data and not schemas. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);

function dropPatterns(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const keywords = schema as Record<string, unknown>;
  if (typeof keywords['pattern'] === 'string' && BEYOND_RE2.test(keywords['pattern']))
    delete keywords['pattern'];
  for (const [keyword, value] of Object.entries(keywords)) {
    if (!DATA.has(keyword)) dropPatterns(value);
  }
}
