/** Schemas come from callers: what cannot be used is refused when it is registered, and nothing holds up the server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { newJob } from './task-in-status.ts';

let api: Api;
let wim: Caller;
let mia: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  wim = await api.caller('wim', 'WORKER', ['main']);
  mia = await api.caller('mia', 'MEMBER', ['main']);
});
afterAll(() => api?.close());

let names = 0;
const register = (settings: object) =>
  wim.registerJob({ room: 'main', name: `schema-${++names}`, ...settings });

describe('a schema', () => {
  it.each<[what: string, schema: unknown, message: RegExp]>([
    ['is text', 'string', /must be an object or a boolean/],
    ['is a number', 0, /must be an object or a boolean/],
    ['is a list', [{ type: 'object' }], /must be an object or a boolean/],
    ['has a type that there is not', { type: 'text' }, /: at \/type must be equal to one of/],
    ['has keywords of wrong types', { required: 'a' }, /: at \/required must be array/],
    ['refers to another document', { $ref: 'https://example.com/schema.json' }, /can't resolve reference/],
    ['refers to a file', { properties: { a: { $ref: 'file:///etc/passwd' } } }, /can't resolve reference/],
    ['refers to what it does not have', { $ref: '#/$defs/none' }, /can't resolve reference/],
    ['refers to nothing but itself', { $ref: '#' }, /refers to itself without end/],
    [
      'refers to itself over others',
      { allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { $ref: '#' } } },
      /without end/,
    ],
    [
      'is of another draft',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      /no schema with key or ref/,
    ],
    ['is asynchronous', { $async: true, type: 'object' }, /not supported/],
    ['has a pattern that is none', { pattern: '(' }, /missing closing \)/],
    ['has a pattern that looks ahead', { pattern: '^(?=.*\\d)' }, /invalid or unsupported Perl syntax/],
    ['has a pattern that refers back', { pattern: '(a)\\1' }, /invalid escape sequence/],
    [
      'has a pattern that unrolls without measure',
      { pattern: '((a{1,100}){1,100}){1,100}' },
      /invalid repeat count/,
    ],
    ['has a pattern among names', { patternProperties: { '(': {} } }, /missing closing \)/],
    ['is too large', { description: 'x'.repeat(65_536) }, /65536 bytes/],
    ['is too deep', deep(33), /32 levels/],
    ['is far too deep for any', deep(100), /levels deep at most/],
    ['holds the character U+0000', { description: 'a\0b' }, /U\+0000/],
    ['holds half a character', { enum: ['\udc00'] }, /surrogate/],
  ])('is refused when it %s', async (_what, schema, message) => {
    for (const which of ['payloadSchema', 'resultSchema']) {
      const answer = await register({ [which]: schema });
      expect(answer).toMatchObject({ __typename: 'InvalidInput', status: 400 });
      expect(answer.issues[0].path[0]).toBe(which);
      expect(answer.issues[0].message).toMatch(message);
    }
  });

  it.each<[what: string, schema: unknown]>([
    ['everything', true],
    ['nothing', false],
    ['as much as is allowed', { description: 'x'.repeat(65_536 - '{"description":""}'.length) }],
    ['as deep as is allowed', deep(32)],
    ['a tree', { properties: { kids: { items: { $ref: '#' } } } }],
    ['the schema of schemas', { $ref: 'https://json-schema.org/draft/2020-12/schema' }],
    ['its own address', { $id: 'https://example.com/a', $defs: { b: { $anchor: 'b' } }, $ref: '#b' }],
    ['formats that nobody knows', { format: 'no-such-format' }],
    [
      'formats with names that mean something elsewhere',
      { anyOf: ['valueOf', '__proto__'].map((format) => ({ format })) },
    ],
    ['keywords that nobody knows', { 'x-order': 1, type: 'object' }],
    ['patterns as RE2 knows them', { pattern: '^\\p{L}[\\w-]{2,100}(?:\\.\\d+)?$' }],
  ])('may describe or use %s', async (_what, payloadSchema) => {
    expect(await register({ payloadSchema, resultSchema: payloadSchema })).toMatchObject({ created: true });
  });

  it('may have an address that another job has', async () => {
    for (const type of ['object', 'array']) {
      expect(await register({ payloadSchema: { $id: 'https://example.com/same', type } })).toMatchObject({
        created: true,
      });
    }
  });

  it('conflicts with another under the same name, and never with itself', async () => {
    const payloadSchema = { type: 'object', properties: { a: { type: 'string' }, b: {} } };
    const resultSchema = { type: 'array' };
    const name = 'twice';
    expect(await register({ name, payloadSchema, resultSchema })).toMatchObject({ created: true });
    const reordered = { properties: { b: {}, a: { type: 'string' } }, type: 'object' };
    for (const same of [{ payloadSchema: reordered }, { resultSchema }, {}, { description: 'better' }]) {
      expect(await register({ name, ...same })).toMatchObject({ created: false });
    }
    for (const [which, other] of [
      ['payload', { payloadSchema: {} }],
      ['result', { resultSchema: {} }],
      ['payload', { payloadSchema: true, resultSchema }],
    ] as const) {
      expect(await register({ name, ...other })).toMatchObject({
        __typename: 'SchemaConflict',
        detail: expect.stringContaining(`another ${which} schema`),
        existing: { fullName: 'main:general:twice', payloadSchema, resultSchema },
      });
    }
  });

  it('wins or loses when two register at once, and only one wins', async () => {
    const schemas = Array.from({ length: 8 }, (_, maximum) => ({ maximum }));
    const answers = await Promise.all(
      schemas.map((payloadSchema) => register({ name: 'race', payloadSchema })),
    );
    const created = answers.filter(({ created }) => created);
    expect(created).toHaveLength(1);
    expect(answers.filter(({ __typename }) => __typename === 'SchemaConflict')).toHaveLength(7);
  });
});

describe('a payload that would take other validators ages', () => {
  it.each<[what: string, schema: unknown, payload: unknown, typename: string]>([
    ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${'a'.repeat(100_000)}!`, 'InvalidInput'],
    ['the same, matching', { pattern: '^(a+)+$' }, 'a'.repeat(100_000), 'SubmitTaskSuccess'],
    ['alternatives that overlap', { pattern: '^(a|aa|a?)*$' }, `${'a'.repeat(100_000)}b`, 'InvalidInput'],
    [
      'a pattern over names',
      { patternProperties: { '(x+x+)+y': {} } },
      { ['x'.repeat(50_000)]: 1 },
      'SubmitTaskSuccess',
    ],
    [
      'many items that must differ',
      { uniqueItems: true },
      range(30_000).map((n) => [n]),
      'SubmitTaskSuccess',
    ],
    [
      'two of many that are equal',
      { uniqueItems: true },
      [...range(30_000), 29_999].map((n) => [n]),
      'InvalidInput',
    ],
  ])(
    'is judged at once: %s',
    async (_what, payloadSchema, payload, typename) => {
      const { fullName } = await newJob(wim, 'main', { payloadSchema });
      const start = performance.now();
      expect(await mia.submit({ room: 'main', job: fullName, payload })).toMatchObject({
        __typename: typename,
      });
      // Backtracking would take years, comparing each with each many seconds.
      expect(performance.now() - start).toBeLessThan(30_000);
    },
    60_000,
  );
});

/** Schemas within schemas, this many levels of objects. */
function deep(levels: number): unknown {
  let schema = {};
  for (let level = 1; level < levels; level++) schema = { not: schema };
  return schema;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
