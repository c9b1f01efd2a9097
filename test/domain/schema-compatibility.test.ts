/** Whether a schema may take the place of another one: rules by example, and against the validator itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CompiledSchema, compileSchema } from '../../src/domain/json-schema.ts';
import { narrowingsOf, schemaDigest } from '../../src/domain/schema-compatibility/index.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const string = { type: 'string' };
const number = { type: 'number' };
const ofZod = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });

describe('a schema accepts all that the one before accepted', () => {
  it.each<[string, unknown, unknown]>([
    ['with an optional property more', object({ a: string }), object({ a: string, b: string })],
    [
      'with one fewer required',
      object({ a: string }, { required: ['a'] }),
      object({ a: string }, { required: [] }),
    ],
    ['with a wider type', string, { type: ['string', 'null'] }],
    ['with an alternative more', string, { anyOf: [string, { type: 'null' }] }],
    ['with integers where there are numbers now', { type: 'integer' }, number],
    ['with a value more', { enum: ['a', 'b'] }, { enum: ['b', 'c', 'a'] }],
    ['with a type instead of its values', { enum: ['a', 'b'] }, { type: 'string', maxLength: 1 }],
    ['with wider bounds', { ...number, minimum: 1, maximum: 5 }, { ...number, exclusiveMinimum: 0 }],
    ['with longer texts', { ...string, maxLength: 5 }, { ...string, maxLength: 6 }],
    ['with other annotations', { ...string, title: 'a' }, { ...string, description: 'b' }],
    [
      'with definitions of another name',
      { $ref: '#/$defs/a', $defs: { a: string } },
      { $ref: '#/$defs/b', $defs: { b: { type: ['string', 'null'] } } },
    ],
    [
      'with trees that may have a colour',
      object({ children: { type: 'array', items: { $ref: '#' } } }),
      object({ colour: string, children: { type: 'array', items: { $ref: '#' } } }),
    ],
    [
      'with a kind more in a union that is told apart',
      ofZod(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), n: z.number() })])),
      ofZod(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('b'), n: z.string() }),
          z.object({ kind: z.literal('a'), n: z.number().nullable() }),
        ]),
      ),
    ],
    [
      'as zod writes it',
      ofZod(z.object({ url: z.url(), size: z.int().min(1).max(10), tags: z.array(z.string()).max(3) })),
      ofZod(
        z.object({
          url: z.url(),
          size: z.int().min(0).max(20).optional(),
          tags: z.array(z.string().or(z.number())),
          more: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    ],
    ['from nothing that can be', false, string],
    ['to anything', string, true],
  ])('%s', (_what, before, after) => {
    expect(narrowingsOf(before, after)).toEqual([]);
  });
});

describe('a schema is refused, with the place and the reason', () => {
  it.each<[string, unknown, unknown, string, RegExp]>([
    [
      'that requires more',
      object({ a: string }),
      object({ a: string, b: string }, { required: ['b'] }),
      '/properties/b',
      /required/,
    ],
    ['of another type', object({ a: string }), object({ a: number }), '/properties/a', /strings any more/],
    ['with a value less', { enum: ['a', 'b'] }, { enum: ['a'] }, '', /"b"/],
    [
      'with closer bounds',
      { ...number, minimum: 0 },
      { ...number, exclusiveMinimum: 0 },
      '/exclusiveMinimum',
      /higher/,
    ],
    ['with a pattern', string, { ...string, pattern: '^a' }, '/pattern', /new/],
    [
      'that is closed where it was open',
      object({ a: string }),
      object({ a: string }, { additionalProperties: false }),
      '/additionalProperties',
      /not accepted/,
    ],
    [
      'that gives a name a type which had none in an object that takes all names',
      object({ a: string }, { additionalProperties: true }),
      object({ a: string, b: string }),
      '/properties/b',
      /numbers|integers/,
    ],
    [
      'that gives a name a type which another part had',
      { allOf: [object({ a: string }), object({ b: string })] },
      object({ b: number }),
      '/properties/b',
      /strings/,
    ],
    ['with a kind less', { anyOf: [string, number] }, string, '', /integers/],
    [
      'whose alternatives overlap',
      string,
      { oneOf: [string, { ...string, maxLength: 3 }] },
      '/oneOf',
      /alternative/,
    ],
    ['with an anchor', { $anchor: 'a', ...string }, { type: ['string', 'null'] }, '', /anchors/],
    ['with further items', { type: 'array' }, { type: 'array', items: string }, '/items', /any more/],
  ])('%s', (_what, before, after, path, reason) => {
    const [first] = narrowingsOf(before, after);
    expect(first).toEqual({ path, reason: expect.stringMatching(reason) });
  });

  it('with more alternatives than anybody should wait for', () => {
    const branch = (n: number) => ({ anyOf: [0, 1, 2, 3].map((i) => object({ [`p${n}${i}`]: string })) });
    const before = { allOf: Array.from({ length: 12 }, (_, n) => branch(n)) };
    expect(narrowingsOf(before, object({ z: { not: {} } }, { additionalProperties: true }))).toEqual([
      { path: '', reason: expect.stringContaining('too many') },
    ]);
  });
});

it('has one digest for schemas that differ in annotations and the order of keys', () => {
  const one = object({ a: { type: 'string', title: 'a' }, b: number });
  expect(schemaDigest(one, null)).toBe(
    schemaDigest({ ...object({ b: number, a: string }), title: 'x' }, null),
  );
  expect(schemaDigest(one, null)).not.toBe(schemaDigest(one, {}));
  // What a reference leads to is more than an annotation.
  const refers = (type: string) => ({ $ref: '#/default', default: { type } });
  expect(schemaDigest(refers('string'), null)).not.toBe(schemaDigest(refers('number'), null));
});

const NAMES = ['a', 'b', 'constructor'];
const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, 'a', 'bb', '', 0, 1, 2, 2.5, -1),
  fc.constantFrom<unknown>([], {}),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const type = fc.constantFrom('null', 'boolean', 'object', 'array', 'string', 'integer', 'number');
const schema = fc.letrec<{ schema: unknown }>((tie) => {
  const inner = tie('schema');
  const some = (record: Record<string, fc.Arbitrary<unknown>>) => fc.record(record, { requiredKeys: [] });
  const count = fc.integer({ min: 0, max: 3 });
  const named = fc.dictionary(fc.constantFrom(...NAMES), inner, { maxKeys: 2, noNullPrototype: true });
  return {
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<unknown>(true, false, {}, { $ref: '#' }, { $ref: '#/$defs/one' }),
      some({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
      some({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }), type }),
      some({ const: scalar }),
      some({
        type,
        minimum: count,
        exclusiveMaximum: count,
        minLength: count,
        maxLength: count,
        multipleOf: fc.constantFrom(1, 2),
      }),
      some({
        type,
        items: inner,
        prefixItems: fc.array(inner, { minLength: 1, maxLength: 2 }),
        minItems: count,
        maxItems: count,
        uniqueItems: fc.boolean(),
      }),
      some({
        type: fc.constant('object'),
        properties: named,
        required: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
        additionalProperties: inner,
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'c'), inner, {
          maxKeys: 1,
          noNullPrototype: true,
        }),
        minProperties: count,
        dependentRequired: fc.constantFrom({ a: ['b'] }, {}),
        unevaluatedProperties: inner,
      }),
      some({ type: fc.constant('object'), properties: named }),
      some({ anyOf: fc.array(inner, { minLength: 1, maxLength: 3 }), properties: named }),
      some({ oneOf: fc.array(inner, { minLength: 1, maxLength: 2 }) }),
      some({ allOf: fc.array(inner, { minLength: 1, maxLength: 2 }), type }),
      // biome-ignore lint/suspicious/noThenProperty: a keyword
      some({ if: inner, then: inner, else: inner }),
      some({ not: inner, contains: inner, propertyNames: inner }),
      fc.record({ type: fc.constant('string'), nullable: fc.boolean() }),
    ),
  };
}).schema;

const root = fc.record({ part: schema, one: schema }).map(({ part, one }) => {
  if (typeof part === 'boolean') return part;
  return { ...(part as object), $defs: { one } };
});

/** The schema with one part of it left out, put in or changed: more often compatible than another one. */
function changed(before: unknown, seed: number, other: unknown): unknown {
  if (typeof before !== 'object' || before === null) return other;
  const keys = Object.keys(before);
  if (keys.length === 0) return other;
  const key = keys[seed % keys.length] as string;
  const inner = (before as Record<string, unknown>)[key];
  const step = Math.floor(seed / 8);
  if (seed % 4 === 0 && key !== '$defs' && !Array.isArray(before)) {
    return Object.fromEntries(Object.entries(before).filter(([name]) => name !== key));
  }
  if (typeof inner === 'number') return { ...before, [key]: Math.max(0, inner + (seed % 3) - 1) };
  if (Array.isArray(before))
    return before.map((one, index) => (index === seed % before.length ? changed(one, step, other) : one));
  return { ...before, [key]: changed(inner, step, other) };
}

