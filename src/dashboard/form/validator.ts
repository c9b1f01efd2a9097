/**
 * What @rjsf needs of a validator, by @cfworker/json-schema: it interprets schemas, where Ajv compiles them to code, which
 * the content security policy forbids.
 */
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils';
import { toErrorSchema } from '@rjsf/utils';

/** Keywords that only say that something below them does not fit. */
const ABOVE = new Set([
  'properties',
  'items',
  'allOf',
  '$ref',
  'prefixItems',
  'additionalProperties',
  'if',
  'then',
  'else',
]);

function errorsOf(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
  const { errors } = new Validator(schema as Schema, '2020-12', false).validate(withoutUndefined(data));
  const leaves = errors.filter(({ keyword }) => !ABOVE.has(keyword));
  return (leaves.length > 0 ? leaves : errors).map(toError);
}

function toError({ instanceLocation, keyword, error }: OutputUnit): RJSFValidationError {
  const missing = keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : undefined;
  const path = instanceLocation
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  const whole = missing === undefined ? path : [...path, missing];
  const message = missing === undefined ? sentenceOf(error) : 'is required';
  return {
    name: keyword,
    property: whole.map((part) => `.${part}`).join(''),
    message,
    stack: `${whole.join('.')} ${message}`,
  };
}

function sentenceOf(error: string): string {
  return error.replace(/^Instance /, '').replace(/^(String|Number|Array) /, '');
}

/** A form keeps what was emptied as undefined: for JSON it is not there. */
function withoutUndefined(data: unknown): unknown {
  return data === undefined ? {} : JSON.parse(JSON.stringify(data));
}

export const validator: ValidatorType = {
  validateFormData(data, schema) {
    const errors = errorsOf(schema, data);
    return { errors, errorSchema: toErrorSchema(errors) };
  },
  isValid(schema, data, root) {
    // A part of a schema may point into the whole.
    const { $defs, definitions } = root;
    return new Validator({ $defs, definitions, ...(schema as object) } as Schema, '2020-12', true).validate(
      withoutUndefined(data),
    ).valid;
  },
  rawValidation(schema, data) {
    return { errors: errorsOf(schema, data) as never };
  },
};