const isAccepted = (compiled: CompiledSchema & { ok: true }, of: unknown) =>
  compiled.validate(of).length === 0;

describe('whatever the schema before accepted, one without narrowings accepts', () => {
  it('for random schemas and values, strictly', () => {
    let compatible = 0;
    let accepted = 0;
    fc.assert(
      fc.property(
        root,
        root,
        fc.nat(),
        schema,
        fc.array(value, { minLength: 30, maxLength: 30 }),
        (before, independent, seed, other, values) => {
          for (const after of [independent, changed(before, seed, other)]) {
            const [one, next] = [compileSchema(before), compileSchema(after)];
            if (!one.ok || !next.ok) continue;
            if (narrowingsOf(before, after, { assumesNoUnknown: false }).length > 0) continue;
            compatible++;
            for (const tried of values) {
              if (!isAccepted(one, tried)) continue;
              accepted++;
              if (!isAccepted(next, tried)) {
                throw new Error(`${JSON.stringify({ before, after })} for ${JSON.stringify(tried)}`);
              }
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(compatible).toBeGreaterThan(60);
    expect(accepted).toBeGreaterThan(500);
  });

  it('for objects as libraries write them, and values of what they name', () => {
    let compatible = 0;
    fc.assert(
      fc.property(
        open,
        open,
        fc.nat(),
        fc.array(value, { minLength: 5, maxLength: 5 }),
        (before, other, seed, values) => {
          const after = changed(before, seed, other);
          const [one, next] = [compileSchema(before), compileSchema(after)];
          if (!one.ok || !next.ok || narrowingsOf(before, after).length > 0) return;
          compatible++;
          for (const tried of values.map((one) => onlyNamed(before, one))) {
            if (!isAccepted(one, tried) || isAccepted(next, tried)) continue;
            throw new Error(`${JSON.stringify({ before, after })} for ${JSON.stringify(tried)}`);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(compatible).toBeGreaterThan(50);
  });
});

/** Objects that say nothing about further properties. */
const open = fc.letrec<{ object: unknown; inner: unknown }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom({ type: 'string' }, { type: 'number' }, { type: ['string', 'null'] }, {}),
    tie('object'),
    fc.record({ type: fc.constant('array'), items: tie('inner') }),
  ),
  object: fc.record({
    type: fc.constant('object'),
    properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('inner'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 1 }),
  }),
})).object;

/** The value without properties that the schema does not name. */
function onlyNamed(of: unknown, tried: unknown): unknown {
  const { properties, items } = of as { properties?: Record<string, unknown>; items?: unknown };
  if (Array.isArray(tried)) return items === undefined ? tried : tried.map((one) => onlyNamed(items, one));
  if (typeof tried !== 'object' || tried === null || !properties) return tried;
  return Object.fromEntries(
    Object.entries(tried)
      .filter(([name]) => Object.hasOwn(properties, name))
      .map(([name, one]) => [name, onlyNamed(properties[name], one)]),
  );
}
